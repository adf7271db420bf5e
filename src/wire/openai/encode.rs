//! Writes requests for chat completions: what is asked of the answer. The conversation is in `messages`.

use serde_json::{Value, json};

use super::messages::messages;
use crate::catalog::ThinkingStyle;
use crate::settings::{Effort, Thinking};
use crate::wire::output::NativeOutput;
use crate::wire::request::{Body, takes_sampling};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    body.put("model", Some(call.model));
    body.put("messages", Some(messages(call)?));
    body.put("stream", Some(call.stream));
    body.put("stream_options", (call.stream && call.profile.stream_options).then(|| json!({"include_usage": true})));
    settings(call, &mut body);
    body.merge(call.profile.body.as_ref());
    thinking(call, &mut body);
    body.put("response_format", response_format(call)?);
    output_tool(call, &mut body);
    Ok(body.into_request(call, "/chat/completions".to_owned(), Vec::new()))
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put(&call.profile.max_tokens_field, settings.max_tokens);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "top_p", "top_p", settings.top_p);
    body.put_if(sampling, "presence_penalty", "presence_penalty", settings.presence_penalty);
    body.put_if(sampling, "frequency_penalty", "frequency_penalty", settings.frequency_penalty);
    body.put("seed", settings.seed);
    body.put("stop", settings.stop_sequences.clone());
}

/// Whether and how hard to think, in the family's way; noted as left out when the family has none.
fn thinking(call: &Call<'_>, body: &mut Body) {
    let profile = call.profile;
    let Some(asked) = call.settings.thinking else { return };
    let said = match asked {
        _ if profile.thinking == ThinkingStyle::None => false,
        Thinking::Enabled(false) => {
            body.merge(profile.thinking_off.as_ref());
            let has_word = profile.thinking_off.is_none() && profile.thinking_optional;
            put_effort(call, has_word.then_some("none"), body) || profile.thinking_off.is_some()
        }
        Thinking::Enabled(true) | Thinking::Effort(_) => {
            body.merge(profile.thinking_on.as_ref());
            let effort = if let Thinking::Effort(effort) = asked { effort } else { Effort::Medium };
            put_effort(call, profile.effort(effort), body) || profile.thinking_on.is_some()
        }
    };
    body.omit("thinking", !said);
}

/// The word for an effort, where the style has it: <https://platform.openai.com/docs/guides/reasoning> and
/// <https://openrouter.ai/docs/use-cases/reasoning-tokens>. Returns whether there was one.
fn put_effort(call: &Call<'_>, word: Option<&str>, body: &mut Body) -> bool {
    let Some(word) = word else { return false };
    let field = match call.profile.thinking {
        ThinkingStyle::ReasoningObject => json!({"reasoning": {"effort": word}}),
        ThinkingStyle::ReasoningEffort => json!({"reasoning_effort": word}),
        _ => return false,
    };
    body.merge(field.as_object());
    true
}

/// JSON, held to the schema or not: <https://platform.openai.com/docs/guides/structured-outputs>.
fn response_format(call: &Call<'_>) -> Result<Option<Value>, ModelError> {
    let json_object = || output::is_json_object(call).then(|| json!({"type": "json_object"}));
    Ok(output::native(call)?.map(json_schema).or_else(json_object))
}

fn json_schema(native: NativeOutput) -> Value {
    let mut format = json!({"name": native.name, "schema": native.schema});
    if let Some(description) = native.description {
        format["description"] = Value::from(description);
    }
    if let Some(strict) = native.strict {
        format["strict"] = Value::from(strict);
    }
    json!({"type": "json_schema", "json_schema": format})
}

/// The tool for the output, which the model is made to call where it can be.
fn output_tool(call: &Call<'_>, body: &mut Body) {
    let Some(tool) = output::tool(call) else { return };
    let mut function =
        json!({"name": output::TOOL_NAME, "description": tool.description, "parameters": tool.parameters});
    if tool.strict {
        function["strict"] = Value::from(true);
    }
    body.put("tools", Some(json!([{"type": "function", "function": function}])));
    body.put("tool_choice", Some(if output::can_force_tool(call) { "required" } else { "auto" }));
}
