//! Writes requests for messages.

use serde_json::{Map, Value, json};

use super::{PROVIDER_NAME, REDACTED};
use crate::catalog::ThinkingStyle;
use crate::message::{ModelMessage, RequestPart, ResponsePart, Thinking as ThinkingPart};
use crate::settings::{Effort, Thinking};
use crate::wire::content::{Content, Media, prompt_content};
use crate::wire::request::{
    Body, call_args, instruction_texts, retry_text, system_prompts, tagged, takes_sampling, unknown_part,
};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// The version of the interface: <https://docs.anthropic.com/en/api/versioning>.
const VERSION: (&str, &str) = ("anthropic-version", "2023-06-01");
/// What every model takes; the profile of a family knows more.
const MAX_TOKENS: u64 = 4096;
/// The fewest tokens that the vendor lets a model think with.
const MIN_BUDGET: u64 = 1024;

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    body.put("model", Some(call.model));
    body.put("max_tokens", Some(max_tokens(call)));
    body.put("system", system(call));
    body.put("messages", Some(messages(call)?));
    body.put("stream", Some(call.stream));
    settings(call, &mut body);
    let effort = thinking(call, &mut body);
    let format = output::native(call)?.map(|native| json!({"type": "json_schema", "schema": native.schema}));
    let config = [("format", format), ("effort", effort.map(Value::from))];
    let config: Map<_, _> = config.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    body.put("output_config", Some(config).filter(|config| !config.is_empty()));
    output_tool(call, &mut body);
    Ok(body.into_request(call, "/v1/messages".to_owned(), vec![(VERSION.0, VERSION.1.to_owned())]))
}

/// The system prompts as one text; with instructions after them a block of each.
fn system(call: &Call<'_>) -> Option<Value> {
    let prompt = system_prompts(call).join("\n\n");
    let instructions = instruction_texts(call);
    if instructions.is_empty() {
        return (!prompt.is_empty()).then(|| Value::from(prompt));
    }
    Some([prompt].iter().chain(&instructions).filter_map(|content| text(content)).collect())
}

fn max_tokens(call: &Call<'_>) -> u64 {
    call.settings.max_tokens.or(call.profile.max_tokens).unwrap_or(MAX_TOKENS)
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "top_p", "top_p", settings.top_p);
    body.put("stop_sequences", settings.stop_sequences.clone());
    body.omit("seed", settings.seed.is_some());
    body.omit("presence_penalty", settings.presence_penalty.is_some());
    body.omit("frequency_penalty", settings.frequency_penalty.is_some());
}

/// The tool for the output, which the model is made to call where it can be.
fn output_tool(call: &Call<'_>, body: &mut Body) {
    let Some(tool) = output::tool(call) else { return };
    let described = json!({
        "name": output::TOOL_NAME, "description": tool.description, "input_schema": tool.parameters,
    });
    body.put("tools", Some(vec![described]));
    let choice = if output::can_force_tool(call) { "any" } else { "auto" };
    body.put("tool_choice", Some(json!({"type": choice})));
}

/// Thinking after <https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking> and `adaptive-thinking` beside it.
/// Returns the word for its effort.
fn thinking<'c>(call: &Call<'c>, body: &mut Body) -> Option<&'c str> {
    let asked = call.settings.thinking?;
    let (on, effort) = match asked {
        Thinking::Enabled(on) => (on, None),
        Thinking::Effort(effort) => (true, Some(effort)),
    };
    let config = match (call.profile.thinking, on) {
        (ThinkingStyle::Budget, true) => call
            .profile
            .budget(effort.unwrap_or(Effort::Medium))
            .map(|budget| json!({"type": "enabled", "budget_tokens": fitting(budget, max_tokens(call))})),
        (ThinkingStyle::Adaptive, true) => Some(json!({"type": "adaptive"})),
        (ThinkingStyle::Budget | ThinkingStyle::Adaptive, false) if call.profile.thinking_optional => {
            Some(json!({"type": "disabled"}))
        }
        _ => None,
    };
    if config.is_none() {
        body.omit("thinking", true);
        return None;
    }
    body.put("thinking", config);
    effort.and_then(|effort| call.profile.effort(effort))
}

