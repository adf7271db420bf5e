//! What each family is asked for is what PydanticAI asks it for.

use serde_json::{Value, json};

use super::KIND;
use crate::catalog::profile;
use crate::message::history_from_json;
use crate::settings::{OutputSpec, Settings};
use crate::wire::testing::encoded;
use crate::wire::{Call, interface, output_mode};

/// What PydanticAI asks of models of many families.
const MODELS: &str = include_str!("../../../../tests/data/bedrock_models.json");

fn models() -> Vec<Value> {
    serde_json::from_str(MODELS).expect("JSON")
}

fn name(model: &Value) -> &str {
    model["model"].as_str().expect("a name")
}

/// PydanticAI asks it to think, and the vendor refuses.
const CANNOT_THINK: &str = "anthropic.claude-3-sonnet-20240229-v1:0";

#[test]
fn families_are_asked_to_think_as_pydantic_ai_asks_them() {
    for model in models() {
        let thinks = name(&model) != CANNOT_THINK;
        for (asked, wanted) in model["thinking"].as_object().into_iter().flatten().filter(|_| thinks) {
            let thinking = serde_json::from_str(asked).unwrap_or_else(|_| json!(asked));
            let body = encoded(KIND, name(&model), &json!([]), &json!({"thinking": thinking, "temperature": 0.5})).body;
            assert_eq!(&body["additionalModelRequestFields"], wanted, "{} {asked}", name(&model));
        }
        let body = encoded(KIND, name(&model), &json!([]), &json!({"temperature": 0.5})).body;
        assert_eq!(body["inferenceConfig"], model["inferenceConfig"], "{}", name(&model));
    }
}

#[test]
fn families_read_a_history_as_pydantic_ai_writes_it() {
    let history = json!([
        {"kind": "request", "parts": [{"part_kind": "user-prompt", "content": "q"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "hm"},
            {"part_kind": "thinking", "content": "mine", "signature": "s", "provider_name": "bedrock"},
            {"part_kind": "tool-call", "tool_name": "f", "args": {"a": 1}, "tool_call_id": "c1"}]},
        {"kind": "request", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": 1}, "tool_call_id": "c1"},
            {"part_kind": "user-prompt", "content": "more"}]},
    ]);
    let leading = json!([{"kind": "response", "parts": [{"part_kind": "text", "content": "a"}]}]);
    for model in models() {
        let body = encoded(KIND, name(&model), &history, &json!({})).body;
        assert_eq!(body["messages"], model["history"], "{}", name(&model));
        let first = &encoded(KIND, name(&model), &leading, &json!({})).body["messages"][0]["role"];
        let wanted = if model["leading"] == true { "assistant" } else { "user" };
        assert_eq!(first, wanted, "{}", name(&model));
    }
}

#[test]
fn families_give_their_output_as_pydantic_ai_wants_it() {
    let schema = json!({"title": "City", "type": "object", "properties": {"city": {"type": "string"}}});
    let output = OutputSpec::new(schema.as_object().expect("an object"), None);
    for model in models() {
        let profile = profile("bedrock", KIND, name(&model));
        for (asked, wanted) in model["output"].as_object().expect("modes") {
            // A model that can't think has nothing to do with what is asked of its thinking.
            if asked == "true" && (model["thinking"].is_null() || name(&model) == CANNOT_THINK) {
                continue;
            }
            let thinking = serde_json::from_str(asked).ok();
            let settings: Settings =
                serde_json::from_value(json!({"thinking": thinking.unwrap_or(Value::Null)})).expect("settings");
            let call = Call {
                model: name(&model),
                messages: &history_from_json(b"[]").expect("a history"),
                settings: &settings,
                output: Some(&output),
                stream: false,
                profile: &profile,
            };
            let body = interface(KIND).expect("a wire format").encode(&call).expect("can be said").body;
            let choice = body["toolConfig"]["toolChoice"].as_object().and_then(|choice| choice.keys().next());
            let told = json!([output_mode(&call).as_str(), choice]);
            assert_eq!(&told, wanted, "{} {asked}", name(&model));
            let title = &body["toolConfig"]["tools"][0]["toolSpec"]["inputSchema"]["json"]["title"];
            if told[0] == "tool" {
                assert_eq!(title.is_string(), model["inlined_title"] == true, "{}", name(&model));
            }
        }
    }
}
