//! One HTTP exchange over loopback: limits, redirects, keys, retries, and answers that break off.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::net::TcpListener;

use lanes::{ask, finish, start, text_of, trace, watch};
use llmbench::config::{Config, Environment};
use llmbench::message::{FinishReason, ResponseState};
use llmbench::model::{ErrorKind, ModelError, Outcome, Overrides, Registry};
use llmbench::run::{LaneRecord, LaneReport};
use llmbench::settings::Settings;
use serde_json::{Value, json};
use server::{Part, STREAM, Server, openai_chunk, openai_end, openai_stream};

/// What stands in an error where the key stood.
const MASK: &str = "•••";
const KEY: &str = "sk-lab";

fn registry(config: &str) -> Registry {
    registry_with(config, Environment::default(), Overrides::default())
}

fn registry_with(config: &str, environment: Environment, overrides: Overrides) -> Registry {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), config).expect("written");
    let config = Config::load(Some(file.path()), &environment).unwrap_or_else(|error| panic!("{error:?}"));
    Registry::new(config.into(), environment.into(), overrides)
}

/// Asks `lab:m` on this server; `more` are further keys of the provider.
async fn lab(server: &Server, more: &str) -> LaneRecord {
    let config = format!("{}{more}\n", server.config());
    ask(registry(&config).model("lab:m").expect("a model"), true).await
}

/// Likewise, without retries.
async fn once(server: &Server, more: &str) -> LaneRecord {
    lab(server, &format!("retries = 0\n{more}")).await
}

fn bytes(text: impl Into<String>) -> Part {
    Part::Bytes(text.into())
}

fn failure(lane: &LaneRecord) -> &ModelError {
    lane.error.as_ref().unwrap_or_else(|| panic!("no failure: {lane:?}"))
}

/// How a lane ended: outcome, the kind of its error, its text.
fn ending(lane: &LaneRecord) -> (Outcome, Option<ErrorKind>, String) {
    (lane.outcome(), lane.error.as_ref().map(|error| error.kind), text_of(lane))
}

fn completed(text: &str) -> (Outcome, Option<ErrorKind>, String) {
    (Outcome::Completed, None, text.to_owned())
}

fn interrupted(kind: ErrorKind, text: &str) -> (Outcome, Option<ErrorKind>, String) {
    (Outcome::Interrupted, Some(kind), text.to_owned())
}

fn failed(kind: ErrorKind) -> (Outcome, Option<ErrorKind>, String) {
    (Outcome::Failed, Some(kind), String::new())
}

/// An answer with these further header lines and a body that ends with the connection.
fn answer(status: u16, headers: &[&str], body: &str) -> String {
    let head = [&[&format!("HTTP/1.1 {status} X")[..]], headers, &["connection: close"]].concat().join("\r\n");
    format!("{head}\r\n\r\n{body}")
}

fn header<'a>(request: &'a str, name: &str) -> Vec<&'a str> {
    let (head, _) = request.split_once("\r\n\r\n").expect("a head");
    let pairs = head.lines().skip(1).filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).collect()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").expect("a body").1
}

#[tokio::test]
async fn times_are_those_of_the_arrivals() {
    let role = openai_chunk("");
    let script = vec![
        Part::Pause(60),
        bytes(STREAM),
        Part::Pause(60),
        bytes(role),
        Part::Pause(60),
        bytes(openai_chunk("Hel")),
        Part::Pause(60),
        bytes(openai_chunk("lo") + &openai_end()),
        Part::Pause(60),
    ];
    let lane = once(&Server::scripted(vec![script]), "").await;
    assert_eq!(ending(&lane), completed("Hello"));
    let timing = lane.timing();
    let times = [timing.ttfb_ms, timing.ttft_ms, timing.total_ms, timing.close_ms].map(|time| time.expect("a time"));
    let apart = [times[0], times[1] - times[0], times[2] - times[1], times[3] - times[2]];
    // A loaded machine may be slower than the script, never faster; a read may come a little after its bytes.
    for (between, at_least) in apart.iter().zip([59.0, 60.0, 20.0, 20.0]) {
        assert!(*between >= at_least, "{times:?}");
    }
    assert_eq!((timing.ttfa_ms, lane.marks.len()), (timing.ttft_ms, 2));
}

