//! `update` driven by key scripts: `"hello<Enter>"` types five letters and presses Enter.

mod asking;
pub mod desk;
mod filling;
mod find;
mod finding;
mod moving;
mod schemas;
mod sessions;
mod settings;
mod wire;
