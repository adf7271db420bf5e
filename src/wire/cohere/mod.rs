//! Cohere.

use super::{Call, Decoder, ErrorKind, HttpRequest, Interface, ModelError};

/// The interface.
pub struct Cohere;

impl Interface for Cohere {
    fn encode(&self, _call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        Err(ModelError::new(ErrorKind::Config, "not written yet"))
    }

    fn decoder(&self, _streaming: bool) -> Box<dyn Decoder> {
        todo!()
    }
}
