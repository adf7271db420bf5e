//! Settings of the configuration beneath those of a request, for models that know nothing of a configuration.

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request, Slot};
use crate::message::ModelResponse;
use crate::settings::{OutputMode, Settings};
use crate::wire::ModelError;

/// A model whose requests have these settings where they name none.
pub struct WithSettings<M> {
    inner: M,
    settings: Settings,
}

impl<M: Model> WithSettings<M> {
    /// Puts settings beneath those of every request.
    pub fn new(inner: M, settings: Settings) -> Self {
        Self { inner, settings }
    }
}

impl<M: Model> Model for WithSettings<M> {
    fn id(&self) -> &str {
        self.inner.id()
    }

    fn is_composite(&self) -> bool {
        self.inner.is_composite()
    }

    fn output_mode(&self, request: &Request) -> OutputMode {
        self.inner.output_mode(request)
    }

    fn prepare(&self) -> BoxFuture<'_, Result<Slot, ModelError>> {
        self.inner.prepare()
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        let request = Request { settings: self.settings.overridden_by(&request.settings), ..request.clone() };
        Box::pin(async move { self.inner.request(&request, events, cancel).await })
    }
}
