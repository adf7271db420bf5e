//! A provider with its HTTP client and its key, shared by all of its models and lanes.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderName;
use tokio::sync::{Mutex, OnceCell, Semaphore};
use tokio::time::Instant;

use super::client;
use super::mask::Mask;
use super::send::Shown;
use crate::auth::{KeySource, Outgoing, Places, Secret, SignIn, SignInSettings};
use crate::config::ResolvedProvider;
use crate::model::Slot;
use crate::model::lists::{KeptList, ListStore};
use crate::wire::{ErrorKind, ModelError};

/// How long a key command's failure counts for the lanes that ask at the same time; after it the command runs again.
const FAILURE_COUNTS: Duration = Duration::from_secs(2);

/// A provider with its HTTP client and its key. Nothing is set up before the first request.
pub struct Connection {
    provider: ResolvedProvider,
    client: OnceCell<reqwest::Client>,
    sign_in: Option<Box<dyn SignIn>>,
    key: Mutex<Option<ReadKey>>,
    /// Places for requests that may be out at the same time; `None`: any number.
    slots: Option<Arc<Semaphore>>,
    /// Where its list of models is kept, if anywhere.
    lists: Option<ListStore>,
    kept: OnceCell<Option<KeptList>>,
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
        let slots = provider.concurrency.map(|slots| Arc::new(Semaphore::new(slots.min(Semaphore::MAX_PERMITS))));
        let sign_in = provider.sign_in.as_ref().map(SignInSettings::sign_in);
        Self {
            provider,
            client: OnceCell::new(),
            sign_in,
            key: Mutex::default(),
            slots,
            lists: None,
            kept: OnceCell::new(),
        }
    }

    /// With the lists of models that are kept there.
    #[must_use]
    pub fn with_lists(self, lists: Option<ListStore>) -> Self {
        Self { lists, ..self }
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> &ResolvedProvider {
        &self.provider
    }

    /// The list of models that the provider has told before, if it is kept. It is read once, on a thread that may wait;
    /// one that can't be read counts as none.
    pub(super) async fn kept(&self) -> Option<&KeptList> {
        let read = || async {
            let (lists, provider) = (self.lists.clone()?, self.provider.clone());
            tokio::task::spawn_blocking(move || lists.load(&provider).ok().flatten()).await.ok().flatten()
        };
        self.kept.get_or_init(read).await.as_ref()
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

    /// Waits for a place, where only so many requests may go out at once.
    pub(in crate::model) async fn slot(&self) -> Slot {
        Slot::of(self.slots.clone()).await
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

    /// What came of a request, with no secret in it; `shown` is what let it in, besides the key.
    pub(super) async fn told<T>(
        &self,
        result: Result<T, ModelError>,
        key: Option<Secret>,
        shown: Shown,
    ) -> Result<T, ModelError> {
        if result.as_ref().is_err_and(|error| matches!(error.status, Some(401 | 403))) {
            self.refused().await;
        }
        let secrets = key.into_iter().chain(shown.into_inner().unwrap_or_else(PoisonError::into_inner));
        result.map_err(|error| Mask::new(&self.provider, secrets).error(error))
    }

    /// The provider has refused the key. One that a command prints may have expired: the next request asks for another.
    async fn refused(&self) {
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
