//! How requests get in: keys and where they come from, sign-in with AWS and Google, and types that can't print secrets.
//! Knows no interface.

mod address;
pub mod aws;
pub mod google;
mod secret;
#[cfg(any(feature = "bedrock", feature = "vertex"))]
mod shared;
mod sign_in;
mod source;

pub use address::Address;
pub use google::ServiceAccount;
pub use secret::{MASK, Secret};
pub use sign_in::{Outgoing, Places, SignIn, SignInSettings};
pub use source::{KeyError, KeySource};
