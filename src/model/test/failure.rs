//! Failures as they would look if a provider had failed.

use reqwest::StatusCode;
use serde_json::json;

use super::options::Failure;
use crate::wire::{ErrorKind, ModelError};

/// What a test model asks to wait after a 429, in seconds.
const RETRY_AFTER: f64 = 2.0;

impl Failure {
    /// The error of that model. In mid-answer no status can be told any more: it stands inside of the stream.
    pub fn error(self, model: &str, mid_answer: bool) -> ModelError {
        match self {
            Self::Status(status) => refused(status, model, mid_answer),
            Self::Timeout if mid_answer => ModelError::new(ErrorKind::Timeout, "nothing more arrived (test)"),
            Self::Timeout => ModelError::new(ErrorKind::Timeout, format!("{model} did not begin to answer (test)")),
            Self::Connect if mid_answer => {
                ModelError::new(ErrorKind::Truncated, "the connection broke in mid-answer (test)")
            }
            Self::Connect => ModelError::new(ErrorKind::Connect, format!("no connection to {model} (test)")),
            Self::Cut => ModelError::new(ErrorKind::Truncated, "the stream ended before its end (test)"),
            Self::Provider => reported(model),
        }
    }
}

fn refused(status: u16, model: &str, mid_answer: bool) -> ModelError {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("refused");
    let body = json!({ "error": { "message": reason, "type": "test" } });
    let kind = if mid_answer { ErrorKind::Provider } else { ErrorKind::Http };
    let message = format!("status_code: {status}, model_name: {model}, body: {body}");
    let retry_after_s = (status == 429).then_some(RETRY_AFTER);
    ModelError { status: Some(status), retry_after_s, ..ModelError::new(kind, message).with_body(body) }
}

fn reported(model: &str) -> ModelError {
    let body = json!({ "error": { "message": "overloaded", "type": "test" } });
    ModelError::new(ErrorKind::Provider, format!("model_name: {model}, body: {body}")).with_body(body)
}