#[tokio::test]
async fn a_late_reader_of_events_does_not_change_their_times() {
    let script = vec![
        bytes(STREAM.to_owned() + &openai_chunk("Hel")),
        Part::Pause(80),
        bytes(openai_chunk("lo") + &openai_end()),
    ];
    let server = Server::scripted(vec![script]);
    let model = registry(&server.config()).model("lab:m").expect("a model");
    let mut run = start(&[model], true);
    // Attempt, headers, two arrivals or more, the attempt's end and the lane's: all are there before one is read.
    while run.events.len() < 6 && !run.events.is_closed() {
        tokio::task::yield_now().await;
    }
    let lane = finish(&mut run).await.remove(0);
    let marks: Vec<_> = lane.marks.iter().map(|mark| mark.at.as_millis()).collect();
    assert!(marks.len() == 2 && marks[1] - marks[0] >= 30, "{marks:?}");
}

/// An address where nothing listens.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("http://{}/v1", listener.local_addr().expect("an address"))
}

#[tokio::test]
async fn a_refused_connection_tells_where_its_address_comes_from() {
    let url = nowhere();
    let config = format!("[providers.lab]\ninterface = 'openai'\nbase_url = '{url}'\nretries = 0\n");
    let lane = ask(registry(&config).model("lab:m").expect("a model"), true).await;
    assert_eq!(ending(&lane), failed(ErrorKind::Connect));
    let hint = "is it running? base_url of [providers.lab] comes from the configuration";
    assert_eq!(failure(&lane).hint.as_deref(), Some(hint));
    assert!(failure(&lane).message.contains(&url), "{:?}", failure(&lane));
    let variables = Environment::from([("OPENAI_BASE_URL", &url[..]), ("OPENAI_API_KEY", KEY)]);
    let none = Overrides { retries: Some(0), ..Overrides::default() };
    let lane = ask(registry_with("", variables, none).model("openai:m").expect("a model"), true).await;
    let hint = "is it running? base_url of [providers.openai] comes from OPENAI_BASE_URL";
    assert_eq!(failure(&lane).hint.as_deref(), Some(hint));
}

#[tokio::test]
async fn a_missing_ollama_is_told_how_to_start() {
    let config = format!("[providers.ollama]\nbase_url = '{}'\nretries = 0\n", nowhere());
    let lane = ask(registry(&config).model("ollama:m").expect("a model"), true).await;
    let hint = "start Ollama with `ollama serve`, or set base_url in [providers.ollama]";
    assert_eq!((failure(&lane).kind, failure(&lane).hint.as_deref()), (ErrorKind::Connect, Some(hint)));
}

#[tokio::test]
async fn a_connection_that_closes_without_an_answer_is_a_connection_error() {
    let lane = once(&Server::scripted(vec![Vec::new()]), "").await;
    assert_eq!(ending(&lane), failed(ErrorKind::Connect));
}

#[tokio::test]
async fn what_is_no_http_is_a_protocol_error() {
    let lane = once(&Server::start(vec!["SSH-2.0-OpenSSH_9.6\r\n".to_owned()]), "").await;
    assert_eq!(ending(&lane), failed(ErrorKind::Protocol));
}

#[tokio::test]
async fn the_first_byte_has_its_own_limit() {
    let server = Server::scripted(vec![vec![Part::Pause(800), bytes(openai_stream(&["late"]))]]);
    let lane = once(&server, "first_byte_timeout = 0.15").await;
    assert_eq!(ending(&lane), failed(ErrorKind::Timeout));
    let (message, hint) = ("lab did not begin to answer within 150ms", "first_byte_timeout in [providers.lab]");
    assert_eq!(failure(&lane).message, message);
    assert!(failure(&lane).hint.as_deref().is_some_and(|told| told.contains(hint)), "{:?}", failure(&lane));
}

#[tokio::test]
async fn silence_in_mid_answer_keeps_what_arrived() {
    let script = vec![bytes(STREAM.to_owned() + &openai_chunk("Once")), Part::Pause(800)];
    let lane = once(&Server::scripted(vec![script]), "idle_timeout = 0.2").await;
    assert_eq!(ending(&lane), interrupted(ErrorKind::Timeout, "Once"));
    assert_eq!(lane.response().state, ResponseState::Interrupted);
    assert_eq!(failure(&lane).message, "nothing arrived for 0.2 s");
}

