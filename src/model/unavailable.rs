//! A model that could not be made: its lane fails with the reason, and no other lane does.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request};
use crate::message::ModelResponse;
use crate::wire::ModelError;

/// A model that answers every request with the same failure.
pub struct Unavailable {
    id: String,
    error: ModelError,
}

impl Unavailable {
    /// A model by that name that fails for that reason.
    #[must_use]
    pub fn model(id: &str, error: ModelError) -> Arc<dyn Model> {
        Arc::new(Self { id: id.to_owned(), error })
    }
}

impl Model for Unavailable {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        _: &'a Request,
        _: &'a EventSink,
        _: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async { Err(self.error.clone()) })
    }
}
