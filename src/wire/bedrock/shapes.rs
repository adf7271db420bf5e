//! The JSON of answers, as far as it is read; what it means is said elsewhere.
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html> and its like.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::wire::json::{Count, Text};

/// One event of a stream, under its name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event<'a> {
    #[serde(borrow)]
    pub content_block_start: Option<BlockStart<'a>>,
    #[serde(borrow)]
    pub content_block_delta: Option<BlockDelta<'a>>,
    #[serde(borrow)]
    pub content_block_stop: Option<&'a RawValue>,
    #[serde(borrow)]
    pub message_stop: Option<MessageStop<'a>>,
    #[serde(borrow)]
    pub metadata: Option<Metadata<'a>>,
}

/// A block begins.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockStart<'a> {
    pub content_block_index: Option<Count>,
    #[serde(borrow)]
    pub start: Option<Block<'a>>,
}

/// More of a block.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockDelta<'a> {
    pub content_block_index: Option<Count>,
    #[serde(borrow)]
    pub delta: Option<Block<'a>>,
}

/// The model has stopped.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MessageStop<'a> {
    #[serde(borrow, default)]
    pub stop_reason: Text<'a>,
}

/// What is told of a stream behind its end.
#[derive(Deserialize)]
pub struct Metadata<'a> {
    #[serde(borrow)]
    pub usage: Option<&'a RawValue>,
}

/// A whole answer.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<'a> {
    #[serde(borrow)]
    pub output: Option<Output<'a>>,
    #[serde(borrow, default)]
    pub stop_reason: Text<'a>,
    #[serde(borrow)]
    pub usage: Option<&'a RawValue>,
}

/// What a whole answer holds.
#[derive(Deserialize)]
pub struct Output<'a> {
    #[serde(borrow)]
    pub message: Option<Message<'a>>,
}

/// A message, or a text with what it cites.
#[derive(Deserialize)]
pub struct Message<'a> {
    #[serde(borrow)]
    pub content: Option<Vec<Block<'a>>>,
}

/// A block of content: whole, its start, or a piece of it. The field that it has tells its kind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block<'a> {
    #[serde(borrow, default)]
    pub text: Text<'a>,
    #[serde(borrow)]
    pub reasoning_content: Option<Reasoning<'a>>,
    #[serde(borrow)]
    pub tool_use: Option<ToolUse<'a>>,
    #[serde(borrow)]
    pub citations_content: Option<Message<'a>>,
}

/// Thinking: in a stream its fields stand here, in a whole answer one level below.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the vendor's names")]
pub struct Reasoning<'a> {
    #[serde(borrow, default)]
    pub text: Text<'a>,
    #[serde(borrow, default)]
    pub signature: Text<'a>,
    #[serde(borrow, default)]
    pub redacted_content: Text<'a>,
    #[serde(borrow)]
    pub reasoning_text: Option<ReasoningText<'a>>,
}

/// Thinking in a whole answer.
#[derive(Deserialize)]
pub struct ReasoningText<'a> {
    #[serde(borrow, default)]
    pub text: Text<'a>,
    #[serde(borrow, default)]
    pub signature: Text<'a>,
}

/// A call for a tool, or a piece of one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the vendor's names")]
pub struct ToolUse<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Text<'a>,
    #[serde(borrow, default)]
    pub tool_use_id: Text<'a>,
    #[serde(borrow, default)]
    pub name: Text<'a>,
    /// Text in a stream, an object in a whole answer.
    #[serde(borrow)]
    pub input: Option<&'a RawValue>,
}
