//! OpenAI responses.
//!
//! Formats: <https://platform.openai.com/docs/api-reference/responses/create> and
//! <https://platform.openai.com/docs/api-reference/responses-streaming>.
//!
//! As PydanticAI has it: the interface takes no penalties, no seed and no stop sequences; a summary of the reasoning is
//! there only when it is asked for (`extra_body.reasoning`); raw reasoning, which open models tell, is kept in
//! `provider_details.raw_content` and goes back from there. Two things are different on purpose: a refusal is text
//! like any other, so that it can be read, and tools that the vendor runs leave no parts.

mod decode;
mod encode;
mod history;
mod items;
mod output_item;
mod shapes;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The name under which PydanticAI keeps OpenAI's identifiers, signatures and details.
const PROVIDER_NAME: &str = "openai";
/// What holds the raw reasoning among the details of thinking.
const RAW_CONTENT: &str = "raw_content";
/// What holds a message's role in the answer among the details of its text: `commentary` or `final_answer`.
const PHASE: &str = "phase";
/// What holds OpenAI's citations among the details of text.
const CITATIONS: &str = "citations";
/// What holds where a found tool comes from among the details of its call.
const NAMESPACE: &str = "namespace";

/// The interface.
pub struct Responses;

impl Interface for Responses {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Answer>(streaming)
    }
}