#[tokio::test]
async fn comments_alone_do_not_keep_an_answer_alive_for_ever() {
    let mut script = vec![bytes(STREAM.to_owned() + &openai_chunk("Once"))];
    for _ in 0..30 {
        script.extend([Part::Pause(30), bytes(": keep-alive\n\n")]);
    }
    let lane = once(&Server::scripted(vec![script]), "idle_timeout = 0.1").await;
    assert_eq!(ending(&lane), interrupted(ErrorKind::Timeout, "Once"));
}

#[tokio::test]
async fn the_whole_answer_may_have_a_limit() {
    let mut script = vec![bytes(STREAM)];
    for _ in 0..20 {
        script.extend([bytes(openai_chunk("x")), Part::Pause(40)]);
    }
    let server = Server::scripted(vec![script]);
    let lane = once(&server, "timeout = 0.2").await;
    assert_eq!((lane.outcome(), failure(&lane).kind), (Outcome::Interrupted, ErrorKind::Timeout));
    assert!(text_of(&lane).starts_with('x'), "{lane:?}");
    let settings = Settings { timeout: Some(0.15), ..Settings::default() };
    let overrides = Overrides { settings, retries: Some(0), ..Overrides::default() };
    let lane =
        ask(registry_with(&server.config(), Environment::default(), overrides).model("lab:m").expect("a model"), true)
            .await;
    assert_eq!(failure(&lane).message, "the answer was not whole within 150ms");
}

#[tokio::test]
async fn a_slow_stream_that_is_healthy_is_never_cut() {
    let mut script = vec![Part::Pause(50), bytes(STREAM)];
    for _ in 0..8 {
        script.extend([Part::Pause(50), bytes(openai_chunk("x"))]);
    }
    script.push(bytes(openai_end()));
    let limits = "first_byte_timeout = 0.3\nidle_timeout = 0.3\nconnect_timeout = 0.3";
    let lane = once(&Server::scripted(vec![script]), limits).await;
    assert_eq!(ending(&lane), completed("xxxxxxxx"));
    assert!(lane.timing().close_ms.is_some_and(|close| close > 300.0), "longer than every limit: {:?}", lane.timing());
}

#[tokio::test]
async fn a_redirect_to_the_same_origin_is_followed_with_body_and_key() {
    for (status, location) in [(307, "/elsewhere?a=b"), (308, "elsewhere?a=b")] {
        let redirect = answer(status, &[&format!("location: {location}"), "content-length: 0"], "");
        let server = Server::start(vec![redirect, openai_stream(&["Hello"])]);
        let lane = once(&server, "").await;
        assert_eq!((ending(&lane), lane.attempts.len()), (completed("Hello"), 1));
        let requests = server.requests();
        assert_eq!(body(&requests[0]), body(&requests[1]));
        assert_eq!(header(&requests[1], "authorization"), ["Bearer sk-lab"]);
        assert!(requests[1].lines().next().is_some_and(|line| line.contains("elsewhere?a=b")), "{requests:?}");
    }
}

#[tokio::test]
async fn any_other_redirect_is_refused_with_its_target_named_and_no_key_goes_there() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start(vec![openai_stream(&["stolen"])]);
        let target = format!("{}/v1/chat/completions", other.url);
        let redirect = answer(status, &[&format!("location: {target}"), "content-length: 0"], "");
        let server = Server::start(vec![redirect]);
        let lane = lab(&server, "").await;
        assert_eq!((ending(&lane), failure(&lane).status), (failed(ErrorKind::Protocol), Some(status)));
        assert!(failure(&lane).message.contains(&target), "{:?}", failure(&lane));
        assert_eq!((server.requests().len(), other.requests()), (1, Vec::new()), "{status}");
    }
    let circle = answer(302, &["location: /v1/other", "content-length: 0"], "");
    let server = Server::start(vec![circle]);
    assert_eq!(ending(&once(&server, "").await), failed(ErrorKind::Protocol));
    assert_eq!(server.requests().len(), 1, "a 302 would lose its body");
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let server = Server::start(vec![answer(307, &["location: /again", "content-length: 0"], "")]);
    assert_eq!(ending(&once(&server, "").await), failed(ErrorKind::Protocol));
    assert!(server.requests().len() <= 10, "{}", server.requests().len());
}

