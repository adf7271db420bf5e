//! Credentials that Google's own crate knows best: identities of other clouds, and accounts in whose name one acts.

use std::time::Duration;

use google_cloud_auth::build_errors;
use google_cloud_auth::credentials::{AccessTokenCredentials, external_account, impersonated};
use serde_json::Value;

use super::credentials::{SCOPE, unusable};
use super::exchange::{Token, innermost};
use crate::auth::Secret;
use crate::wire::{ErrorKind, ModelError};

/// The crate keeps its tokens itself and tells no expiry: so often it is asked for the one that counts.
const ASKED_EVERY: Duration = Duration::from_mins(1);

/// Credentials of the crate's. It has an HTTP client of its own: the environment's proxy holds for it, the provider's
/// does not.
pub struct Library(AccessTokenCredentials);

impl Library {
    /// An identity of another cloud: <https://cloud.google.com/iam/docs/workload-identity-federation>.
    ///
    /// # Errors
    /// A field is missing or wrong.
    pub fn external(credentials: &Value, place: &str) -> Result<Self, ModelError> {
        let builder = external_account::Builder::new(credentials.clone()).with_scopes([SCOPE]);
        Self::built(builder.build_access_token_credentials(), place)
    }

    /// An account in whose name one acts: <https://cloud.google.com/docs/authentication/use-service-account-impersonation>.
    ///
    /// # Errors
    /// A field is missing or wrong.
    pub fn impersonated(credentials: &Value, place: &str) -> Result<Self, ModelError> {
        let builder = impersonated::Builder::new(credentials.clone()).with_scopes([SCOPE]);
        Self::built(builder.build_access_token_credentials(), place)
    }

    fn built(built: Result<AccessTokenCredentials, build_errors::Error>, place: &str) -> Result<Self, ModelError> {
        built.map(Self).map_err(|error| unusable(place, &innermost(&error)))
    }

    /// A token.
    ///
    /// # Errors
    /// None was given.
    pub async fn token(&self, place: &str) -> Result<Token, ModelError> {
        let given = self.0.access_token().await;
        given.map(|token| Token::lasting(Secret::new(&token.token), ASKED_EVERY)).map_err(|error| {
            ModelError::new(ErrorKind::Auth, format!("no token for the credentials in {place}: {}", innermost(&error)))
        })
    }
}
