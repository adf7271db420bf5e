//! Requests and the history that a conversation is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Extra, ModelResponse, RequestPart, SystemPrompt, UserContent, UserPrompt, timestamp};

/// One message of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ModelMessage {
    /// To the model.
    Request(ModelRequest),
    /// From the model.
    Response(ModelResponse),
}

/// What is sent to a model in one go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelRequest {
    /// Its parts, in order.
    pub parts: Vec<RequestPart>,
    /// When it was made.
    #[serde(default, with = "timestamp")]
    pub timestamp: Option<Timestamp>,
    /// Instructions that hold for this request only.
    #[serde(default)]
    pub instructions: Option<String>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ModelRequest {
    /// A request with one user prompt, and a system prompt before it if there is one.
    #[must_use]
    pub fn user(prompt: &str, system: Option<&str>, now: Option<Timestamp>) -> Self {
        let system = system.map(|content| {
            RequestPart::SystemPrompt(SystemPrompt { content: content.to_owned(), timestamp: now, extra: Extra::new() })
        });
        let user = RequestPart::UserPrompt(UserPrompt {
            content: UserContent::Text(prompt.to_owned()),
            timestamp: now,
            extra: Extra::new(),
        });
        Self { parts: system.into_iter().chain([user]).collect(), timestamp: now, ..Self::default() }
    }
}

/// Reads a history as `ModelMessagesTypeAdapter.dump_json` writes it.
///
/// # Errors
/// The text is no JSON array of messages; the error carries line and column.
pub fn history_from_json(json: &[u8]) -> Result<Vec<ModelMessage>, serde_json::Error> {
    serde_json::from_slice(json)
}

/// Writes a history that `ModelMessagesTypeAdapter.validate_json` loads.
///
/// # Errors
/// None that this type's own values can cause.
pub fn history_to_json(history: &[ModelMessage]) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(history)
}
