//! Wire formats: how a request is written and a stream is read, per interface.
//!
//! Sans I/O: bytes in, events out. No tokio, no reqwest, no clock, no terminal, so every format can be tested on
//! recorded bytes, cut anywhere.

mod anthropic;
mod bedrock;
mod body;
mod chat;
mod cohere;
pub mod command;
mod content;
mod error;
mod gemini;
mod head;
mod json;
mod listing;
mod mistral;
mod openai;
mod output;
mod parts;
mod rejected;
mod request;
mod responses;
mod schema;
mod sse;
#[cfg(test)]
mod testing;
mod vendor_error;

use crate::catalog::{InterfaceKind, Profile};
use crate::message::{ModelMessage, StreamEvent};
use crate::settings::{OutputSpec, Settings};

pub use bedrock::{Frames, frame_line};
pub use error::{ErrorKind, ModelError, WrongOutput};
pub use listing::{ListPage, ListRequest, ListedModel, list_page, list_request};
pub use output::{TOOL_NAME as OUTPUT_TOOL, mode as output_mode};
pub(crate) use parts::{Parts, Piece, ToolChunk};
pub use rejected::rejects_model;
pub(crate) use request::{retry_result, retry_text};
pub use sse::{SseDecoder, SseEvent};
pub use vendor_error::{error_message, http_error, http_error_without_model, provider_error};

/// What is asked of a model, as an interface needs to know it.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The model, by the vendor's name.
    pub model: &'a str,
    /// The conversation; it ends with a request.
    pub messages: &'a [ModelMessage],
    /// What the user asks of the answer.
    pub settings: &'a Settings,
    /// The structured output that is asked for.
    pub output: Option<&'a OutputSpec>,
    /// Whether the answer shall stream.
    pub stream: bool,
    /// Facts about the model's family.
    pub profile: &'a Profile,
}

/// A request, ready but for its origin and its key.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpRequest {
    /// Path and query, to be put behind the provider's base URL and path prefix. Begins with `/`.
    pub path: String,
    /// Headers that the interface wants, besides `content-type: application/json`.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body.
    pub body: serde_json::Value,
    /// Settings that this model doesn't take and that were left out, by their names in the configuration.
    pub omitted: Vec<&'static str>,
}

/// A wire format: no I/O, no clock.
pub trait Interface: Sync {
    /// Writes a request.
    ///
    /// # Errors
    /// `ErrorKind::Config`: the history holds what the interface can't say.
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError>;

    /// A reader for a 2xx answer's body: of a stream (`content-type: text/event-stream`), or of one JSON document.
    fn decoder(&self, streaming: bool) -> Box<dyn Decoder>;
}

/// Reads one answer. Bytes may be cut anywhere; the events are the same.
pub trait Decoder: Send {
    /// Takes bytes in and appends what they complete to `out`.
    ///
    /// # Errors
    /// `ErrorKind::Provider` when the vendor reports an error, `ErrorKind::Protocol` when the bytes are not the
    /// interface's. What was appended before the error holds.
    fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError>;

    /// The body has ended.
    ///
    /// # Errors
    /// `ErrorKind::Truncated` when the interface's own end was not seen.
    fn finish(&mut self, out: &mut Vec<StreamEvent>) -> Result<(), ModelError>;
}

/// The wire format of that name; `None` for models that don't go over HTTP.
#[must_use]
pub fn interface(kind: InterfaceKind) -> Option<&'static dyn Interface> {
    match kind {
        InterfaceKind::OpenAi => Some(&openai::OpenAi),
        InterfaceKind::Anthropic => Some(&anthropic::Anthropic),
        InterfaceKind::Gemini => Some(&gemini::Gemini),
        InterfaceKind::Responses => Some(&responses::Responses),
        InterfaceKind::Mistral => Some(&mistral::Mistral),
        InterfaceKind::Cohere => Some(&cohere::Cohere),
        InterfaceKind::Bedrock => Some(&bedrock::Bedrock),
        InterfaceKind::Command | InterfaceKind::Recorded | InterfaceKind::Test => None,
    }
}
