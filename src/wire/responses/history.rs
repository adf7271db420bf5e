//! Writes the history as input items: <https://platform.openai.com/docs/guides/conversation-state>.
//!
//! To a model that reasons the vendor's own items go back as they were, by their identifiers, so that it finds its
//! reasoning again; all else goes as plain messages.

use serde_json::{Value, json};

use super::encode::reasons;
use super::{CITATIONS, NAMESPACE, PHASE, PROVIDER_NAME, RAW_CONTENT};
use crate::message::{
    ModelMessage, ModelResponse, RequestPart, ResponsePart, Text, Thinking, ToolCall, UserContent, UserPrompt,
};
use crate::wire::content::{Content, prompt_content};
use crate::wire::request::{call_args, retry_result, retry_text, tagged, unknown_part};
use crate::wire::{Call, ModelError};

/// Identifiers that stand for a field of chat completions, under which thinking came there.
const CHAT_FIELDS: [&str; 3] = ["content", "reasoning", "reasoning_content"];

/// The history's items.
pub fn input(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let mut items = Vec::new();
    for message in call.messages {
        match message {
            ModelMessage::Request(request) => {
                for part in &request.parts {
                    items.push(request_part(part)?);
                }
            }
            ModelMessage::Response(response) => items.extend(answer(call, response)),
        }
    }
    Ok(items)
}

fn request_part(part: &RequestPart) -> Result<Value, ModelError> {
    Ok(match part {
        RequestPart::SystemPrompt(prompt) => json!({"role": "system", "content": prompt.content}),
        RequestPart::UserPrompt(prompt) => json!({"role": "user", "content": user_content(prompt)?}),
        RequestPart::ToolReturn(result) => call_output(&result.tool_call_id, &result.text()),
        RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => {
            json!({"role": "user", "content": retry_text(retry)})
        }
        RequestPart::RetryPrompt(retry) => call_output(&retry.tool_call_id, &retry_result(retry)),
        RequestPart::Other(part) => return Err(unknown_part(part)),
    })
}

fn user_content(prompt: &UserPrompt) -> Result<Value, ModelError> {
    Ok(match &prompt.content {
        UserContent::Text(text) => Value::from(text.as_str()),
        UserContent::Items(_) => prompt_content(prompt)?.iter().map(item).collect(),
    })
}

/// <https://platform.openai.com/docs/api-reference/responses/create#responses_create-input>
fn item(content: &Content<'_>) -> Value {
    match content {
        Content::Text(text) => json!({"type": "input_text", "text": text}),
        Content::Image(media) => json!({"type": "input_image", "image_url": media.data_uri(), "detail": "auto"}),
        Content::ImageUrl(url) => json!({"type": "input_image", "image_url": url, "detail": "auto"}),
        Content::Document(media) => {
            let filename = format!("filename.{}", media.format());
            json!({"type": "input_file", "file_data": media.data_uri(), "filename": filename})
        }
    }
}

fn call_output(call_id: &str, text: &str) -> Value {
    json!({"type": "function_call_output", "call_id": split_id(call_id).0, "output": text})
}

/// Older versions of PydanticAI kept a call's two identifiers in one field: `CALL|ITEM`.
fn split_id(id: &str) -> (&str, Option<&str>) {
    id.split_once('|').map_or((id, None), |(call, item)| (call, Some(item)))
}

/// The items of an answer.
fn answer(call: &Call<'_>, response: &ModelResponse) -> Vec<Value> {
    let mut output = Output { call, response, items: Vec::new() };
    for part in &response.parts {
        match part {
            ResponsePart::Text(text) => output.text(text),
            ResponsePart::Thinking(thinking) => output.thinking(thinking),
            ResponsePart::ToolCall(tool_call) => output.tool_call(tool_call),
            ResponsePart::Other(_) => {}
        }
    }
    output.items
}

/// An answer's items as they grow.
struct Output<'a> {
    call: &'a Call<'a>,
    response: &'a ModelResponse,
    items: Vec<Value>,
}

