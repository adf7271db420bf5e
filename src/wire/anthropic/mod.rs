//! Anthropic messages.
//!
//! Formats: <https://docs.anthropic.com/en/api/messages> and <https://docs.anthropic.com/en/api/messages-streaming>.

mod decode;
mod encode;
#[cfg(test)]
mod tests;
mod usage;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The name under which PydanticAI keeps Anthropic's signatures.
const PROVIDER_NAME: &str = "anthropic";
/// The identifier that PydanticAI gives to thinking that Anthropic keeps to itself.
const REDACTED: &str = "redacted_thinking";

/// The interface.
pub struct Anthropic;

impl Interface for Anthropic {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Messages>(streaming)
    }
}
