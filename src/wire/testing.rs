//! What the unit tests of the interfaces share.

use serde_json::Value;

use super::{ErrorKind, HttpRequest, ModelError, interface};
use crate::catalog::{InterfaceKind, profile};
use crate::message::{ModelMessage, ModelResponse, ResponseBuilder, Usage, history_from_json};
use crate::settings::Settings;

/// The response that a body makes, as far as it came, and the failure.
pub fn decoded(kind: InterfaceKind, streaming: bool, body: &str) -> (ModelResponse, Option<ModelError>) {
    decoded_bytes(kind, streaming, body.as_bytes())
}

/// The same for a body that is no text.
pub fn decoded_bytes(kind: InterfaceKind, streaming: bool, body: &[u8]) -> (ModelResponse, Option<ModelError>) {
    let mut decoder = interface(kind).expect("a wire format").decoder(streaming);
    let mut events = Vec::new();
    let result = decoder.push(body, &mut events).and_then(|()| decoder.finish(&mut events));
    let mut builder = ResponseBuilder::default();
    for event in &events {
        builder.apply(event);
    }
    (builder.into_response(), result.err())
}

/// A stream of these events.
pub fn stream(data: &[&str]) -> String {
    format!("data: {}\n\n", data.join("\n\ndata: "))
}

/// What kind of failure a body is, and its message.
pub fn failure(kind: InterfaceKind, streaming: bool, body: &str) -> (ErrorKind, String) {
    let error = decoded(kind, streaming, body).1.expect("a failure");
    (error.kind, error.message)
}

/// The request for a history and settings, both as JSON.
pub fn encoded(kind: InterfaceKind, model: &str, history: &Value, settings: &Value) -> HttpRequest {
    encode(kind, model, history, settings).expect("can be said")
}

/// Why a history can't be said.
pub fn refused(kind: InterfaceKind, model: &str, history: &Value) -> ModelError {
    encode(kind, model, history, &Value::Object(serde_json::Map::new())).expect_err("can't be said")
}

fn encode(kind: InterfaceKind, model: &str, history: &Value, settings: &Value) -> Result<HttpRequest, ModelError> {
    let messages: Vec<ModelMessage> = history_from_json(history.to_string().as_bytes()).expect("a history");
    let settings: Settings = serde_json::from_value(settings.clone()).expect("settings");
    let profile = profile(kind.as_str(), kind, model);
    let call =
        super::Call { model, messages: &messages, settings: &settings, output: None, stream: false, profile: &profile };
    interface(kind).expect("a wire format").encode(&call)
}

/// Usage of which only input and output are told.
pub fn tokens(input: Option<u64>, output: Option<u64>) -> Usage {
    Usage { input_tokens: input, output_tokens: output, ..Usage::default() }
}
