//! The one fold from stream events to a response: streamed, not streamed and replayed answers all pass through it.

use serde_json::{Value, json};

use super::{FinishReason, ModelResponse, PartDelta, ResponsePart, StreamEvent, ToolArgs, Usage};

/// Builds a response from its events; at any moment it tells the response so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResponseBuilder {
    response: ModelResponse,
    finished: bool,
}

impl ResponseBuilder {
    /// Takes one event in. Total: an event that fits no part is ignored, since decoders number parts densely.
    pub fn apply(&mut self, event: &StreamEvent) {
        match event {
            StreamEvent::Start { model_name, provider_response_id } => {
                replace(&mut self.response.model_name, model_name.as_ref());
                replace(&mut self.response.provider_response_id, provider_response_id.as_ref());
            }
            StreamEvent::PartStart { part, .. } => self.response.parts.push(ResponsePart::clone(part)),
            StreamEvent::PartDelta { index, delta } => {
                if let Some(part) = self.response.parts.get_mut(*index) {
                    extend(part, delta);
                }
            }
            StreamEvent::PartEnd { .. } => {}
            StreamEvent::Usage { usage } => self.response.usage.update(usage),
            StreamEvent::Finish { finish_reason, provider_finish_reason } => {
                self.finish(*finish_reason, provider_finish_reason.as_ref());
            }
        }
    }

    fn finish(&mut self, reason: Option<FinishReason>, provider_reason: Option<&String>) {
        self.finished = true;
        self.response.finish_reason = reason;
        if let Some(word) = provider_reason {
            let details = self.response.provider_details.get_or_insert_with(|| json!({}));
            details["finish_reason"] = Value::from(word.as_str());
        }
    }

    /// The response so far.
    #[must_use]
    pub fn response(&self) -> &ModelResponse {
        &self.response
    }

    /// The response so far, for filling in what no stream tells (provider, URL, time).
    pub fn response_mut(&mut self) -> &mut ModelResponse {
        &mut self.response
    }

    /// The tokens so far.
    #[must_use]
    pub fn usage(&self) -> &Usage {
        &self.response.usage
    }

    /// Whether the model has told that it stopped.
    #[must_use]
    pub fn finished(&self) -> bool {
        self.finished
    }

    /// The whole response.
    #[must_use]
    pub fn into_response(self) -> ModelResponse {
        self.response
    }
}

fn replace<T: Clone>(mine: &mut Option<T>, theirs: Option<&T>) {
    if let Some(theirs) = theirs {
        *mine = Some(theirs.clone());
    }
}

fn extend(part: &mut ResponsePart, delta: &PartDelta) {
    match (part, delta) {
        (ResponsePart::Text(text), PartDelta::Text { content_delta, provider_name, provider_details }) => {
            text.content.push_str(content_delta);
            replace(&mut text.provider_name, provider_name.as_ref());
            replace(&mut text.provider_details, provider_details.as_deref());
        }
        (
            ResponsePart::Thinking(thinking),
            PartDelta::Thinking { content_delta, signature_delta, provider_details },
        ) => {
            thinking.content.push_str(content_delta.as_deref().unwrap_or_default());
            replace(&mut thinking.signature, signature_delta.as_ref());
            replace(&mut thinking.provider_details, provider_details.as_deref());
        }
        (ResponsePart::ToolCall(call), PartDelta::ToolCall { tool_name_delta, args_delta, tool_call_id }) => {
            call.tool_name.push_str(tool_name_delta.as_deref().unwrap_or_default());
            if let Some(id) = tool_call_id {
                call.tool_call_id.clone_from(id);
            }
            if let Some(delta) = args_delta {
                extend_args(&mut call.args, delta);
            }
        }
        _ => {}
    }
}

fn extend_args(args: &mut Option<ToolArgs>, delta: &str) {
    match args {
        Some(ToolArgs::Json(text)) => text.push_str(delta),
        _ => *args = Some(ToolArgs::Json(delta.to_owned())),
    }
}