#[tokio::test]
async fn the_key_is_shown_as_the_interface_wants_it() {
    let table = [
        ("openai", "authorization", "Bearer sk-lab"),
        ("anthropic", "x-api-key", KEY),
        ("gemini", "x-goog-api-key", KEY),
    ];
    for (interface, name, value) in table {
        let server = Server::start(vec![answer(400, &[], "no")]);
        once_as(&server, interface).await;
        let request = server.requests().remove(0);
        assert_eq!(header(&request, name), [value], "{interface}");
        assert_eq!(request.matches(KEY).count(), 1, "{interface}: {request}");
    }
}

async fn once_as(server: &Server, interface: &str) -> LaneRecord {
    let config = server.config().replace("\"openai\"", &format!("{interface:?}"));
    ask(registry(&format!("{config}retries = 0\n")).model("lab:m").expect("a model"), true).await
}

/// Everything that is told of a lane, in every form.
fn told(lane: &LaneRecord) -> String {
    let report = serde_json::to_string(&LaneReport::from(lane)).expect("JSON");
    format!("{report} {:?} {}", lane.error, failure(lane))
}

#[tokio::test]
async fn a_key_that_the_provider_echoes_is_masked_everywhere() {
    let error = json!({ "error": { "message": format!("bad key {KEY}!"), "code": KEY, KEY: [KEY] } });
    let in_stream = format!("{STREAM}data: {error}\n\n");
    let after_text = format!("{STREAM}{}data: {error}\n\n", openai_chunk("Hel"));
    let document = ["content-type: application/json"];
    let table = [
        answer(401, &document, &error.to_string()),
        answer(500, &["content-type: text/plain"], &format!("no {KEY}")),
        answer(200, &document, &error.to_string()),
        answer(302, &[&format!("location: http://other/?key={KEY}")], ""),
        in_stream,
        after_text,
        answer(200, &document, &format!("{{\"choices\": \"{KEY}\"")),
        format!("{STREAM}data: {{ {KEY}\n\n"),
    ];
    for script in table {
        let lane = once(&Server::start(vec![script.clone()]), "").await;
        let told = told(&lane);
        assert!(!told.contains(KEY), "{script}\n{told}");
    }
    let lane = once(&Server::start(vec![answer(401, &document, &error.to_string())]), "").await;
    let masked = json!({ "error": { "message": format!("bad key {MASK}!"), "code": MASK, MASK: [MASK] } });
    assert_eq!(failure(&lane).body, Some(masked));
    assert!(failure(&lane).message.contains(&format!("bad key {MASK}!")), "{:?}", failure(&lane));
}

#[tokio::test]
async fn headers_of_ones_own_replace_the_interfaces() {
    let server = Server::start(vec![answer(400, &[], "no")]);
    let headers = "headers = { 'X-Team' = 'bench', 'authorization' = 'Token own', 'Content-Type' = 'application/x' }";
    once(&server, headers).await;
    let request = server.requests().remove(0);
    let sent = ["x-team", "authorization", "content-type"].map(|name| header(&request, name));
    assert_eq!(sent, [["bench"], ["Token own"], ["application/x"]]);
    assert!(!request.contains(KEY), "{request}");
}

