use serde_json::{Value, json};

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, Usage};
use crate::settings::{OutputMode, OutputSpec, Settings};
use crate::wire::testing::{decoded, encoded, failure, stream, tokens};
use crate::wire::{Call, ErrorKind, ModelError, interface};

const KIND: InterfaceKind = InterfaceKind::Mistral;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}]}"#;

fn stopped(parts: Vec<ResponsePart>) -> ModelResponse {
    ModelResponse {
        parts,
        finish_reason: Some(FinishReason::Stop),
        provider_details: Some(json!({"finish_reason": "stop"})),
        ..ModelResponse::default()
    }
}

fn said(content: &Value) -> (ModelResponse, Option<ModelError>) {
    let chunk = json!({"choices": [{"index": 0, "delta": {"content": content}}]}).to_string();
    decoded(KIND, true, &stream(&[&chunk, STOP, "[DONE]"]))
}

#[test]
fn content_is_a_text_or_chunks_and_strangers_among_them_are_skipped() {
    let text = |text: &str| (stopped(vec![ResponsePart::text(text)]), None);
    assert_eq!(said(&json!("Zoë")), text("Zoë"));
    assert_eq!(said(&json!([{"type": "text", "text": "Z"}, {"type": "text", "text": "oë"}])), text("Zoë"));
    assert_eq!(
        said(&json!([{"type": "reference", "reference_ids": [1]}, {"text": "Zoë"}, {"type": "x", "text": 7}])),
        text("Zoë")
    );
    for nothing in [json!(null), json!(""), json!([]), json!([{"type": "text", "text": null}])] {
        assert_eq!(said(&nothing), (stopped(vec![]), None), "{nothing}");
    }
}

#[test]
fn thinking_is_chunks_or_a_text() {
    let thought = (stopped(vec![ResponsePart::thinking("Hmm."), ResponsePart::text("4")]), None);
    let chunks = json!([{"type": "text", "text": "Hm"}, {"type": "reference", "reference_ids": []}, {"type": "text", "text": "m."}]);
    assert_eq!(said(&json!([{"type": "thinking", "thinking": chunks}, {"type": "text", "text": "4"}])), thought);
    assert_eq!(said(&json!([{"type": "thinking", "thinking": "Hmm."}, {"type": "text", "text": "4"}])), thought);
}

#[test]
fn text_that_is_no_text_is_told() {
    for content in [json!(7), json!({"text": "Zoë"}), json!([{"type": "text", "text": ["Zoë"]}])] {
        let error = said(&content).1.expect("a failure");
        assert_eq!(error.kind, ErrorKind::Protocol, "{content}: {error:?}");
    }
}

