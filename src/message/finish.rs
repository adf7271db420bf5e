//! Why a model stopped.

use serde::{Deserialize, Serialize};

/// Why a model stopped, in PydanticAI's words; the vendor's own word stands in `provider_details.finish_reason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// It came to its end, or to a stop sequence.
    Stop,
    /// The token limit cut it.
    Length,
    /// The vendor withheld (the rest of) the answer.
    ContentFilter,
    /// It asks for a tool.
    ToolCall,
    /// The vendor's word for a failure.
    Error,
}

impl FinishReason {
    /// The word used in JSON and on the screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::ContentFilter => "content_filter",
            Self::ToolCall => "tool_call",
            Self::Error => "error",
        }
    }
}
