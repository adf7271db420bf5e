//! AWS: credentials from wherever AWS's own tools find them, and SigV4.
//! <https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html> says what is looked for where.

#[cfg(feature = "bedrock")]
mod client;
#[cfg(feature = "bedrock")]
mod credentials;
#[cfg(feature = "bedrock")]
mod failure;
#[cfg(feature = "bedrock")]
mod profile;
#[cfg(feature = "bedrock")]
mod sign_in;
#[cfg(feature = "bedrock")]
mod signature;
#[cfg(all(test, feature = "bedrock"))]
mod tests;
#[cfg(not(feature = "bedrock"))]
mod without;

#[cfg(feature = "bedrock")]
use self::sign_in::Aws;
#[cfg(not(feature = "bedrock"))]
use self::without::Aws;
use super::{Secret, SignIn};

/// What is told of the credentials; what is not is found by AWS's own chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The provider, as the configuration names it.
    pub provider: String,
    /// The region.
    pub region: Option<String>,
    /// The profile of AWS's own files that the configuration names. Nothing else is looked at then.
    pub profile: Option<String>,
    /// Credentials that are written down.
    pub access_key: Option<AccessKey>,
    /// A key lets requests in: only the region is looked for.
    pub has_key: bool,
}

/// Credentials that are written down.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessKey {
    /// The identifier.
    pub id: String,
    /// The secret.
    pub secret: Secret,
    /// The token of a session, for credentials that last an hour or so.
    pub token: Option<Secret>,
    /// Where they are written, for people.
    pub place: String,
}

/// The way in, with nothing looked up yet.
#[must_use]
pub fn sign_in(settings: &Settings) -> Box<dyn SignIn> {
    Box::new(Aws::new(settings.clone()))
}

impl Settings {
    /// Where the credentials come from, as far as it can be told without looking, for people.
    fn describe(&self) -> String {
        match (&self.access_key, &self.profile) {
            (Some(key), _) => key.place.clone(),
            (None, Some(profile)) => format!("AWS profile {profile:?}"),
            (None, None) => "AWS's own chain of credentials".to_owned(),
        }
    }
}
