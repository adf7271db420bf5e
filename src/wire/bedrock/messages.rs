//! Writes histories. Turns must alternate and a conversation begins with the user; what families demand besides is in
//! their profiles.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{PROVIDER_NAME, REDACTED};
use crate::catalog::Profile;
use crate::message::{ModelMessage, RequestPart, ResponsePart, Thinking, ToolReturn};
use crate::wire::content::{Content, not_taken, prompt_content};
use crate::wire::request::{call_args, retry_result, retry_text, tagged, unknown_part};
use crate::wire::{Call, ModelError};

/// The names under which PydanticAI keeps thinking that its vendor keeps to itself.
const REDACTED_IDS: [&str; 2] = [REDACTED, "redacted_thinking"];
/// Says nothing: white space alone is refused.
const FILLER: &str = ".";

/// The whole history.
pub fn messages(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let mut turns = Turns { profile: call.profile, said: Vec::new(), documents: 0 };
    for message in call.messages {
        match message {
            ModelMessage::Request(request) => {
                for part in &request.parts {
                    turns.request_part(part)?;
                }
            }
            ModelMessage::Response(response) => turns.response(&response.parts),
        }
    }
    Ok(turns.begun())
}

/// Turns as they grow: a role and its blocks.
struct Turns<'a> {
    profile: &'a Profile,
    said: Vec<(&'static str, Vec<Value>)>,
    /// Documents so far.
    documents: usize,
}

impl Turns<'_> {
    fn request_part(&mut self, part: &RequestPart) -> Result<(), ModelError> {
        match part {
            RequestPart::SystemPrompt(_) => {}
            RequestPart::UserPrompt(prompt) => {
                let mut blocks = Vec::new();
                for content in prompt_content(prompt)? {
                    blocks.extend(self.item(&content)?);
                }
                self.user(blocks);
            }
            RequestPart::ToolReturn(result) => {
                let content = self.returned(result);
                self.user(vec![self.result(&result.tool_call_id, &content, "success")]);
            }
            RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => {
                self.user(text(&retry_text(retry)).into_iter().collect());
            }
            RequestPart::RetryPrompt(retry) => {
                let text = if self.profile.result_status { retry.text() } else { retry_result(retry) };
                let content = json!({"text": text});
                self.user(vec![self.result(&retry.tool_call_id, &content, "error")]);
            }
            RequestPart::Other(part) => return Err(unknown_part(part)),
        }
        Ok(())
    }

    /// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html>; documents have names.
    fn item(&mut self, content: &Content<'_>) -> Result<Option<Value>, ModelError> {
        Ok(match content {
            Content::Text(content) => text(content),
            Content::Image(media) => {
                Some(json!({"image": {"format": media.format(), "source": {"bytes": media.data}}}))
            }
            Content::Document(media) => {
                self.documents += 1;
                let name = format!("Document {}", self.documents);
                let source = json!({"bytes": media.data});
                Some(json!({"document": {"name": name, "format": media.format(), "source": source}}))
            }
            Content::ImageUrl(_) => return Err(not_taken("Bedrock", content)),
        })
    }

    fn result(&self, id: &str, content: &Value, status: &str) -> Value {
        let mut result = json!({"toolUseId": id, "content": [content]});
        if self.profile.result_status {
            result["status"] = Value::from(status);
        }
        json!({"toolResult": result})
    }

    fn returned(&self, result: &ToolReturn) -> Value {
        if self.profile.json_results && !result.content.is_string() {
            json!({"json": result.content})
        } else {
            json!({"text": result.text()})
        }
    }

    /// More of the user's turn. Where results must stand alone, the model is given a turn in between: the vendor joins
    /// turns of the same side.
    fn user(&mut self, blocks: Vec<Value>) {
        if blocks.is_empty() {
            return;
        }
        match self.said.last_mut().filter(|(role, _)| *role == "user") {
            Some((_, before)) if !self.profile.lone_results || is_result(&before[0]) == is_result(&blocks[0]) => {
                before.extend(blocks);
            }
            Some(_) => {
                self.said.push(("assistant", vec![json!({"text": FILLER})]));
                self.said.push(("user", blocks));
            }
            None => self.said.push(("user", blocks)),
        }
    }

    fn response(&mut self, parts: &[ResponsePart]) {
        let mut blocks = Vec::new();
        for part in parts {
            match part {
                ResponsePart::Text(part) => blocks.extend(text(&part.content)),
                ResponsePart::Thinking(part) => match self.own_thinking(part) {
                    Some(own) => blocks.push(own),
                    None => blocks.extend(self.foreign_thinking(part)),
                },
                ResponsePart::ToolCall(call) => blocks.push(json!({
                    "toolUse": {"toolUseId": call.tool_call_id, "name": call.tool_name, "input": call_args(call)},
                })),
                ResponsePart::Other(_) => {}
            }
        }
        if !blocks.is_empty() {
            self.said.push(("assistant", blocks));
        }
    }

    /// Thinking that the vendor signed itself, for families that take it back.
    fn own_thinking(&self, part: &Thinking) -> Option<Value> {
        let is_own = self.profile.signed_thinking && part.provider_name.as_deref() == Some(PROVIDER_NAME);
        let signature = part.signature.as_deref().filter(|signature| is_own && !signature.is_empty())?;
        Some(if part.id.as_deref().is_some_and(|id| REDACTED_IDS.contains(&id)) {
            json!({"reasoningContent": {"redactedContent": STANDARD.encode(signature)}})
        } else {
            json!({"reasoningContent": {"reasoningText": {"text": part.content, "signature": signature}}})
        })
    }

    /// Other thinking goes as tagged text. A family that would take up the tags in its own answers reads it in the
    /// user's turn.
    fn foreign_thinking(&mut self, part: &Thinking) -> Option<Value> {
        if part.content.is_empty() {
            return None;
        }
        if self.profile.thinking_from_user {
            self.user(text(&tagged(part, "assistant_thinking")).into_iter().collect());
            return None;
        }
        text(&tagged(part, "think"))
    }

    /// The turns as messages, begun by the user.
    fn begun(mut self) -> Vec<Value> {
        let is_begun = self.said.first().is_some_and(|(role, _)| *role == "user" || self.profile.leading_assistant);
        if !is_begun {
            self.said.insert(0, ("user", vec![json!({"text": FILLER})]));
        }
        self.said.into_iter().map(|(role, content)| json!({"role": role, "content": content})).collect()
    }
}

fn is_result(block: &Value) -> bool {
    block.get("toolResult").is_some()
}

/// A text block; the vendor refuses empty ones.
fn text(content: &str) -> Option<Value> {
    (!content.is_empty()).then(|| json!({"text": content}))
}
