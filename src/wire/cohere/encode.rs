//! Writes requests for Cohere's chat.

use serde_json::{Value, json};

use crate::catalog::ThinkingStyle;
use crate::settings::Thinking;
use crate::wire::chat::{Said, messages, output_tool};
use crate::wire::content::{Content, not_taken};
use crate::wire::request::{Body, takes_sampling};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    // The vendor has such a mode; PydanticAI doesn't use it.
    output::native(call)?;
    let mut body = Body::default();
    body.put("model", Some(call.model));
    body.put("messages", Some(messages(call, item, assistant)?));
    body.put("stream", Some(call.stream));
    settings(call, &mut body);
    match thinking(call) {
        Some(thinking) => body.put("thinking", Some(thinking)),
        None => body.omit("thinking", call.settings.thinking.is_some()),
    }
    body.put("tools", output_tool(call).map(|tool| vec![tool]));
    // Without a choice the model decides, and there is no word for that.
    let is_forced = output::tool(call).is_some() && output::can_force_tool(call);
    body.put("tool_choice", is_forced.then_some("REQUIRED"));
    Ok(body.into_request(call, "/v2/chat".to_owned(), Vec::new()))
}

/// PydanticAI sends Cohere nothing but text.
fn item(content: &Content<'_>) -> Result<Value, ModelError> {
    match content {
        Content::Text(text) => Ok(json!({"type": "text", "text": text})),
        other => Err(not_taken("Cohere", other)),
    }
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put("max_tokens", settings.max_tokens);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "p", "top_p", settings.top_p);
    body.put_if(sampling, "presence_penalty", "presence_penalty", settings.presence_penalty);
    body.put_if(sampling, "frequency_penalty", "frequency_penalty", settings.frequency_penalty);
    body.put("seed", settings.seed);
    body.put("stop_sequences", settings.stop_sequences.clone());
}

/// Thinking after <https://docs.cohere.com/docs/reasoning>.
fn thinking(call: &Call<'_>) -> Option<Value> {
    if call.profile.thinking != ThinkingStyle::TokenBudget {
        return None;
    }
    match call.settings.thinking? {
        Thinking::Enabled(true) => Some(json!({"type": "enabled"})),
        Thinking::Enabled(false) => call.profile.thinking_optional.then(|| json!({"type": "disabled"})),
        Thinking::Effort(effort) => Some(json!({"type": "enabled", "token_budget": call.profile.budget(effort)?})),
    }
}

/// An answer of an earlier turn.
fn assistant(said: Said<'_>) -> Value {
    let joined =
        |kind: &str, texts: &[&str]| (!texts.is_empty()).then(|| json!({"type": kind, kind: texts.join("\n\n")}));
    let blocks = [joined("thinking", &said.thinking), joined("text", &said.texts)];
    let content: Vec<Value> = blocks.into_iter().flatten().collect();
    let mut message = json!({"role": "assistant"});
    for (name, items) in [("tool_calls", said.calls), ("content", content)] {
        if !items.is_empty() {
            message[name] = Value::from(items);
        }
    }
    message
}
