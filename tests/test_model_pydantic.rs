//! The test model and PydanticAI's own, side by side; without a Python that has PydanticAI nothing can be compared.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use llmbench::message::{ModelMessage, ModelRequest, ModelResponse, history_from_json};
use llmbench::model::{Outcome, Request, TestModel};
use llmbench::run::{Lane, Run};
use llmbench::settings::{OutputMode, OutputSpec};
use serde_json::{Value, json};

/// Answers each request, `{"schema", "seed", "messages"}`, as PydanticAI does.
const PYTHON: &str = r#"
import json, sys
from pydantic_ai import ModelMessagesTypeAdapter
from pydantic_ai.direct import model_request_sync
from pydantic_ai.models import ModelRequestParameters
from pydantic_ai.models.test import TestModel
from pydantic_ai.tools import ToolDefinition

def answer(asked):
    parameters = ModelRequestParameters()
    if asked["schema"] is not None:
        tool = ToolDefinition(name="final_result", parameters_json_schema=asked["schema"], kind="output")
        parameters = ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=False)
    messages = ModelMessagesTypeAdapter.validate_python(asked["messages"])
    model = TestModel(seed=asked["seed"])
    return model_request_sync(model, messages, model_request_parameters=parameters)

answers = [answer(asked) for asked in json.load(sys.stdin)]
print(ModelMessagesTypeAdapter.dump_json(answers).decode())
"#;

