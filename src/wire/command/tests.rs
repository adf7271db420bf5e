//! Programs' output: whole, byte by byte, cut anywhere; and what is wrong with it.

use serde_json::{Value, json};

use super::*;
use crate::message::{ModelResponse, ResponseBuilder, Usage};
use crate::wire::{ErrorKind, ModelError};

/// Every event of the contract, with an unknown one, an unknown field and a blank line.
const LONG: &str = r#"{"event":"start","model_name":"m-1","provider_response_id":"r1","mood":"good"}
{"event":"part_start","index":7,"part":{"part_kind":"thinking","content":"Hm"}}
{"event":"part_delta","index":7,"delta":{"part_delta_kind":"thinking","content_delta":"m…","signature_delta":"s"}}
{"event":"part_end","index":7}

{"event":"heartbeat","index":"none"}
{"event_kind":"part_start","index":8,"part":{"part_kind":"text","content":""},"previous_part_kind":"thinking"}
{"event_kind":"part_delta","index":8,"delta":{"part_delta_kind":"text","content_delta":"Grüß dich 月"}}
{"event_kind":"part_end","index":8,"part":{"part_kind":"text","content":"Grüß dich 月"}}
{"event":"part_start","index":9,"part":{"part_kind":"tool-call","tool_name":"f","args":"{\"a\":"}}
{"event":"part_delta","index":9,"delta":{"part_delta_kind":"tool_call","args_delta":"1}"}}
{"event":"usage","usage":{"input_tokens":3,"output_tokens":5,"cache_read_tokens":-1,"details":{"x":1,"y":"?"}}}
{"event":"finish","finish_reason":"tool_call"}
{"usage":{"output_tokens":6}}
"#;

/// The same in short, as far as it goes.
const SHORT: &str = r#"{"model_name":"m-1","thinking":"Hm"}
{"thinking":"m…","text":"Grüß "}
{"text":"dich"}
{"tool_call":{"tool_name":"f","args":{"a":1}}}
{"text":" 月","usage":{"output_tokens":6},"finish":"END_TURN"}
"#;

fn read(mode: Option<OutputMode>, pieces: &[&[u8]]) -> (ModelResponse, Option<ModelError>) {
    let (mut decoder, mut out) = (decoder("m", mode), Vec::new());
    let pushed = pieces.iter().try_for_each(|piece| decoder.push(piece, &mut out));
    let result = pushed.and_then(|()| decoder.finish(&mut out));
    let mut builder = ResponseBuilder::default();
    for event in &out {
        builder.apply(event);
    }
    (builder.into_response(), result.err())
}

fn whole(text: &str) -> (ModelResponse, Option<ModelError>) {
    read(None, &[text.as_bytes()])
}

fn failure(text: &str) -> (ErrorKind, String) {
    let error = whole(text).1.unwrap_or_else(|| panic!("it is right: {text}"));
    (error.kind, error.message)
}

fn parts(response: &ModelResponse) -> Value {
    let part = |part| {
        let part = serde_json::to_value(part).expect("JSON");
        json!([part["part_kind"], part.get("content").unwrap_or(&part["args"]), part["tool_call_id"]])
    };
    response.parts.iter().map(part).collect()
}

#[test]
fn the_contracts_events_make_a_response() {
    let (response, error) = whole(LONG);
    let text = json!(["text", "Grüß dich 月", null]);
    assert_eq!(parts(&response), json!([["thinking", "Hmm…", null], text, ["tool-call", "{\"a\":1}", "call_1"]]));
    let usage = Usage {
        input_tokens: Some(3),
        output_tokens: Some(6),
        details: [("x".to_owned(), 1)].into(),
        ..Usage::default()
    };
    assert_eq!((response.usage, response.model_name.as_deref(), error), (usage, Some("m-1"), None));
    let told = (response.finish_reason, response.provider_response_id.as_deref());
    assert_eq!(told, (Some(crate::message::FinishReason::ToolCall), Some("r1")));
}

#[test]
fn the_short_form_makes_one_too() {
    let (response, error) = whole(SHORT);
    let (thinking, call) = (json!(["thinking", "Hmm…", null]), json!(["tool-call", {"a": 1}, "call_1"]));
    let texts = [json!(["text", "Grüß dich", null]), json!(["text", " 月", null])];
    assert_eq!(parts(&response), json!([thinking, texts[0], call, texts[1]]));
    let details = Some(json!({"finish_reason": "END_TURN"}));
    assert_eq!((response.finish_reason, response.provider_details, error), (None, details, None));
}

#[test]
fn cuts_change_nothing() {
    for text in [LONG, SHORT] {
        let expected = whole(text);
        let bytes: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
        assert_eq!(read(None, &bytes), expected);
        for at in 0..text.len() {
            let (before, after) = text.as_bytes().split_at(at);
            assert_eq!(read(None, &[before, after]), expected, "cut at {at}");
        }
    }
}

