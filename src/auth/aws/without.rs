//! A build without the feature `bedrock`: says so.

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::HeaderName;
use reqwest::Client;

use super::Settings;
use crate::auth::{Outgoing, Places, Secret, SignIn};
use crate::wire::{ErrorKind, ModelError};

/// No way in.
pub struct Aws(Settings);

impl Aws {
    /// With these settings, of which nothing is used.
    pub fn new(settings: Settings) -> Self {
        Self(settings)
    }
}

impl SignIn for Aws {
    fn places<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Places, ModelError>> {
        ready(Err(missing(&self.0))).boxed()
    }

    fn authorize<'a>(
        &'a self,
        _: Outgoing<'a>,
        _: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, Secret)>, ModelError>> {
        ready(Err(missing(&self.0))).boxed()
    }

    fn refused(&self) {}

    fn describe(&self) -> String {
        self.0.describe()
    }
}

fn missing(settings: &Settings) -> ModelError {
    let provider = &settings.provider;
    if settings.has_key {
        return ModelError::new(ErrorKind::Auth, format!("no region for {provider}"))
            .with_hint(format!("set AWS_REGION, or region in [providers.{provider}]"));
    }
    ModelError::new(ErrorKind::Auth, "this build can't sign in with AWS")
        .with_hint("build llmbench with its feature `bedrock`, which is on by default, or set AWS_BEARER_TOKEN_BEDROCK")
}