/// What PydanticAI answers to these requests.
fn pydantic(asked: &[Value]) -> Option<Vec<ModelMessage>> {
    let Some(python) = std::env::var_os("LLMBENCH_TEST_PYTHON") else {
        eprintln!("skipped: LLMBENCH_TEST_PYTHON names no Python with PydanticAI");
        return None;
    };
    let mut command = Command::new(python);
    let command = command.args(["-c", PYTHON]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("Python starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(Value::from(asked).to_string().as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{output:?}");
    Some(history_from_json(&output.stdout).expect("messages"))
}

fn messages(asked: &Value) -> Vec<ModelMessage> {
    history_from_json(asked["messages"].to_string().as_bytes()).expect("messages")
}

/// What the test model answers, in this mode, when a schema is asked for.
async fn own(asked: &Value, mode: OutputMode) -> llmbench::run::LaneRecord {
    let output = asked["schema"].as_object().map(|schema| Arc::new(OutputSpec::new(schema, Some(mode))));
    let spec = format!("test,seed={}", asked["seed"]);
    let model = TestModel::parse("test:test", &spec).expect("a test model");
    let request = Request { messages: messages(asked), output, stream: true, ..Request::default() };
    Run::to_end(vec![Lane::new(Arc::new(model), request)]).await.remove(0)
}

/// Schemas of every kind that pydantic writes.
fn schemas() -> Vec<Value> {
    let object =
        |property: Value| json!({"type": "object", "required": ["p"], "properties": {"p": property, "unneeded": {}}});
    let properties = [
        json!({"type": "string"}),
        json!({"type": "string", "minLength": 5}),
        json!({"type": "string", "maxLength": 0}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "examples": ["Rome", "Bern"]}),
        json!({"enum": ["red", "green", "blue"]}),
        json!({"const": {"a": [1, null]}}),
        json!({"type": "integer"}),
        json!({"type": "integer", "minimum": 3}),
        json!({"type": "integer", "maximum": 3}),
        json!({"type": "integer", "minimum": -2, "maximum": 4}),
        json!({"type": "integer", "minimum": 4, "maximum": 4}),
        json!({"type": "integer", "exclusiveMinimum": 0, "exclusiveMaximum": 10}),
        json!({"type": "integer", "minimum": 0, "exclusiveMaximum": 10}),
        json!({"type": "number"}),
        json!({"type": "number", "minimum": 0.25}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
        json!({"type": "number", "minimum": 1, "maximum": 3}),
        json!({"type": "number", "exclusiveMaximum": 7}),
        json!({"type": "boolean"}),
        json!({"type": "null"}),
        json!({"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "boolean"}, {"type": "string"}]}),
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": true}),
        json!({"type": "array", "items": {}, "maxItems": 0}),
        json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "minItems": 2, "maxItems": 2}),
        json!({"type": "object", "additionalProperties": {"type": "number"}}),
        json!({"type": "object", "additionalProperties": true, "properties": {"a": {}}, "required": ["a"]}),
        json!({}),
        json!(true),
    ];
    let cat = json!({"type": "object", "required": ["lives"], "properties": {
        "kind": {"const": "cat", "default": "cat"}, "lives": {"type": "integer", "minimum": 1, "maximum": 9}}});
    let dog = json!({"type": "object", "properties": {"kind": {"const": "dog"}, "tricks": {"type": "array"}}});
    let pets = json!({"$defs": {"Cat": cat, "Dog": dog}, "type": "object", "required": ["pet", "lives"], "properties": {
        "pet": {"oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}], "discriminator": {"propertyName": "kind"}},
        "lives": {"$ref": "#/$defs/Cat/properties/lives"}}});
    properties.into_iter().map(object).chain([pets]).collect()
}

fn prompt(text: &str) -> Value {
    json!([ModelMessage::Request(ModelRequest::user(text, Some("Be brief: one word."), None))])
}

/// What both models tell of themselves, without the fields that PydanticAI writes for nothing told.
fn told(response: &ModelResponse) -> Value {
    let mut parts = json!(response.parts);
    for part in parts.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut) {
        part.retain(|_, field| !field.is_null());
    }
    let usage = (response.usage.input_tokens, response.usage.output_tokens);
    json!([parts, usage, response.model_name, response.provider_name, response.finish_reason])
}

#[tokio::test]
async fn the_same_data_for_the_same_schema_and_seed() {
    let seeds = [0, 1, 2, 7, 93, 94, 200];
    let asked: Vec<Value> = schemas()
        .into_iter()
        .flat_map(|schema| seeds.map(|seed| json!({"schema": schema, "seed": seed, "messages": prompt("Where?")})))
        .collect();
    let Some(theirs) = pydantic(&asked) else { return };
    assert_eq!(theirs.len(), asked.len());
    for (asked, theirs) in asked.iter().zip(theirs) {
        let ModelMessage::Response(theirs) = theirs else { panic!("{theirs:?}") };
        let ours = own(asked, OutputMode::Tool).await;
        assert_eq!((told(ours.response()), ours.outcome()), (told(&theirs), Outcome::Completed), "{asked}");
    }
}

#[tokio::test]
async fn the_same_words_without_a_schema() {
    let returned = json!([
        {"kind": "request", "parts": [{"part_kind": "user-prompt", "content": ["Look", "up, please."]}]},
        {"kind": "response", "parts": [{"part_kind": "text", "content": "I will."},
            {"part_kind": "tool-call", "tool_name": "f", "args": {"a": "b c"}, "tool_call_id": "1"}]},
        {"kind": "request", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": [1, "two"]}, "tool_call_id": "1"}]},
    ]);
    let asked = [prompt("Hi"), prompt("  spaces, \"quotes\" and: more.  "), returned]
        .map(|messages| json!({"schema": null, "seed": 0, "messages": messages}));
    let Some(theirs) = pydantic(&asked) else { return };
    for (asked, theirs) in asked.iter().zip(theirs) {
        let ModelMessage::Response(theirs) = theirs else { panic!("{theirs:?}") };
        assert_eq!(told(own(asked, OutputMode::Tool).await.response()), told(&theirs), "{asked}");
    }
}

#[tokio::test]
async fn data_fits_its_schema_in_every_mode() {
    for schema in schemas() {
        for mode in [OutputMode::Tool, OutputMode::Native, OutputMode::Prompted] {
            let asked = json!({"schema": schema, "seed": 3, "messages": prompt("Where?")});
            let lane = own(&asked, mode).await;
            assert_eq!((lane.outcome(), lane.error), (Outcome::Completed, None), "{schema} {mode:?}");
        }
    }
}