#[test]
fn an_answer_that_breaks_off_is_never_whole() {
    for text in [LONG, SHORT] {
        let finish = text.find("\"finish").expect("a finish");
        let line = finish + text[finish..].find('\n').expect("a line's end");
        for at in 0..line - 1 {
            let error = read(None, &[&text.as_bytes()[..at]]).1.unwrap_or_else(|| panic!("whole, cut at {at}"));
            assert_eq!(error.kind, ErrorKind::Truncated, "cut at {at}: {error}");
        }
        assert_eq!(read(None, &[&text.as_bytes()[..line]]).1, None, "without the last line's end");
    }
    assert_eq!(failure(""), (ErrorKind::Truncated, "the program wrote nothing".to_owned()));
    let middle = "the program's output ended in the middle of line 2";
    assert_eq!(failure("{\"text\":\"a\"}\n{\"te"), (ErrorKind::Truncated, middle.to_owned()));
    let unfinished = "the program ended before its answer did (no finish was seen)";
    assert_eq!(failure("{\"text\":\"a\"}\n"), (ErrorKind::Truncated, unfinished.to_owned()));
}

#[test]
fn output_comes_in_the_way_it_was_asked_for() {
    let line = b"{\"output\":{\"city\":\"Paris\"},\"finish\":true}";
    let of = |mode| parts(&read(mode, &[line]).0);
    assert_eq!(of(Some(OutputMode::Tool)), json!([["tool-call", {"city": "Paris"}, "call_1"]]));
    for mode in [Some(OutputMode::Native), Some(OutputMode::Prompted), None] {
        assert_eq!(of(mode), json!([["text", "{\"city\":\"Paris\"}", null]]));
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let table = [
        ("\nLoading…\n", "line 2 of the program's output: no JSON object: Loading…"),
        ("[1]\n", "line 1 of the program's output: no JSON object: [1]"),
        ("{\"text\":3}\n", "line 1 of the program's output: \"text\" is 3, which is no text"),
        ("{\"event\":1}\n", "line 1 of the program's output: \"event\" is 1, which is no text"),
        ("{\"event\":\"part_start\"}\n", "line 1 of the program's output: \"part\" is missing"),
        ("{\"event\":\"part_end\",\"index\":4}\n", "line 1 of the program's output: part 4 has not begun"),
        ("{\"event\":\"part_end\"}\n", "line 1 of the program's output: no part has begun"),
        (
            "{\"event\":\"part_end\",\"index\":-1}\n",
            "line 1 of the program's output: \"index\" is -1, which is no whole number",
        ),
        (
            "{\"finish\":\"stop\"}\n{\"text\":\"a\"}\n",
            "line 2 of the program's output: the answer was finished before it",
        ),
    ];
    for (text, message) in table {
        assert_eq!(failure(text), (ErrorKind::Protocol, message.to_owned()));
    }
    let start = "{\"event\":\"part_start\",\"index\":0,\"part\":{\"part_kind\":\"text\",\"content\":\"a\"}}\n";
    assert_eq!(failure(&start.repeat(2)).1, "line 2 of the program's output: part 0 begins a second time");
    let delta =
        "{\"event\":\"part_delta\",\"index\":0,\"delta\":{\"part_delta_kind\":\"thinking\",\"content_delta\":\"b\"}}\n";
    let other = "line 2 of the program's output: the delta is of another kind than its part";
    assert_eq!(failure(&format!("{start}{delta}")).1, other);
    let half = failure("{\"event\":\"part_delta\",\"delta\":{\"part_delta_kind\":\"text\"}}\n").1;
    assert_eq!(
        half,
        "line 1 of the program's output: \"delta\" is not what it should be: missing field `content_delta`"
    );
}

#[test]
fn a_line_without_end_is_refused() {
    let mut decoder = decoder("m", None);
    let piece = vec![b'a'; 1024 * 1024];
    let pushed = (0..20).try_for_each(|_| decoder.push(&piece, &mut Vec::new()));
    let error = pushed.expect_err("too long");
    assert_eq!(
        (error.kind, error.message.as_str()),
        (ErrorKind::Protocol, "line 1 of the program's output is over 16 MiB")
    );
}

#[test]
fn a_failure_is_the_programs_own() {
    let error = |text: &str| {
        let error = whole(text).1.expect("a failure");
        (error.kind, error.status, error.retry_after_s, error.message)
    };
    let plain = |kind, message: &str| (kind, None, None, message.to_owned());
    assert_eq!(error("{\"text\":\"a\",\"error\":\"out of memory\"}\n"), plain(ErrorKind::Provider, "out of memory"));
    assert_eq!(
        error("{\"event\":\"error\",\"message\":\"no key\",\"kind\":\"auth\"}\n"),
        plain(ErrorKind::Auth, "no key")
    );
    assert_eq!(error("{\"error\":{\"message\":\"x\",\"kind\":\"cancelled\"}}\n").0, ErrorKind::Provider);
    assert_eq!(
        error("{\"error\":{\"message\":\"slow down\",\"status\":429,\"retry_after_s\":1.5}}\n"),
        (ErrorKind::Http, Some(429), Some(1.5), "status_code: 429, model_name: m, slow down".to_owned())
    );
}
