//! Amazon Bedrock's Converse and ConverseStream: one interface for models of many makers.
//!
//! Formats: <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html> and `ConverseStream`
//! beside it. Never signs a request and never asks who may send it.
//!
//! Requests are PydanticAI's, but for these, on purpose:
//! - An empty `system` is left out, and so is an empty text: the vendor refuses the latter.
//! - Claude gets no `temperature` and `top_p` while it thinks: the vendor refuses them.
//! - A history that calls tools declares them by their names, since the vendor refuses it otherwise; PydanticAI has the
//!   real tools. Claude is told to call none of them.
//! - A budget to think with that the limit of the answer leaves no room for is half of that limit.
//! - Claude 3 and 3.5 are not asked to think, since they can't; PydanticAI asks them, and is refused.
//! - A model that can't think is made to call the tool for its output, whatever is asked of its thinking.

pub use self::frames::{Frames, frame_line};

mod content;
mod encode;
mod frames;
mod messages;
mod shapes;
mod stream;
#[cfg(test)]
mod tests;
mod thinking;
mod usage;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The name under which PydanticAI keeps Bedrock's signatures.
const PROVIDER_NAME: &str = "bedrock";
/// The identifier that PydanticAI gives to thinking that the vendor keeps to itself.
const REDACTED: &str = "redacted_content";

/// The interface.
pub struct Bedrock;

impl Interface for Bedrock {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        if streaming { Box::new(stream::Stream::default()) } else { body::decoder::<content::Converse>(false) }
    }
}
