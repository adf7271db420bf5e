//! Structured output in `llmbench run`: from the schema's file to the verdict.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use std::time::Duration;

use llmbench::message::{ResponsePart, ResponseState, StreamEvent};
use llmbench::model::{ErrorKind, LaneEvent, ModelError, Outcome, Verdict};
use llmbench::run::{LaneRecord, LaneReport};
use llmbench::session::{Turn, records, replay};
use program::{Done, Home, run};
use serde_json::{Value, json};
use server::{STREAM, Server};

const CITY: &str = r#"{"title": "City", "type": "object", "required": ["city", "country"],
    "properties": {"city": {"type": "string"}, "country": {"type": "string"}}}"#;

/// A home with Anthropic and Gemini behind this server, and the schema in `city.json`.
fn home(server: &Server) -> Home {
    let provider = |name: &str| format!("[providers.{name}]\nbase_url = \"{}\"\napi_key = \"sk-lab\"\n", server.url);
    let home = Home::with_config(&format!("{}{}", provider("anthropic"), provider("google-gla")));
    std::fs::write(home.path().join("city.json"), CITY).expect("the schema");
    home
}

const CLAUDE: &str = "anthropic:claude-sonnet-4-5";
const GEMINI: &str = "google-gla:gemini-2.5-flash";

/// Asks for the city, in these formats and modes.
fn ask(home: &Home, model: &str, more: &[&str]) -> Done {
    run(home, &[&["run", "-m", model, "--schema", "city.json", "--retries", "0"], more, &["Where?"]].concat(), "")
}

fn lane(done: &Done) -> Value {
    let document: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"));
    document["runs"][0].clone()
}

fn sent(server: &Server) -> Value {
    let request = server.requests().pop().expect("a request");
    serde_json::from_str(request.split_once("\r\n\r\n").expect("a body").1).expect("JSON")
}

fn claude(content: &Value, stop_reason: &str) -> String {
    let body = json!({"id": "m1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
        "content": content, "stop_reason": stop_reason, "usage": {"input_tokens": 3, "output_tokens": 5}});
    server::json(200, &body.to_string())
}

fn claude_calls(input: &Value) -> String {
    claude(&json!([{"type": "tool_use", "id": "t1", "name": "final_result", "input": input}]), "tool_use")
}

/// Claude's call as it streams, in two pieces.
fn claude_streams(pieces: [&str; 2]) -> String {
    let delta = |piece| json!({"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": piece}});
    let events = [
        json!({"type": "message_start", "message": {"id": "m1", "type": "message", "role": "assistant", "content": [],
            "model": "claude-sonnet-4-5", "usage": {"input_tokens": 3, "output_tokens": 1}}}),
        json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "tool_use", "id": "t1", "name": "final_result", "input": {}}}),
        delta(pieces[0]),
        delta(pieces[1]),
        json!({"type": "content_block_stop", "index": 0}),
        json!({"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 5}}),
        json!({"type": "message_stop"}),
    ];
    events.iter().fold(STREAM.to_owned(), |stream, event| {
        stream + &format!("event: {}\ndata: {event}\n\n", event["type"].as_str().expect("a type"))
    })
}

fn gemini(text: &str) -> String {
    let body = json!({"candidates": [{"content": {"role": "model", "parts": [{"text": text}]}, "finishReason": "STOP"}],
        "modelVersion": "gemini-2.5-flash"});
    server::json(200, &body.to_string())
}

#[test]
fn the_output_is_in_the_document() {
    let paris = json!({"city": "Paris", "country": "France"});
    let table = [
        (CLAUDE, "tool", claude_calls(&paris)),
        (CLAUDE, "native", claude(&json!([{"type": "text", "text": paris.to_string()}]), "end_turn")),
        (GEMINI, "native", gemini(&paris.to_string())),
        (GEMINI, "prompted", gemini(&format!("Sure:\n```json\n{paris}\n```\n"))),
    ];
    for (model, mode, answer) in table {
        let server = Server::start(vec![answer]);
        let done = ask(&home(&server), model, &["--output-mode", mode, "--no-stream", "--format", "json"]);
        let lane = lane(&done);
        let got = (done.code, &lane["status"], &lane["output"], lane.get("output_errors"), &lane["error"]);
        assert_eq!(got, (Some(0), &json!("completed"), &paris, None, &Value::Null), "{model} {mode}: {done:?}");
    }
}

