//! Models in sequence: the next one is asked when one fails, as PydanticAI's `FallbackModel` does.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request, attempt};
use crate::message::ModelResponse;
use crate::wire::{ErrorKind, ModelError};

pub use crate::config::FallbackOn;

/// Models in sequence.
pub struct FallbackModel {
    id: String,
    models: Vec<Arc<dyn Model>>,
    on: Vec<FallbackOn>,
}

impl FallbackModel {
    /// A chain of models that falls back on a status of 400 or above.
    #[must_use]
    pub fn new(id: impl Into<String>, models: Vec<Arc<dyn Model>>) -> Self {
        Self { id: id.into(), models, on: vec![FallbackOn::Http] }
    }

    /// The same chain, falling back on these failures.
    #[must_use]
    pub fn with_fallback_on(self, on: Vec<FallbackOn>) -> Self {
        Self { on, ..self }
    }

    fn falls_back_on(&self, error: &ModelError) -> bool {
        let inner =
            if error.kind == ErrorKind::FallbackExhausted { &error.errors[..] } else { std::slice::from_ref(error) };
        inner.iter().all(|error| self.on.iter().any(|on| on.matches(error)))
    }
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
                match attempt::perform(model.as_ref(), request, events, cancel).await {
                    Ok(response) => return Ok(response),
                    Err(error) if events.has_visible() || !self.falls_back_on(&error) => return Err(error),
                    Err(error) => errors.push(error),
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
