//! A model behind HTTP: an interface, a provider and a name.

mod client;
mod exchange;
mod failure;
mod send;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{EventSink, LaneEvent, Model, Request};
use crate::auth::Secret;
use crate::catalog::{Profile, profile};
use crate::config::ResolvedProvider;
use crate::message::ModelResponse;
use crate::settings::Settings;
use crate::wire::{self, ErrorKind, HttpRequest, Interface, ModelError, interface};

/// A provider with its HTTP client and its key, shared by all of its models. Nothing is set up before the first
/// request.
pub struct Connection {
    provider: ResolvedProvider,
    client: OnceCell<reqwest::Client>,
    key: OnceCell<Option<Secret>>,
    /// Requests that may go out at the same time; `None`: any number.
    turns: Option<Arc<Semaphore>>,
}

impl Connection {
    /// For this provider.
    #[must_use]
    pub fn new(provider: ResolvedProvider) -> Self {
        let turns = provider.concurrency.map(|turns| Arc::new(Semaphore::new(turns)));
        Self { provider, client: OnceCell::new(), key: OnceCell::new(), turns }
    }

    /// The provider.
    #[must_use]
    pub fn provider(&self) -> &ResolvedProvider {
        &self.provider
    }

    async fn client(&self) -> Result<&reqwest::Client, ModelError> {
        self.client.get_or_try_init(|| async { client::build(&self.provider) }).await
    }

    /// The key; a key command runs on a thread that may wait for it.
    async fn key(&self) -> Result<Option<&Secret>, ModelError> {
        self.key.get_or_try_init(|| self.read_key()).await.map(Option::as_ref)
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

/// A model behind HTTP.
pub struct HttpModel {
    id: String,
    name: String,
    connection: Arc<Connection>,
    interface: &'static dyn Interface,
    profile: Profile,
    settings: Settings,
}

impl HttpModel {
    /// The provider's model `name`, shown as `id`. `settings` lie beneath those of a request.
    ///
    /// # Errors
    /// `ErrorKind::Config` when the provider's interface is not one that goes over HTTP.
    pub fn new(id: &str, name: &str, connection: Arc<Connection>, settings: Settings) -> Result<Self, ModelError> {
        let provider = connection.provider();
        let interface = interface(provider.interface).ok_or_else(|| {
            ModelError::new(ErrorKind::Config, format!("provider {:?} doesn't answer over HTTP", provider.name))
        })?;
        let profile = profile(provider.interface, name);
        Ok(Self { id: id.to_owned(), name: name.to_owned(), connection, interface, profile, settings })
    }

    fn encode(&self, request: &Request) -> Result<HttpRequest, ModelError> {
        let settings = self.settings.overridden_by(&request.settings);
        self.interface.encode(&wire::Call {
            model: &self.name,
            messages: &request.messages,
            settings: &settings,
            stream: request.stream,
            profile: &self.profile,
        })
    }

    async fn exchange(&self, request: &Request, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let encoded = self.encode(request)?;
        if !encoded.omitted.is_empty() {
            let omitted = encoded.omitted.iter().map(|name| (*name).to_owned()).collect();
            events.send(LaneEvent::SettingsOmitted(omitted)).await;
        }
        let call = send::Call {
            client: self.connection.client().await?,
            provider: self.connection.provider(),
            interface: self.interface,
            model: &self.name,
            key: self.connection.key().await?,
            request: &encoded,
        };
        let exchange = exchange::run(&call, request.stream, events);
        let result = match self.total_limit(request) {
            Some(limit) => timeout(limit, exchange).await.unwrap_or_else(|_| Err(failure::total(limit))),
            None => exchange.await,
        };
        result.map_err(|error| match call.key {
            Some(key) => failure::masked(error, key),
            None => error,
        })
    }

    /// The limit on the whole answer: the request's, the model's, or the provider's.
    fn total_limit(&self, request: &Request) -> Option<Duration> {
        let seconds = request.settings.timeout.or(self.settings.timeout);
        let limit = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        limit.or(self.connection.provider().limits.total)
    }
}

impl Model for HttpModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Option<OwnedSemaphorePermit>, ModelError>> {
        Box::pin(async {
            self.connection.client().await?;
            self.connection.key().await?;
            let Some(turns) = self.connection.turns.clone() else { return Ok(None) };
            // The semaphore is never closed.
            Ok(turns.acquire_owned().await.ok())
        })
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async move {
            tokio::select! {
                biased;
                () = cancel.cancelled() => Err(ModelError::cancelled()),
                result = self.exchange(request, events) => result,
            }
        })
    }
}
