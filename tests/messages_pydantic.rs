//! Histories as PydanticAI's `ModelMessagesTypeAdapter` writes them: read and written again, nothing is lost.

#[path = "support/lanes.rs"]
mod lanes;

use std::path::Path;

use lanes::{ask, finish, test_model};
use llmbench::config::{Config, Environment, ProviderEntry};
use llmbench::message::{
    ModelMessage, ModelRequest, RequestPart, ResponsePart, ToolArgs, history_from_json, history_to_json,
};
use llmbench::model::{ErrorKind, ModelError, Overrides, Registry, Request};
use llmbench::run::{Lane, LaneReport, Run};
use serde_json::{Value, json};

const OWN: &str = include_str!("data/messages.json");

fn read(json: &str) -> Vec<ModelMessage> {
    history_from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{json}"))
}

fn written(history: &[ModelMessage]) -> Value {
    let text = history_to_json(history).expect("a history can be written");
    serde_json::from_str(&text).expect("JSON")
}

#[track_caller]
fn assert_survives(json: &str) {
    let before: Value = serde_json::from_str(json).expect("JSON");
    assert_eq!(written(&read(json)), before);
}

#[test]
fn a_history_of_every_kind_of_part_survives() {
    assert_survives(OWN);
}

#[test]
fn a_history_that_pydantic_ai_wrote_survives() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wire/pydantic_messages_example.json");
    // It is not part of the repository: whoever has it beside it gets it checked.
    if let Ok(json) = std::fs::read_to_string(example) {
        assert_survives(&json);
    }
}

#[test]
fn every_kind_of_part_is_known_for_what_it_is() {
    let history = read(OWN);
    let kinds: Vec<_> = history.iter().map(kinds).collect();
    assert_eq!(
        kinds,
        [
            vec!["system", "user", "user", "other"],
            vec!["thinking", "text", "call: JSON", "call: object", "call: nothing", "other"],
            vec!["return", "retry", "retry"],
        ]
    );
}

fn kinds(message: &ModelMessage) -> Vec<&'static str> {
    match message {
        ModelMessage::Request(request) => request.parts.iter().map(request_kind).collect(),
        ModelMessage::Response(response) => response.parts.iter().map(response_kind).collect(),
    }
}

fn request_kind(part: &RequestPart) -> &'static str {
    match part {
        RequestPart::SystemPrompt(_) => "system",
        RequestPart::UserPrompt(_) => "user",
        RequestPart::ToolReturn(_) => "return",
        RequestPart::RetryPrompt(_) => "retry",
        RequestPart::Other(_) => "other",
    }
}

fn response_kind(part: &ResponsePart) -> &'static str {
    match part {
        ResponsePart::Text(_) => "text",
        ResponsePart::Thinking(_) => "thinking",
        ResponsePart::ToolCall(call) => match call.args {
            Some(ToolArgs::Json(_)) => "call: JSON",
            Some(ToolArgs::Object(_)) => "call: object",
            None => "call: nothing",
        },
        ResponsePart::Other(_) => "other",
    }
}

#[test]
fn a_time_that_was_not_told_is_not_told_as_null() {
    // PydanticAI takes no null for the time of a part or of a response; for a request it does.
    let json = json!([
        { "kind": "request", "parts": [{ "part_kind": "user-prompt", "content": "Hi" }] },
        { "kind": "response", "parts": [{ "part_kind": "text", "content": "Hello" }] },
    ]);
    let written = written(&read(&json.to_string()));
    assert_eq!(written[0]["parts"][0], json[0]["parts"][0]);
    assert_eq!((written[0].get("timestamp"), written[1].get("timestamp")), (Some(&Value::Null), None));
}

#[test]
fn a_known_part_that_lacks_its_content_is_an_error_with_its_place() {
    for part in ["user-prompt", "system-prompt", "tool-return"] {
        let json = json!([{ "kind": "request", "parts": [{ "part_kind": part }] }]).to_string();
        let error = history_from_json(json.as_bytes()).expect_err("no content").to_string();
        assert!(error.contains("missing field") && error.contains("line 1 column"), "{part}: {error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_folded_answer_is_a_response_of_a_history() {
    let lane = ask(test_model("thinker,thinking=2,text=Hello there"), true).await;
    let asked = ModelMessage::Request(ModelRequest::user("Hi", Some("Be brief."), Some(lane.started_at)));
    let history = [asked, ModelMessage::Response(lane.response().clone())];
    let written = written(&history);
    assert_eq!((&written[0]["kind"], &written[1]["kind"]), (&json!("request"), &json!("response")));
    let parts = &written[1]["parts"];
    assert_eq!((&parts[0]["part_kind"], &parts[1]["part_kind"]), (&json!("thinking"), &json!("text")));
    assert_eq!((&parts[1]["content"], &written[1]["finish_reason"]), (&json!("Hello there"), &json!("stop")));
    assert_eq!(written[1]["timestamp"], json!("1970-01-01T00:00:00Z"));
    assert_eq!(read(&written.to_string()), history);
    let report = serde_json::to_value(LaneReport::from(&lane)).expect("JSON");
    assert_eq!(report["response"], written[1], "a report holds the same response");
}

/// Sends a history to a model that speaks this interface and that nobody serves.
async fn send(interface: &str, messages: &[ModelMessage]) -> Option<ModelError> {
    let entry = ProviderEntry {
        interface: llmbench::catalog::provider(interface),
        base_url: Some(llmbench::auth::Address::new("http://127.0.0.1:9")),
        ..ProviderEntry::default()
    };
    let config = Config { providers: vec![("lab".to_owned(), entry)], ..Config::default() };
    let registry = Registry::new(config.into(), Environment::default().into(), Overrides::default());
    let request = Request { messages: messages.to_vec(), ..Request::default() };
    let mut run = Run::start(vec![Lane { model: registry.model("lab:m").expect("a model"), request }]);
    finish(&mut run).await.remove(0).error
}

#[tokio::test]
async fn what_no_interface_can_say_is_refused_before_anything_is_sent() {
    let parts = json!([
        { "part_kind": "mood-board", "content": 1 },
        { "part_kind": "user-prompt", "content": ["Look:", { "kind": "video-url", "url": "https://example.com" }] },
    ]);
    for part in parts.as_array().expect("parts") {
        let history = read(&json!([{ "kind": "request", "parts": [part] }]).to_string());
        for interface in ["openai", "anthropic", "google-gla"] {
            let error = send(interface, &history).await.expect("a refusal");
            let hint = error.hint.expect("a hint");
            assert!(error.kind == ErrorKind::Config && hint.starts_with("leave "), "{interface}: {part}: {hint}");
        }
    }
}
