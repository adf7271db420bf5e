//! Compare language models side by side.
//!
//! # Code map
//! One direction: each part uses only the parts above it, `cli` and `tui` never each other.
pub mod auth;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod message;
pub mod model;
pub mod run;
pub mod session;
pub mod settings;
pub mod text;
pub mod wire;
