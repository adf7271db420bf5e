//! The requests that llmbench writes are the ones that PydanticAI writes, field by field.

mod wire_support;

use llmbench::catalog::profile;
use llmbench::message::{ModelMessage, ModelRequest, history_from_json};
use llmbench::settings::{OutputSpec, Settings};
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

/// The structured output of the scenarios that ask for one.
fn output(scenario: &str) -> Option<OutputSpec> {
    let mode = serde_json::from_value(Value::from(scenario.strip_prefix("output_")?)).expect("a mode");
    let schema = json!({"title": "City", "type": "object", "required": ["city", "country"],
        "properties": {"city": {"type": "string"}, "country": {"type": "string"}}});
    Some(OutputSpec::new(schema.as_object().expect("an object"), Some(mode)))
}

fn written(provider: &str, wanted: &Value) -> HttpRequest {
    let scenario = wanted["scenario"].as_str().expect("a scenario");
    let mut messages = history_from_json(history(scenario).to_string().as_bytes()).expect("a history");
    if let Some(prompt) = wanted["prompt"].as_str().filter(|prompt| !prompt.is_empty()) {
        let system = (scenario == "system_prompt").then_some("Answer in one word.");
        messages.push(ModelMessage::Request(ModelRequest::user(prompt, system, None)));
    }
    let settings: Settings = serde_json::from_value(wanted["settings"].clone()).expect("settings");
    let (kind, output) = (kind_of(provider), output(scenario));
    let model = wanted["model"].as_str().expect("a model");
    let call = Call {
        model,
        messages: &messages,
        settings: &settings,
        output: output.as_ref(),
        stream: wanted["stream"] == true,
        profile: &profile(provider, kind, model),
    };
    interface(kind).expect("a wire format").encode(&call).expect("can be said")
}

/// A body as check_requests.py compares it: without what carries no meaning, and without the definitions of tools where
/// the history calls one, which llmbench doesn't offer.
fn clean(body: &Value, scenario: &str) -> Value {
    let mut body = body.clone();
    if scenario == "history_tool_call" {
        let fields = body.as_object_mut().expect("an object");
        fields.retain(|name, _| !matches!(name.as_str(), "tools" | "tool_choice" | "toolConfig" | "toolChoice"));
    }
    meaningful(body)
}

/// Without nulls, empty lists, `stream: false`, `n: 1`, `top_p: 1.0` and Google's `responseModalities`.
fn meaningful(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(meaningful).collect(),
        Value::Object(fields) => fields.into_iter().filter_map(|(name, value)| meaningful_field(name, value)).collect(),
        value => value,
    }
}

fn meaningful_field(name: String, value: Value) -> Option<(String, Value)> {
    let value = meaningful(value);
    let meaningless = match name.as_str() {
        "stream" => value == false,
        "n" => value == 1,
        "top_p" => value == 1.0,
        "responseModalities" => true,
        _ => false,
    };
    if meaningless || value.is_null() || value == json!([]) {
        return None;
    }
    match (name.as_str(), &value) {
        ("arguments", Value::String(text)) => Some((name, serde_json::from_str(text).expect("JSON"))),
        _ => Some((name, value)),
    }
}

/// The settings that PydanticAI leaves out of this body: of thinking there is no word, of others no value.
fn left_out<'a>(settings: &'a Value, body: &Value) -> Vec<&'a str> {
    let fields = settings.as_object().expect("settings").iter();
    let left_out = fields.filter(|(name, value)| match name.as_str() {
        "thinking" => !holds(body, &|name, _| name.contains("thinking") || name.contains("reasoning")),
        _ => !holds(body, &|_, held| held == *value),
    });
    let mut names: Vec<_> = left_out.map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

/// Whether there is such a field anywhere.
fn holds(body: &Value, is_such: &dyn Fn(&str, &Value) -> bool) -> bool {
    match body {
        Value::Object(fields) => fields.iter().any(|(name, value)| is_such(name, value) || holds(value, is_such)),
        Value::Array(items) => items.iter().any(|item| holds(item, is_such)),
        _ => false,
    }
}

/// Whether a request goes to this path, which has the provider's own beginning and query besides.
fn goes_to(path: &str, wanted: &str) -> bool {
    let halves = |path: &str| {
        path.split_once('?').map_or((path.to_owned(), String::new()), |(a, b)| (a.to_owned(), b.to_owned()))
    };
    let ((path, query), (wanted_path, wanted_query)) = (halves(path), halves(wanted));
    wanted_path.ends_with(&path) && wanted_query.contains(&query)
}

#[test]
fn requests_are_pydantic_ais() {
    let Some(root) = kit("requests") else { return };
    let mut seen = 0;
    for (provider, name, wanted) in documents(&root) {
        let Some(scenario) = wanted["scenario"].as_str() else { continue };
        seen += 1;
        let request = written(&provider, &wanted);
        let path = wanted["path_with_query"].as_str().expect("a path");
        assert!(goes_to(&request.path, path), "{name}: {} {path}", request.path);
        assert_eq!(clean(&request.body, scenario), clean(&wanted["body"], scenario), "{name}");
        let mut told = request.omitted.clone();
        told.sort_unstable();
        assert_eq!(told, left_out(&wanted["settings"], &wanted["body"]), "{name}");
    }
    let alone = std::env::var_os("WIRE_ONLY").is_some();
    assert!(alone || seen >= 195, "{seen} requests in {}", root.display());
}
