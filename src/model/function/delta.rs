//! What a function streams, in PydanticAI's pieces: text, or more of a numbered tool call or piece of thinking.

use crate::message::Usage;
use crate::wire::ModelError;

/// A piece of a function's answer. Texts are pieces by themselves: a stream of strings is an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Delta {
    /// More text.
    Text(String),
    /// More thinking, as PydanticAI's `DeltaThinkingPart`.
    Thinking {
        /// Which piece of thinking.
        number: u64,
        /// More of its text.
        content: Option<String>,
        /// Its signature, whole.
        signature: Option<String>,
    },
    /// More of a tool call, as PydanticAI's `DeltaToolCall`. The first one must name the tool.
    ToolCall {
        /// Which call.
        number: u64,
        /// The tool.
        name: Option<String>,
        /// More of the arguments' JSON text.
        json_args: Option<String>,
        /// The call's identifier.
        tool_call_id: Option<String>,
    },
    /// Tokens so far. What is never told is estimated.
    Usage(Usage),
    /// The answer has failed; nothing after it is read.
    Failed(ModelError),
}

impl Delta {
    /// What is counted as output when the function doesn't tell its tokens.
    pub(super) fn counted(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Thinking { content, .. } => content.as_deref().unwrap_or_default(),
            Self::ToolCall { json_args, .. } => json_args.as_deref().unwrap_or_default(),
            Self::Usage(_) | Self::Failed(_) => "",
        }
    }
}

impl From<&str> for Delta {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Delta {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<D: Into<Self>> From<Result<D, ModelError>> for Delta {
    fn from(result: Result<D, ModelError>) -> Self {
        result.map_or_else(Self::Failed, Into::into)
    }
}
