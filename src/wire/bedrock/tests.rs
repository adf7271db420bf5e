//! What answers mean in frames and whole, and what a history becomes.

mod families;

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::catalog::InterfaceKind;
use crate::message::{FinishReason, ModelResponse, ResponsePart, Thinking as ThinkingPart, ToolArgs, ToolCall, Usage};
use crate::wire::testing::{decoded, decoded_bytes, encoded, failure, tokens};
use crate::wire::{ErrorKind, HttpRequest, ModelError};

const KIND: InterfaceKind = InterfaceKind::Bedrock;
const NOVA: &str = "us.amazon.nova-lite-v1:0";
const CLAUDE: &str = "us.anthropic.claude-3-7-sonnet-20250219-v1:0";

fn frame(headers: &[(&'static str, &str)], payload: &[u8]) -> Vec<u8> {
    let header =
        |(name, value): &(&'static str, &str)| Header::new(*name, HeaderValue::String((*value).to_owned().into()));
    let message = Message::new_from_parts(headers.iter().map(header).collect(), payload.to_vec());
    let mut bytes = Vec::new();
    write_message_to(&message, &mut bytes).expect("a frame");
    bytes
}

fn event(kind: &str, payload: &Value) -> Vec<u8> {
    frame(&[(":message-type", "event"), (":event-type", kind)], payload.to_string().as_bytes())
}

fn delta(index: u64, delta: &Value) -> Vec<u8> {
    event("contentBlockDelta", &json!({"contentBlockIndex": index, "delta": delta}))
}

fn stop(reason: &str) -> Vec<u8> {
    event("messageStop", &json!({"stopReason": reason}))
}

fn streamed(frames: &[Vec<u8>]) -> (ModelResponse, Option<ModelError>) {
    decoded_bytes(KIND, true, &frames.concat())
}

/// A stream's failure.
fn failed(frames: &[Vec<u8>]) -> ModelError {
    streamed(frames).1.expect("a failure")
}

fn hello() -> Vec<u8> {
    delta(0, &json!({"text": "Hello"}))
}

#[test]
fn blocks_are_parts_and_the_rest_is_skipped() {
    let start =
        |index: u64, start: Value| event("contentBlockStart", &json!({"contentBlockIndex": index, "start": start}));
    let frames = [
        event("messageStart", &json!({"role": "assistant", "p": "abc"})),
        delta(0, &json!({"reasoningContent": {"text": "Hm"}})),
        delta(0, &json!({"reasoningContent": {"text": "m."}})),
        delta(0, &json!({"reasoningContent": {"signature": "s"}})),
        event("contentBlockStop", &json!({"contentBlockIndex": 0})),
        delta(1, &json!({"reasoningContent": {"redactedContent": STANDARD.encode("secret")}})),
        event("yetToCome", &json!(["anything"])),
        frame(&[(":message-type", "yet-to-come")], b"\xff"),
        delta(2, &json!({"text": ""})),
        delta(2, &json!({"text": "A"})),
        delta(2, &json!({"citation": {"title": "x"}})),
        start(3, json!({"toolUse": {"toolUseId": "own", "name": "nova_code_interpreter", "type": "server_tool_use"}})),
        delta(3, &json!({"toolUse": {"input": "{\"snippet\": 1}"}})),
        start(4, json!({"toolUse": {"toolUseId": "c", "name": "f"}})),
        delta(4, &json!({"toolUse": {"input": "{\"a\""}})),
        delta(4, &json!({"toolUse": {"input": ": 1}"}})),
        stop("tool_use"),
        event("metadata", &json!({"usage": {"inputTokens": 5, "outputTokens": 3, "totalTokens": 8}})),
    ];
    let bedrock = Some("bedrock".to_owned());
    let thinking = ThinkingPart {
        content: "Hmm.".to_owned(),
        signature: Some("s".to_owned()),
        provider_name: bedrock.clone(),
        ..ThinkingPart::default()
    };
    let redacted = ThinkingPart {
        id: Some("redacted_content".to_owned()),
        signature: Some("secret".to_owned()),
        provider_name: bedrock,
        ..ThinkingPart::default()
    };
    let call = ToolCall {
        tool_name: "f".to_owned(),
        args: Some(ToolArgs::Json("{\"a\": 1}".to_owned())),
        tool_call_id: "c".to_owned(),
        ..ToolCall::default()
    };
    let expected = ModelResponse {
        parts: vec![
            ResponsePart::Thinking(thinking),
            ResponsePart::Thinking(redacted),
            ResponsePart::text("A"),
            ResponsePart::ToolCall(call),
        ],
        usage: tokens(Some(5), Some(3)),
        finish_reason: Some(FinishReason::ToolCall),
        provider_details: Some(json!({"finish_reason": "tool_use"})),
        ..ModelResponse::default()
    };
    assert_eq!(streamed(&frames), (expected, None));
}

#[test]
fn a_whole_answer_says_the_same() {
    let body = json!({"output": {"message": {"role": "assistant", "content": [
        {"reasoningContent": {"reasoningText": {"text": "Hm", "signature": "s"}}},
        {"reasoningContent": {"redactedContent": "/w=="}},
        {"citationsContent": {"content": [{"text": "A"}, {"text": "B"}], "citations": []}},
        {"toolUse": {"toolUseId": "own", "name": "n", "input": {}, "type": "server_tool_use"}},
        {"toolResult": {"toolUseId": "own", "content": []}},
        {"toolUse": {"toolUseId": "c", "name": "f", "input": {"a": 1}}},
    ]}}, "stopReason": "end_turn", "usage": {"inputTokens": 1, "outputTokens": 2}, "metrics": {"latencyMs": 1}});
    let bedrock = Some("bedrock".to_owned());
    let thinking = ThinkingPart {
        content: "Hm".to_owned(),
        signature: Some("s".to_owned()),
        provider_name: bedrock.clone(),
        ..ThinkingPart::default()
    };
    // Bytes that are no text can't be kept as a signature.
    let redacted =
        ThinkingPart { id: Some("redacted_content".to_owned()), provider_name: bedrock, ..ThinkingPart::default() };
    let call = ToolCall {
        tool_name: "f".to_owned(),
        args: Some(ToolArgs::Object(json!({"a": 1}).as_object().cloned().expect("an object"))),
        tool_call_id: "c".to_owned(),
        ..ToolCall::default()
    };
    let expected = ModelResponse {
        parts: vec![
            ResponsePart::Thinking(thinking),
            ResponsePart::Thinking(redacted),
            ResponsePart::text("AB"),
            ResponsePart::ToolCall(call),
        ],
        usage: tokens(Some(1), Some(2)),
        finish_reason: Some(FinishReason::Stop),
        provider_details: Some(json!({"finish_reason": "end_turn"})),
        ..ModelResponse::default()
    };
    assert_eq!(decoded(KIND, false, &body.to_string()), (expected, None));
    assert_eq!(
        failure(KIND, false, r#"{"message": "no"}"#),
        (ErrorKind::Protocol, "the answer has no content".to_owned())
    );
}

#[test]
fn the_cache_is_part_of_the_input_and_what_is_no_count_is_unknown() {
    let usage = |usage: Value| streamed(&[stop("end_turn"), event("metadata", &json!({"usage": usage}))]).0.usage;
    let counted =
        usage(json!({"inputTokens": 1, "outputTokens": 2, "cacheReadInputTokens": 30, "cacheWriteInputTokens": 400}));
    let expected = Usage { cache_read_tokens: Some(30), cache_write_tokens: Some(400), ..tokens(Some(431), Some(2)) };
    assert_eq!(counted, expected);
    let odd = usage(json!({"inputTokens": 1, "outputTokens": -2, "cacheReadInputTokens": "3"}));
    assert_eq!(odd, tokens(None, None));
    assert_eq!(usage(json!({"cacheReadInputTokens": 3})), Usage { cache_read_tokens: Some(3), ..Usage::default() });
    assert_eq!(usage(json!(null)), Usage::default());
}

#[test]
fn exceptions_and_errors_have_a_name_a_sentence_and_a_status() {
    let exception = |kind: &str, payload: &str| {
        frame(&[(":message-type", "exception"), (":exception-type", kind)], payload.as_bytes())
    };
    for (kind, status) in [
        ("throttlingException", Some(429)),
        ("serviceUnavailableException", Some(503)),
        ("internalServerException", Some(500)),
        ("validationException", Some(400)),
        ("modelStreamErrorException", Some(424)),
        ("modelTimeoutException", Some(408)),
        ("strangeException", None),
    ] {
        let (response, error) = streamed(&[hello(), exception(kind, r#"{"message": "Too many."}"#), stop("end_turn")]);
        let expected = ModelError {
            status,
            ..ModelError::new(ErrorKind::Provider, format!("{kind}: Too many."))
                .with_body(json!({kind: {"message": "Too many."}}))
        };
        assert_eq!((&response.text()[..], error), ("Hello", Some(expected)));
    }
    assert_eq!(failed(&[exception("x", "")]).message, "x: the provider gave no reason");
    let error = failed(&[frame(&[(":message-type", "error"), (":error-code", "500"), (":error-message", "Oh")], b"")]);
    let expected = ModelError::new(ErrorKind::Provider, "500: Oh").with_body(json!({"code": "500", "message": "Oh"}));
    assert_eq!(error, expected);
}

#[test]
fn damaged_frames_are_told_and_what_came_before_is_kept() {
    let damaged = |at: usize, bytes: &[u8]| {
        let mut frame = hello();
        frame[at..at + bytes.len()].copy_from_slice(bytes);
        frame
    };
    let relabelled = |length: u32| {
        let mut frame = hello();
        frame[..4].copy_from_slice(&length.to_be_bytes());
        let checksum = aws_checksum(&frame[..8]);
        frame[8..12].copy_from_slice(&checksum);
        frame
    };
    let cannot = "a frame of the event stream can't be read: ";
    for (frame, why) in [
        (damaged(1, b"\x7f"), "the checksum of its lengths doesn't fit"),
        (damaged(100, b"?"), "message checksum"),
        (relabelled(8), "it is said to be 8 bytes long"),
        (relabelled(u32::MAX), "it is said to be 4294967295 bytes long"),
        (b"data: {\"text\": 1}\n\n".to_vec(), "the checksum of its lengths doesn't fit"),
    ] {
        let (response, error) = streamed(&[hello(), frame]);
        let error = error.expect(why);
        assert_eq!((error.kind, &response.text()[..]), (ErrorKind::Protocol, "Hello"));
        assert!(error.message.starts_with(&format!("{cannot}{why}")), "{}", error.message);
    }
    let nameless = failed(&[frame(&[(":event-type", "messageStop")], b"{}")]);
    assert_eq!(nameless.message, "a frame of the event stream doesn't tell what it is");
    let payloads = [(&b"\xff"[..], "the event messageStop is not valid UTF-8"), (b"[", "the answer is not JSON")];
    for (payload, why) in payloads {
        let error = failed(&[frame(&[(":message-type", "event"), (":event-type", "messageStop")], payload)]);
        assert!(error.kind == ErrorKind::Protocol && error.message.starts_with(why), "{error:?}");
    }
}

/// The checksum that a frame of the crate's own has over its first eight bytes.
fn aws_checksum(prelude: &[u8]) -> [u8; 4] {
    let crc = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    (!prelude.iter().fold(!0, crc)).to_be_bytes()
}

#[test]
fn a_stream_that_ends_early_is_truncated_wherever_it_is_cut() {
    let whole = [hello(), stop("end_turn")].concat();
    for end in 0..whole.len() {
        let error = decoded_bytes(KIND, true, &whole[..end]).1.expect("cut");
        let why = if end == 0 {
            "the answer is empty"
        } else {
            "the stream ended before the model did (no messageStop was seen)"
        };
        assert_eq!((error.kind, &error.message[..]), (ErrorKind::Truncated, why));
    }
    let (response, error) = decoded_bytes(KIND, true, &[&whole[..], &event("metadata", &json!({}))[..30]].concat());
    assert_eq!((&response.text()[..], error), ("Hello", None));
}

#[test]
fn a_models_name_is_one_segment_of_the_path() {
    let path = |model: &str| encoded(KIND, model, &json!([]), &json!({})).path;
    assert_eq!(path(NOVA), "/model/us.amazon.nova-lite-v1%3A0/converse");
    assert_eq!(
        path("arn:aws:bedrock:eu-west-1:1:inference-profile/eu.x~y_z"),
        "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ainference-profile%2Feu.x~y_z/converse"
    );
    assert_eq!(path("../ä?#%"), "/model/..%2F%C3%A4%3F%23%25/converse");
}

fn full_history() -> Value {
    json!([
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."}, {"part_kind": "user-prompt", "content": "Hi"}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "Mine.", "signature": "s", "provider_name": "bedrock"},
            {"part_kind": "thinking", "content": "", "id": "redacted_content", "signature": "r",
                "provider_name": "bedrock"},
            {"part_kind": "thinking", "content": "Theirs.", "signature": "s", "provider_name": "google-gla"},
            {"part_kind": "text", "content": ""},
            {"part_kind": "text", "content": "A"},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{", "tool_call_id": "c"},
            {"part_kind": "tool-call", "tool_name": "g", "args": {"a": 1}, "tool_call_id": "d"}]},
        {"kind": "request", "instructions": "In French.", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": 1}, "tool_call_id": "c"},
            {"part_kind": "retry-prompt", "content": "bad", "tool_name": "g", "tool_call_id": "d"},
            {"part_kind": "retry-prompt", "content": "worse"}]},
    ])
}

#[test]
fn every_part_of_a_history_is_said() {
    let settings =
        json!({"thinking": true, "seed": 1, "temperature": 0.5, "extra_body": {"serviceTier": {"type": "flex"}}});
    let request = encoded(KIND, CLAUDE, &full_history(), &settings);
    let use_of =
        |id: &str, name: &str, input: Value| json!({"toolUse": {"toolUseId": id, "name": name, "input": input}});
    let result = |id: &str, text: &str, status: &str| {
        let content = json!([{"text": text}]);
        json!({"toolResult": {"toolUseId": id, "content": content, "status": status}})
    };
    let tool = |name: &str| json!({"toolSpec": {"name": name, "inputSchema": {"json": {"type": "object"}}}});
    let body = json!({
        "messages": [
            {"role": "user", "content": [
                {"text": "Hi"}, {"text": "<assistant_thinking>\nTheirs.\n</assistant_thinking>"}]},
            {"role": "assistant", "content": [
                {"reasoningContent": {"reasoningText": {"text": "Mine.", "signature": "s"}}},
                {"reasoningContent": {"redactedContent": STANDARD.encode("r")}},
                {"text": "A"},
                use_of("c", "f", json!({"INVALID_JSON": "{"})),
                use_of("d", "g", json!({"a": 1}))]},
            {"role": "user", "content": [
                result("c", "{\"x\":1}", "success"),
                result("d", "bad", "error"),
                {"text": "Your previous response failed the application's validation (this is automated feedback, not a message from the user):\n<pyai:retry_feedback>\nworse\n</pyai:retry_feedback>"}]},
        ],
        "system": [{"text": "Be brief."}, {"text": "In French."}],
        "inferenceConfig": {},
        "toolConfig": {"tools": [tool("f"), tool("g")]},
        "additionalModelRequestFields": {
            "thinking": {"type": "enabled", "budget_tokens": 10000}, "tool_choice": {"type": "none"}},
        "serviceTier": {"type": "flex"},
    });
    let path = "/model/us.anthropic.claude-3-7-sonnet-20250219-v1%3A0/converse".to_owned();
    assert_eq!(request, HttpRequest { path, headers: Vec::new(), body, omitted: vec!["temperature", "seed"] });
}

#[test]
fn limits_are_the_familys_own() {
    let haiku = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
    let written = |model: &str, settings: Value| {
        let body = encoded(KIND, model, &json!([]), &settings).body;
        (body["inferenceConfig"]["maxTokens"].clone(), body["additionalModelRequestFields"].clone())
    };
    assert_eq!(written(haiku, json!({})), (json!(64000), json!(null)));
    assert_eq!(written(haiku, json!({"max_tokens": 100_000})), (json!(64000), json!(null)));
    let thinking = |tokens: u64| json!({"thinking": {"type": "enabled", "budget_tokens": tokens}});
    assert_eq!(written(haiku, json!({"max_tokens": 8000, "thinking": "high"})), (json!(8000), thinking(4000)));
    assert_eq!(written(CLAUDE, json!({"thinking": "low"})), (json!(null), thinking(2048)));
    let nova = encoded(KIND, NOVA, &json!([]), &json!({"thinking": "low"}));
    assert_eq!((nova.body.get("additionalModelRequestFields"), nova.omitted), (None, vec!["thinking"]));
}

#[test]
fn a_frame_is_told_in_a_line() {
    let lines = |bytes: &[u8]| {
        let mut frames = super::Frames::default();
        frames.push(bytes);
        std::iter::from_fn(|| frames.next_frame().ok().flatten())
            .map(|frame| super::frame_line(&frame))
            .collect::<Vec<_>>()
    };
    let thrown = frame(&[(":message-type", "exception"), (":exception-type", "throttlingException")], b"{}\n{}");
    let bytes = [stop("end_turn"), thrown, frame(&[], b"\xff")].concat();
    assert_eq!(lines(&bytes), [r#"messageStop {"stopReason":"end_turn"}"#, "throttlingException {} {}", " \u{fffd}"]);
}
