//! The rules of fallback chains, one test each, against servers on loopback: the same chain asked with streaming and
//! without, in a table of who was asked and how it ended. As PydanticAI's `FallbackModel` has them.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::net::TcpListener;
use std::sync::Arc;

use lanes::{ask, ask_for, text_of};
use llmbench::config::{Config, Environment};
use llmbench::message::ResponseState;
use llmbench::model::{ErrorKind, Outcome, Overrides, Registry};
use llmbench::run::LaneRecord;
use llmbench::settings::OutputSpec;
use serde_json::{Value, json};
use server::{Server, json as whole, openai_chunk, openai_end, openai_stream};

/// How the first server of a chain fails, or answers.
#[derive(Clone, Copy, Debug)]
enum First {
    /// With this status.
    Status(u16),
    /// There is nobody.
    Gone,
    /// It never begins.
    Silent,
    /// Nothing that can be read.
    Malformed,
    /// It breaks off before the first visible token.
    CutBefore,
    /// It breaks off after it.
    CutAfter,
    /// An error object in a stream, or in a 200.
    Error,
    /// Whole, stopped for this reason, with this text.
    Whole(&'static str, &'static str),
}

/// The word or status that a failure goes by in these tables.
fn cause(error: &llmbench::model::ModelError) -> Value {
    error.status.map_or_else(|| error.kind.as_str().into(), Value::from)
}

/// How a lane ended: the text or the cause of its failure, and of each attempt the model and its cause.
fn told(lane: &LaneRecord) -> Value {
    let attempts = lane.attempts.iter().map(|attempt| json!([attempt.model, attempt.error.as_ref().map(cause)]));
    let attempts: Vec<_> = attempts.collect();
    match (&lane.error, lane.outcome()) {
        (None, Outcome::Completed) => json!([text_of(lane), attempts]),
        (Some(error), Outcome::Failed) => json!([cause(error), attempts]),
        (error, outcome) => json!([error.as_ref().map(cause), format!("{outcome:?}"), text_of(lane), attempts]),
    }
}

