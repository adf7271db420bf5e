//! One attempt: a request to one model, told as started and ended.

use tokio_util::sync::CancellationToken;

use super::{EventSink, LaneEvent, Model, Outcome, Request};
use crate::message::ModelResponse;
use crate::wire::ModelError;

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
    let prepared = unless_cancelled(cancel, model.prepare()).await;
    events.send(LaneEvent::AttemptStarted { model: model.id().to_owned() }).await;
    let result = match prepared {
        Ok(_held) => unless_cancelled(cancel, model.request(request, events, cancel)).await,
        Err(error) => Err(error),
    };
    let (outcome, error) = match &result {
        Ok(_) => (Outcome::Completed, None),
        Err(error) => (Outcome::of_error(error, events.has_visible()), Some(error.clone())),
    };
    events.send(LaneEvent::AttemptEnded { outcome, error }).await;
    result
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
