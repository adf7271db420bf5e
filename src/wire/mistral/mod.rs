//! Mistral.

use super::{Call, Decoder, ErrorKind, HttpRequest, Interface, ModelError};

/// The interface.
pub struct Mistral;

impl Interface for Mistral {
    fn encode(&self, _call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        Err(ModelError::new(ErrorKind::Config, "not written yet"))
    }

    fn decoder(&self, _streaming: bool) -> Box<dyn Decoder> {
        todo!()
    }
}