/// The vendor wants the budget below the limit of the whole answer; a limit that is too tight is shared by halves.
fn fitting(budget: u64, max_tokens: u64) -> u64 {
    if budget < max_tokens { budget } else { (max_tokens / 2).max(MIN_BUDGET) }
}

fn messages(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let mut messages = Vec::new();
    for message in call.messages {
        let (role, blocks) = match message {
            ModelMessage::Request(request) => ("user", user_blocks(&request.parts)?),
            ModelMessage::Response(response) => ("assistant", response.parts.iter().filter_map(block).collect()),
        };
        if !blocks.is_empty() {
            messages.push(json!({"role": role, "content": blocks}));
        }
    }
    Ok(messages)
}

fn user_blocks(parts: &[RequestPart]) -> Result<Vec<Value>, ModelError> {
    let mut blocks = Vec::new();
    for part in parts {
        match part {
            RequestPart::SystemPrompt(_) => {}
            RequestPart::UserPrompt(prompt) => blocks.extend(prompt_content(prompt)?.iter().filter_map(item)),
            RequestPart::ToolReturn(result) => {
                blocks.push(tool_result(&result.tool_call_id, &result.text(), false));
            }
            RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => blocks.extend(text(&retry_text(retry))),
            RequestPart::RetryPrompt(retry) => {
                blocks.push(tool_result(&retry.tool_call_id, &retry.text(), true));
            }
            RequestPart::Other(part) => return Err(unknown_part(part)),
        }
    }
    Ok(blocks)
}

fn tool_result(tool_use_id: &str, content: &str, is_error: bool) -> Value {
    let content: Vec<Value> = text(content).into_iter().collect();
    json!({"type": "tool_result", "tool_use_id": tool_use_id, "content": content, "is_error": is_error})
}

/// <https://docs.anthropic.com/en/api/messages#body-messages>
fn item(content: &Content<'_>) -> Option<Value> {
    let source = |media: &Media<'_>| json!({"type": "base64", "media_type": media.media_type, "data": media.data});
    match content {
        Content::Text(content) => text(content),
        Content::Image(media) => Some(json!({"type": "image", "source": source(media)})),
        Content::ImageUrl(url) => Some(json!({"type": "image", "source": {"type": "url", "url": url}})),
        Content::Document(media) => Some(json!({"type": "document", "source": source(media)})),
    }
}

/// A text block; the vendor refuses empty ones.
fn text(content: &str) -> Option<Value> {
    (!content.is_empty()).then(|| json!({"type": "text", "text": content}))
}

fn block(part: &ResponsePart) -> Option<Value> {
    match part {
        ResponsePart::Text(part) => text(&part.content),
        ResponsePart::Thinking(part) => thinking_block(part),
        ResponsePart::ToolCall(call) => Some(json!({
            "type": "tool_use", "id": call.tool_call_id, "name": call.tool_name, "input": call_args(call),
        })),
        ResponsePart::Other(_) => None,
    }
}

/// The vendor takes back thinking that it signed itself; other models' thinking goes as tagged text.
fn thinking_block(part: &ThinkingPart) -> Option<Value> {
    let own = part.provider_name.as_deref().is_none_or(|name| name == PROVIDER_NAME);
    let redacted = part.id.as_deref() == Some(REDACTED);
    match part.signature.as_deref().filter(|_| own) {
        Some(data) if redacted => Some(json!({"type": "redacted_thinking", "data": data})),
        Some(signature) => Some(json!({"type": "thinking", "thinking": part.content, "signature": signature})),
        None if part.content.is_empty() => None,
        None => text(&tagged(part, "thinking")),
    }
}
