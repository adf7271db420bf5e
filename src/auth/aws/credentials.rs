//! Finds credentials, and says until when they may be shown.

use std::time::{Duration, SystemTime};

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use tokio::time::Instant;

use super::client::client;
use super::profile::Profile;
use super::{AccessKey, Settings, failure};
use crate::wire::ModelError;

/// Credentials are looked up again so long before they expire, or when half of their life is over.
const MARGIN: Duration = Duration::from_mins(5);

/// What was found.
pub struct Found {
    /// The region.
    pub region: String,
    /// The credentials; none where a key lets requests in.
    pub credentials: Option<Credentials>,
    /// When they must be looked up again; `None`: they last.
    until: Option<Instant>,
}

impl Found {
    /// Looks for the region, and for credentials where they are needed.
    ///
    /// # Errors
    /// One of them is nowhere, or can't be used.
    pub async fn look_up(settings: &Settings) -> Result<Self, ModelError> {
        let region = match &settings.region {
            Some(region) => region.clone(),
            None => region_of_profile(settings).await?,
        };
        let credentials = match &settings.access_key {
            _ if settings.has_key => None,
            Some(key) => Some(written(key)),
            None => Some(search(settings, &region).await?),
        };
        let expiry = credentials.as_ref().and_then(Credentials::expiry);
        let until = expiry.and_then(|expiry| until(expiry, SystemTime::now()));
        Ok(Self { region, credentials, until })
    }

    /// Whether they may still be shown.
    pub fn is_fresh(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }
}

/// Until when credentials may be shown that expire then; `None` when no clock here goes so far.
pub fn until(expiry: SystemTime, now: SystemTime) -> Option<Instant> {
    let left = expiry.duration_since(now).unwrap_or_default();
    Instant::now().checked_add(left.saturating_sub(MARGIN.min(left / 2)))
}

async fn region_of_profile(settings: &Settings) -> Result<String, ModelError> {
    let profile = Profile::load(settings).await;
    profile.region.clone().ok_or_else(|| failure::no_region(settings, &profile))
}

fn written(key: &AccessKey) -> Credentials {
    let token = key.token.as_ref().map(|token| token.expose().to_owned());
    Credentials::new(&key.id, key.secret.expose(), token, None, "llmbench")
}

/// Asks AWS's own chain, or the profile that the configuration names.
async fn search(settings: &Settings, region: &str) -> Result<Credentials, ModelError> {
    let region = Region::new(region.to_owned());
    let config = ProviderConfig::without_region()
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_http_client(client())
        .with_region(Some(region.clone()));
    let found = if let Some(name) = &settings.profile {
        let profile = ProfileFileCredentialsProvider::builder().configure(&config).profile_name(name).build();
        profile.provide_credentials().await
    } else {
        let chain = DefaultCredentialsChain::builder().region(region).configure(config).build().await;
        chain.provide_credentials().await
    };
    match found {
        Ok(credentials) => Ok(credentials),
        Err(error) => Err(failure::no_credentials(settings, &Profile::load(settings).await, &error)),
    }
}
