//! A model behind HTTP: an interface, a provider and a name.

mod aws;
mod client;
mod connection;
mod exchange;
mod failure;
mod mask;
mod send;

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::CancellationToken;

pub use self::connection::Connection;
use self::mask::Mask;
use self::send::Shown;
use super::{EventSink, LaneEvent, Model, Request};
use crate::auth::Secret;
use crate::catalog::{Profile, profile};
use crate::message::ModelResponse;
use crate::settings::{OutputMode, Settings};
use crate::wire::{self, ErrorKind, HttpRequest, Interface, ModelError, interface};

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
        if answered.as_ref().is_err_and(|error| matches!(error.status, Some(401 | 403))) {
            self.connection.refused().await;
        }
        let secrets = key.into_iter().chain(shown.into_inner().unwrap_or_else(PoisonError::into_inner));
        answered.map_err(|error| Mask::new(self.connection.provider(), secrets).error(error))
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
        let call = send::Call {
            client: self.connection.client().await?,
            connection: &self.connection,
            provider: self.connection.provider(),
            interface: self.interface,
            model: &self.name,
            places: self.connection.places().await?,
            key,
            shown,
            request: &encoded,
        };
        exchange::run(&call, request.stream, events).await
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

    fn prepare(&self) -> BoxFuture<'_, Result<Option<OwnedSemaphorePermit>, ModelError>> {
        Box::pin(async {
            self.connection.client().await?;
            self.connection.key().await?;
            self.connection.places().await?;
            Ok(self.connection.turn().await)
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
