//! Mistral's chat completions: OpenAI's, but for content that may be a list of chunks, thinking among them, the names of
//! some settings, and identifiers of tool calls, which must have nine letters and digits.
//!
//! Formats: <https://docs.mistral.ai/api/endpoint/chat>; thinking: <https://docs.mistral.ai/capabilities/reasoning>.
//! References among the chunks are skipped, as PydanticAI does.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The interface.
pub struct Mistral;

impl Interface for Mistral {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Chat>(streaming)
    }
}
