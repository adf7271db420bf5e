//! Writes requests for generateContent.

use std::fmt::Write;

use serde_json::{Value, json};

use super::SIGNATURE;
use crate::catalog::ThinkingStyle;
use crate::message::{ModelMessage, RequestPart, ResponsePart, ToolReturn};
use crate::settings::{OutputSpec, Thinking};
use crate::wire::content::{Content, not_taken, prompt_content};
use crate::wire::request::{Body, call_args, retry_text, system_texts, takes_sampling, unknown_part};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// Stands for the signature of a call that Gemini did not sign, such as another model's:
/// <https://ai.google.dev/gemini-api/docs/thought-signatures>. Base64 of `skip_thought_signature_validator`.
const NO_SIGNATURE: &str = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    let system: Vec<Value> = system_texts(call).into_iter().map(|text| json!({"text": text})).collect();
    body.put("systemInstruction", (!system.is_empty()).then(|| json!({"role": "user", "parts": system})));
    body.put("contents", Some(contents(call)?));
    let mut config = generation_config(call);
    response_format(call, &mut config)?;
    let config = body.nested(config);
    body.put("generationConfig", Some(config));
    output_tool(call, &mut body);
    Ok(body.into_request(call, path(call), Vec::new()))
}

/// The tool for the output, which the model is made to call.
fn output_tool(call: &Call<'_>, body: &mut Body) {
    let Some(tool) = output::tool(call) else { return };
    let declared = json!({
        "name": output::TOOL_NAME, "description": tool.description, "parameters_json_schema": tool.parameters,
    });
    body.put("tools", Some(json!([{"functionDeclarations": [declared]}])));
    let mode = if call.profile.tool_choice_required { "ANY" } else { "AUTO" };
    body.put("toolConfig", Some(json!({"functionCallingConfig": {"mode": mode}})));
}

/// JSON, held to the schema or not: <https://ai.google.dev/gemini-api/docs/structured-output>.
fn response_format(call: &Call<'_>, config: &mut Body) -> Result<(), ModelError> {
    let native = output::native(call)?;
    let is_json = native.is_some() || output::is_json_object(call);
    config.put("responseMimeType", is_json.then_some("application/json"));
    let title = call.output.and_then(OutputSpec::title);
    let schema = native.map(|native| {
        let mut schema = native.schema;
        for (keyword, text) in [("title", title), ("description", native.description.as_deref())] {
            if let Some(text) = text {
                schema.insert(keyword.to_owned(), Value::from(text));
            }
        }
        schema
    });
    config.put("responseJsonSchema", schema);
    Ok(())
}

fn path(call: &Call<'_>) -> String {
    let method = if call.stream { "streamGenerateContent?alt=sse" } else { "generateContent" };
    format!("/{}:{method}", escaped(&resource(call)))
}

/// The model as a resource: <https://ai.google.dev/api/models> names tuned ones with their folder; Vertex AI keeps
/// models under who published them, Google unless another name stands before the slash, and endpoints in projects.
fn resource(call: &Call<'_>) -> String {
    match call.model.split_once('/') {
        Some(("models" | "publishers" | "projects" | "tunedModels", _)) => call.model.to_owned(),
        Some((publisher, name)) if call.profile.publishers => format!("publishers/{publisher}/models/{name}"),
        None if call.profile.publishers => format!("publishers/google/models/{}", call.model),
        Some(_) => call.model.to_owned(),
        None => format!("models/{}", call.model),
    }
}

/// A model's name for a path: what would end the path or isn't ASCII is escaped.
fn escaped(model: &str) -> String {
    let mut path = String::new();
    for byte in model.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/:@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            let _ = write!(path, "%{byte:02X}");
        }
    }
    path
}

fn generation_config(call: &Call<'_>) -> Body {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    let mut config = Body::default();
    config.put_if(sampling, "temperature", "temperature", settings.temperature);
    config.put_if(sampling, "topP", "top_p", settings.top_p);
    config.put("maxOutputTokens", settings.max_tokens);
    config.put("stopSequences", settings.stop_sequences.clone());
    config.put_if(sampling, "presencePenalty", "presence_penalty", settings.presence_penalty);
    config.put_if(sampling, "frequencyPenalty", "frequency_penalty", settings.frequency_penalty);
    config.put("seed", settings.seed);
    match thinking_config(call) {
        Some(thinking) => config.put("thinkingConfig", Some(thinking)),
        None => config.omit("thinking", settings.thinking.is_some()),
    }
    config
}

