//! What a stream says, once its wire format is taken off.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{FinishReason, ResponsePart, Usage};

/// One step of a response. Part indices are dense: the first part is 0, each further `PartStart` is one more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StreamEvent {
    /// The response has begun. Fields that come later may be told by a further `Start`.
    Start {
        /// The model that answers, by the vendor's own name.
        model_name: Option<String>,
        /// The vendor's identifier of the response.
        provider_response_id: Option<String>,
    },
    /// A part has begun, perhaps with its first content.
    PartStart {
        /// Its place in the response.
        index: usize,
        /// What is known of it. Boxed, as all that is large and rare: an event is not larger than a delta of text.
        part: Box<ResponsePart>,
    },
    /// More of a part.
    PartDelta {
        /// Its place in the response.
        index: usize,
        /// What is added.
        delta: PartDelta,
    },
    /// A part is whole.
    PartEnd {
        /// Its place in the response.
        index: usize,
    },
    /// Usage so far: counts that are known replace earlier ones.
    Usage {
        /// The counts.
        usage: Box<Usage>,
    },
    /// The model has stopped. Usage may still follow.
    Finish {
        /// Why, in the program's words; `None` when the vendor's word has no equal.
        finish_reason: Option<FinishReason>,
        /// Why, in the vendor's word.
        provider_finish_reason: Option<String>,
    },
}

/// What is added to a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part_delta_kind", rename_all = "snake_case")]
pub enum PartDelta {
    /// More text, or the vendor's details of it.
    Text {
        /// The text.
        content_delta: String,
        /// Whose details these are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_name: Option<String>,
        /// The vendor's details, whole.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        provider_details: Option<Box<Value>>,
    },
    /// More thinking, its signature, or the vendor's details of it.
    Thinking {
        /// The text.
        #[serde(skip_serializing_if = "Option::is_none")]
        content_delta: Option<String>,
        /// The signature, whole: it replaces an earlier one.
        #[serde(skip_serializing_if = "Option::is_none")]
        signature_delta: Option<String>,
        /// The vendor's details, whole.
        #[serde(skip_serializing_if = "Option::is_none")]
        provider_details: Option<Box<Value>>,
    },
    /// More of a tool call.
    ToolCall {
        /// More of the tool's name.
        #[serde(skip_serializing_if = "Option::is_none")]
        tool_name_delta: Option<String>,
        /// More of the arguments' JSON text.
        #[serde(skip_serializing_if = "Option::is_none")]
        args_delta: Option<String>,
        /// The call's identifier.
        #[serde(skip_serializing_if = "Option::is_none")]
        tool_call_id: Option<String>,
    },
}

impl PartDelta {
    /// More text.
    #[must_use]
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text { content_delta: content.into(), provider_name: None, provider_details: None }
    }

    /// A vendor's details of a text, whole.
    #[must_use]
    pub fn text_details(provider_name: &str, details: Value) -> Self {
        let (provider_name, provider_details) = (Some(provider_name.to_owned()), Some(Box::new(details)));
        Self::Text { content_delta: String::new(), provider_name, provider_details }
    }

    /// More thinking.
    #[must_use]
    pub fn thinking(content: impl Into<String>) -> Self {
        Self::Thinking { content_delta: Some(content.into()), signature_delta: None, provider_details: None }
    }

    /// The characters that a reader sees: text, thinking, or arguments.
    #[must_use]
    pub fn content(&self) -> &str {
        match self {
            Self::Text { content_delta, .. } => content_delta,
            Self::Thinking { content_delta, .. } => content_delta.as_deref().unwrap_or_default(),
            Self::ToolCall { args_delta, .. } => args_delta.as_deref().unwrap_or_default(),
        }
    }
}

impl StreamEvent {
    /// A part begins.
    #[must_use]
    pub fn part_start(index: usize, part: ResponsePart) -> Self {
        Self::PartStart { index, part: Box::new(part) }
    }

    /// Usage so far.
    #[must_use]
    pub fn usage(usage: Usage) -> Self {
        Self::Usage { usage: Box::new(usage) }
    }

    /// Whether it brings a token: something that is not empty, of any channel (thinking, text, tool call).
    #[must_use]
    pub fn is_visible(&self) -> bool {
        match self {
            Self::PartStart { part, .. } => part.is_visible(),
            Self::PartDelta { delta, .. } => !delta.content().is_empty(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Streams make one for each token, and lists of them grow and travel.
    #[test]
    fn an_event_is_small() {
        assert!(size_of::<StreamEvent>() <= 88, "{} bytes", size_of::<StreamEvent>());
    }
}
