//! A failure that the program itself reports.

use serde::Deserialize;
use serde_json::Value;

use crate::wire::{ErrorKind, ModelError, http_error, provider_error};

/// The failure that `error` tells: a sentence, or an object with `message` and perhaps `kind` (a word of the contract),
/// `status` and `retry_after_s` (seconds). A status of 400 or above is an error of HTTP, so that chains and retries
/// take it for one.
pub fn reported(error: &Value, model: &str) -> ModelError {
    let told = provider_error(error.clone());
    let status = error.get("status").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
    let status = status.or(told.status);
    let told = match status.filter(|status| *status >= 400) {
        Some(status) => http_error(status, model, error.to_string().as_bytes()),
        None => told,
    };
    let kind = error.get("kind").and_then(|kind| ErrorKind::deserialize(kind).ok());
    // Cancelling is the user's.
    let kind = kind.filter(|kind| *kind != ErrorKind::Cancelled).unwrap_or(told.kind);
    let retry_after_s = error.get("retry_after_s").and_then(Value::as_f64).or(told.retry_after_s);
    ModelError { kind, retry_after_s, ..told }
}
