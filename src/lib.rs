//! Compare language models side by side.
//!
//! # Code map
//! One direction: each part uses only the parts above it, `cli` and `tui` never each other.
pub mod catalog;
pub mod message;
pub mod settings;
pub mod wire;
