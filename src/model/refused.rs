//! A model that can't be asked: it fails at once, with the reason, and nothing is sent.

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request};
use crate::message::ModelResponse;
use crate::wire::ModelError;

/// A model that can't be asked, so that a chain can go on to the next one and a lane can show why.
pub struct RefusedModel {
    id: String,
    reason: ModelError,
}

impl RefusedModel {
    /// A model that fails with this reason.
    #[must_use]
    pub fn new(id: impl Into<String>, reason: ModelError) -> Self {
        Self { id: id.into(), reason }
    }
}

impl Model for RefusedModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        _request: &'a Request,
        _events: &'a EventSink,
        _cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async { Err(self.reason.clone()) })
    }
}
