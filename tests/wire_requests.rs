//! The requests that llmbench writes are the ones that PydanticAI writes, field by field.

mod wire_support;

use llmbench::catalog::profile;
use llmbench::message::{ModelMessage, ModelRequest, history_from_json};
use llmbench::settings::Settings;
use llmbench::wire::{Call, HttpRequest, interface};
use serde_json::{Value, json};
use wire_support::{documents, kind_of, kit};

/// What comes before the prompt in the scenarios that have a history.
fn history(scenario: &str) -> Value {
    let user = |text: &str| json!({"kind": "request", "parts": [{"part_kind": "user-prompt", "content": text}]});
    match scenario {
        "history3" => json!([
            user("My name is Zoë."),
            {"kind": "response", "parts": [{"part_kind": "text", "content": "Nice to meet you, Zoë!"}]},
        ]),
        "history_tool_call" => json!([
            user("What is the weather in Paris?"),
            {"kind": "response", "parts": [
                {"part_kind": "text", "content": "Let me look."},
                {"part_kind": "tool-call", "tool_name": "get_weather", "args": {"city": "Paris"}, "tool_call_id": "call_1"},
            ]},
            {"kind": "request", "parts": [{"part_kind": "tool-return", "tool_name": "get_weather",
                "content": "sunny, 21 °C", "tool_call_id": "call_1"}]},
        ]),
        _ => json!([]),
    }
}

fn written(provider: &str, wanted: &Value) -> HttpRequest {
    let scenario = wanted["scenario"].as_str().expect("a scenario");
    let mut messages = history_from_json(history(scenario).to_string().as_bytes()).expect("a history");
    if let Some(prompt) = wanted["prompt"].as_str().filter(|prompt| !prompt.is_empty()) {
        let system = (scenario == "system_prompt").then_some("Answer in one word.");
        messages.push(ModelMessage::Request(ModelRequest::user(prompt, system, None)));
    }
    let settings: Settings = serde_json::from_value(wanted["settings"].clone()).expect("settings");
    let kind = kind_of(provider);
    let model = wanted["model"].as_str().expect("a model");
    let call = Call {
        model,
        messages: &messages,
        settings: &settings,
        output: None,
        stream: wanted["stream"] == true,
        profile: &profile(provider, kind, model),
    };
    interface(kind).expect("a wire format").encode(&call).expect("can be said")
}

/// What carries no meaning is dropped: nulls, empty lists, `stream: false`, Google's `responseModalities`; and the
/// tools, which llmbench doesn't offer.
fn clean(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(clean).collect(),
        Value::Object(fields) => fields.into_iter().filter_map(|(name, value)| clean_field(name, value)).collect(),
        value => value,
    }
}

fn clean_field(name: String, value: Value) -> Option<(String, Value)> {
    let value = clean(value);
    let meaningless = match name.as_str() {
        "stream" => value == false,
        "n" => value == 1,
        "top_p" => value == 1.0,
        "responseModalities" | "tools" | "tool_choice" | "toolConfig" | "toolChoice" => true,
        _ => value.is_null() || value == json!([]),
    };
    if meaningless {
        return None;
    }
    match (name.as_str(), &value) {
        ("arguments", Value::String(text)) => Some((name, serde_json::from_str(text).expect("JSON"))),
        _ => Some((name, value)),
    }
}

#[test]
fn requests_are_pydantic_ais() {
    let Some(root) = kit("requests") else { return };
    let mut seen = 0;
    for (provider, name, wanted) in documents(&root) {
        if wanted["scenario"].as_str().is_none_or(|scenario| scenario.starts_with("output_")) {
            continue;
        }
        seen += 1;
        let request = written(&provider, &wanted);
        let path = wanted["path_with_query"].as_str().expect("a path");
        assert!(path.split(".com").last().expect("a path").ends_with(&request.path), "{name}: {path}");
        assert_eq!(clean(request.body), clean(wanted["body"].clone()), "{name}");
        let omitted = wanted["settings"].as_object().expect("settings").keys().filter(|key| {
            matches!((provider.as_str(), key.as_str()), ("ollama", "thinking"))
                || provider == "anthropic" && matches!(key.as_str(), "seed" | "presence_penalty" | "frequency_penalty")
        });
        let mut told = request.omitted.clone();
        told.sort_unstable();
        let mut omitted: Vec<&str> = omitted.map(String::as_str).collect();
        omitted.sort_unstable();
        assert_eq!(told, omitted, "{name}");
    }
    assert!(seen >= 36, "{seen} requests in {}", root.display());
}
