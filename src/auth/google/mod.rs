//! Google: application default credentials and service accounts, and the tokens they are exchanged for.

use std::path::PathBuf;

use super::{Secret, SignIn};

/// A service account's key.
#[derive(Clone, Debug, PartialEq)]
pub enum ServiceAccount {
    /// The file that Google gives out.
    File(PathBuf),
    /// Its JSON text.
    Info(Secret),
}

/// What is told of the credentials; without a service account they are Google's application default credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The account.
    pub service_account: Option<ServiceAccount>,
    /// The project, and where it was told.
    pub project: Option<(String, String)>,
}

/// The way in, with nothing looked up yet.
#[must_use]
pub fn sign_in(_settings: &Settings) -> Box<dyn SignIn> {
    unimplemented!("google")
}