#[tokio::test]
async fn a_retry_after_is_obeyed_and_both_attempts_are_told() {
    let refusal =
        answer(429, &["retry-after-ms: 80", "content-type: application/json"], r#"{"error":{"message":"slow down"}}"#);
    let server = Server::start(vec![refusal, openai_stream(&["Hello"])]);
    let lane = lab(&server, "").await;
    assert_eq!((ending(&lane), server.requests().len()), (completed("Hello"), 2));
    let expected = [("lab:m", Some(Outcome::Failed), Some(ErrorKind::Http)), ("lab:m", Some(Outcome::Completed), None)];
    assert_eq!(trace(&lane), expected);
    let (first, second) = (&lane.attempts[0], &lane.attempts[1]);
    let error = first.error.as_ref().expect("an error");
    assert_eq!((error.status, error.retry_after_s), (Some(429), Some(0.08)));
    let waited = second.started.saturating_sub(first.ended.expect("an end"));
    assert!((80..1_000).contains(&waited.as_millis()), "{waited:?}");
}

#[tokio::test]
async fn a_provider_that_refuses_retries_or_wants_too_long_a_wait_is_asked_once() {
    for wish in ["x-should-retry: false", "retry-after: 121"] {
        let server = Server::start(vec![answer(503, &[wish], "no")]);
        let lane = lab(&server, "").await;
        assert_eq!((lane.attempts.len(), server.requests().len()), (1, 1), "{wish}");
    }
    let server = Server::start(vec![answer(400, &["x-should-retry: true", "retry-after-ms: 1"], "no")]);
    assert_eq!(lab(&server, "").await.attempts.len(), 3);
}

#[tokio::test]
async fn nothing_is_tried_again_after_the_first_token() {
    let server = Server::start(vec![STREAM.to_owned() + &openai_chunk("Once")]);
    let lane = lab(&server, "").await;
    assert_eq!((ending(&lane), server.requests().len()), (interrupted(ErrorKind::Truncated, "Once"), 1));
}

#[tokio::test]
async fn an_error_body_is_bounded() {
    let endless = "x".repeat(1_000_000);
    for body in [endless.clone(), json!({ "error": { "message": endless } }).to_string()] {
        let lane = once(&Server::start(vec![answer(500, &[], &body)]), "").await;
        let kept = serde_json::to_string(failure(&lane)).expect("JSON");
        assert_eq!(failure(&lane).status, Some(500));
        assert!(kept.len() < 80_000, "{} bytes are kept", kept.len());
        assert!(failure(&lane).message.len() < 2_000, "{} bytes of message", failure(&lane).message.len());
    }
}

#[tokio::test]
async fn a_stream_without_its_end_is_interrupted_however_it_breaks_off() {
    let text = openai_chunk("Once");
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let table = [
        format!("{STREAM}{text}"),
        format!("{STREAM}{text}data: {{\"choices\":[{{\"index\":0,\"del"),
        format!("{chunked}{:x}\r\n{text}\r\n", text.len()),
        format!("{chunked}{:x}\r\n{text}\r\n0\r\n\r\n", text.len()),
        answer(200, &["content-type: text/event-stream", "content-length: 100000"], &text),
    ];
    for script in table {
        let lane = once(&Server::start(vec![script.clone()]), "").await;
        assert_eq!(ending(&lane), interrupted(ErrorKind::Truncated, "Once"), "{script}");
    }
}

#[tokio::test]
async fn an_answer_whose_own_end_was_seen_is_whole_even_if_the_connection_then_breaks() {
    let text = openai_chunk("Once") + &openai_end();
    let script = answer(200, &["content-type: text/event-stream", "content-length: 100000"], &text);
    let lane = once(&Server::start(vec![script]), "").await;
    assert_eq!(ending(&lane), completed("Once"));
}

#[tokio::test]
async fn a_document_where_a_stream_was_asked_for_is_understood() {
    let document = json!({
        "id": "c1", "object": "chat.completion", "created": 1, "model": "lab-1",
        "choices": [{ "index": 0, "message": { "role": "assistant", "content": "Hello" }, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5 }
    });
    for content_type in ["content-type: application/json", "content-type: application/json; charset=utf-8"] {
        let server = Server::start(vec![answer(200, &[content_type], &document.to_string())]);
        let lane = once(&server, "").await;
        let sent: Value = serde_json::from_str(body(&server.requests()[0])).expect("JSON");
        assert_eq!((ending(&lane), &sent["stream"]), (completed("Hello"), &json!(true)));
        let response = lane.response();
        assert_eq!(
            (response.finish_reason, response.usage.total_tokens(), response.model_name.as_deref()),
            (Some(FinishReason::Stop), Some(5), Some("lab-1"))
        );
    }
}

#[tokio::test]
async fn an_answer_that_names_no_model_is_by_the_one_that_was_asked() {
    let document = json!({ "choices": [{ "message": { "content": "Hello" }, "finish_reason": "stop" }] });
    let lane = once(&Server::start(vec![server::json(200, &document.to_string())]), "").await;
    assert_eq!((ending(&lane), lane.response().model_name.as_deref()), (completed("Hello"), Some("m")));
}

#[tokio::test]
async fn a_key_command_runs_once_for_several_lanes() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = folder.path().join("runs");
    let script = format!("echo run >> '{}'; echo sk-command", runs.display());
    let server = Server::start(vec![openai_stream(&["Hello"])]);
    let config = format!(
        "[providers.lab]\ninterface = 'openai'\nbase_url = '{}/v1'\napi_key = {{ command = ['sh', '-c', {script:?}] }}\n",
        server.url
    );
    let registry = registry(&config);
    assert!(!runs.exists(), "it runs when the key is first needed");
    let models: Vec<_> = ["lab:a", "lab:b", "lab:c"].map(|name| registry.model(name).expect("a model")).into();
    for _ in 0..2 {
        let lanes = finish(&mut start(&models, true)).await;
        assert_eq!(lanes.iter().map(ending).collect::<Vec<_>>(), vec![completed("Hello"); 3]);
    }
    assert_eq!(std::fs::read_to_string(&runs).expect("it ran"), "run\n");
    let keys: Vec<_> = server.requests().iter().map(|request| header(request, "authorization").concat()).collect();
    assert_eq!(keys, vec!["Bearer sk-command"; 6]);
}

#[tokio::test]
async fn a_key_command_that_fails_sends_nothing() {
    let server = Server::start(vec![openai_stream(&["Hello"])]);
    let config = server.config().replace("\"sk-lab\"", "{ command = ['sh', '-c', 'echo locked >&2; exit 3'] }");
    let lane = ask(registry(&config).model("lab:m").expect("a model"), true).await;
    assert_eq!((ending(&lane), server.requests()), (failed(ErrorKind::Auth), Vec::new()));
    assert!(failure(&lane).message.contains("locked"), "{:?}", failure(&lane));
}

#[tokio::test]
async fn cancelling_in_mid_answer_keeps_what_arrived() {
    let script = vec![bytes(STREAM.to_owned() + &openai_chunk("Once")), Part::Pause(800)];
    let server = Server::scripted(vec![script]);
    let mut run = start(&[registry(&server.config()).model("lab:m").expect("a model")], true);
    let mut lane = LaneRecord::new("lane", jiff::Timestamp::UNIX_EPOCH);
    while let Some(event) = run.events.recv().await {
        lane.apply(event.at, &event.event);
        if lane.has_visible() {
            run.cancel_all();
        }
    }
    assert_eq!(ending(&lane), (Outcome::Cancelled, Some(ErrorKind::Cancelled), "Once".to_owned()));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_limit_on_requests_queues_the_lanes_and_counts_the_queue_in_no_figure() {
    let slow = vec![bytes(STREAM), Part::Pause(150), bytes(openai_chunk("Hi") + &openai_end())];
    let server = Server::scripted(vec![slow]);
    let registry = registry(&format!("{}concurrency = 1\n", server.config()));
    let models: Vec<_> = ["lab:a", "lab:b", "lab:c"].map(|name| registry.model(name).expect("a model")).into();
    let lanes = finish(&mut start(&models, true)).await;
    assert_eq!(lanes.iter().map(ending).collect::<Vec<_>>(), vec![completed("Hi"); 3]);
    let mut spans: Vec<_> = lanes.iter().map(|lane| (lane.attempts[0].started, lane.attempts[0].ended)).collect();
    spans.sort();
    // The lanes' clocks begin within a few milliseconds of one another.
    let slack = std::time::Duration::from_millis(50);
    for pair in spans.windows(2) {
        assert!(pair[1].0 + slack >= pair[0].1.expect("ended"), "one after the other: {spans:?}");
    }
    let last = lanes.iter().max_by_key(|lane| lane.attempts[0].started).expect("a lane");
    let ttft = last.timing().ttft_ms.expect("a token");
    assert!(ttft < 300.0 && last.attempts[0].started.as_millis() >= 200, "{ttft} ms, {spans:?}");
}

#[tokio::test]
async fn a_key_that_a_command_printed_is_asked_for_again_when_it_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = folder.path().join("runs");
    let script = format!("echo run >> '{0}'; wc -l < '{0}' | tr -d ' '", runs.display());
    let refused = server::json(401, "{\"error\":{\"message\":\"expired\"}}");
    let server = Server::start(vec![refused, openai_stream(&["Hello"])]);
    let command = format!("{{ command = ['sh', '-c', {script:?}] }}");
    let model = registry(&server.config().replace("\"sk-lab\"", &command)).model("lab:m").expect("a model");
    assert_eq!(ending(&ask(std::sync::Arc::clone(&model), true).await), failed(ErrorKind::Http));
    assert_eq!(ending(&ask(model, true).await), completed("Hello"));
    let keys: Vec<_> = server.requests().iter().map(|request| header(request, "authorization").concat()).collect();
    assert_eq!(keys, ["Bearer 1", "Bearer 2"]);
}

#[tokio::test]
async fn a_key_command_that_fails_counts_for_all_lanes_of_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let runs = folder.path().join("runs");
    let script = format!("echo run >> '{}'; exit 3", runs.display());
    let server = Server::start(vec![openai_stream(&["Hello"])]);
    let command = format!("{{ command = ['sh', '-c', {script:?}] }}");
    let registry = registry(&server.config().replace("\"sk-lab\"", &command));
    let models: Vec<_> = ["lab:a", "lab:b", "lab:c"].map(|name| registry.model(name).expect("a model")).into();
    let lanes = finish(&mut start(&models, true)).await;
    assert_eq!(lanes.iter().map(ending).collect::<Vec<_>>(), vec![failed(ErrorKind::Auth); 3]);
    assert_eq!(std::fs::read_to_string(&runs).expect("it ran"), "run\n");
}