/// Thinking after <https://ai.google.dev/gemini-api/docs/thinking>; the vendor takes these fields in either case, and
/// PydanticAI writes them so.
fn thinking_config(call: &Call<'_>) -> Option<Value> {
    let profile = call.profile;
    match (profile.thinking, call.settings.thinking?) {
        (ThinkingStyle::ThinkingBudget, Thinking::Enabled(false)) => {
            profile.thinking_optional.then(|| json!({"thinking_budget": 0}))
        }
        (ThinkingStyle::ThinkingBudget | ThinkingStyle::ThinkingLevel, Thinking::Enabled(true)) => {
            Some(json!({"include_thoughts": true}))
        }
        (ThinkingStyle::ThinkingBudget, Thinking::Effort(effort)) => {
            Some(json!({"include_thoughts": true, "thinking_budget": profile.budget(effort)?}))
        }
        (ThinkingStyle::ThinkingLevel, Thinking::Effort(effort)) => {
            Some(json!({"include_thoughts": true, "thinking_level": profile.effort(effort)?}))
        }
        _ => None,
    }
}

fn contents(call: &Call<'_>) -> Result<Vec<Value>, ModelError> {
    let mut contents = Vec::new();
    for message in call.messages {
        let (role, parts) = match message {
            ModelMessage::Request(request) => ("user", user_parts(&request.parts)?),
            ModelMessage::Response(response) => ("model", model_parts(&response.parts)),
        };
        if !parts.is_empty() {
            contents.push(json!({"role": role, "parts": parts}));
        }
    }
    Ok(contents)
}

/// <https://ai.google.dev/api/caching#Part>
fn item(content: &Content<'_>) -> Result<Value, ModelError> {
    match content {
        Content::Text(text) => Ok(json!({"text": text})),
        Content::Image(media) | Content::Document(media) => {
            Ok(json!({"inlineData": {"mimeType": media.media_type, "data": media.data}}))
        }
        Content::ImageUrl(_) => Err(not_taken("Gemini", content)),
    }
}

fn user_parts(parts: &[RequestPart]) -> Result<Vec<Value>, ModelError> {
    let mut written = Vec::new();
    for part in parts {
        match part {
            RequestPart::SystemPrompt(_) => {}
            RequestPart::UserPrompt(prompt) => {
                for content in prompt_content(prompt)? {
                    written.push(item(&content)?);
                }
            }
            RequestPart::ToolReturn(result) => {
                written.push(function_response(&result.tool_call_id, &result.tool_name, &returned(result)));
            }
            RequestPart::RetryPrompt(retry) => written.push(match &retry.tool_name {
                Some(name) => function_response(&retry.tool_call_id, name, &json!({"error": retry.text()})),
                None => json!({"text": retry_text(retry)}),
            }),
            RequestPart::Other(part) => return Err(unknown_part(part)),
        }
    }
    Ok(written)
}

fn function_response(id: &str, name: &str, response: &Value) -> Value {
    json!({"functionResponse": {"id": id, "name": name, "response": response}})
}

/// The vendor wants an object: one stays as it is, anything else is wrapped as PydanticAI does.
fn returned(result: &ToolReturn) -> Value {
    if result.content.is_object() { result.content.clone() } else { json!({"return_value": result.content}) }
}

/// An answer of an earlier turn. The signature of thinking goes with the part after it, and the first call must have
/// one.
fn model_parts(parts: &[ResponsePart]) -> Vec<Value> {
    let mut written = Vec::new();
    let mut pending: Option<&str> = None;
    let mut called = false;
    for part in parts {
        let own_signature = own_signature(part);
        let signature = own_signature.or(pending.take());
        match part {
            // A signature may come alone, behind the text or the thinking that it signs.
            ResponsePart::Text(text) if !text.content.is_empty() || own_signature.is_some() => {
                written.push(signed(json!({"text": text.content}), signature));
            }
            ResponsePart::Thinking(thinking) => {
                pending = thinking.signature.as_deref().filter(|_| is_google(thinking.provider_name.as_deref()));
                if !thinking.content.is_empty() {
                    written.push(json!({"text": thinking.content, "thought": true}));
                }
            }
            ResponsePart::ToolCall(call) => {
                let id = &call.tool_call_id;
                let part = json!({"functionCall": {"id": id, "name": call.tool_name, "args": call_args(call)}});
                written.push(signed(part, signature.or((!called).then_some(NO_SIGNATURE))));
                called = true;
            }
            ResponsePart::Text(_) | ResponsePart::Other(_) => {}
        }
    }
    written
}

fn own_signature(part: &ResponsePart) -> Option<&str> {
    let (provider_name, details) = match part {
        ResponsePart::Text(text) => (&text.provider_name, &text.provider_details),
        ResponsePart::ToolCall(call) => (&call.provider_name, &call.provider_details),
        ResponsePart::Thinking(_) | ResponsePart::Other(_) => return None,
    };
    details.as_ref()?.get(SIGNATURE)?.as_str().filter(|_| is_google(provider_name.as_deref()))
}

/// Whether a signature is one of Google's own, under any of the names that PydanticAI has given the vendor.
fn is_google(provider_name: Option<&str>) -> bool {
    provider_name.is_none_or(|name| name.starts_with("google"))
}

fn signed(mut part: Value, signature: Option<&str>) -> Value {
    if let Some(signature) = signature {
        part["thoughtSignature"] = Value::from(signature);
    }
    part
}