#[test]
fn without_a_schema_nothing_is_told_of_output() {
    let server = Server::start(vec![gemini("Paris")]);
    let done = run(&home(&server), &["run", "-m", GEMINI, "--no-stream", "--format", "json", "Where?"], "");
    let lane = lane(&done);
    assert_eq!((done.code, lane.get("output"), lane.get("output_errors")), (Some(0), None, None), "{done:?}");
}

#[test]
fn a_tool_is_the_models_own_way() {
    let server = Server::start(vec![claude_streams(["{\"city\": \"Par", "is\", \"country\": \"France\"}"])]);
    let home = home(&server);
    let done = ask(&home, CLAUDE, &[]);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    assert_eq!(done.stdout, "{\"city\": \"Paris\", \"country\": \"France\"}\n");
    let body = sent(&server);
    assert_eq!((&body["tools"][0]["name"], &body["tool_choice"]), (&json!("final_result"), &json!({"type": "any"})));
    let two = ask(&home, CLAUDE, &["-m", CLAUDE]);
    let block = format!("── {CLAUDE} ──\n{}", done.stdout);
    assert_eq!((two.code, two.stdout), (Some(0), format!("{block}\n{block}")));
}

#[test]
fn a_model_that_thinks_answers_by_its_own_means() {
    let answer =
        claude(&json!([{"type": "text", "text": "{\"city\": \"Paris\", \"country\": \"France\"}"}]), "end_turn");
    let server = Server::start(vec![answer]);
    let thinking = ["--set", "thinking=low", "--no-stream", "--format", "json"];
    let done = ask(&home(&server), CLAUDE, &thinking);
    assert_eq!((done.code, &lane(&done)["output"]["city"]), (Some(0), &json!("Paris")), "{done:?}");
    assert_eq!(sent(&server)["output_config"]["format"]["type"], "json_schema");
    let server = Server::start(vec![claude_calls(&json!({"city": "Paris", "country": "France"}))]);
    ask(&home(&server), CLAUDE, &[&["--output-mode", "tool"], &thinking[..]].concat());
    assert_eq!(sent(&server)["tool_choice"], json!({"type": "auto"}));
}

#[test]
fn output_that_does_not_fit_is_a_failure_with_its_answer() {
    let server = Server::start(vec![claude_calls(&json!({"city": 3}))]);
    let home = home(&server);
    let done = ask(&home, CLAUDE, &["--no-stream", "--format", "json", "--save"]);
    let lane = lane(&done);
    let problems = json!(["\"country\" is a required property", "/city: 3 is not of type \"string\""]);
    assert_eq!((done.code, &lane["status"], lane.get("output")), (Some(1), &json!("failed"), None), "{done:?}");
    assert_eq!(lane["output_errors"], problems);
    assert_eq!((&lane["error"]["kind"], &lane["attempts"][0]["outcome"]), (&json!("invalid_output"), &json!("failed")));
    let response = &lane["response"];
    assert_eq!((&response["state"], &response["parts"][0]["args"]), (&json!("complete"), &json!({"city": 3})));
    assert!(done.stderr.contains("failed: the output doesn't fit the schema: "), "{done:?}");

    // As it is kept.
    let id = done.stderr.lines().last().and_then(|line| line.split_whitespace().last()).expect("an ID").to_owned();
    let exported = run(&home, &["sessions", "export", &id, "--format", "json"], "");
    let session: Value = serde_json::from_str(&exported.stdout).expect("a session");
    let saved = &session["turns"][0]["runs"][0];
    for field in ["status", "output_errors", "error", "attempts", "response"] {
        assert_eq!(saved[field], lane[field], "{field}");
    }
}

#[test]
fn text_is_no_output_where_a_tool_was_asked_for() {
    let server = Server::start(vec![claude(&json!([{"type": "text", "text": "Paris"}]), "end_turn")]);
    let tool = ["--output-mode", "tool", "--no-stream", "--format", "json"];
    let done = ask(&home(&server), CLAUDE, &tool);
    let lane = lane(&done);
    assert_eq!((done.code, &lane["response"]["parts"][0]["content"]), (Some(1), &json!("Paris")), "{done:?}");
    assert_eq!(lane["output_errors"], json!(["Please include your response in a tool call."]));
}

#[test]
fn a_model_left_to_its_own_way_may_answer_with_json_as_text() {
    let text = "```json\n{\"city\": \"Paris\", \"country\": \"France\"}\n```";
    let server = Server::start(vec![claude(&json!([{"type": "text", "text": text}]), "end_turn")]);
    let done = ask(&home(&server), CLAUDE, &["--no-stream", "--format", "json"]);
    assert_eq!(
        (done.code, &lane(&done)["output"]),
        (Some(0), &json!({"city": "Paris", "country": "France"})),
        "{done:?}"
    );
}

