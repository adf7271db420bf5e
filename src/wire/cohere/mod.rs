//! Cohere's chat, version 2.
//!
//! Formats: <https://docs.cohere.com/reference/chat>; events: <https://docs.cohere.com/v2/docs/streaming>.
//!
//! As in PydanticAI, the plan that a model tells before it calls tools, citations and log probabilities are skipped. An
//! answer never names its model. Documents to answer from can be given in `extra_body.documents`.
//!
//! Unlike PydanticAI, an error told with a message's end fails the answer, so that its sentence isn't lost.

mod decode;
mod encode;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The interface.
pub struct Cohere;

impl Interface for Cohere {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Messages>(streaming)
    }
}
