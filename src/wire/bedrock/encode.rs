//! Writes requests for Converse and ConverseStream.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};

use super::messages::messages;
use super::thinking;
use crate::message::{ModelMessage, RequestPart, ResponsePart};
use crate::wire::request::{Body, instruction_texts, system_prompts, takes_sampling};
use crate::wire::{Call, HttpRequest, ModelError, output};

/// What stands in a path as it is (RFC 3986, 2.3): a model's name, or its ARN, is one segment of it.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The whole request.
pub fn request(call: &Call<'_>) -> Result<HttpRequest, ModelError> {
    let mut body = Body::default();
    body.put("messages", Some(messages(call)?));
    body.put("system", system(call));
    let config = inference_config(call);
    let config = body.nested(config);
    body.put("inferenceConfig", Some(config));
    body.put("outputConfig", output_config(call)?);
    let mut fields = thinking::fields(call, &mut body);
    if let Some(tools) = tool_config(call, &mut fields) {
        body.put("toolConfig", Some(tools));
    }
    body.put("additionalModelRequestFields", Some(fields).filter(|fields| !fields.is_empty()));
    let operation = if call.stream { "converse-stream" } else { "converse" };
    let path = format!("/model/{}/{operation}", utf8_percent_encode(call.model, SEGMENT));
    Ok(body.into_request(call, path, Vec::new()))
}

fn system(call: &Call<'_>) -> Option<Vec<Value>> {
    let texts = system_prompts(call).into_iter().chain(instruction_texts(call));
    let blocks: Vec<Value> = texts.map(|text| json!({"text": text})).collect();
    (!blocks.is_empty()).then_some(blocks)
}

fn inference_config(call: &Call<'_>) -> Body {
    let settings = call.settings;
    let sampling = takes_sampling(call);
    let mut config = Body::default();
    config.put("maxTokens", max_tokens(call));
    config.put_if(sampling, "temperature", "temperature", settings.temperature);
    config.put_if(sampling, "topP", "top_p", settings.top_p);
    config.put("stopSequences", settings.stop_sequences.clone());
    config.omit("seed", settings.seed.is_some());
    config.omit("presence_penalty", settings.presence_penalty.is_some());
    config.omit("frequency_penalty", settings.frequency_penalty.is_some());
    config
}

/// The limit; no more than the family can, since the vendor refuses more, and that much when the user names none, since
/// the vendor's own default may be too little to think with.
pub fn max_tokens(call: &Call<'_>) -> Option<u64> {
    let most = call.profile.max_tokens;
    call.settings.max_tokens.map(|asked| most.map_or(asked, |most| asked.min(most))).or(most)
}

/// The schema that an answer is held to: <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>.
fn output_config(call: &Call<'_>) -> Result<Option<Value>, ModelError> {
    let Some(native) = output::native(call)? else { return Ok(None) };
    let mut schema = json!({"name": native.name, "schema": Value::Object(native.schema).to_string()});
    if let Some(description) = native.description {
        schema["description"] = Value::from(description);
    }
    Ok(Some(json!({"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}})))
}

/// The tool for the output, which the model is made to call where it can be; else what the history calls.
fn tool_config(call: &Call<'_>, fields: &mut Map<String, Value>) -> Option<Value> {
    let Some(tool) = output::tool(call) else { return called_tools(call, fields) };
    let mut spec = json!({
        "name": output::TOOL_NAME, "description": tool.description, "inputSchema": {"json": tool.parameters},
    });
    if tool.strict {
        spec["strict"] = Value::Bool(true);
    }
    let mut config = json!({"tools": [{"toolSpec": spec}]});
    if call.profile.tool_choice {
        let choice = if output::can_force_tool(call) { "any" } else { "auto" };
        config["toolChoice"] = json!({choice: {}});
    }
    Some(config)
}

/// The vendor refuses calls in a history without any tools. There is nothing to run them here: a model that can be told
/// to call none is told.
fn called_tools(call: &Call<'_>, fields: &mut Map<String, Value>) -> Option<Value> {
    let names = called(call.messages);
    if names.is_empty() {
        return None;
    }
    if call.profile.tool_choice_none {
        fields.insert("tool_choice".to_owned(), json!({"type": "none"}));
    }
    let any = json!({"json": {"type": "object"}});
    let tools = names.into_iter().map(|name| json!({"toolSpec": {"name": name, "inputSchema": any}}));
    Some(json!({"tools": tools.collect::<Vec<_>>()}))
}

/// The names of the tools that a history calls or has results of.
fn called(messages: &[ModelMessage]) -> BTreeSet<&str> {
    let names = messages.iter().flat_map(|message| match message {
        ModelMessage::Request(request) => request.parts.iter().filter_map(returned).collect::<Vec<_>>(),
        ModelMessage::Response(response) => response.parts.iter().filter_map(call_name).collect(),
    });
    names.collect()
}

fn returned(part: &RequestPart) -> Option<&str> {
    match part {
        RequestPart::ToolReturn(result) => Some(&result.tool_name),
        RequestPart::RetryPrompt(retry) => retry.tool_name.as_deref(),
        _ => None,
    }
}

fn call_name(part: &ResponsePart) -> Option<&str> {
    match part {
        ResponsePart::ToolCall(call) => Some(&call.tool_name),
        _ => None,
    }
}
