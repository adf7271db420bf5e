//! `update` driven by key scripts: `"hello<Enter>"` types five letters and presses Enter.

mod asking;
mod browser;
pub mod desk;
mod filling;
mod find;
mod finding;
mod moving;
mod replays;
mod schemas;
mod sessions;
mod settings;
mod wire;
