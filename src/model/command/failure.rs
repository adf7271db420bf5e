//! What can go wrong with a program, in sentences that say what to do.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use serde_json::Value;

use crate::wire::{ErrorKind, ModelError};

/// The most characters of a program's complaint in the message; the body holds the rest.
const MAX_SENTENCE: usize = 300;

/// The system refuses to start it.
pub fn not_started(program: &str, provider: &str, error: &io::Error) -> ModelError {
    let is_wrong =
        matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied | io::ErrorKind::InvalidInput);
    let kind = if is_wrong { ErrorKind::Config } else { ErrorKind::Connect };
    ModelError::new(kind, format!("the program {program:?} can't be started: {error}")).with_hint(format!(
        "check command in [providers.{provider}]: programs are found in PATH, or from the folder llmbench was started in"
    ))
}

/// The system takes too long to start it.
pub fn started_too_slowly(program: &str, provider: &str, limit: Duration) -> ModelError {
    ModelError::new(ErrorKind::Timeout, format!("the program {program:?} did not start within {limit:?}"))
        .with_hint(format!("set connect_timeout in [providers.{provider}] for a slower one"))
}

/// Nothing came for too long.
pub fn too_slow(provider: &str, has_begun: bool, limit: Duration) -> ModelError {
    let (message, name) = if has_begun {
        (format!("nothing arrived for {limit:.1?}"), "idle_timeout")
    } else {
        (format!("the program wrote nothing within {limit:.1?}"), "first_byte_timeout")
    };
    let hint = format!("set {name} in [providers.{provider}] for a slower program; is its output flushed?");
    ModelError::new(ErrorKind::Timeout, message).with_hint(hint)
}

/// Its output can't be read any more.
pub fn broken(error: &io::Error) -> ModelError {
    ModelError::new(ErrorKind::Truncated, format!("the program's output broke off: {error}"))
}

/// It ended by itself with a status that is not 0, or was ended by a signal.
pub fn failed(program: &str, status: ExitStatus, complaint: &str) -> ModelError {
    let last = complaint.lines().next_back().unwrap_or_default();
    let last: String = last.chars().take(MAX_SENTENCE).collect();
    let reason = if last.is_empty() { String::new() } else { format!(": {last}") };
    let error = match status.code() {
        Some(_) => ModelError::new(ErrorKind::Provider, format!("the program {program:?} failed ({status}){reason}")),
        None => ModelError::new(ErrorKind::Truncated, format!("the program {program:?} was ended ({status}){reason}")),
    };
    if complaint.is_empty() { error } else { error.with_body(Value::from(complaint)) }
}
