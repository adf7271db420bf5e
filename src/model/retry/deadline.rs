//! The limit on a whole answer, kept over all of its attempts.

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use crate::message::ModelResponse;
use crate::model::{EventSink, Model, Request, Slot};
use crate::settings::OutputMode;
use crate::wire::{ErrorKind, ModelError};

/// A model whose requests share one limit. Its clock starts with the first request: a wait for its turn is not counted.
pub struct Limited<'m, M> {
    inner: &'m M,
    limit: Option<Duration>,
    started: OnceLock<Instant>,
}

impl<'m, M: Model> Limited<'m, M> {
    /// A model that is asked within this limit.
    pub fn new(inner: &'m M, limit: Option<Duration>) -> Self {
        Self { inner, limit, started: OnceLock::new() }
    }

    /// Whether the limit will have passed after that wait.
    pub fn is_over_in(&self, wait: Duration) -> bool {
        self.started.get().zip(self.limit).is_some_and(|(started, limit)| started.elapsed() + wait >= limit)
    }

    /// When the limit passes; `None`: never.
    fn deadline(&self) -> Option<Instant> {
        self.started.get_or_init(Instant::now).checked_add(self.limit?)
    }
}

impl<M: Model> Model for Limited<'_, M> {
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
        let Some(deadline) = self.deadline() else { return self.inner.request(request, events, cancel) };
        Box::pin(async move {
            let asked = timeout_at(deadline, self.inner.request(request, events, cancel)).await;
            asked.unwrap_or_else(|_| Err(too_slow(self.limit.unwrap_or_default())))
        })
    }
}

/// The whole answer took too long.
pub fn too_slow(limit: Duration) -> ModelError {
    ModelError::new(ErrorKind::Timeout, format!("the answer was not whole within {limit:?}"))
}
