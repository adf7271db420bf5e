//! What can go wrong with an answer, in kinds that callers can match.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::message::ModelResponse;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// A status of 400 or above.
    Http,
    /// A limit on connecting, on the first byte, on silence between events, or on the whole answer has passed.
    Timeout,
    /// No connection, or one that broke before an answer began.
    Connect,
    /// The connection could not be made safe.
    Tls,
    /// No usable key or token; nothing was sent.
    Auth,
    /// An error event or an error object inside a 200.
    Provider,
    /// What came is not what the interface allows.
    Protocol,
    /// It ended before its end.
    Truncated,
    /// The vendor withheld the answer.
    ContentFilter,
    /// The structured output doesn't fit its schema.
    InvalidOutput,
    /// A whole answer that a chain's `fallback_on` doesn't take.
    Rejected,
    /// The user cancelled.
    Cancelled,
    /// The configuration, or the request itself, can't work.
    Config,
    /// Every model of a fallback chain failed.
    FallbackExhausted,
}

impl ErrorKind {
    /// Whether the answer had come to its end and is not taken all the same.
    #[must_use]
    pub const fn is_of_whole_answer(self) -> bool {
        matches!(self, Self::InvalidOutput | Self::Rejected | Self::ContentFilter)
    }

    /// The word used in JSON and on the screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Timeout => "timeout",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Auth => "auth",
            Self::Provider => "provider",
            Self::Protocol => "protocol",
            Self::Truncated => "truncated",
            Self::ContentFilter => "content_filter",
            Self::InvalidOutput => "invalid_output",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::Config => "config",
            Self::FallbackExhausted => "fallback_exhausted",
        }
    }
}

/// A failure to get an answer: what happened, and what the provider itself said of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
pub struct ModelError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// The HTTP status, if there was one.
    pub status: Option<u16>,
    /// One sentence: what happened, where.
    pub message: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The provider's own words: JSON where the body is JSON, else a string. Bounded.
    pub body: Option<Value>,
    /// How long the provider asks to wait, in seconds.
    pub retry_after_s: Option<f64>,
    /// Whether the provider itself says that trying again makes sense (`x-should-retry`).
    #[serde(skip)]
    pub should_retry: Option<bool>,
    /// The answer whose output doesn't fit, for whoever asks on; it is told by the attempt and not here.
    #[serde(skip)]
    pub wrong_output: Option<Box<WrongOutput>>,
    /// The failures of a chain's models, in the order tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ModelError>,
}

/// An answer whose output doesn't fit its schema.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongOutput {
    /// The answer.
    pub answer: ModelResponse,
    /// What is wrong with its output, a sentence each.
    pub problems: Vec<String>,
}

impl ModelError {
    /// A failure with nothing but its sentence.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            status: None,
            message: message.into(),
            hint: None,
            body: None,
            retry_after_s: None,
            should_retry: None,
            wrong_output: None,
            errors: Vec::new(),
        }
    }

    /// With what to do about it.
    #[must_use]
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// With the provider's own words.
    #[must_use]
    pub fn with_body(self, body: Value) -> Self {
        Self { body: Some(body), ..self }
    }

    /// The same without the answer that it carries.
    #[must_use]
    pub fn without_output(self) -> Self {
        Self { wrong_output: None, ..self }
    }

    /// The user cancelled.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "cancelled")
    }
}
