//! Writes a history as messages with a role each.

use serde_json::{Value, json};

use super::call_ids::CallIds;
use crate::message::{ModelMessage, ModelResponse, RequestPart, ResponsePart, ToolCall, UserPrompt};
use crate::wire::content::{Content, prompt_content};
use crate::wire::request::{call_args, instruction_texts, retry_result, retry_text, unknown_part};
use crate::wire::{Call, ModelError, output};

/// What an answer of an earlier turn holds. What is empty is left out, since vendors refuse it.
#[derive(Debug, Default)]
pub struct Said<'a> {
    /// Its thinking, whoever thought it.
    pub thinking: Vec<&'a str>,
    /// Its texts.
    pub texts: Vec<&'a str>,
    /// Its calls, ready to be sent.
    pub calls: Vec<Value>,
}

/// Writes an item of a prompt.
pub type Item = fn(&Content<'_>) -> Result<Value, ModelError>;

/// Every message of the history, and the instructions as further system messages. An answer that holds nothing is left
/// out; `item` writes what a prompt holds, `assistant` the answers.
///
/// # Errors
/// `ErrorKind::Config`: the history holds what can't be said here.
pub fn messages(call: &Call<'_>, item: Item, assistant: impl Fn(Said<'_>) -> Value) -> Result<Vec<Value>, ModelError> {
    let mut ids = CallIds::new(call.profile.tool_call_id_length);
    let mut messages = Vec::new();
    for message in call.messages {
        match message {
            ModelMessage::Request(request) => {
                for part in &request.parts {
                    messages.push(request_part(part, item, &mut ids)?);
                }
            }
            ModelMessage::Response(response) => messages.extend(said(response, &mut ids).map(&assistant)),
        }
    }
    let system_prompts = messages.iter().take_while(|message| message["role"] == "system").count();
    let instructions = instruction_texts(call).into_iter().map(|text| json!({"role": "system", "content": text}));
    messages.splice(system_prompts..system_prompts, instructions);
    Ok(messages)
}

fn request_part(part: &RequestPart, item: Item, ids: &mut CallIds) -> Result<Value, ModelError> {
    Ok(match part {
        RequestPart::SystemPrompt(prompt) => json!({"role": "system", "content": prompt.content}),
        RequestPart::UserPrompt(prompt) => json!({"role": "user", "content": user_content(prompt, item)?}),
        RequestPart::ToolReturn(result) => {
            json!({"role": "tool", "tool_call_id": ids.fit(&result.tool_call_id), "content": result.text()})
        }
        RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => {
            json!({"role": "user", "content": retry_text(retry)})
        }
        RequestPart::RetryPrompt(retry) => {
            json!({"role": "tool", "tool_call_id": ids.fit(&retry.tool_call_id), "content": retry_result(retry)})
        }
        RequestPart::Other(part) => return Err(unknown_part(part)),
    })
}

fn user_content(prompt: &UserPrompt, item: Item) -> Result<Value, ModelError> {
    Ok(match &prompt_content(prompt)?[..] {
        [Content::Text(text)] => Value::from(*text),
        items => Value::Array(items.iter().map(item).collect::<Result<_, _>>()?),
    })
}

fn said<'a>(response: &'a ModelResponse, ids: &mut CallIds) -> Option<Said<'a>> {
    let mut said = Said::default();
    for part in &response.parts {
        match part {
            ResponsePart::Text(text) if !text.content.is_empty() => said.texts.push(&text.content),
            ResponsePart::Thinking(thinking) if !thinking.content.is_empty() => said.thinking.push(&thinking.content),
            ResponsePart::ToolCall(call) => said.calls.push(function_call(call, ids)),
            ResponsePart::Text(_) | ResponsePart::Thinking(_) | ResponsePart::Other(_) => {}
        }
    }
    let is_empty = said.thinking.is_empty() && said.texts.is_empty() && said.calls.is_empty();
    (!is_empty).then_some(said)
}

fn function_call(call: &ToolCall, ids: &mut CallIds) -> Value {
    json!({
        "id": ids.fit(&call.tool_call_id),
        "type": "function",
        "function": {"name": call.tool_name, "arguments": Value::Object(call_args(call)).to_string()},
    })
}

/// The tool for the output, when the output comes through one.
#[must_use]
pub fn output_tool(call: &Call<'_>) -> Option<Value> {
    let tool = output::tool(call)?;
    let function = json!({"name": output::TOOL_NAME, "description": tool.description, "parameters": tool.parameters});
    Some(json!({"type": "function", "function": function}))
}
