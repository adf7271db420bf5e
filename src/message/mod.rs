//! What is said: prompts, parts, responses, usage, and the one fold from stream events to a response.
//!
//! Everything here serialises as PydanticAI's `ModelMessagesTypeAdapter` writes it, so that a history can be
//! carried from one program to the other. Does no I/O and never asks for the time.

mod event;
mod finish;
mod fold;
mod part;
mod request;
mod response;
pub mod timestamp;
mod usage;

pub use event::{PartDelta, StreamEvent};
pub use finish::FinishReason;
pub use fold::ResponseBuilder;
pub use part::{
    Extra, RequestPart, ResponsePart, RetryPrompt, SystemPrompt, Text, Thinking, ToolArgs, ToolCall, ToolReturn,
    UserContent, UserPrompt,
};
pub use request::{ModelMessage, ModelRequest, history_from_json, history_to_json};
pub use response::{ModelResponse, ResponseState};
pub use usage::Usage;