#[tokio::test]
async fn a_web_page_in_the_place_of_an_answer_names_the_address() {
    let page = answer(200, &["content-type: text/html"], "<html><body>Sign in</body></html>");
    let server = Server::start(vec![page]);
    let lane = once(&server, "").await;
    assert_eq!(ending(&lane), failed(ErrorKind::Protocol));
    let error = failure(&lane);
    assert_eq!(error.message, format!("a web page came from lab ({}/v1) instead of an answer", server.url));
    let hint = "is base_url of [providers.lab] right? it comes from the configuration";
    assert_eq!(error.hint.as_deref(), Some(hint));
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_named() {
    let server = Server::start(vec![answer(429, &["content-type: application/json", "retry-after: 3600"], "{}")]);
    let lane = lab(&server, "").await;
    assert_eq!(server.requests().len(), 1);
    let hint = failure(&lane).hint.as_deref().expect("a hint");
    assert!(hint.starts_with("it asks to wait 3600 s, until "), "{hint}");
}

/// Each exchange of a lane in short: path, shown key, body's model, status, lines of the answer's body.
fn over_the_wire(lane: &LaneRecord) -> Vec<Value> {
    let of = |exchange: &llmbench::model::HttpExchange| {
        let key = exchange.request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value);
        let path = exchange.request.url.splitn(4, '/').nth(3).unwrap_or_default();
        let status = exchange.head.as_ref().map(|(_, head)| head.status);
        let lines: Vec<_> =
            (0..exchange.body.count()).filter_map(|at| exchange.line(at)).map(|(_, text)| text).collect();
        let asks = exchange.request.lines.iter().any(|line| line.trim() == "\"model\": \"m\",");
        json!([path, key, asks, status, lines])
    };
    lane.attempts.iter().flat_map(|attempt| &attempt.exchanges).map(of).collect()
}

