use serde_json::{Value, json};

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, ToolArgs, ToolCall, Usage};
use crate::wire::testing::{decoded, encoded, failure, stream, tokens};
use crate::wire::{ErrorKind, ModelError};

const KIND: InterfaceKind = InterfaceKind::Cohere;
const START: &str =
    r#"{"type":"message-start","id":"m","delta":{"message":{"role":"assistant","content":[],"tool_calls":[]}}}"#;
const TEXT: &str = r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hello"}}}}"#;
const END: &str = r#"{"type":"message-end","delta":{"finish_reason":"COMPLETE"}}"#;

fn complete(parts: Vec<ResponsePart>) -> ModelResponse {
    ModelResponse {
        parts,
        provider_response_id: Some("m".to_owned()),
        finish_reason: Some(FinishReason::Stop),
        provider_details: Some(json!({"finish_reason": "COMPLETE"})),
        ..ModelResponse::default()
    }
}

fn call(name: &str, id: &str, args: &str) -> ResponsePart {
    ResponsePart::ToolCall(ToolCall {
        tool_name: name.to_owned(),
        tool_call_id: id.to_owned(),
        args: Some(ToolArgs::Json(args.to_owned())),
        ..ToolCall::default()
    })
}

#[test]
fn strangers_and_what_comes_after_the_end_are_skipped() {
    let body = stream(&[
        START,
        r#"{"type":"debug","prompt":"<BOS>","message":"not an error"}"#,
        r#"{"type":"brand-new","index":"x","delta":[7]}"#,
        r#"{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"text","text":""}}}}"#,
        TEXT,
        r#"{"type":"content-delta","index":0}"#,
        r#"{"type":"content-delta","index":0,"delta":{"message":null}}"#,
        r#"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"image","image":{}}}}}"#,
        r#"{"type":"citation-start","index":0,"delta":{"message":{"citations":{"text":"Hello"}}}}"#,
        r#"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"Plan."}}}"#,
        END,
        "[DONE]",
        TEXT,
    ]);
    assert_eq!(decoded(KIND, true, &body), (complete(vec![ResponsePart::text("Hello")]), None));
}

#[test]
fn calls_and_content_have_numbers_of_their_own() {
    let body = stream(&[
        START,
        TEXT,
        r#"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"a","type":"function","function":{"name":"f","arguments":""}}}}}"#,
        r#"{"type":"tool-call-start","index":1,"delta":{"message":{"tool_calls":{"id":"b","type":"function","function":{"name":"g","arguments":"["}}}}}"#,
        r#"{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{}"}}}}}"#,
        r#"{"type":"tool-call-delta","index":1,"delta":{"message":{"tool_calls":{"function":{"arguments":"]"}}}}}"#,
        r#"{"type":"tool-call-end","index":1}"#,
        END,
    ]);
    let expected = complete(vec![ResponsePart::text("Hello"), call("f", "a", "{}"), call("g", "b", "[]")]);
    assert_eq!(decoded(KIND, true, &body), (expected, None));
}

