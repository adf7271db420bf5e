//! `update` driven by key scripts: `"hello<Enter>"` types five letters and presses Enter.

mod asking;
mod desk;
mod find;
mod moving;
mod schemas;
mod sessions;
