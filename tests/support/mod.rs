//! What several tests share.
#![allow(dead_code)] // Each test uses its own part of it.

pub mod program;
pub mod pty;
pub mod svg;
