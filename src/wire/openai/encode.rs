//! Writes requests for chat completions.

use serde_json::{Value, json};

use crate::catalog::ThinkingStyle;
use crate::message::{ModelMessage, ModelResponse, RequestPart, ResponsePart, Thinking as ThinkingPart, UserPrompt};
use crate::settings::{Effort, Thinking};
use crate::wire::request::{Body, instructions, prompt_texts, retry_text, tagged, takes_sampling, unknown_part};
use crate::wire::{Call, HttpRequest, ModelError};

/// The fields that thinking came in and may go back in.
const THINKING_FIELDS: [&str; 2] = ["reasoning_content", "reasoning"];

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    body.put("model", Some(call.model));
    body.put("messages", Some(messages(call)?));
    body.put("stream", Some(call.stream));
    body.put("stream_options", call.stream.then(|| json!({"include_usage": true})));
    settings(call, &mut body);
    thinking(call, &mut body);
    Ok(body.into_request(call, "/chat/completions".to_owned(), Vec::new()))
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put(call.profile.max_tokens_field, settings.max_tokens);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "top_p", "top_p", settings.top_p);
    body.put_if(sampling, "presence_penalty", "presence_penalty", settings.presence_penalty);
    body.put_if(sampling, "frequency_penalty", "frequency_penalty", settings.frequency_penalty);
    body.put("seed", settings.seed);
    body.put("stop", settings.stop_sequences.clone());
}

/// Effort after <https://platform.openai.com/docs/guides/reasoning>.
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

fn messages(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let mut messages = Vec::new();
    for message in call.messages {
        match message {
            ModelMessage::Request(request) => {
                for part in &request.parts {
                    messages.push(request_part(part)?);
                }
            }
            ModelMessage::Response(response) => messages.extend(assistant(response)),
        }
    }
    if let Some(text) = instructions(call) {
        let system_prompts = messages.iter().take_while(|message| message["role"] == "system").count();
        messages.insert(system_prompts, json!({"role": "system", "content": text}));
    }
    Ok(messages)
}

fn request_part(part: &RequestPart) -> Result<Value, ModelError> {
    Ok(match part {
        RequestPart::SystemPrompt(prompt) => json!({"role": "system", "content": prompt.content}),
        RequestPart::UserPrompt(prompt) => json!({"role": "user", "content": user_content(prompt)?}),
        RequestPart::ToolReturn(result) => {
            json!({"role": "tool", "tool_call_id": result.tool_call_id, "content": result.text()})
        }
        RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => {
            json!({"role": "user", "content": retry_text(retry)})
        }
        RequestPart::RetryPrompt(retry) => {
            json!({"role": "tool", "tool_call_id": retry.tool_call_id, "content": retry_text(retry)})
        }
        RequestPart::Other(part) => return Err(unknown_part(part)),
    })
}

fn user_content(prompt: &UserPrompt) -> Result<Value, ModelError> {
    let texts = prompt_texts(prompt)?;
    Ok(match texts[..] {
        [text] => Value::from(text),
        _ => texts.iter().map(|text| json!({"type": "text", "text": text})).collect(),
    })
}

/// An answer of an earlier turn; one that holds nothing is left out, since the vendor refuses it.
fn assistant(response: &ModelResponse) -> Option<Value> {
    let mut message = json!({"role": "assistant", "content": null});
    let (mut texts, mut calls) = (Vec::new(), Vec::new());
    for part in &response.parts {
        match part {
            ResponsePart::Text(text) if !text.content.is_empty() => texts.push(text.content.clone()),
            ResponsePart::Thinking(thinking) if !thinking.content.is_empty() => match thinking_field(thinking) {
                Some(field) => append(&mut message[field], &thinking.content),
                None => texts.push(tagged(thinking, "think")),
            },
            ResponsePart::ToolCall(call) => calls.push(json!({
                "id": call.tool_call_id,
                "type": "function",
                "function": {"name": call.tool_name, "arguments": call.args_json()},
            })),
            ResponsePart::Text(_) | ResponsePart::Thinking(_) | ResponsePart::Other(_) => {}
        }
    }
    if texts.is_empty() && calls.is_empty() {
        return None;
    }
    if !texts.is_empty() {
        message["content"] = Value::from(texts.join("\n\n"));
    }
    if !calls.is_empty() {
        message["tool_calls"] = Value::from(calls);
    }
    Some(message)
}

fn thinking_field(part: &ThinkingPart) -> Option<&'static str> {
    THINKING_FIELDS.into_iter().find(|field| part.id.as_deref() == Some(field))
}

fn append(field: &mut Value, text: &str) {
    let joined = field.as_str().map_or_else(|| text.to_owned(), |before| format!("{before}\n\n{text}"));
    *field = Value::from(joined);
}
