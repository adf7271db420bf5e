use serde_json::{Value, json};

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, Text, Thinking, ToolArgs, ToolCall, Usage};
use crate::wire::testing::{decoded, encoded, failure, stream, tokens};
use crate::wire::{ErrorKind, ModelError};

const KIND: InterfaceKind = InterfaceKind::Gemini;

fn candidate(parts: &Value) -> String {
    json!({"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0}]}).to_string()
}

const STOP: &str = r#"{"candidates":[{"finishReason":"STOP","index":0}]}"#;

#[test]
fn thoughts_text_and_calls_are_parts_and_the_rest_is_skipped() {
    let chunks = [
        candidate(&json!([{"text": "Hm", "thought": true}])),
        candidate(&json!([{"text": "m.", "thought": true, "thoughtSignature": "s"}])),
        candidate(
            &json!([{"text": "A"}, {"executableCode": {"code": "1"}, "thoughtSignature": "x"}, {"text": "B"}, {"inlineData": {}}]),
        ),
        candidate(&json!([{"functionCall": {"name": "f", "args": {"a": 1}}, "thoughtSignature": "t"}])),
        candidate(&json!([{"functionCall": {"name": "f"}}, {"functionCall": {"id": "own", "name": "g", "args": {}}}])),
    ];
    let data: Vec<&str> = chunks.iter().map(String::as_str).chain([STOP, STOP]).collect();
    let (response, error) = decoded(KIND, true, &stream(&data));
    let call = |name: &str, id: &str, args: Option<Value>| ToolCall {
        tool_name: name.to_owned(),
        tool_call_id: id.to_owned(),
        args: args.map(|args| ToolArgs::Object(args.as_object().cloned().expect("an object"))),
        ..ToolCall::default()
    };
    let google = Some("google-gla".to_owned());
    let signed = ToolCall {
        provider_name: google.clone(),
        provider_details: Some(json!({"thought_signature": "t"})),
        ..call("f", "call_1", Some(json!({"a": 1})))
    };
    let thinking = Thinking {
        content: "Hmm.".to_owned(),
        signature: Some("s".to_owned()),
        provider_name: google,
        ..Thinking::default()
    };
    let expected = ModelResponse {
        parts: vec![
            ResponsePart::Thinking(thinking),
            ResponsePart::text("AB"),
            ResponsePart::ToolCall(signed),
            ResponsePart::ToolCall(call("f", "call_2", None)),
            ResponsePart::ToolCall(call("g", "own", Some(json!({})))),
        ],
        finish_reason: Some(FinishReason::Stop),
        provider_details: Some(json!({"finish_reason": "STOP"})),
        ..ModelResponse::default()
    };
    assert_eq!((response, error), (expected, None));
}

#[test]
fn a_text_keeps_its_signature_for_the_next_turn() {
    let signed = |text: &str| candidate(&json!([{"text": text, "thoughtSignature": "s"}]));
    let (whole, late, alone) = (signed("Hi"), signed(""), signed(""));
    let thought = candidate(&json!([{"text": "Hm", "thought": true}]));
    let hi = candidate(&json!([{"text": "Hi"}]));
    let text = |content: &str| {
        ResponsePart::Text(Text {
            content: content.to_owned(),
            provider_name: Some("google-gla".to_owned()),
            provider_details: Some(json!({"thought_signature": "s"})),
            ..Text::default()
        })
    };
    for (chunks, expected, sent) in [
        (vec![&whole], text("Hi"), json!({"text": "Hi", "thoughtSignature": "s"})),
        (vec![&hi, &late], text("Hi"), json!({"text": "Hi", "thoughtSignature": "s"})),
        (vec![&thought, &alone], text(""), json!({"text": "", "thoughtSignature": "s"})),
    ] {
        let data: Vec<&str> = chunks.into_iter().map(String::as_str).chain([STOP]).collect();
        let (response, _) = decoded(KIND, true, &stream(&data));
        assert_eq!(response.parts.last(), Some(&expected));
        let history = json!([{"kind": "response", "parts": response.parts}]);
        let request = encoded(KIND, "gemini-3-flash", &history, &json!({}));
        let parts = request.body["contents"][0]["parts"].as_array().cloned().unwrap_or_default();
        assert_eq!(parts.last(), Some(&sent));
    }
}

#[test]
fn a_blocked_prompt_is_an_answer_withheld() {
    let body = r#"{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":5}}"#;
    for streaming in [true, false] {
        let body = if streaming { stream(&[body]) } else { body.to_owned() };
        let (response, error) = decoded(KIND, streaming, &body);
        let expected = ModelResponse {
            usage: tokens(Some(5), None),
            finish_reason: Some(FinishReason::ContentFilter),
            provider_details: Some(json!({"finish_reason": "SAFETY"})),
            ..ModelResponse::default()
        };
        assert_eq!((response, error), (expected, None));
    }
}

#[test]
fn errors_come_alone_or_in_an_array() {
    let error = json!({"error": {"code": 429, "message": "Quota", "details": [{"retryDelay": "3s"}]}});
    let expected = ModelError {
        status: Some(429),
        retry_after_s: Some(3.0),
        ..ModelError::new(ErrorKind::Provider, "Quota").with_body(error["error"].clone())
    };
    for body in [error.to_string(), json!([error]).to_string()] {
        assert_eq!(decoded(KIND, false, &body).1, Some(expected.clone()));
        assert_eq!(decoded(KIND, true, &stream(&[&body])).1, Some(expected.clone()));
    }
}

#[test]
fn what_ends_too_early_or_is_no_answer_is_told() {
    let hello = candidate(&json!([{"text": "Hello"}]));
    let early = "the stream ended before the model did (no finishReason was seen)".to_owned();
    assert_eq!(failure(KIND, true, &stream(&[&hello])), (ErrorKind::Truncated, early));
    assert_eq!(failure(KIND, false, r#"{"responseId":"x"}"#).0, ErrorKind::Protocol);
    assert_eq!(failure(KIND, false, "<html>").1, "the answer is not JSON");
    assert_eq!(failure(KIND, false, &hello[..20]).0, ErrorKind::Truncated);
    assert_eq!(decoded(KIND, false, &format!("[{hello},{STOP}]")).0.text(), "Hello");
}

#[test]
fn thoughts_and_tool_prompts_are_counted() {
    let usage = |metadata: Value| {
        let body = json!({"candidates": [{"finishReason": "STOP"}], "usageMetadata": metadata});
        Usage { details: Usage::default().details, ..decoded(KIND, false, &body.to_string()).0.usage }
    };
    let metadata = json!({"promptTokenCount": 8, "toolUsePromptTokenCount": 2, "candidatesTokenCount": 3,
        "thoughtsTokenCount": 4, "cachedContentTokenCount": 1});
    let expected = Usage { cache_read_tokens: Some(1), output_reasoning_tokens: Some(4), ..tokens(Some(10), Some(7)) };
    assert_eq!(usage(metadata), expected);
    assert_eq!(usage(json!({"promptTokenCount": 8, "toolUsePromptTokenCount": "x"})), tokens(None, None));
    assert_eq!(usage(json!(null)), tokens(None, None));
}

#[test]
fn every_part_of_a_history_is_said() {
    let history = json!([
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."}, {"part_kind": "user-prompt", "content": "Hi"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "Mine.", "signature": "s", "provider_name": "google-gla"},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{}", "tool_call_id": "c"},
            {"part_kind": "tool-call", "tool_name": "f", "args": {"a": 1}, "tool_call_id": "d"}]},
        {"kind": "request", "instructions": "In French.", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": 1}, "tool_call_id": "c"},
            {"part_kind": "retry-prompt", "content": "bad", "tool_name": "f", "tool_call_id": "d"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "", "signature": "s", "provider_name": "anthropic"},
            {"part_kind": "tool-call", "tool_name": "f", "args": {}, "tool_call_id": "e"}]},
    ]);
    let request = encoded(KIND, "gemini-3-flash", &history, &json!({"thinking": "xhigh", "seed": 1}));
    let called = |id: &str, args: Value| json!({"id": id, "name": "f", "args": args});
    let returned =
        |id: &str, response: Value| json!({"functionResponse": {"id": id, "name": "f", "response": response}});
    let expected = json!({
        "systemInstruction": {"role": "user", "parts": [{"text": "Be brief."}, {"text": "In French."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [
                {"text": "Mine.", "thought": true},
                {"functionCall": called("c", json!({})), "thoughtSignature": "s"},
                {"functionCall": called("d", json!({"a": 1}))}]},
            {"role": "user", "parts": [
                returned("c", json!({"x": 1})),
                returned("d", json!({"error": "bad"}))]},
            {"role": "model", "parts": [
                {"functionCall": called("e", json!({})),
                    "thoughtSignature": "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="}]},
        ],
        "generationConfig": {"seed": 1, "thinkingConfig": {"include_thoughts": true, "thinking_level": "HIGH"}},
    });
    assert_eq!(request.body, expected);
}

#[test]
fn a_models_name_is_safe_in_a_path() {
    let path = |model: &str| encoded(KIND, model, &json!([]), &json!({})).path;
    assert_eq!(path("gemini-2.5-flash"), "/models/gemini-2.5-flash:generateContent");
    assert_eq!(path("models/x"), "/models/x:generateContent");
    assert_eq!(path("tunedModels/ä?b"), "/tunedModels/%C3%A4%3Fb:generateContent");
}
