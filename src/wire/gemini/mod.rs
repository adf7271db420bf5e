//! Gemini generateContent.
//!
//! Formats: <https://ai.google.dev/api/generate-content>.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The name under which Google's signatures are kept.
const PROVIDER_NAME: &str = "google-gla";
/// Where PydanticAI keeps the signature of a part that is not thinking.
const SIGNATURE: &str = "thought_signature";

/// The interface.
pub struct Gemini;

impl Interface for Gemini {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Content>(streaming)
    }
}
