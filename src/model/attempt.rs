//! One attempt: a request to one model, told as started and ended.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio_util::sync::CancellationToken;

use super::{EventSink, LaneEvent, Model, Outcome, Request, Slot, Verdict};
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
    let prepared = unless_cancelled(cancel, guarded(model.prepare())).await;
    let queued = prepared.as_ref().map(Slot::queued).unwrap_or_default();
    events.send(LaneEvent::AttemptStarted { model: model.id().to_owned(), queued }).await;
    let result = match prepared {
        Ok(_slot) => unless_cancelled(cancel, guarded(async { model.request(request, events, cancel).await })).await,
        Err(error) => Err(error),
    };
    let result = match result {
        Ok(response) => read_output(model, request, response, events).await,
        Err(error) => Err(error),
    };
    let (outcome, error) = match &result {
        Ok(_) => (Outcome::Completed, None),
        Err(error) => (Outcome::of_error(error, events.has_visible()), Some(error.clone().without_output())),
    };
    events.send(LaneEvent::AttemptEnded { outcome, error }).await;
    result
}

/// Reads the structured output that was asked for. An answer whose output doesn't fit its schema has failed.
async fn read_output(
    model: &dyn Model,
    request: &Request,
    response: ModelResponse,
    events: &EventSink,
) -> Result<ModelResponse, ModelError> {
    let Some(spec) = request.output.as_deref() else { return Ok(response) };
    let verdict = Verdict::of(spec, model.output_mode(request), &response);
    let error = verdict.error(&response);
    events.send(LaneEvent::Output(verdict)).await;
    error.map_or(Ok(response), Err)
}

async fn unless_cancelled<T>(
    cancel: &CancellationToken,
    work: impl Future<Output = Result<T, ModelError>>,
) -> Result<T, ModelError> {
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(ModelError::cancelled()),
        result = work => result,
    }
}

/// A model that panics has failed. Nothing of it is asked or read after that.
pub async fn guarded<T>(work: impl Future<Output = Result<T, ModelError>>) -> Result<T, ModelError> {
    let panicked = |_| Err(ModelError::new(ErrorKind::Protocol, "the model panicked"));
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(panicked)
}
