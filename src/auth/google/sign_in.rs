//! The way in: a token that is exchanged once for all lanes, and again before it expires.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::HeaderName;
use http::header::AUTHORIZATION;
use reqwest::Client;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Settings;
use super::credentials::Credentials;
use super::exchange::Token;
use crate::auth::{Outgoing, Places, Secret, SignIn};
use crate::wire::ModelError;

/// Names the project that is billed: <https://cloud.google.com/docs/quotas/set-quota-project>.
const BILLED: HeaderName = HeaderName::from_static("x-goog-user-project");

/// Google's way in.
pub struct Google {
    settings: Settings,
    state: Mutex<State>,
    /// The token was refused since it was last looked at.
    refused: AtomicBool,
}

#[derive(Default)]
enum State {
    #[default]
    Unknown,
    SignedIn(SignedIn),
    Failed(Instant, ModelError),
}

struct SignedIn {
    credentials: Credentials,
    project: Option<String>,
    token: Token,
}

impl Google {
    /// With these settings.
    pub fn new(settings: Settings) -> Self {
        Self { settings, state: Mutex::default(), refused: AtomicBool::default() }
    }

    /// What `take` takes of being signed in. One lane signs in for all that wait; who asks later than a failure tries
    /// again.
    async fn signed_in<T>(&self, client: &Client, take: impl Fn(&SignedIn) -> T + Send) -> Result<T, ModelError> {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        let known = mem::take(&mut *state);
        let is_refused = self.refused.swap(false, Ordering::Relaxed);
        let renewed = match known {
            State::Failed(at, error) if asked <= at => {
                *state = State::Failed(at, error.clone());
                return Err(error);
            }
            State::SignedIn(known) if !is_refused => self.renewed(known, client).await,
            _ => self.sign_in(client).await,
        };
        let taken = renewed.as_ref().map(take).map_err(Clone::clone);
        *state = renewed.map_or_else(|error| State::Failed(Instant::now(), error), State::SignedIn);
        taken
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
        self.refused.store(true, Ordering::Relaxed);
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
