//! OpenAI chat completions.

use super::{Call, Decoder, HttpRequest, Interface, ModelError};

/// The interface.
pub struct OpenAi;

impl Interface for OpenAi {
    fn encode(&self, _call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        unimplemented!()
    }

    fn decoder(&self, _streaming: bool) -> Box<dyn Decoder> {
        unimplemented!()
    }
}
