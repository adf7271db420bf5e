//! Google: service accounts and application default credentials, and the tokens they are exchanged for.
//! <https://cloud.google.com/docs/authentication/application-default-credentials> says what is looked for where.

#[cfg(feature = "vertex")]
mod account;
#[cfg(feature = "vertex")]
mod credentials;
mod defaults;
#[cfg(feature = "vertex")]
mod exchange;
#[cfg(feature = "vertex")]
mod library;
#[cfg(feature = "vertex")]
mod metadata;
#[cfg(feature = "vertex")]
mod sign_in;
#[cfg(all(test, feature = "vertex"))]
mod tests;
#[cfg(feature = "vertex")]
mod user;
#[cfg(not(feature = "vertex"))]
mod without;

use std::path::PathBuf;

pub use self::defaults::Defaults;
#[cfg(not(feature = "vertex"))]
use self::without::Google;
use super::{Secret, SignIn};

#[cfg(feature = "vertex")]
use self::sign_in::Google;

/// A service account's key.
#[derive(Clone, Debug, PartialEq)]
pub enum ServiceAccount {
    /// The file that Google gives out.
    File(PathBuf),
    /// Its JSON text.
    Info(Secret),
}

/// A project that was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldProject {
    /// The project.
    pub id: String,
    /// Where it was told, for people.
    pub place: String,
    /// Whether it must be the service account's own: what the configuration names must, a variable may differ.
    pub must_match: bool,
}

/// What is told of the credentials; without a service account they are Google's application default credentials.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The provider, as the configuration names it.
    pub provider: String,
    /// The account.
    pub service_account: Option<ServiceAccount>,
    /// The project.
    pub project: Option<ToldProject>,
    /// Where the default credentials are.
    pub defaults: Defaults,
}

/// The way in, with nothing looked up yet.
#[must_use]
pub fn sign_in(settings: &Settings) -> Box<dyn SignIn> {
    Box::new(Google::new(settings.clone()))
}

impl Settings {
    /// Where the credentials come from, as far as it can be told without looking, for people.
    fn describe(&self) -> String {
        match (&self.service_account, &self.defaults.file) {
            (Some(ServiceAccount::File(path)), _) => format!("service account {}", path.display()),
            (Some(ServiceAccount::Info(_)), _) => format!("service_account_info in [providers.{}]", self.provider),
            (None, Some(path)) => format!("GOOGLE_APPLICATION_CREDENTIALS ({})", path.display()),
            (None, None) => "Google's application default credentials".to_owned(),
        }
    }
}
