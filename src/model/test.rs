//! The offline model: deterministic, no network, streams at a human pace.

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::{EventSink, Model, Request};
use crate::message::ModelResponse;
use crate::wire::ModelError;

/// Answers by itself.
pub struct TestModel {
    id: String,
}

impl TestModel {
    /// Reads what stands behind `test:`.
    ///
    /// # Errors
    /// An unknown option, or a value that doesn't fit it.
    pub fn parse(id: &str, _options: &str) -> Result<Self, ModelError> {
        Ok(Self { id: id.to_owned() })
    }
}

impl Model for TestModel {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        _request: &'a Request,
        _events: &'a EventSink,
        _cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async { Ok(ModelResponse::default()) })
    }
}
