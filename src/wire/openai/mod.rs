//! OpenAI chat completions, and whatever is compatible with it.
//!
//! Formats: <https://platform.openai.com/docs/api-reference/chat/create> and
//! <https://platform.openai.com/docs/api-reference/chat-streaming>.

mod content;
mod decode;
mod encode;
mod messages;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The interface.
pub struct OpenAi;

impl Interface for OpenAi {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Chat>(streaming)
    }
}
