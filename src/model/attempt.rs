//! One attempt: a request to one model, told as started and ended.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{EventSink, LaneEvent, Model, Outcome, Request};
use crate::message::ModelResponse;
use crate::wire::{ErrorKind, ModelError};

/// Asks a model, and tells when the attempt starts and how it ends. A composite model tells of its members itself.
pub async fn perform(
    model: &dyn Model,
    request: &Request,
    events: &EventSink,
    cancel: &CancellationToken,
) -> Result<ModelResponse, ModelError> {
    if model.is_composite() {
        return model.request(request, events, cancel).await;
    }
    events.send(LaneEvent::AttemptStarted { model: model.id().to_owned() }).await;
    let result = tokio::select! {
        biased;
        () = cancel.cancelled() => Err(ModelError::cancelled()),
        result = guarded(model, request, events, cancel) => result,
    };
    let (outcome, error) = match &result {
        Ok(_) => (Outcome::Completed, None),
        Err(error) => (Outcome::of_error(error, events.has_visible()), Some(error.clone())),
    };
    events.send(LaneEvent::AttemptEnded { outcome, error }).await;
    result
}

/// Asks a model; one that panics has failed. Nothing of it is asked or read after that.
async fn guarded(
    model: &dyn Model,
    request: &Request,
    events: &EventSink,
    cancel: &CancellationToken,
) -> Result<ModelResponse, ModelError> {
    let asked = async { model.request(request, events, cancel).await };
    let panicked = |_| Err(ModelError::new(ErrorKind::Protocol, "the model panicked"));
    AssertUnwindSafe(asked).catch_unwind().await.unwrap_or_else(panicked)
}
