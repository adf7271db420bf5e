use serde_json::{Value, json};

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, Thinking, ToolArgs, ToolCall, Usage};
use crate::wire::testing::{decoded, encoded, failure, stream, tokens};
use crate::wire::{ErrorKind, ModelError};

const KIND: InterfaceKind = InterfaceKind::Anthropic;
const START: &str = r#"{"type":"message_start","message":{"id":"m","model":"c","content":[],"usage":{"input_tokens":11,"output_tokens":1}}}"#;
const TEXT: &str = r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hello wor"}}"#;
const STOP: &str = r#"{"type":"message_stop"}"#;

#[test]
fn without_message_stop_the_output_is_unknown() {
    let (response, error) = decoded(KIND, true, &stream(&[START, TEXT]));
    let message = "the stream ended before the model did (no message_stop was seen)";
    assert_eq!(error, Some(ModelError::new(ErrorKind::Truncated, message)));
    assert_eq!((response.text(), response.usage.output_tokens), ("Hello wor".to_owned(), None));
    assert_eq!((response.usage.input_tokens, response.finish_reason), (Some(11), None));
}

#[test]
fn cache_counts_are_parts_of_the_input_however_they_come() {
    let usage = |start: &str, delta: &str| {
        let start = format!(r#"{{"type":"message_start","message":{{"usage":{start}}}}}"#);
        let delta = format!(r#"{{"type":"message_delta","delta":{{"stop_reason":"end_turn"}},"usage":{delta}}}"#);
        let (response, error) = decoded(KIND, true, &stream(&[&start, &delta, STOP]));
        assert_eq!(error, None);
        Usage { details: Usage::default().details, ..response.usage }
    };
    let cached = Usage { cache_read_tokens: Some(5), ..tokens(Some(22), Some(23)) };
    let start = r#"{"input_tokens":17,"cache_read_input_tokens":5,"output_tokens":1}"#;
    assert_eq!(usage(start, r#"{"output_tokens":23}"#), cached);
    assert_eq!(usage(start, r#"{"input_tokens":17,"output_tokens":23}"#), cached);
    assert_eq!(usage(r#"{"input_tokens":-1}"#, r#"{"output_tokens":"23"}"#), tokens(None, None));
    assert_eq!(usage("null", "[1]"), tokens(None, None));
}

#[test]
fn an_error_event_stands_for_a_status() {
    let body = stream(&[r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#]);
    let expected = ModelError {
        status: Some(529),
        ..ModelError::new(ErrorKind::Provider, "Overloaded")
            .with_body(json!({"type": "overloaded_error", "message": "Overloaded"}))
    };
    assert_eq!(decoded(KIND, true, &body).1, Some(expected));
    assert_eq!(failure(KIND, false, r#"{"type":"error","error":{"message":"No."}}"#).1, "No.");
    assert_eq!(failure(KIND, false, r#"{"id":"x"}"#), (ErrorKind::Protocol, "the answer has no content".to_owned()));
}

#[test]
fn a_whole_message_makes_the_parts_that_its_stream_would() {
    let body = json!({"type": "message", "id": "m", "model": "c", "stop_reason": "refusal", "content": [
        {"type": "thinking", "thinking": "Hm.", "signature": "s"},
        {"type": "redacted_thinking", "data": "d"},
        {"type": "web_search_tool_result", "tool_use_id": "t", "content": [{"text": 7}]},
        {"type": "text", "text": ""},
        {"type": "tool_use", "id": "t", "name": "f", "input": {"a": [1, null]}}]});
    let (response, error) = decoded(KIND, false, &body.to_string());
    let thinking = |content: &str, id: Option<&str>, signature: &str| {
        ResponsePart::Thinking(Thinking {
            content: content.to_owned(),
            id: id.map(str::to_owned),
            signature: Some(signature.to_owned()),
            provider_name: Some("anthropic".to_owned()),
            ..Thinking::default()
        })
    };
    let args = json!({"a": [1, null]}).as_object().cloned().map(ToolArgs::Object);
    let call = ToolCall { tool_name: "f".to_owned(), args, tool_call_id: "t".to_owned(), ..ToolCall::default() };
    let expected = ModelResponse {
        parts: vec![
            thinking("Hm.", None, "s"),
            thinking("", Some("redacted_thinking"), "d"),
            ResponsePart::ToolCall(call),
        ],
        model_name: Some("c".to_owned()),
        provider_response_id: Some("m".to_owned()),
        finish_reason: Some(FinishReason::ContentFilter),
        provider_details: Some(json!({"finish_reason": "refusal"})),
        ..ModelResponse::default()
    };
    assert_eq!((response, error), (expected, None));
}

#[test]
fn every_part_of_a_history_is_said() {
    let history = json!([
        {"kind": "request", "instructions": "No longer.", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."}, {"part_kind": "user-prompt", "content": "Hi"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "Mine.", "signature": "s", "provider_name": "anthropic"},
            {"part_kind": "thinking", "content": "", "id": "redacted_thinking", "signature": "d"},
            {"part_kind": "thinking", "content": "Theirs.", "signature": "g", "provider_name": "google-gla"},
            {"part_kind": "text", "content": ""}, {"part_kind": "builtin-tool-call", "args": {}},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{\"a\":", "tool_call_id": "c"}]},
        {"kind": "request", "instructions": "In French.", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": 1}, "tool_call_id": "c"},
            {"part_kind": "retry-prompt", "content": [{"msg": "bad"}], "tool_name": "f", "tool_call_id": "d"}]},
    ]);
    let request = encoded(KIND, "claude-sonnet-4-5", &history, &json!({}));
    let retry = "[{\"msg\":\"bad\"}]";
    let expected = json!({
        "model": "claude-sonnet-4-5", "max_tokens": 64000, "stream": false,
        "system": [{"type": "text", "text": "Be brief."}, {"type": "text", "text": "In French."}],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "Hi"}]},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Mine.", "signature": "s"},
                {"type": "redacted_thinking", "data": "d"},
                {"type": "text", "text": "<thinking>\nTheirs.\n</thinking>"},
                {"type": "tool_use", "id": "c", "name": "f", "input": {"INVALID_JSON": "{\"a\":"}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "c", "is_error": false,
                    "content": [{"type": "text", "text": "{\"x\":1}"}]},
                {"type": "tool_result", "tool_use_id": "d", "is_error": true,
                    "content": [{"type": "text", "text": retry}]}]},
        ],
    });
    assert_eq!(request.body, expected);
    assert_eq!(request.headers, [("anthropic-version", "2023-06-01".to_owned())]);
}

#[test]
fn thinking_is_asked_for_in_the_familys_way() {
    let asked = |model: &str, settings: Value| {
        let body = encoded(KIND, model, &json!([]), &settings);
        (body.body["thinking"].clone(), body.body["output_config"].clone(), body.omitted)
    };
    let budget = |tokens: u64| json!({"type": "enabled", "budget_tokens": tokens});
    let none = Vec::<&str>::new;
    assert_eq!(asked("claude-sonnet-4-5", json!({"thinking": true})), (budget(10_000), Value::Null, none()));
    assert_eq!(
        asked("claude-sonnet-4-5", json!({"thinking": "high", "max_tokens": 4000, "temperature": 0})),
        (budget(2_000), Value::Null, vec!["temperature"])
    );
    assert_eq!(
        asked("claude-opus-4-6", json!({"thinking": "xhigh"})),
        (json!({"type": "adaptive"}), json!({"effort": "max"}), none())
    );
    assert_eq!(
        asked("claude-opus-4-6", json!({"thinking": false, "top_p": 1})),
        (json!({"type": "disabled"}), Value::Null, none())
    );
    assert_eq!(
        asked("claude-3-5-haiku-latest", json!({"thinking": "low"})),
        (Value::Null, Value::Null, vec!["thinking"])
    );
}
