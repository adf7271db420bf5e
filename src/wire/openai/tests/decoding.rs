//! Answers are read.

use serde_json::json;

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, Thinking, ToolArgs, ToolCall};
use crate::wire::testing::{decoded, failure, stream, tokens};
use crate::wire::{ErrorKind, ModelError};

const KIND: InterfaceKind = InterfaceKind::OpenAi;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

fn streamed(data: &[&str]) -> ModelResponse {
    let (response, error) = decoded(KIND, true, &stream(data));
    assert_eq!(error, None);
    response
}

fn stopped(parts: Vec<ResponsePart>) -> ModelResponse {
    ModelResponse {
        parts,
        finish_reason: Some(FinishReason::Stop),
        provider_details: Some(json!({"finish_reason": "stop"})),
        ..ModelResponse::default()
    }
}

#[test]
fn role_empty_choices_and_null_start_nothing() {
    let response = streamed(&[
        r#"{"choices":[],"prompt_filter_results":[]}"#,
        r#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}"#,
        r#"{"choices":[{"delta":null}]}"#,
        r#"{"choices":null,"usage":null,"error":null}"#,
        r#"{"choices":[{"index":0,"delta":{"content":null}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"Hello "}}]}"#,
        r#"{"choices":[{"index":1,"delta":{"content":"another answer"}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"content":"w\u00f6rld"}}]}"#,
        STOP,
        "[DONE]",
        r#"{"choices":[{"index":0,"delta":{"content":"too late"}}]}"#,
    ]);
    assert_eq!(response, stopped(vec![ResponsePart::text("Hello wörld")]));
}

#[test]
fn thinking_remembers_its_field_and_a_refusal_is_text() {
    let response = streamed(&[
        r#"{"choices":[{"index":0,"delta":{"reasoning":"Hm","reasoning_content":null}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"reasoning":"m.","content":""}}]}"#,
        r#"{"choices":[{"index":0,"delta":{"refusal":"I can't."}}]}"#,
        STOP,
    ]);
    let thinking = Thinking { content: "Hmm.".to_owned(), id: Some("reasoning".to_owned()), ..Thinking::default() };
    assert_eq!(response, stopped(vec![ResponsePart::Thinking(thinking), ResponsePart::text("I can't.")]));
}