/// What the first server answers.
fn answer(first: First, stream: bool) -> String {
    let head = if stream { server::STREAM } else { "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n" };
    match (first, stream) {
        (First::Status(status), _) => whole(status, r#"{"error":{"message":"no"}}"#),
        (First::Malformed, true) => format!("{head}data: what\n\n"),
        (First::Malformed, false) => whole(200, "what"),
        (First::CutBefore, true) => head.to_owned(),
        (First::CutAfter, true) => head.to_owned() + &openai_chunk("a part"),
        (First::CutBefore | First::CutAfter, false) => format!("{head}content-length: 500\r\n\r\n{{\"id\": "),
        (First::Error, true) => format!("{head}data: {{\"error\":{{\"message\":\"no\"}}}}\n\n"),
        (First::Error, false) => whole(200, r#"{"error":{"message":"no"}}"#),
        (First::Whole(text, reason), true) => {
            format!("{head}{}{}", openai_chunk(text), openai_end()).replace("\"stop\"", &format!("\"{reason}\""))
        }
        (First::Whole(text, reason), false) => completion(text, reason),
        (First::Gone | First::Silent, _) => unreachable!("nobody answers"),
    }
}

fn completion(text: &str, reason: &str) -> String {
    let choice = json!({"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason});
    whole(200, &json!({"id": "c1", "created": 1, "model": "lab-1", "choices": [choice]}).to_string())
}

fn healthy(text: &str, stream: bool) -> String {
    if stream { openai_stream(&[text]) } else { completion(text, "stop") }
}

/// A chain of `one:m` and `two:m`, the first of which does as it is told and the second is healthy.
struct Chain {
    registry: Registry,
    second: Server,
    /// Where nobody answers; kept open.
    _silent: TcpListener,
}

impl Chain {
    fn new(first: First, on: &str, stream: bool) -> Self {
        let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
        let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
        let url = match first {
            First::Gone => format!("http://{gone}"),
            First::Silent => format!("http://{}", silent.local_addr().expect("an address")),
            first => Server::answering(move |_| answer(first, stream)).url,
        };
        let second = Server::answering(move |_| healthy("from two", stream));
        let on = if on.is_empty() { String::new() } else { format!("fallback_on = {on}\n") };
        let config = format!(
            "[providers.one]\ninterface = 'openai'\nbase_url = '{url}'\nfirst_byte_timeout = 0.2\n\
             [providers.two]\ninterface = 'openai'\nbase_url = '{}'\n\
             [models.safe]\nfallback = ['one:m', 'two:m']\n{on}",
            second.url
        );
        Self { registry: registry(&config), second, _silent: silent }
    }

    async fn ask(&self, stream: bool) -> LaneRecord {
        ask(self.registry.model("safe").expect("a chain"), stream).await
    }
}

fn registry(config: &str) -> Registry {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), config).expect("written");
    let config = Config::load(Some(file.path()), &Environment::default()).unwrap_or_else(|error| panic!("{error:?}"));
    Registry::new(config.into(), Arc::default(), Overrides::default())
}

/// Asks the chain and compares how it ended; what was never asked got no request.
async fn ends(first: First, on: &str, stream: bool, expected: Value) {
    let chain = Chain::new(first, on, stream);
    let lane = chain.ask(stream).await;
    assert_eq!(told(&lane), expected, "{first:?}, fallback_on = {on}, stream: {stream}");
    let asked = lane.attempts.iter().filter(|attempt| attempt.model == "two:m").count();
    assert_eq!(chain.second.requests().len(), asked, "{first:?}, fallback_on = {on}, stream: {stream}");
}

/// The next model is asked, and answers.
async fn moves_on(first: First, cause: Value, on: &str) {
    for stream in [true, false] {
        ends(first, on, stream, json!(["from two", [["one:m", cause], ["two:m", null]]])).await;
    }
}

/// The failure is raised alone, at once.
async fn raises(first: First, cause: Value, on: &str) {
    for stream in [true, false] {
        ends(first, on, stream, json!([cause, [["one:m", cause]]])).await;
    }
}

/// The failures of a server, with the cause that each goes by.
fn failures() -> [(First, Value); 7] {
    [
        (First::Status(400), 400.into()),
        (First::Status(401), 401.into()),
        (First::Status(503), 503.into()),
        (First::Gone, "connect".into()),
        (First::Silent, "timeout".into()),
        (First::Malformed, "protocol".into()),
        (First::CutBefore, "truncated".into()),
    ]
}

async fn only(on: &str, means: &[&str]) {
    for (first, cause) in failures() {
        let name = cause.as_str().map_or_else(|| cause.to_string(), str::to_owned);
        if means.contains(&name.as_str()) {
            moves_on(first, cause, on).await;
        } else {
            raises(first, cause, on).await;
        }
    }
}

#[tokio::test]
async fn a_chain_that_says_nothing_falls_back_on_statuses_of_400_and_above() {
    only("", &["400", "401", "503"]).await;
}

#[tokio::test]
async fn api_means_broken_connections_and_time_outs_as_well() {
    only("['api']", &["400", "401", "503", "connect", "timeout"]).await;
}

#[tokio::test]
async fn a_status_a_class_and_a_kind_mean_themselves_alone() {
    only("[401]", &["401"]).await;
    only("['5xx']", &["503"]).await;
    only("['timeout', 'truncated']", &["timeout", "truncated"]).await;
    only("['connect', 'protocol']", &["connect", "protocol"]).await;
}

#[tokio::test]
async fn any_means_every_failure() {
    only("['any']", &["400", "401", "503", "connect", "timeout", "protocol", "truncated"]).await;
    moves_on(First::Error, "provider".into(), "['any']").await;
    raises(First::Error, "provider".into(), "['api']").await;
}

#[tokio::test]
async fn a_stream_switches_only_before_its_first_visible_token() {
    let on = "['any']";
    let kept = json!(["truncated", "Interrupted", "a part", [["one:m", "truncated"]]]);
    ends(First::CutAfter, on, true, kept).await;
    ends(First::CutAfter, on, false, json!(["from two", [["one:m", "truncated"], ["two:m", null]]])).await;
    let lane = Chain::new(First::CutAfter, on, true).ask(true).await;
    assert_eq!(lane.response().state, ResponseState::Interrupted);
}

#[tokio::test]
async fn a_whole_answer_is_judged_where_nobody_has_seen_it() {
    let table = [
        ("['length']", First::Whole("cut", "length"), "length"),
        ("['content_filter']", First::Whole("no", "content_filter"), "content_filter"),
        ("['empty']", First::Whole("", "stop"), "empty"),
    ];
    for (on, first, why) in table {
        let lane = Chain::new(first, on, false).ask(false).await;
        assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), ("from two", 2), "{on}: {why}");
        let lane = Chain::new(first, on, true).ask(true).await;
        let First::Whole(text, _) = first else { unreachable!() };
        assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), (text, 1), "{on}: a stream is taken as it is");
    }
}