#[test]
fn lines_tell_the_output_before_the_lane_ends() {
    let server = Server::start(vec![claude_streams(["{\"city\": \"Paris\",", " \"country\": \"France\"}"])]);
    let done = ask(&home(&server), CLAUDE, &["--format", "jsonl"]);
    let lines: Vec<Value> = done.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let [.., output, attempt, lane] = lines.as_slice() else { panic!("{done:?}") };
    assert_eq!((&output["event"], &output["output"]["city"]), (&json!("output"), &json!("Paris")));
    assert_eq!((&attempt["event"], &lane["event"]), (&json!("attempt_ended"), &json!("lane_ended")));
}

#[test]
fn a_chain_asks_each_model_in_its_own_way() {
    let refused = server::json(503, r#"{"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}}"#);
    let server = Server::start(vec![refused, claude_calls(&json!({"city": "Paris", "country": "France"}))]);
    let done = ask(&home(&server), &format!("fallback:{GEMINI},{CLAUDE}"), &["--no-stream", "--format", "json"]);
    let lane = lane(&done);
    assert_eq!((done.code, &lane["output"]["country"]), (Some(0), &json!("France")), "{done:?}");
    let requests = server.requests();
    assert!(requests[0].contains("functionDeclarations") && requests[1].contains("tool_choice"), "{requests:?}");
}

#[test]
fn a_mode_that_a_model_does_not_have_is_told() {
    let server = Server::start(vec![claude(&json!([]), "end_turn")]);
    let done = ask(&home(&server), "anthropic:claude-3-5-haiku-latest", &["--output-mode", "native"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.contains("Native structured output is not supported by this model."), "{done:?}");
    assert!(done.stderr.contains("hint: choose the output mode tool or prompted"), "{done:?}");
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_schema_that_is_none_is_told_with_its_place() {
    let home = Home::empty();
    let told = |schema: &str| {
        std::fs::write(home.path().join("s.json"), schema).expect("the schema");
        let done = run(&home, &["run", "-m", "test:brief", "--schema", "s.json", "Hi"], "");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done.stderr
    };
    assert_eq!(told("{\n  \"type\": object}"), "error: s.json:2:11: the schema is no JSON: expected value\n");
    assert_eq!(told(""), "error: s.json:1:0: the schema is no JSON: EOF while parsing a value\n");
    let none = told("[1]");
    assert!(none.starts_with("error: s.json:1:1: the schema is no JSON object\nhint: "), "{none}");
    let wrong = told(r#"{"type": "object", "required": "city"}"#);
    assert_eq!(wrong, "error: s.json: the schema can't be used: /required: \"city\" is not of type \"array\"\n");
    let far = told(r#"{"type": "object", "properties": {"a": {"$ref": "https://localhost:1/a"}}}"#);
    let elsewhere =
        "$ref \"https://localhost:1/a\" stands elsewhere, and nothing is fetched; put it into the schema's $defs";
    assert_eq!(far, format!("error: s.json: the schema can't be used: {elsewhere}\n"));
    let text = told(r#"{"type": "string"}"#);
    assert!(text.starts_with("error: s.json: the schema describes no JSON object\nhint: "), "{text}");
    let missing = run(&home, &["run", "-m", "test:brief", "--schema", "none.json", "Hi"], "");
    assert!(missing.stderr.starts_with("error: the schema none.json can't be read: "), "{missing:?}");
}

#[test]
fn a_saved_lane_replays_to_the_same_report() {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let wrong = ModelError::new(ErrorKind::InvalidOutput, "the output doesn't fit the schema: no JSON");
    let fits = (Verdict::Fits(json!({"city": "Paris"})), Outcome::Completed, None);
    for (verdict, outcome, error) in [fits, (Verdict::Wrong(vec!["no JSON".to_owned()]), Outcome::Failed, Some(wrong))]
    {
        let events = [
            LaneEvent::AttemptStarted { model: "lab:m".to_owned(), queued: Duration::ZERO },
            LaneEvent::Headers { provider_name: "lab".to_owned(), provider_url: "http://lab".to_owned() },
            LaneEvent::Arrived(vec![StreamEvent::part_start(0, ResponsePart::text("Paris"))]),
            LaneEvent::Output(verdict),
            LaneEvent::AttemptEnded { outcome, error: error.clone() },
            LaneEvent::Ended { outcome, error },
        ];
        let mut record = LaneRecord::new("lab:m", at);
        for (ms, event) in (0..).step_by(10).zip(&events) {
            record.apply(Duration::from_millis(ms), event);
        }
        let turn = Turn::of("Where?", at, [&record]);
        let mut again = records(&turn).remove(0);
        for event in replay(&turn) {
            again.apply(event.at, &event.event);
        }
        assert_eq!(LaneReport::from(&again), LaneReport::from(&record));
        assert_eq!(again.response().state, ResponseState::Complete);
    }
}

/// What the first request's answer gets for an answer in the second.
fn feedback(server: &Server) -> Value {
    let requests = server.requests();
    let body: Value = serde_json::from_str(requests[1].split_once("\r\n\r\n").expect("a body").1).expect("JSON");
    body["messages"].as_array().and_then(|messages| messages.last().cloned()).expect("messages")
}

#[test]
fn wrong_output_is_sent_back_with_what_is_wrong_and_is_an_attempt() {
    for stream in [true, false] {
        let answers = if stream {
            vec![
                claude_streams(["{\"city\":", " 3}"]),
                claude_streams(["{\"city\": \"Paris\",", " \"country\": \"France\"}"]),
            ]
        } else {
            vec![claude_calls(&json!({"city": 3})), claude_calls(&json!({"city": "Paris", "country": "France"}))]
        };
        let server = Server::start(answers);
        let more: &[&str] = if stream { &[] } else { &["--no-stream"] };
        let home = home(&server);
        let done = ask(&home, CLAUDE, &[&["--format", "json", "--output-retries", "1"], more].concat());
        let lane = lane(&done);
        assert_eq!((done.code, &lane["output"]["country"]), (Some(0), &json!("France")), "{done:?}");
        let attempts = lane["attempts"].as_array().expect("attempts");
        let kinds: Vec<_> = attempts.iter().map(|attempt| &attempt["error"]["kind"]).collect();
        assert_eq!(kinds, [&json!("invalid_output"), &Value::Null]);
        assert_eq!(attempts[0]["response"]["parts"][0]["tool_name"], "final_result");
        assert_eq!((&lane["usage"]["requests"], &lane["usage"]["output_tokens"]), (&json!(2), &json!(10)));
        let problems = "\"country\" is a required property\n/city: 3 is not of type \"string\"";
        let told = json!({"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": problems}], "is_error": true}]});
        assert_eq!(feedback(&server), told, "stream: {stream}");
        assert!(done.stderr.contains("asking again: the output doesn't fit the schema: "), "{done:?}");
    }
}

#[test]
fn text_prints_only_the_output_that_was_taken() {
    let server = Server::start(vec![
        claude_streams(["{\"city\":", " 3}"]),
        claude_streams(["{\"city\": \"Paris\",", " \"country\": \"France\"}"]),
    ]);
    let done = ask(&home(&server), CLAUDE, &["--output-retries", "2"]);
    assert_eq!(
        (done.code, done.stdout.as_str()),
        (Some(0), "{\"city\": \"Paris\", \"country\": \"France\"}\n"),
        "{done:?}"
    );
}

#[test]
fn output_retries_end() {
    let server = Server::start(vec![claude(&json!([{"type": "text", "text": "Paris"}]), "end_turn")]);
    let tool = ["--output-mode", "tool", "--no-stream", "--format", "json", "--output-retries", "2"];
    let done = ask(&home(&server), CLAUDE, &tool);
    let lane = lane(&done);
    assert_eq!((done.code, lane["attempts"].as_array().map(Vec::len)), (Some(1), Some(3)), "{done:?}");
    assert_eq!(lane["error"]["kind"], "invalid_output");
    let told = feedback(&server)["content"][0]["text"].as_str().map(str::to_owned).expect("text");
    assert!(told.contains("<pyai:retry_feedback>\nPlease include your response in a tool call.\n"), "{told}");
    let without = run(&home(&server), &["run", "-m", CLAUDE, "--output-retries", "1", "Hi"], "");
    assert_eq!(
        (without.code, without.stderr.lines().next()),
        (Some(2), Some("error: --output-retries is for --schema"))
    );
}

#[test]
fn what_was_refused_is_not_asked_again() {
    for stop_reason in ["refusal", "max_tokens"] {
        let server = Server::start(vec![claude(&json!([]), stop_reason)]);
        let done = ask(&home(&server), CLAUDE, &["--no-stream", "--format", "json", "--output-retries", "2"]);
        let lane = lane(&done);
        assert_eq!((done.code, &lane["error"]["kind"]), (Some(1), &json!("invalid_output")), "{done:?}");
        assert_eq!(server.requests().len(), 1, "{stop_reason}");
    }
}
