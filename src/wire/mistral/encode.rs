//! Writes requests for Mistral's chat completions.

use serde_json::{Value, json};

use crate::catalog::ThinkingStyle;
use crate::settings::{Effort, Thinking};
use crate::wire::chat::{Said, messages, output_tool};
use crate::wire::content::Content;
use crate::wire::request::{Body, takes_sampling};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    // The vendor has such a mode; PydanticAI doesn't use it.
    output::native(call)?;
    let mut body = Body::default();
    body.put("model", Some(call.model));
    body.put("messages", Some(answered(messages(call, |content| Ok(item(content)), assistant)?)));
    body.put("stream", Some(call.stream));
    settings(call, &mut body);
    thinking(call, &mut body);
    if let Some(tool) = output_tool(call) {
        body.put("tools", Some(vec![tool]));
        body.put("tool_choice", Some(if output::can_force_tool(call) { "any" } else { "auto" }));
    }
    Ok(body.into_request(call, "/v1/chat/completions".to_owned(), Vec::new()))
}

/// <https://docs.mistral.ai/api/#tag/chat>
fn item(content: &Content<'_>) -> Value {
    match content {
        Content::Text(text) => json!({"type": "text", "text": text}),
        Content::Image(media) => json!({"type": "image_url", "image_url": {"url": media.data_uri()}}),
        Content::ImageUrl(url) => json!({"type": "image_url", "image_url": {"url": url}}),
        Content::Document(media) => json!({"type": "document_url", "document_url": media.data_uri()}),
    }
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put("max_tokens", settings.max_tokens);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "top_p", "top_p", settings.top_p);
    body.put_if(sampling, "presence_penalty", "presence_penalty", settings.presence_penalty);
    body.put_if(sampling, "frequency_penalty", "frequency_penalty", settings.frequency_penalty);
    body.put("random_seed", settings.seed);
    body.put("stop", settings.stop_sequences.clone());
}

/// Effort after <https://docs.mistral.ai/capabilities/reasoning/adjustable>. Models that always think take none.
fn thinking(call: &Call<'_>, body: &mut Body) {
    let effort = match call.settings.thinking {
        _ if call.profile.thinking != ThinkingStyle::ReasoningEffort => None,
        None => None,
        Some(Thinking::Enabled(false)) => call.profile.thinking_optional.then_some("none"),
        Some(Thinking::Enabled(true)) => call.profile.effort(Effort::Medium),
        Some(Thinking::Effort(effort)) => call.profile.effort(effort),
    };
    match effort {
        Some(effort) => body.put("reasoning_effort", Some(effort)),
        None => body.omit("thinking", call.settings.thinking.is_some()),
    }
}

/// An answer of an earlier turn: thinking first, as the vendor wants it.
fn assistant(said: Said<'_>) -> Value {
    let thoughts: Vec<Value> = said.thinking.into_iter().map(text).collect();
    let thinking = (!thoughts.is_empty()).then(|| json!({"type": "thinking", "thinking": thoughts}));
    let content: Vec<Value> = thinking.into_iter().chain(said.texts.into_iter().map(text)).collect();
    let mut message = json!({"role": "assistant", "content": content, "prefix": false});
    if !said.calls.is_empty() {
        message["tool_calls"] = said.calls.into_iter().map(numbered).collect();
    }
    message
}

fn text(text: &str) -> Value {
    json!({"type": "text", "text": text})
}

/// A call with the number that PydanticAI gives to each.
fn numbered(mut call: Value) -> Value {
    call["index"] = json!(0);
    call
}

/// The vendor wants an answer to a tool's result before the user speaks again; where there is none, PydanticAI's.
fn answered(messages: Vec<Value>) -> Vec<Value> {
    let mut answered: Vec<Value> = Vec::new();
    for message in messages {
        if message["role"] == "user" && answered.last().is_some_and(|last| last["role"] == "tool") {
            answered.push(json!({"role": "assistant", "content": [text("OK")], "prefix": false}));
        }
        answered.push(message);
    }
    answered
}
