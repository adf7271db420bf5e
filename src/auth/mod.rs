//! Keys: where they come from, and a type that can't print them. Knows no interface.

mod secret;
mod source;

pub use secret::Secret;
pub use source::{KeyError, KeySource};
