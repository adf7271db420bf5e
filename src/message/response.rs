//! What a model answered, whole or as far as it came.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Extra, FinishReason, ResponsePart, Usage, timestamp};

/// What a model answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ModelResponse {
    /// Its parts, in order.
    pub parts: Vec<ResponsePart>,
    /// Its tokens.
    #[serde(default)]
    pub usage: Usage,
    /// The model that answered, by the vendor's own name.
    #[serde(default)]
    pub model_name: Option<String>,
    /// When the answer began.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// The provider that served it.
    #[serde(default)]
    pub provider_name: Option<String>,
    /// Where it was served.
    #[serde(default)]
    pub provider_url: Option<String>,
    /// What else the vendor told: its own `finish_reason`, above all.
    #[serde(default)]
    pub provider_details: Option<Value>,
    /// The vendor's identifier of the response.
    #[serde(default)]
    pub provider_response_id: Option<String>,
    /// Why the model stopped; `None` when it did not tell.
    #[serde(default)]
    pub finish_reason: Option<FinishReason>,
    /// Whether it came to its end.
    #[serde(default)]
    pub state: ResponseState,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whether a response came to its end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseState {
    /// The interface's own end was seen.
    #[default]
    Complete,
    /// It ended before its end.
    Interrupted,
    /// A state that only other programs use; kept as it is.
    #[serde(untagged)]
    Other(String),
}

impl ModelResponse {
    /// The answer text: every text part, one after the other.
    #[must_use]
    pub fn text(&self) -> String {
        let text = |part: &ResponsePart| match part {
            ResponsePart::Text(text) => Some(text.content.clone()),
            _ => None,
        };
        self.parts.iter().filter_map(text).collect()
    }

    /// Whether there is anything in it but thinking and empty text.
    #[must_use]
    pub fn has_output(&self) -> bool {
        self.parts.iter().any(|part| match part {
            ResponsePart::Text(text) => !text.content.is_empty(),
            ResponsePart::Thinking(_) => false,
            ResponsePart::ToolCall(_) | ResponsePart::Other(_) => true,
        })
    }

    /// The thinking: every thinking part, one after the other.
    #[must_use]
    pub fn thinking(&self) -> String {
        let thinking = |part: &ResponsePart| match part {
            ResponsePart::Thinking(thinking) => Some(thinking.content.clone()),
            _ => None,
        };
        self.parts.iter().filter_map(thinking).collect()
    }
}