#[test]
fn a_huge_index_is_just_a_number_and_arguments_may_be_an_object() {
    let response = streamed(&[
        r#"{"choices":[{"delta":{"tool_calls":[{"index":4294967295,"id":"c","function":{"name":"f","arguments":"{}"}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":-1,"id":"d","function":{"name":"g","arguments":{"a": 1}}}]}}]}"#,
        STOP,
    ]);
    let call = |name: &str, id: &str, args: &str| {
        ResponsePart::ToolCall(ToolCall {
            tool_name: name.to_owned(),
            tool_call_id: id.to_owned(),
            args: Some(ToolArgs::Json(args.to_owned())),
            ..ToolCall::default()
        })
    };
    assert_eq!(response, stopped(vec![call("f", "c", "{}"), call("g", "d", r#"{"a": 1}"#)]));
}

#[test]
fn the_last_usage_holds_and_what_is_no_count_is_unknown() {
    let usage = |json: &str| streamed(&[STOP, &format!(r#"{{"choices":[],"usage":{json}}}"#)]).usage;
    assert_eq!(
        usage(r#"{"prompt_tokens":-5,"completion_tokens":1.5,"total_tokens":99999999999999999999}"#),
        tokens(None, None)
    );
    assert_eq!(usage(r#"{"prompt_tokens":"11","completion_tokens":null}"#), tokens(None, None));
    assert_eq!(usage(r#""none""#), tokens(None, None));
    assert_eq!(
        usage(r#"{"prompt_tokens":11,"completion_tokens_details":[],"prompt_tokens_details":7}"#),
        tokens(Some(11), None)
    );
    let twice = streamed(&[
        r#"{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":1}}"#,
        STOP,
        r#"{"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":17}}"#,
    ]);
    assert_eq!(twice.usage, tokens(Some(11), Some(17)));
}

#[test]
fn tokens_are_found_wherever_a_service_counts_them() {
    let usage = |chunk: &str| streamed(&[STOP, chunk]).usage;
    assert_eq!(usage(r#"{"choices":[],"x_groq":{"usage":{"prompt_tokens":3}}}"#), tokens(Some(3), None));
    assert_eq!(usage(r#"{"choices":[{"index":0,"usage":{"completion_tokens":4}}]}"#), tokens(None, Some(4)));
    for cached in
        [r#""prompt_tokens_details":{"cached_tokens":2}"#, r#""prompt_cache_hit_tokens":2"#, r#""cached_tokens":2"#]
    {
        let told = usage(&format!(r#"{{"choices":[],"usage":{{"prompt_tokens":9,{cached}}}}}"#));
        assert_eq!((told.input_tokens, told.cache_read_tokens), (Some(9), Some(2)), "{cached}");
    }
}

#[test]
fn content_may_be_a_list_of_parts() {
    let response = streamed(&[
        r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}}]}"#,
        r#"{"choices":[{"delta":{"content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"m."}]}]}}]}"#,
        r#"{"choices":[{"delta":{"content":[{"type":"text","text":"A"},{"type":"reference","reference_ids":[1]}]}}]}"#,
        r#"{"choices":[{"delta":{"content":[{"type":"text","text":"nd"},{"type":"text"}]}}]}"#,
        r#"{"choices":[{"delta":{"content":[]}}]}"#,
        STOP,
    ]);
    let thinking = Thinking { content: "Hmm.".to_owned(), ..Thinking::default() };
    assert_eq!(response, stopped(vec![ResponsePart::Thinking(thinking), ResponsePart::text("And")]));
    let not_text = r#"{"choices":[{"delta":{"content":7}}]}"#;
    let (kind, message) = failure(KIND, true, &stream(&[not_text]));
    assert_eq!(kind, ErrorKind::Protocol);
    assert!(message.contains("expected a text, a list of parts, or null"), "{message}");
}

#[test]
fn a_whole_answer_is_its_message_and_a_stream_its_deltas() {
    let both = r#"{"choices":[{"delta":{"content":""},"message":{"content":"Hi"},"finish_reason":"eos"}]}"#;
    let (response, error) = decoded(KIND, false, both);
    assert_eq!((response.text(), response.finish_reason, error), ("Hi".to_owned(), Some(FinishReason::Stop), None));
    let response = streamed(&[
        r#"{"choices":[{"delta":{"content":"H"},"message":{"content":"H"}}]}"#,
        r#"{"choices":[{"delta":{"content":"i"},"message":{"content":"Hi"}}]}"#,
        STOP,
    ]);
    assert_eq!(response, stopped(vec![ResponsePart::text("Hi")]));
}

#[test]
fn a_gateway_tells_its_own_word_for_the_end_and_the_vendors() {
    let response = streamed(&[r#"{"choices":[{"finish_reason":"length","native_finish_reason":"MAX_TOKENS"}]}"#]);
    let told = (response.finish_reason, response.provider_details);
    assert_eq!(told, (Some(FinishReason::Length), Some(json!({"finish_reason": "MAX_TOKENS"}))));
}

#[test]
fn an_error_may_stand_within_a_choice_or_beside_them() {
    let busy =
        r#"{"choices":[{"delta":{"content":""},"finish_reason":"error","error":{"code":502,"message":"Busy."}}]}"#;
    let (_, error) = decoded(KIND, true, &stream(&[busy]));
    let error = error.expect("an error");
    assert_eq!((error.kind, error.status, error.message.as_str()), (ErrorKind::Provider, Some(502), "Busy."));
    let beside = r#"{"choices":[],"x_groq":{"error":"over capacity"}}"#;
    assert_eq!(failure(KIND, true, &stream(&[beside])), (ErrorKind::Provider, "over capacity".to_owned()));
}

#[test]
fn an_error_object_ends_the_answer_with_the_vendors_sentence() {
    let body = stream(&[r#"{"choices":[{"delta":{"content":"Hel"}}]}"#, r#"{"error":{"message":"Busy.","code":503}}"#]);
    let (response, error) = decoded(KIND, true, &body);
    let expected = ModelError {
        status: Some(503),
        ..ModelError::new(ErrorKind::Provider, "Busy.").with_body(json!({"message": "Busy.", "code": 503}))
    };
    assert_eq!((response.text(), error), ("Hel".to_owned(), Some(expected)));
    assert_eq!(failure(KIND, false, r#"{"error":{"message":"model is loading"}}"#).1, "model is loading");
}

#[test]
fn what_ends_too_early_or_is_no_answer_is_told() {
    let hello = stream(&[r#"{"choices":[{"delta":{"content":"Hello"}}]}"#]);
    let early = "the stream ended before the model did (no finish_reason was seen)".to_owned();
    assert_eq!(failure(KIND, true, &hello), (ErrorKind::Truncated, early.clone()));
    assert_eq!(failure(KIND, true, &hello[..hello.len() - 9]), (ErrorKind::Truncated, early));
    assert_eq!(failure(KIND, true, ""), (ErrorKind::Truncated, "the answer is empty".to_owned()));
    assert_eq!(failure(KIND, false, " \n"), (ErrorKind::Truncated, "the answer is empty".to_owned()));
    assert_eq!(failure(KIND, false, r#"{"choices":[{"#).0, ErrorKind::Truncated);
    assert_eq!(failure(KIND, false, r#"{"id":"x"}"#), (ErrorKind::Protocol, "the answer has no choices".to_owned()));
    assert_eq!(failure(KIND, false, "[]"), (ErrorKind::Protocol, "the answer is not a JSON object".to_owned()));
    let (_, error) = decoded(KIND, false, "pong");
    assert_eq!(error, Some(ModelError::new(ErrorKind::Protocol, "the answer is not JSON").with_body("pong".into())));
    assert_eq!(failure(KIND, true, &stream(&[&"[".repeat(100_000)])).0, ErrorKind::Protocol);
    assert_eq!(failure(KIND, true, &stream(&["{\"choices\": 7}"])).0, ErrorKind::Protocol);
}
