//! Writes requests for responses.

use serde_json::{Map, Value, json};

use super::history::input;
use crate::catalog::ThinkingStyle;
use crate::settings::{Effort, Thinking};
use crate::wire::request::{Body, instructions, takes_sampling};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    let mut input = input(call)?;
    let mut instructions = instructions(call).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if output::is_json_object(call) {
        // The vendor looks for the word JSON among the messages alone.
        let at = input.iter().take_while(|item| item["role"] == "system").count();
        input.splice(at..at, instructions.take().map(|text| json!({"role": "system", "content": text})));
    }
    if input.is_empty() {
        // The vendor wants some input beside instructions.
        input.push(json!({"role": "user", "content": ""}));
    }
    body.put("model", Some(call.model));
    body.put("instructions", instructions);
    body.put("input", Some(input));
    body.put("stream", Some(call.stream));
    body.put("include", reasons(call).then(|| json!(["reasoning.encrypted_content"])));
    settings(call, &mut body);
    reasoning(call, &mut body);
    body.put("text", text_format(call)?.map(|format| json!({"format": format})));
    output_tool(call, &mut body);
    Ok(body.into_request(call, "/responses".to_owned(), Vec::new()))
}

/// Whether the model reasons: only then there is reasoning to be sent back, encrypted, and items are known by their
/// identifiers.
pub fn reasons(call: &Call<'_>) -> bool {
    call.profile.thinking != ThinkingStyle::None
}

fn settings(call: &Call<'_>, body: &mut Body) {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    body.put("max_output_tokens", settings.max_tokens);
    body.put_if(sampling, "temperature", "temperature", settings.temperature);
    body.put_if(sampling, "top_p", "top_p", settings.top_p);
    body.omit("seed", settings.seed.is_some());
    body.omit("stop_sequences", settings.stop_sequences.is_some());
    body.omit("presence_penalty", settings.presence_penalty.is_some());
    body.omit("frequency_penalty", settings.frequency_penalty.is_some());
}

/// Reasoning after <https://platform.openai.com/docs/guides/reasoning>. A model that can't be told not to reason is
/// asked for the least of it.
fn reasoning(call: &Call<'_>, body: &mut Body) {
    let profile = call.profile;
    let effort = match call.settings.thinking.filter(|_| reasons(call)) {
        None => None,
        Some(Thinking::Enabled(false)) if profile.thinking_optional => Some("none"),
        Some(Thinking::Enabled(false)) => profile.effort(Effort::Minimal),
        Some(Thinking::Enabled(true)) => profile.effort(Effort::Medium),
        Some(Thinking::Effort(effort)) => profile.effort(effort),
    };
    body.omit("thinking", call.settings.thinking.is_some() && effort.is_none());
    let context = profile.reasoning_context.then_some("all_turns");
    let fields = [("effort", effort), ("context", context)];
    let reasoning: Map<String, Value> =
        fields.into_iter().filter_map(|(name, word)| Some((name.to_owned(), word?.into()))).collect();
    body.put("reasoning", Some(reasoning).filter(|reasoning| !reasoning.is_empty()));
}

/// JSON, held to the schema or not: <https://platform.openai.com/docs/guides/structured-outputs>.
fn text_format(call: &Call<'_>) -> Result<Option<Value>, ModelError> {
    let Some(native) = output::native(call)? else {
        return Ok(output::is_json_object(call).then(|| json!({"type": "json_object"})));
    };
    let mut format = json!({"type": "json_schema", "name": native.name, "schema": native.schema});
    if let Some(description) = native.description {
        format["description"] = description.into();
    }
    if let Some(strict) = native.strict {
        format["strict"] = strict.into();
    }
    Ok(Some(format))
}

/// The tool for the output, which the model is made to call where it can be.
fn output_tool(call: &Call<'_>, body: &mut Body) {
    let Some(tool) = output::tool(call) else { return };
    // Left out, `strict` would be true.
    let described = json!({
        "type": "function", "name": output::TOOL_NAME, "description": tool.description,
        "parameters": tool.parameters, "strict": tool.strict,
    });
    body.put("tools", Some(vec![described]));
    body.put("tool_choice", Some(if output::can_force_tool(call) { "required" } else { "auto" }));
}
