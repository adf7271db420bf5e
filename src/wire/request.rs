//! What the interfaces share when they write a request: fields that may be missing, settings a model doesn't take, and
//! parts of the history whose meaning no interface has a field for.

use serde_json::{Map, Value, json};

use super::{Call, ErrorKind, HttpRequest, ModelError, output};
use crate::catalog::ThinkingStyle;
use crate::message::{ModelMessage, RequestPart, RetryPrompt, Thinking as ThinkingPart, ToolCall};
use crate::settings::Thinking;

/// A request's body as it grows, with what was left out of it.
#[derive(Debug, Default)]
pub struct Body {
    fields: Map<String, Value>,
    omitted: Vec<&'static str>,
}

impl Body {
    /// Adds a field that has a value.
    pub fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.fields.insert(name.to_owned(), value.into());
        }
    }

    /// Notes a setting that the model doesn't take, if it is set.
    pub fn omit(&mut self, setting: &'static str, is_set: bool) {
        if is_set {
            self.omitted.push(setting);
        }
    }

    /// Adds a setting where the model takes it, else notes that it was left out.
    pub fn put_if(&mut self, taken: bool, name: &str, setting: &'static str, value: Option<impl Into<Value>>) {
        if taken { self.put(name, value) } else { self.omit(setting, value.is_some()) }
    }

    /// Adds fields that a profile names. Objects that are there already take them in.
    pub fn merge(&mut self, fields: Option<&Map<String, Value>>) {
        for (name, value) in fields.into_iter().flatten() {
            match (self.fields.get_mut(name), value) {
                (Some(Value::Object(mine)), Value::Object(theirs)) => mine.extend(theirs.clone()),
                _ => self.put(name, Some(value.clone())),
            }
        }
    }

    /// The fields of another body, for an object of their own in this one.
    pub fn nested(&mut self, fields: Self) -> Map<String, Value> {
        self.omitted.extend(fields.omitted);
        fields.fields
    }

    /// The request. The user's extra fields take the place of ours.
    pub fn into_request(mut self, call: &Call<'_>, path: String, headers: Vec<(&'static str, String)>) -> HttpRequest {
        self.fields.extend(call.settings.extra_body.clone());
        HttpRequest { path, headers, body: Value::Object(self.fields), omitted: self.omitted }
    }
}

/// Whether the model takes temperature, top_p and penalties in this call.
#[must_use]
pub fn takes_sampling(call: &Call<'_>) -> bool {
    call.profile.sampling && (call.profile.sampling_with_thinking || !thinks(call))
}

/// Whether the model thinks in this call: as it was asked to, or of itself.
#[must_use]
pub fn thinks(call: &Call<'_>) -> bool {
    let profile = call.profile;
    match call.settings.thinking {
        None => profile.thinks_by_default,
        Some(Thinking::Enabled(false)) => profile.thinks_by_default && !profile.thinking_optional,
        Some(_) => profile.thinks_by_default || profile.thinking != ThinkingStyle::None,
    }
}

/// The instructions of the last request (those of earlier ones no longer hold), and those for structured output.
#[must_use]
pub fn instruction_texts(call: &Call<'_>) -> Vec<String> {
    let last = call.messages.iter().rev().find_map(|message| match message {
        ModelMessage::Request(request) => Some(request),
        ModelMessage::Response(_) => None,
    });
    let own = last.and_then(|last| last.instructions.clone()).filter(|text| !text.is_empty());
    own.into_iter().chain(output::instructions(call)).collect()
}

/// The same as one text.
#[must_use]
pub fn instructions(call: &Call<'_>) -> Option<String> {
    let texts = instruction_texts(call);
    (!texts.is_empty()).then(|| texts.join("\n\n"))
}

/// Every system prompt of the history, for interfaces that keep them apart.
#[must_use]
pub fn system_prompts(call: &Call<'_>) -> Vec<String> {
    let requests = call.messages.iter().filter_map(|message| match message {
        ModelMessage::Request(request) => Some(request),
        ModelMessage::Response(_) => None,
    });
    let prompts = requests.flat_map(|request| &request.parts).filter_map(|part| match part {
        RequestPart::SystemPrompt(prompt) => Some(prompt.content.clone()),
        _ => None,
    });
    prompts.filter(|text| !text.is_empty()).collect()
}

/// The system prompts and the instructions after them.
#[must_use]
pub fn system_texts(call: &Call<'_>) -> Vec<String> {
    system_prompts(call).into_iter().chain(instructions(call)).collect()
}

/// A part that only other programs know can't be sent.
#[must_use]
pub fn unknown_part(part: &Value) -> ModelError {
    let message = format!("the history holds a part of kind {}, which can't be sent", part["part_kind"]);
    ModelError::new(ErrorKind::Config, message).with_hint("leave that turn out of the history")
}

/// What a model is told of an answer of its own that couldn't be used, in PydanticAI's words and between its tags
/// (`RetryFeedbackPart.model_response`), so that the model doesn't take it for a person's.
#[must_use]
pub fn retry_text(retry: &RetryPrompt) -> String {
    let tag = if retry.content.is_array() { "pyai:validation_errors" } else { "pyai:retry_feedback" };
    format!(
        "Your previous response failed the application's validation (this is automated feedback, not a message from the \
         user):\n<{tag}>\n{}\n</{tag}>",
        retry.text()
    )
}

/// The result of a call that was refused, for interfaces that have no other way to say so: PydanticAI's
/// `{"error": …}`.
#[must_use]
pub fn retry_result(retry: &RetryPrompt) -> String {
    json!({"error": retry.content}).to_string()
}

/// A call's arguments as the object that an interface wants. A model's broken JSON is sent back under PydanticAI's
/// name for it, so that the model sees what it wrote.
#[must_use]
pub fn call_args(call: &ToolCall) -> Map<String, Value> {
    call.args_object().unwrap_or_else(|_| Map::from_iter([("INVALID_JSON".to_owned(), Value::from(call.args_json()))]))
}

/// Thinking that an interface has no field for, as text between tags.
#[must_use]
pub fn tagged(part: &ThinkingPart, tag: &str) -> String {
    format!("<{tag}>\n{}\n</{tag}>", part.content)
}
