//! What the workbench looks like, and what must hold however it is used.

mod answers;
mod chains;
mod inspector;
mod layout;
mod overlays;
mod properties;
mod screens;
mod structured;
mod support;
mod wire;