impl Output<'_> {
    fn text(&mut self, part: &Text) {
        if part.content.is_empty() {
            return;
        }
        let own = self.is_own(part.provider_name.as_deref());
        let details = part.provider_details.as_ref().filter(|_| own);
        let at = if let Some(id) = part.id.as_deref().filter(|_| own && reasons(self.call)) {
            let new = json!({"type": "message", "id": id, "role": "assistant", "status": "completed", "content": []});
            let at = self.item(new);
            let annotations = details.map_or(&Value::Null, |details| &details[CITATIONS]);
            let annotations = annotations.as_array().cloned().unwrap_or_default();
            let text = json!({"type": "output_text", "text": part.content, "annotations": annotations});
            append(&mut self.items[at]["content"], text);
            at
        } else {
            self.items.push(json!({"role": "assistant", "content": part.content}));
            self.items.len() - 1
        };
        if let Some(phase) = details.and_then(|details| details[PHASE].as_str()).filter(|_| self.call.profile.phase) {
            self.items[at][PHASE] = phase.into();
        }
    }

    /// The vendor takes back reasoning of its own; other models' thinking goes as tagged text.
    fn thinking(&mut self, part: &Thinking) {
        let own = self.is_own(part.provider_name.as_deref());
        let signature = part.signature.as_deref().filter(|_| own && reasons(self.call));
        let details = part.provider_details.as_ref().filter(|_| own);
        let raw = details.and_then(|details| details[RAW_CONTENT].as_array()).filter(|raw| !raw.is_empty());
        if part.content.is_empty() && signature.is_none() && raw.is_none() {
            return;
        }
        let is_from_chat = |id: &str| signature.is_none() && raw.is_none() && CHAT_FIELDS.contains(&id);
        let by_id = own && (reasons(self.call) || raw.is_some());
        let Some(id) = part.id.as_deref().filter(|id| by_id && !is_from_chat(id)) else {
            let plain = json!({"role": "assistant", "content": tagged(part, "think")});
            self.items.extend(Some(plain).filter(|_| !part.content.is_empty()));
            return;
        };
        let new = json!({"type": "reasoning", "id": id, "summary": [], "encrypted_content": signature});
        let at = self.item(new);
        if !part.content.is_empty() {
            append(&mut self.items[at]["summary"], json!({"type": "summary_text", "text": part.content}));
        }
        if let Some(raw) = raw {
            let text = |text| json!({"type": "reasoning_text", "text": text});
            self.items[at]["content"] = raw.iter().map(text).collect();
        }
    }

    fn tool_call(&mut self, part: &ToolCall) {
        let own = self.is_own(part.provider_name.as_deref());
        let (call_id, item_id) = split_id(&part.tool_call_id);
        let mut item = json!({
            "type": "function_call", "call_id": call_id, "name": part.tool_name,
            "arguments": Value::Object(call_args(part)).to_string(),
        });
        if let Some(id) = item_id.or(part.id.as_deref()).filter(|_| own && reasons(self.call)) {
            item["id"] = id.into();
        }
        let details = part.provider_details.as_ref().filter(|_| own);
        if let Some(namespace) = details.and_then(|details| details[NAMESPACE].as_str()) {
            item[NAMESPACE] = namespace.into();
        }
        self.items.push(item);
    }

    /// Whether a part came from this vendor.
    fn is_own(&self, provider_name: Option<&str>) -> bool {
        provider_name.or(self.response.provider_name.as_deref()) == Some(PROVIDER_NAME)
    }

    /// The last item of that type where it has the same identifier, since parts of one item follow each other; else
    /// the new one.
    fn item(&mut self, new: Value) -> usize {
        let last = self.items.iter().rposition(|item| item["type"] == new["type"]);
        last.filter(|at| self.items[*at]["id"] == new["id"]).unwrap_or_else(|| {
            self.items.push(new);
            self.items.len() - 1
        })
    }
}

fn append(list: &mut Value, item: Value) {
    if let Value::Array(list) = list {
        list.push(item);
    }
}
