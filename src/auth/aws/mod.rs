//! AWS: credentials from wherever AWS's own tools find them, and SigV4.

use super::{Secret, SignIn};

/// What is told of the credentials; what is not is found by AWS's own chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The region.
    pub region: Option<String>,
    /// The profile of AWS's own files.
    pub profile: Option<String>,
    /// Credentials that are written down: the identifier, the secret, and the token of a session.
    pub access_key: Option<(String, Secret, Option<Secret>)>,
}

/// The way in, with nothing looked up yet.
#[must_use]
pub fn sign_in(_settings: &Settings) -> Box<dyn SignIn> {
    unimplemented!("aws")
}
