//! Keys: where they come from, and types that can't print them. Knows no interface.

mod address;
mod secret;
mod source;

pub use address::Address;
pub use secret::Secret;
pub use source::{KeyError, KeySource};