#[tokio::test]
async fn output_that_does_not_fit_asks_the_next_model_where_nobody_has_seen_it() {
    let schema = json!({"type": "object", "required": ["city"]});
    let spec = OutputSpec::new(schema.as_object().expect("an object"), None);
    for (stream, attempts) in [(false, 2), (true, 1)] {
        let chain = Chain::new(First::Whole("Paris", "stop"), "['invalid_output']", stream);
        let lane = ask_for(chain.registry.model("safe").expect("a chain"), spec.clone(), stream).await;
        let first = lane.attempts[0].error.as_ref().map(|error| error.kind);
        assert_eq!((lane.attempts.len(), first), (attempts, Some(ErrorKind::InvalidOutput)), "stream: {stream}");
    }
}

#[tokio::test]
async fn when_all_have_failed_one_error_holds_every_failure_in_the_order_tried() {
    for stream in [true, false] {
        let [one, two, three] =
            [429, 500, 401].map(|status| Server::answering(move |_| answer(First::Status(status), stream)));
        let provider = |name: &str, server: &Server| {
            format!("[providers.{name}]\ninterface = 'openai'\nbase_url = '{}'\n", server.url)
        };
        let config = provider("one", &one)
            + &provider("two", &two)
            + &provider("three", &three)
            + "[models.inner]\nfallback = ['two:m', 'three:m']\n[models.safe]\nfallback = ['one:m', 'inner']\n";
        let lane = ask(registry(&config).model("safe").expect("a chain"), stream).await;
        let attempts = json!([["one:m", 429], ["two:m", 500], ["three:m", 401]]);
        assert_eq!(told(&lane), json!(["fallback_exhausted", attempts]), "a chain of chains, stream: {stream}");
        let error = lane.error.expect("all failed");
        let inner = &error.errors[1];
        let statuses = |errors: &[llmbench::model::ModelError]| errors.iter().map(cause).collect::<Vec<_>>();
        assert_eq!(statuses(&error.errors), [json!(429), json!("fallback_exhausted")]);
        assert_eq!(statuses(&inner.errors), [json!(500), json!(401)]);
    }
}

#[tokio::test]
async fn the_answer_tells_who_gave_it() {
    for stream in [true, false] {
        let lane = Chain::new(First::Status(503), "", stream).ask(stream).await;
        let response = lane.response();
        let told = (response.provider_name.as_deref(), response.model_name.as_deref());
        assert_eq!(told, (Some("two"), Some("lab-1")), "stream: {stream}");
    }
}

#[tokio::test]
async fn the_first_that_answers_is_the_last_one_asked() {
    for stream in [true, false] {
        ends(First::Whole("from one", "stop"), "['any']", stream, json!(["from one", [["one:m", null]]])).await;
    }
}
