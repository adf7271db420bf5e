#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| llmbench_fuzz::check(llmbench::catalog::InterfaceKind::Cohere, data));
