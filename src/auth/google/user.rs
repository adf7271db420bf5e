//! A user who signed in with `gcloud auth application-default login`. The token is one form away, so it is fetched here
//! by the provider's own client, with its proxy and certificates, rather than by Google's crate.

use serde_json::Value;

use super::credentials::field;
use crate::auth::Secret;
use crate::wire::ModelError;

/// Where a user's refresh token is exchanged, unless the file names another place.
const TOKEN_URI: &str = "https://oauth2.googleapis.com/token";

/// A user, as gcloud's file has one.
pub struct User {
    client_id: Secret,
    client_secret: Secret,
    refresh_token: Secret,
    /// Where the refresh token is exchanged for a token.
    pub token_uri: String,
}

impl User {
    /// Reads the user that stands at `place`.
    ///
    /// # Errors
    /// A field is missing.
    pub fn read(user: &Value, place: &str) -> Result<Self, ModelError> {
        let secret = |name| field(user, name, place).map(|text| Secret::new(&text));
        Ok(Self {
            client_id: secret("client_id")?,
            client_secret: secret("client_secret")?,
            refresh_token: secret("refresh_token")?,
            token_uri: field(user, "token_uri", place).unwrap_or_else(|_| TOKEN_URI.to_owned()),
        })
    }

    /// The form that is exchanged for a token (RFC 6749, 6).
    pub fn form(&self) -> Vec<(&'static str, Secret)> {
        vec![
            ("grant_type", Secret::new("refresh_token")),
            ("client_id", self.client_id.clone()),
            ("client_secret", self.client_secret.clone()),
            ("refresh_token", self.refresh_token.clone()),
        ]
    }
}
