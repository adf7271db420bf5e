//! A model behind HTTP: an interface, a provider and a name.

mod aws;
mod client;
mod connection;
mod exchange;
mod failure;
mod list;
mod mask;
mod retry_after;
mod send;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::Method;
use tokio_util::sync::CancellationToken;

pub use self::connection::Connection;
pub use self::list::Listed;
pub(super) use self::mask::Mask;
use self::send::Shown;
use super::{EventSink, LaneEvent, Model, Request, Slot, known_price};
use crate::auth::Secret;
use crate::catalog::{Cost, Profile, profile};
use crate::message::{ModelResponse, Usage};
use crate::settings::{OutputMode, Settings};
use crate::wire::{self, ErrorKind, HttpRequest, Interface, ModelError, interface};

/// Fields of a request's body that change what its tokens cost, or add what isn't counted in tokens: the tier of the
/// service, how long a cache lasts, tools that the vendor runs, the choice of who serves it.
const PRICED_APART: [&str; 8] =
    ["service_tier", "speed", "cache_control", "tools", "web_search_options", "plugins", "models", "provider"];

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
        let profile = profile(provider.dialect, provider.interface, name);
        Ok(Self { id: id.to_owned(), name: name.to_owned(), connection, interface, profile, settings })
    }

    fn encode(&self, request: &Request) -> Result<HttpRequest, ModelError> {
        self.interface.encode(&self.call(request, &self.settings.overridden_by(&request.settings)))
    }

    fn call<'a>(&'a self, request: &'a Request, settings: &'a Settings) -> wire::Call<'a> {
        wire::Call {
            model: &self.name,
            messages: &request.messages,
            settings,
            output: request.output.as_deref(),
            stream: request.stream,
            profile: &self.profile,
        }
    }

    /// Asks, and lets no secret of the provider's out with a failure.
    async fn exchange(&self, request: &Request, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let key = self.connection.key().await?;
        let shown = Shown::default();
        let answered = self.answered(request, key.as_ref(), &shown, events).await;
        let told = self.connection.told(answered, key, shown).await;
        if let Ok(response) = &told
            && let Some(cost) = self.cost(request, &response.usage).await
        {
            events.send(LaneEvent::Cost(cost)).await;
        }
        told
    }

    /// What a whole answer has cost, where the model's price is known and tells it all.
    async fn cost(&self, request: &Request, usage: &Usage) -> Option<Cost> {
        let more = &self.settings.overridden_by(&request.settings).extra_body;
        if PRICED_APART.iter().any(|field| more.contains_key(*field)) {
            return None;
        }
        known_price(self.connection.provider(), &self.name, self.connection.kept().await)?.cost(usage)
    }

    async fn answered(
        &self,
        request: &Request,
        key: Option<&Secret>,
        shown: &Shown,
        events: &EventSink,
    ) -> Result<ModelResponse, ModelError> {
        let encoded = self.encode(request)?;
        if !encoded.omitted.is_empty() {
            let omitted = encoded.omitted.iter().map(|name| (*name).to_owned()).collect();
            events.send(LaneEvent::SettingsOmitted(omitted)).await;
        }
        let body = serde_json::to_vec(&encoded.body)
            .map_err(|error| ModelError::new(ErrorKind::Config, format!("the request can't be written: {error}")))?;
        let call = send::Call {
            client: self.connection.client().await?,
            connection: &self.connection,
            provider: self.connection.provider(),
            model: Some(&self.name),
            places: self.connection.places().await?,
            key,
            shown,
            watcher: Some(events).filter(|events| events.is_watched()),
            method: Method::POST,
            path: &encoded.path,
            headers: &encoded.headers,
            body,
        };
        exchange::run(&call, self.interface, request.stream, events).await
    }

    /// The limit on the whole answer when the request names none: the model's, or the provider's. A
    /// [`RetryModel`](super::RetryModel) around this model holds it, over all attempts.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.settings.limit().or(self.connection.provider().limits.total)
    }
}

impl Model for HttpModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn output_mode(&self, request: &Request) -> OutputMode {
        wire::output_mode(&self.call(request, &self.settings.overridden_by(&request.settings)))
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        Box::pin(async {
            self.connection.client().await?;
            self.connection.key().await?;
            self.connection.places().await?;
            Ok(self.connection.slot().await)
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
