//! `update` driven by key scripts: `"hello<Enter>"` types five letters and presses Enter.

mod asking;
mod browser;
mod desk;
mod moving;
mod replays;
mod schemas;
mod sessions;
