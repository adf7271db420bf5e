//! `update` driven by key scripts: `"hello<Enter>"` types five letters and presses Enter.

mod asking;
mod desk;
mod finding;
mod moving;
mod schemas;
mod sessions;
