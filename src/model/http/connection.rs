//! A provider with its HTTP client and its key, shared by all of its models and lanes.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderName;
use tokio::sync::{Mutex, OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::client;
use crate::auth::{KeySource, Outgoing, Places, Secret, SignIn, SignInSettings};
use crate::config::ResolvedProvider;
use crate::wire::{ErrorKind, ModelError};

/// How long a key command's failure counts for the lanes that ask at the same time; after it the command runs again.
const FAILURE_COUNTS: Duration = Duration::from_secs(2);

/// A provider with its HTTP client and its key. Nothing is set up before the first request.
pub struct Connection {
    provider: ResolvedProvider,
    client: OnceCell<reqwest::Client>,
    sign_in: Option<Box<dyn SignIn>>,
    key: Mutex<Option<ReadKey>>,
    /// Requests that may go out at the same time; `None`: any number.
    turns: Option<Arc<Semaphore>>,
}

/// What reading the key gave, and when.
struct ReadKey {
    at: Instant,
    key: Result<Option<Secret>, ModelError>,
}

impl Connection {
    /// For this provider.
    #[must_use]
    pub fn new(provider: ResolvedProvider) -> Self {
        let turns = provider.concurrency.map(|turns| Arc::new(Semaphore::new(turns.min(Semaphore::MAX_PERMITS))));
        let sign_in = provider.sign_in.as_ref().map(SignInSettings::sign_in);
        Self { provider, client: OnceCell::new(), sign_in, key: Mutex::default(), turns }
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> &ResolvedProvider {
        &self.provider
    }

    /// The HTTP client.
    pub(super) async fn client(&self) -> Result<&reqwest::Client, ModelError> {
        self.client.get_or_try_init(|| async { client::build(&self.provider) }).await
    }

    /// What stands for the places of the provider's address: what was told, then what the credentials say.
    pub(super) async fn places(&self) -> Result<Places, ModelError> {
        let told = self.provider.places.clone();
        let Some(sign_in) = &self.sign_in else { return Ok(told) };
        let found = sign_in.places(self.client().await?).await?;
        Ok(Places { region: told.region.or(found.region), project: told.project.or(found.project) })
    }

    /// The headers that let a request in where a key alone doesn't.
    pub(super) async fn authorize(&self, request: Outgoing<'_>) -> Result<Vec<(HeaderName, Secret)>, ModelError> {
        match &self.sign_in {
            Some(sign_in) => sign_in.authorize(request, self.client().await?).await,
            None => Ok(Vec::new()),
        }
    }

    /// Where the credentials come from that let requests in where a key alone doesn't, for people.
    pub(super) fn signed_in_with(&self) -> Option<String> {
        self.sign_in.as_ref().map(|sign_in| sign_in.describe())
    }

    /// Waits for a turn, where only so many requests may go out at once.
    pub(in crate::model) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed.
        self.turns.clone()?.acquire_owned().await.ok()
    }

    /// The key. It is read once, and by one lane for all; a key command runs on a thread that may wait for it.
    pub(super) async fn key(&self) -> Result<Option<Secret>, ModelError> {
        let mut read = self.key.lock().await;
        if let Some(read) = read.as_ref().filter(|read| read.key.is_ok() || read.at.elapsed() < FAILURE_COUNTS) {
            return read.key.clone();
        }
        let key = self.read_key().await;
        *read = Some(ReadKey { at: Instant::now(), key: key.clone() });
        key
    }

    /// The provider has refused the key. One that a command prints may have expired: the next request asks for another.
    pub(super) async fn refused(&self) {
        if let Some(sign_in) = &self.sign_in {
            sign_in.refused();
        }
        if self.provider.key.as_ref().is_some_and(|key| matches!(key.source, KeySource::Command(_))) {
            self.key.lock().await.take();
        }
    }

    async fn read_key(&self) -> Result<Option<Secret>, ModelError> {
        let Some(key) = self.provider.key.clone() else { return Ok(None) };
        let failed = |what: String| ModelError::new(ErrorKind::Auth, format!("{}: {what}", self.provider.name));
        match tokio::task::spawn_blocking(move || key.source.read()).await {
            Ok(read) => read.map(Some).map_err(|error| failed(error.to_string())),
            Err(_) => Err(failed("no key could be read".to_owned())),
        }
    }
}
