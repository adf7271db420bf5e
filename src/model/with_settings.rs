//! Settings beneath those of a request, for models that know nothing of a configuration, and over them, for a model that
//! was named with its own.

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request, Slot};
use crate::message::ModelResponse;
use crate::settings::{OutputMode, Settings};
use crate::wire::ModelError;

/// A model whose requests have some settings where they name none, and others whatever they name.
pub struct WithSettings<M> {
    inner: M,
    beneath: Settings,
    over: Settings,
}

impl<M: Model> WithSettings<M> {
    /// Puts settings beneath those of every request.
    pub fn new(inner: M, settings: Settings) -> Self {
        Self { inner, beneath: settings, over: Settings::default() }
    }

    /// Puts settings over those of every request.
    pub fn over(inner: M, settings: Settings) -> Self {
        Self { inner, beneath: Settings::default(), over: settings }
    }

    fn asked(&self, request: &Request) -> Request {
        let settings = self.beneath.overridden_by(&request.settings).overridden_by(&self.over);
        Request { settings, ..request.clone() }
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
        self.inner.output_mode(&self.asked(request))
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
        let request = self.asked(request);
        Box::pin(async move { self.inner.request(&request, events, cancel).await })
    }
}
