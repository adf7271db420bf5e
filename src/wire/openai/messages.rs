//! Writes the conversation for chat completions. Never what is asked of the answer: that is `encode`.

use serde_json::{Map, Value, json};

use crate::catalog::{Profile, ThinkingBack};
use crate::message::{ModelMessage, ModelResponse, RequestPart, ResponsePart, Thinking, ToolCall, UserPrompt};
use crate::wire::content::{Content, prompt_content};
use crate::wire::request::{instructions, retry_result, retry_text, tagged, thinks, unknown_part};
use crate::wire::{Call, ModelError};

/// The fields that thinking comes in and may go back in.
const THINKING_FIELDS: [&str; 2] = ["reasoning_content", "reasoning"];

/// Every message of the conversation.
///
/// # Errors
/// `ErrorKind::Config`: the history holds what the interface can't say.
pub fn messages(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let role = &call.profile.system_role;
    let (mut system, mut messages) = (Vec::new(), Vec::new());
    // From the first answer that thought on, or from the beginning for a model that insists on it while it thinks.
    let mut has_thought = call.profile.thinking_with_calls && thinks(call);
    for message in call.messages {
        match message {
            ModelMessage::Request(request) => {
                for part in &request.parts {
                    let at_start = messages.is_empty() && matches!(part, RequestPart::SystemPrompt(_));
                    if at_start { &mut system } else { &mut messages }.push(request_part(part, role)?);
                }
            }
            ModelMessage::Response(response) => {
                has_thought |= response.parts.iter().any(|part| matches!(part, ResponsePart::Thinking(_)));
                messages.extend(assistant(response, call.profile, has_thought));
            }
        }
    }
    system.extend(instructions(call).map(|text| json!({"role": role, "content": text})));
    if call.profile.one_system_message && system.len() > 1 {
        let texts: Vec<_> = system.iter().filter_map(|message| message["content"].as_str()).collect();
        system = vec![json!({"role": role, "content": texts.join("\n\n")})];
    }
    system.append(&mut messages);
    Ok(system)
}

fn request_part(part: &RequestPart, system_role: &str) -> Result<Value, ModelError> {
    Ok(match part {
        RequestPart::SystemPrompt(prompt) => json!({"role": system_role, "content": prompt.content}),
        RequestPart::UserPrompt(prompt) => json!({"role": "user", "content": user_content(prompt)?}),
        RequestPart::ToolReturn(result) => {
            json!({"role": "tool", "tool_call_id": result.tool_call_id, "content": result.text()})
        }
        RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => {
            json!({"role": "user", "content": retry_text(retry)})
        }
        RequestPart::RetryPrompt(retry) => {
            json!({"role": "tool", "tool_call_id": retry.tool_call_id, "content": retry_result(retry)})
        }
        RequestPart::Other(part) => return Err(unknown_part(part)),
    })
}

fn user_content(prompt: &UserPrompt) -> Result<Value, ModelError> {
    Ok(match &prompt_content(prompt)?[..] {
        [Content::Text(text)] => Value::from(*text),
        items => items.iter().map(item).collect(),
    })
}

/// <https://platform.openai.com/docs/api-reference/chat/create#chat_create-messages>
fn item(content: &Content<'_>) -> Value {
    match content {
        Content::Text(text) => json!({"type": "text", "text": text}),
        Content::Image(media) => json!({"type": "image_url", "image_url": {"url": media.data_uri()}}),
        Content::ImageUrl(url) => json!({"type": "image_url", "image_url": {"url": url}}),
        Content::Document(media) => {
            let filename = format!("filename.{}", media.format());
            json!({"type": "file", "file": {"file_data": media.data_uri(), "filename": filename}})
        }
    }
}

/// An answer of an earlier turn; one that holds nothing is left out, since the vendor refuses it.
fn assistant(response: &ModelResponse, profile: &Profile, has_thought: bool) -> Option<Value> {
    let (mut texts, mut calls, mut thinking) = (Vec::new(), Vec::new(), Map::new());
    for part in &response.parts {
        match part {
            ResponsePart::Text(text) if !text.content.is_empty() => texts.push(text.content.clone()),
            ResponsePart::Thinking(part) if !part.content.is_empty() => match thinking_field(part, profile) {
                Some(field) => append(&mut thinking, field, &part.content),
                None => texts.push(tagged(part, "think")),
            },
            ResponsePart::ToolCall(call) => calls.push(tool_call(call)),
            ResponsePart::Text(_) | ResponsePart::Thinking(_) | ResponsePart::Other(_) => {}
        }
    }
    if texts.is_empty() && calls.is_empty() {
        return None;
    }
    let mut message = json!({"role": "assistant", "content": null});
    if !texts.is_empty() {
        message["content"] = Value::from(texts.join("\n\n"));
    }
    if !calls.is_empty() {
        message["tool_calls"] = Value::from(calls);
        if let Some(field) = own_field(profile.thinking_back).filter(|_| has_thought) {
            thinking.entry(field).or_insert_with(|| "".into());
        }
    }
    message.as_object_mut()?.append(&mut thinking);
    Some(message)
}

fn tool_call(call: &ToolCall) -> Value {
    let function = json!({"name": call.tool_name, "arguments": call.args_json()});
    json!({"id": call.tool_call_id, "type": "function", "function": function})
}

/// The field that all thinking goes back in, if it is always the same.
fn own_field(way: ThinkingBack) -> Option<&'static str> {
    match way {
        ThinkingBack::AsItCame | ThinkingBack::Tags => None,
        ThinkingBack::ReasoningContent => Some("reasoning_content"),
        ThinkingBack::Reasoning => Some("reasoning"),
    }
}

/// The field for a piece of thinking; `None`: it goes between tags.
fn thinking_field(part: &Thinking, profile: &Profile) -> Option<&'static str> {
    match profile.thinking_back {
        ThinkingBack::AsItCame => THINKING_FIELDS.into_iter().find(|field| part.id.as_deref() == Some(field)),
        way => own_field(way),
    }
}

fn append(fields: &mut Map<String, Value>, name: &str, text: &str) {
    let before = fields.get(name).and_then(Value::as_str);
    let joined = before.map_or_else(|| text.to_owned(), |before| format!("{before}\n\n{text}"));
    fields.insert(name.to_owned(), Value::from(joined));
}