#[test]
fn usage_is_counted_as_pydantic_ai_does() {
    let usage =
        |json: &str| decoded(KIND, true, &stream(&[STOP, &format!(r#"{{"choices":[],"usage":{json}}}"#)])).0.usage;
    let told = usage(
        &json!({
            "prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18,
            "num_cached_tokens": 9, "prompt_audio_seconds": {},
            "prompt_tokens_details": {"cached_tokens": 8}, "completion_tokens_details": {"reasoning_tokens": 5},
        })
        .to_string(),
    );
    let expected = Usage {
        cache_read_tokens: Some(8),
        output_reasoning_tokens: Some(5),
        details: [("num_cached_tokens".to_owned(), 9)].into(),
        ..tokens(Some(11), Some(7))
    };
    assert_eq!(told, expected);
    assert_eq!(
        usage(r#"{"prompt_tokens":-1,"completion_tokens":"7","prompt_tokens_details":null}"#),
        tokens(None, None)
    );
    assert_eq!(usage("[1]"), tokens(None, None));
}

#[test]
fn an_error_in_an_answers_place_is_told() {
    let error = r#"{"object":"error","message":"Rate limit exceeded","type":"rate_limited","param":null,"code":"1300","raw_status_code":429}"#;
    let expected = ModelError {
        status: Some(429),
        ..ModelError::new(ErrorKind::Provider, "Rate limit exceeded")
            .with_body(serde_json::from_str(error).expect("JSON"))
    };
    assert_eq!(decoded(KIND, true, &stream(&[error])).1, Some(expected.clone()));
    assert_eq!(decoded(KIND, false, error).1, Some(expected));
    let nested = r#"{"object":"error","message":{"detail":[{"loc":["body","stop"],"msg":"Bad"}]}}"#;
    assert_eq!(failure(KIND, false, nested), (ErrorKind::Provider, "body.stop: Bad".to_owned()));
    assert_eq!(failure(KIND, true, &stream(&[r#"{"error":{"message":"Busy."}}"#])).1, "Busy.");
}

#[test]
fn what_ends_too_early_or_is_no_answer_is_told() {
    let hello = stream(&[r#"{"choices":[{"delta":{"content":"Hello"}}]}"#]);
    let early = "the stream ended before the model did (no finish_reason was seen)".to_owned();
    assert_eq!(failure(KIND, true, &hello), (ErrorKind::Truncated, early.clone()));
    // The sentinel alone is no end: the model never said why it stopped.
    assert_eq!(failure(KIND, true, &format!("{hello}data: [DONE]\n\n")), (ErrorKind::Truncated, early));
    let none = (ErrorKind::Protocol, "the answer has no choices".to_owned());
    assert_eq!(failure(KIND, false, r#"{"choices":[]}"#), none);
    assert_eq!(failure(KIND, false, r#"{"choices":[{"#).0, ErrorKind::Truncated);
}

#[test]
fn every_part_of_a_history_is_said() {
    let history = json!([
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."},
            {"part_kind": "user-prompt", "content": ["One", {"kind": "text-content", "content": "two"}]}]},
        {"kind": "response", "parts": [
            {"part_kind": "text", "content": "A"}, {"part_kind": "text", "content": ""},
            {"part_kind": "thinking", "content": "Mine."},
            {"part_kind": "thinking", "content": "Theirs.", "signature": "x", "provider_name": "anthropic"},
            {"part_kind": "thinking", "content": "", "id": "redacted_thinking", "signature": "d"},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{\"a\":", "tool_call_id": "call_1"},
            {"part_kind": "tool-call", "tool_name": "g", "args": {}, "tool_call_id": "7QjFNcS8z"}]},
        {"kind": "request", "instructions": "Now in French.", "parts": [
            {"part_kind": "retry-prompt", "content": "bad", "tool_name": "f", "tool_call_id": "call_1"},
            {"part_kind": "tool-return", "tool_name": "g", "content": {"x": 1}, "tool_call_id": "7QjFNcS8z"},
            {"part_kind": "user-prompt", "content": "And?"}]},
        {"kind": "response", "parts": []},
    ]);
    let call = |id: &str, name: &str, args: &str| json!({"id": id, "type": "function", "index": 0, "function": {"name": name, "arguments": args}});
    let text = |text: &str| json!({"type": "text", "text": text});
    let expected = json!({
        "model": "m", "stream": false,
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "system", "content": "Now in French."},
            {"role": "user", "content": [text("One"), text("two")]},
            {"role": "assistant", "prefix": false,
                "content": [{"type": "thinking", "thinking": [text("Mine."), text("Theirs.")]}, text("A")],
                "tool_calls": [call("RksXkbv4v", "f", "{\"INVALID_JSON\":\"{\\\"a\\\":\"}"), call("7QjFNcS8z", "g", "{}")]},
            {"role": "tool", "tool_call_id": "RksXkbv4v", "content": "{\"error\":\"bad\"}"},
            {"role": "tool", "tool_call_id": "7QjFNcS8z", "content": "{\"x\":1}"},
            {"role": "assistant", "prefix": false, "content": [text("OK")]},
            {"role": "user", "content": "And?"},
        ],
    });
    assert_eq!(encoded(KIND, "m", &history, &json!({})).body, expected);
}

#[test]
fn effort_is_asked_of_models_that_take_one() {
    let asked = |model: &str, thinking: Value| {
        let request = encoded(KIND, model, &json!([]), &json!({"thinking": thinking}));
        (request.body.get("reasoning_effort").cloned(), request.omitted)
    };
    let (high, none, left_out) =
        ((Some(json!("high")), vec![]), (Some(json!("none")), vec![]), (None, vec!["thinking"]));
    for model in ["mistral-small-latest", "mistral-medium-3.5", "mistral-medium-2604", "magistral-medium-latest"] {
        assert_eq!(asked(model, json!("low")), high, "{model}");
        assert_eq!(asked(model, json!(false)), none, "{model}");
    }
    for model in ["mistral-large-latest", "mistral-small-2506", "mistral-medium-2505", "magistral-medium-2509"] {
        assert_eq!(asked(model, json!(true)), left_out, "{model}");
        assert_eq!(asked(model, json!(false)), left_out, "{model}");
    }
}

#[test]
fn native_output_is_refused() {
    let profile = crate::catalog::profile("mistral", KIND, "mistral-large-latest");
    let output = OutputSpec::new(&serde_json::Map::new(), Some(OutputMode::Native));
    let settings = Settings::default();
    let call = Call {
        model: "m",
        messages: &[],
        settings: &settings,
        output: Some(&output),
        stream: false,
        profile: &profile,
    };
    let error = interface(KIND).expect("a wire format").encode(&call).expect_err("no such mode");
    assert_eq!(error.kind, ErrorKind::Config);
    assert_eq!(error.message, "Native structured output is not supported by this model.");
}