#[tokio::test]
async fn what_goes_over_the_wire_is_kept_for_who_watches() {
    let moved = answer(307, &["location: /there", "content-length: 0"], "");
    let busy = answer(503, &["retry-after-ms: 1", "content-type: application/json"], r#"{"error":"sk-lab"}"#);
    let server = Server::start(vec![moved, busy, openai_stream(&["Hi"])]);
    let registry = registry(&server.config());
    let lane = watch(registry.model("lab:m").expect("a model"), true).await;
    assert_eq!(ending(&lane), completed("Hi"));
    let told = over_the_wire(&lane);
    let key = "Bearer •••";
    let refusal = ["{", "  \"error\": \"•••\"", "}"];
    assert_eq!(told[0], json!(["v1/chat/completions", key, true, 307, []]));
    assert_eq!(told[1], json!(["there", key, true, 503, refusal]));
    let lines = told[2][4].as_array().expect("lines");
    assert_eq!((told.len(), &told[2][3], lines.len()), (3, &json!(200), 3), "{lines:?}");
    assert!(lines[0].as_str().is_some_and(|line| line.starts_with("data: {")), "{lines:?}");
    assert_eq!(lines[2], "data: [DONE]");
    let exchange = &lane.attempts[1].exchanges[0];
    let (headers, _) = exchange.head.as_ref().expect("an answer");
    let (first, _) = exchange.line(0).expect("a line");
    assert!(exchange.sent <= *headers && *headers <= first, "times in their order: {exchange:?}");
    assert!(!format!("{lane:?}").contains(KEY), "{lane:?}");
}

#[tokio::test]
async fn nobody_watches_nothing_is_kept() {
    let lane = once(&Server::start(vec![openai_stream(&["Hi"])]), "").await;
    assert_eq!(over_the_wire(&lane), Vec::<Value>::new());
}
