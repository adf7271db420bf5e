//! Models in sequence: the next one is asked when one fails, as PydanticAI's `FallbackModel` does.

mod judge;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use self::judge::Condition;
use super::{EventSink, LaneEvent, Model, Request, attempt};
use crate::message::ModelResponse;
use crate::wire::{ErrorKind, ModelError};

pub use crate::config::FallbackOn;

/// Models in sequence: each is asked when the one before it failed in a way that `fallback_on` means. Any other failure
/// is raised alone, at once; when all have failed, one error holds every failure in the order tried.
///
/// What `fallback_on` says of whole answers (`content_filter`, `length`, `empty`, a function of the response) holds for
/// requests that don't stream; a stream is taken as it is once it has shown something, as PydanticAI does.
///
/// ```
/// use std::sync::Arc;
///
/// use llmbench::model::{ErrorKind, FallbackModel, FallbackOn, FunctionModel, ModelError, Request};
/// use llmbench::run::{Lane, Run};
///
/// let busy = |_: &Request| -> Result<String, ModelError> { Err(ModelError::new(ErrorKind::Provider, "busy")) };
/// let models: Vec<Arc<dyn llmbench::model::Model>> = vec![
///     Arc::new(FunctionModel::new("busy", busy)),
///     Arc::new(FunctionModel::new("silent", |_: &Request| "…")),
///     Arc::new(FunctionModel::new("ready", |_: &Request| "Here I am.")),
/// ];
/// let safe = FallbackModel::new("safe", models)
///     .with_fallback_on(vec![FallbackOn::Http])?
///     .or_on_error(|error| error.message.contains("busy"))
///     .or_on_response(|response| response.text() == "…");
///
/// let request = Request { stream: false, ..Request::user("Are you there?", None) };
/// let runtime = tokio::runtime::Runtime::new()?;
/// let lane = runtime.block_on(Run::to_end(vec![Lane::new(Arc::new(safe), request)])).remove(0);
/// assert_eq!(lane.response().text(), "Here I am.");
/// assert_eq!(lane.attempts.len(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FallbackModel {
    id: String,
    models: Vec<Arc<dyn Model>>,
    on: Vec<Condition>,
}

impl FallbackModel {
    /// A chain of models that falls back on a status of 400 or above.
    #[must_use]
    pub fn new(id: impl Into<String>, models: Vec<Arc<dyn Model>>) -> Self {
        Self { id: id.into(), models, on: vec![Condition::Word(FallbackOn::Http)] }
    }

    /// The same chain, falling back on these failures instead.
    ///
    /// # Errors
    /// `ErrorKind::Config` for none at all: such a chain would never ask its second model.
    pub fn with_fallback_on(self, on: Vec<FallbackOn>) -> Result<Self, ModelError> {
        if on.is_empty() {
            let error = ModelError::new(ErrorKind::Config, format!("fallback_on of {:?} must not be empty", self.id));
            return Err(error.with_hint("leave it out for [\"http\"]"));
        }
        Ok(Self { on: on.into_iter().map(Condition::Word).collect(), ..self })
    }

    /// The same chain, falling back also on failures for which this is true.
    #[must_use]
    pub fn or_on_error(mut self, matches: impl Fn(&ModelError) -> bool + Send + Sync + 'static) -> Self {
        self.on.push(Condition::Error(Arc::new(matches)));
        self
    }

    /// The same chain, falling back also on whole answers for which this is true.
    #[must_use]
    pub fn or_on_response(mut self, rejects: impl Fn(&ModelResponse) -> bool + Send + Sync + 'static) -> Self {
        self.on.push(Condition::Response(Arc::new(rejects)));
        self
    }

    /// Whether the next model is asked after this failure. Of a chain in the chain every failure counts.
    fn falls_back_on(&self, error: &ModelError) -> bool {
        match error.kind {
            ErrorKind::FallbackExhausted => error.errors.iter().all(|error| self.falls_back_on(error)),
            _ => self.on.iter().any(|on| on.matches(error)),
        }
    }

    fn rejects(&self, response: &ModelResponse) -> Option<ModelError> {
        self.on.iter().find_map(|on| on.rejects(response))
    }

    /// Asks one model: its answer; or the failure after which the next one is asked; or the one that ends the chain.
    async fn ask(
        &self,
        model: &dyn Model,
        request: &Request,
        events: &EventSink,
        cancel: &CancellationToken,
    ) -> Result<Result<ModelResponse, ModelError>, ModelError> {
        match attempt::perform(model, request, events, cancel).await {
            Ok(response) => match self.rejects(&response).filter(|_| !request.stream) {
                None => Ok(Ok(response)),
                Some(error) => {
                    events.send(LaneEvent::Rejected(error.clone())).await;
                    Ok(Err(error))
                }
            },
            Err(error) if may_switch(&error, request, events) && self.falls_back_on(&error) => Ok(Err(error)),
            Err(error) => Err(error),
        }
    }
}

/// Only before anything was seen: an answer that didn't stream is seen when it is taken. A chain in the chain has seen to
/// it that nothing was.
fn may_switch(error: &ModelError, request: &Request, events: &EventSink) -> bool {
    let is_unseen = !request.stream && error.kind.is_of_whole_answer();
    is_unseen || error.kind == ErrorKind::FallbackExhausted || !events.has_visible()
}

impl Model for FallbackModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn is_composite(&self) -> bool {
        true
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async move {
            let mut errors = Vec::new();
            for model in &self.models {
                match self.ask(model.as_ref(), request, events, cancel).await? {
                    Ok(response) => return Ok(response),
                    Err(error) => errors.push(error.without_output()),
                }
            }
            Err(exhausted(&self.id, errors))
        })
    }
}

/// PydanticAI's words for a chain of which every model failed.
fn exhausted(id: &str, errors: Vec<ModelError>) -> ModelError {
    let reasons: Vec<_> = errors.iter().map(ToString::to_string).collect();
    let message = format!("All models from FallbackModel failed ({id}): {}", reasons.join("; "));
    ModelError { errors, ..ModelError::new(ErrorKind::FallbackExhausted, message) }
}
