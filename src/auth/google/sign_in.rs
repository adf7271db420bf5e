//! The way in: a token that is exchanged once for all lanes, and again before it expires.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::HeaderName;
use http::header::AUTHORIZATION;
use reqwest::Client;
use tokio::time::Instant;

use super::Settings;
use super::credentials::Credentials;
use super::exchange::Token;
use crate::auth::shared::Shared;
use crate::auth::{Outgoing, Places, Secret, SignIn};
use crate::wire::ModelError;

/// Names the project that is billed: <https://cloud.google.com/docs/quotas/set-quota-project>.
const BILLED: HeaderName = HeaderName::from_static("x-goog-user-project");

/// Google's way in.
pub struct Google {
    settings: Settings,
    state: Shared<SignedIn>,
}

struct SignedIn {
    credentials: Credentials,
    project: Option<String>,
    token: Token,
}

impl Google {
    /// With these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, state: Shared::default() }
    }

    /// What `take` takes of being signed in.
    async fn signed_in<T>(&self, client: &Client, take: impl FnOnce(&SignedIn) -> T) -> Result<T, ModelError> {
        let renewed = async |known| match known {
            Some(known) => self.renewed(known, client).await,
            None => self.sign_in(client).await,
        };
        self.state.get(renewed, take).await
    }

    /// The same with a token that is good to show.
    async fn renewed(&self, known: SignedIn, client: &Client) -> Result<SignedIn, ModelError> {
        if known.token.is_fresh(Instant::now()) {
            return Ok(known);
        }
        let token = known.credentials.token(client, &self.settings).await?;
        Ok(SignedIn { token, ..known })
    }

    async fn sign_in(&self, client: &Client) -> Result<SignedIn, ModelError> {
        let credentials = Credentials::find(&self.settings)?;
        credentials.check_project(&self.settings)?;
        let token = credentials.token(client, &self.settings).await?;
        let project = match &self.settings.project {
            Some(told) => Some(told.id.clone()),
            None => credentials.project(&self.settings).await,
        };
        Ok(SignedIn { credentials, project, token })
    }
}

impl SignIn for Google {
    fn places<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Places, ModelError>> {
        let places = |signed_in: &SignedIn| Places { region: None, project: signed_in.project.clone() };
        self.signed_in(client, places).boxed()
    }

    fn authorize<'a>(
        &'a self,
        _: Outgoing<'a>,
        client: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, Secret)>, ModelError>> {
        self.signed_in(client, SignedIn::headers).boxed()
    }

    fn refused(&self) {
        self.state.refused();
    }

    fn describe(&self) -> String {
        self.settings.describe()
    }
}

impl SignedIn {
    fn headers(&self) -> Vec<(HeaderName, Secret)> {
        let token = Secret::new(&format!("Bearer {}", self.token.secret.expose()));
        let billed = self.credentials.quota_project.as_ref().map(|project| (BILLED, Secret::new(project)));
        [(AUTHORIZATION, token)].into_iter().chain(billed).collect()
    }
}
