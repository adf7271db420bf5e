//! The key of a provider: the configuration's, or the first one in the environment.

use super::Known;
use crate::auth::{KeySource, Secret};
use crate::catalog::{AuthScheme, KeyVariable};
use crate::config::{ApiKey, ResolvedKey};

impl Known<'_> {
    /// The key, where there is one.
    pub fn key(&self, plain: bool) -> Option<ResolvedKey> {
        let variable = |name: &str| {
            let value = Secret::new(self.environment.get(name)?);
            (!value.is_empty()).then(|| KeySource::Variable { name: name.to_owned(), value })
        };
        let told = |key: &ApiKey| match key {
            ApiKey::Literal(secret) => Some(KeySource::Literal(secret.clone())),
            ApiKey::Command(command) => Some(KeySource::Command(command.clone())),
            ApiKey::Variable(name) => variable(name),
        };
        let scheme = self.scheme(plain);
        if let Some(key) = &self.entry.api_key {
            return Some(ResolvedKey { source: told(key)?, scheme });
        }
        if let Some(token) = &self.entry.azure_ad_token {
            return Some(ResolvedKey { source: told(token)?, scheme: AuthScheme::Bearer });
        }
        // Credentials that are written down come before a key that happens to be in the environment.
        if self.entry.aws_access_key_id.is_some() || self.entry.profile.is_some() {
            return None;
        }
        let of_row = |key: &KeyVariable| Some((variable(&key.env)?, key.scheme));
        let (source, own) = self.variables().iter().find_map(of_row)?;
        Some(ResolvedKey { source, scheme: own.unwrap_or(scheme) })
    }

    fn variables(&self) -> &[KeyVariable] {
        self.row.map_or(&[], |row| &row.keys)
    }

    /// Why no request can be made without a key; `None` when it can.
    pub fn missing_key(&self, headers: &[(String, Secret)]) -> Option<String> {
        let name = self.name;
        for (key, told) in [("api_key", &self.entry.api_key), ("azure_ad_token", &self.entry.azure_ad_token)] {
            if let Some(ApiKey::Variable(variable)) = told {
                return Some(format!("no key for {name}: set {variable}, which {key} in [providers.{name}] names"));
            }
        }
        let is_optional = self.row.is_none_or(|row| row.key_optional) || self.is_shown_by(headers);
        let variables: Vec<_> = self.variables().iter().map(|key| key.env.as_str()).collect();
        (!is_optional)
            .then(|| format!("no key for {name}: set {} or api_key in [providers.{name}]", variables.join(" or ")))
    }

    /// Whether a header of the user's own shows a key already.
    pub fn is_shown_by(&self, headers: &[(String, Secret)]) -> bool {
        let own = match self.dialect.auth {
            AuthScheme::Bearer => "authorization",
            AuthScheme::XApiKey => "x-api-key",
            AuthScheme::XGoogApiKey => "x-goog-api-key",
            AuthScheme::ApiKey => "api-key",
        };
        headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(own) || name.eq_ignore_ascii_case("authorization"))
    }
}