#[test]
fn a_whole_message_makes_the_parts_that_its_stream_would() {
    let body = json!({"id": "m", "finish_reason": "COMPLETE", "message": {"role": "assistant", "tool_plan": "Plan.",
        "content": [{"type": "thinking", "thinking": "Hm."}, {"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}],
        "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
            {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{\"a\":1}"}}],
        "citations": [{"start": 0, "sources": []}]}});
    let expected = complete(vec![
        ResponsePart::thinking("Hm."),
        ResponsePart::text("Hel"),
        ResponsePart::text("lo"),
        call("f", "a", "{}"),
        call("g", "b", "{\"a\":1}"),
    ]);
    assert_eq!(decoded(KIND, false, &body.to_string()), (expected, None));
}

#[test]
fn tokens_count_and_not_what_is_billed() {
    let usage = |json: &str| {
        let end = format!(r#"{{"type":"message-end","delta":{{"finish_reason":"MAX_TOKENS","usage":{json}}}}}"#);
        let (response, error) = decoded(KIND, true, &stream(&[START, &end]));
        assert_eq!((error, response.finish_reason), (None, Some(FinishReason::Length)));
        response.usage
    };
    let told = usage(
        r#"{"billed_units":{"input_tokens":3,"output_tokens":2,"search_units":0},"tokens":{"input_tokens":17,"output_tokens":5},"cached_tokens":16}"#,
    );
    let expected = Usage {
        cache_read_tokens: Some(16),
        details: [("input_tokens".to_owned(), 3), ("output_tokens".to_owned(), 2)].into(),
        ..tokens(Some(17), Some(5))
    };
    assert_eq!(told, expected);
    assert_eq!(usage(r#"{"tokens":{"input_tokens":-1,"output_tokens":"5"}}"#), tokens(None, None));
    assert_eq!(usage(r#"{"tokens":null,"billed_units":[1]}"#), tokens(None, None));
    assert_eq!(usage("null"), tokens(None, None));
}

#[test]
fn the_vendors_word_for_the_end_is_kept() {
    let ended = |word: &str| {
        let end = json!({"type": "message-end", "delta": {"finish_reason": word, "error": null}}).to_string();
        let (response, error) = decoded(KIND, true, &stream(&[START, &end]));
        assert_eq!((error, response.provider_details), (None, Some(json!({"finish_reason": word}))));
        response.finish_reason
    };
    assert_eq!(ended("STOP_SEQUENCE"), Some(FinishReason::Stop));
    assert_eq!(ended("TOOL_CALL"), Some(FinishReason::ToolCall));
    assert_eq!(ended("ERROR"), Some(FinishReason::Error));
    assert_eq!(ended("TIMEOUT"), None);
}

#[test]
fn an_error_is_told_wherever_it_stands() {
    let end = r#"{"type":"message-end","delta":{"finish_reason":"ERROR","error":"out of memory"}}"#;
    let (response, error) = decoded(KIND, true, &stream(&[START, TEXT, end]));
    let expected = ModelError::new(ErrorKind::Provider, "out of memory").with_body("out of memory".into());
    assert_eq!((response.text(), error), ("Hello".to_owned(), Some(expected)));
    let told = |sentence: &str| (ErrorKind::Provider, sentence.to_owned());
    assert_eq!(
        failure(KIND, true, &stream(&[START, r#"{"id":"e","message":"internal server error"}"#])),
        told("internal server error")
    );
    assert_eq!(failure(KIND, true, &stream(&[r#"{"error":{"message":"Busy."}}"#])), told("Busy."));
    assert_eq!(failure(KIND, false, r#"{"id":"e","message":"invalid api token"}"#), told("invalid api token"));
}

#[test]
fn what_ends_too_early_or_is_no_answer_is_told() {
    let early = "the stream ended before the model did (no message-end was seen)".to_owned();
    assert_eq!(failure(KIND, true, &stream(&[START, TEXT])), (ErrorKind::Truncated, early.clone()));
    assert_eq!(failure(KIND, true, &stream(&[START, TEXT, "[DONE]"])), (ErrorKind::Truncated, early));
    assert_eq!(failure(KIND, false, r#"{"id":"x"}"#), (ErrorKind::Protocol, "the answer has no message".to_owned()));
    let no_text = r#"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":7}}}}"#;
    assert_eq!(failure(KIND, true, &stream(&[START, no_text])).0, ErrorKind::Protocol);
}

#[test]
fn every_part_of_a_history_is_said() {
    let history = json!([
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."}, {"part_kind": "user-prompt", "content": "Hi"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "Mine."}, {"part_kind": "thinking", "content": "Theirs.", "signature": "x"},
            {"part_kind": "text", "content": "A"}, {"part_kind": "text", "content": "B"},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{\"a\": 1}", "tool_call_id": "call_1"}]},
        {"kind": "request", "instructions": "Now in French.", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": 7, "tool_call_id": "call_1"},
            {"part_kind": "retry-prompt", "content": "worse"}]},
        {"kind": "response", "parts": [{"part_kind": "tool-call", "tool_name": "g", "tool_call_id": "call_2"}]},
    ]);
    let call = |id: &str, name: &str, args: &str| json!({"id": id, "type": "function", "function": {"name": name, "arguments": args}});
    let expected = json!({
        "model": "m", "stream": false, "documents": ["A document."],
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "system", "content": "Now in French."},
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "tool_calls": [call("call_1", "f", "{\"a\":1}")],
                "content": [{"type": "thinking", "thinking": "Mine.\n\nTheirs."}, {"type": "text", "text": "A\n\nB"}]},
            {"role": "tool", "tool_call_id": "call_1", "content": "7"},
            {"role": "user", "content": "Your previous response failed the application's validation (this is automated feedback, not a message from the user):\n<pyai:retry_feedback>\nworse\n</pyai:retry_feedback>"},
            {"role": "assistant", "tool_calls": [call("call_2", "g", "{}")]},
        ],
    });
    let settings = json!({"extra_body": {"documents": ["A document."]}});
    assert_eq!(encoded(KIND, "m", &history, &settings).body, expected);
}

#[test]
fn thinking_has_a_budget_where_the_model_thinks() {
    let asked = |model: &str, thinking: Value| {
        let request = encoded(KIND, model, &json!([]), &json!({"thinking": thinking}));
        (request.body.get("thinking").cloned(), request.omitted)
    };
    let (model, none) = ("command-a-reasoning-08-2025", Vec::<&str>::new);
    assert_eq!(asked(model, json!(true)), (Some(json!({"type": "enabled"})), none()));
    assert_eq!(asked(model, json!(false)), (Some(json!({"type": "disabled"})), none()));
    assert_eq!(asked(model, json!("minimal")), (Some(json!({"type": "enabled", "token_budget": 512})), none()));
    assert_eq!(asked(model, json!("xhigh")), (Some(json!({"type": "enabled", "token_budget": 31000})), none()));
    assert_eq!(asked("command-r-08-2024", json!(false)), (None, vec!["thinking"]));
}
