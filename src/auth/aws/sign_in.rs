//! The way in: credentials that are looked up once for all lanes, and again before they expire; every request signed.

use std::time::SystemTime;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::HeaderName;
use reqwest::Client;

use super::credentials::Found;
use super::{Settings, signature};
use crate::auth::shared::Shared;
use crate::auth::{Outgoing, Places, Secret, SignIn};
use crate::wire::ModelError;

/// AWS's way in.
pub struct Aws {
    settings: Settings,
    found: Shared<Found>,
}

impl Aws {
    /// With these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, found: Shared::default() }
    }

    /// What `take` takes of what was found.
    async fn found<T>(&self, take: impl FnOnce(&Found) -> T) -> Result<T, ModelError> {
        let fresh = async |known: Option<Found>| match known {
            Some(known) if known.is_fresh() => Ok(known),
            _ => Found::look_up(&self.settings).await,
        };
        self.found.get(fresh, take).await
    }
}

impl SignIn for Aws {
    fn places<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Places, ModelError>> {
        let places = |found: &Found| Places { region: Some(found.region.clone()), project: None };
        self.found(places).boxed()
    }

    fn authorize<'a>(
        &'a self,
        request: Outgoing<'a>,
        _: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, Secret)>, ModelError>> {
        let sign = move |found: &Found| match &found.credentials {
            Some(credentials) => signature::headers(request, credentials, &found.region, SystemTime::now()),
            None => Ok(Vec::new()),
        };
        async move { self.found(sign).await? }.boxed()
    }

    fn refused(&self) {
        self.found.refused();
    }

    fn describe(&self) -> String {
        self.settings.describe()
    }
}
