//! Fallback: which failures make a chain ask its next model, and what stays of those that failed.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::sync::Arc;
use std::time::Duration;

use lanes::{Scripted, Step, ask, finish, start, test_model, text_of, trace};
use llmbench::config::{Config, Environment};
use llmbench::message::ResponseState;
use llmbench::model::{ErrorKind, FallbackModel, FallbackOn, Model, ModelError, Outcome, Overrides, Registry};
use llmbench::run::{LaneRecord, LaneReport, LaneState};
use llmbench::settings::Settings;
use serde_json::{Value, json};
use server::{Server, openai_stream};

/// Answers at once.
const ANSWER: &str = "b,rate=0,text=from b";

fn chain(specs: &[&str], on: &[&str]) -> Arc<dyn Model> {
    chain_of(specs.iter().map(|spec| test_model(spec)).collect(), on)
}

fn chain_of(models: Vec<Arc<dyn Model>>, on: &[&str]) -> Arc<dyn Model> {
    let model = FallbackModel::new("safe", models);
    if on.is_empty() {
        return Arc::new(model);
    }
    let on = on.iter().map(|word| FallbackOn::parse(word).expect("a known word")).collect();
    Arc::new(model.with_fallback_on(on).expect("not empty"))
}

/// How a lane ended: outcome, the kind of its error, its text.
fn ending(lane: &LaneRecord) -> (Outcome, Option<ErrorKind>, String) {
    (lane.outcome(), lane.error.as_ref().map(|error| error.kind), text_of(lane))
}

fn answered(text: &str) -> (Outcome, Option<ErrorKind>, String) {
    (Outcome::Completed, None, text.to_owned())
}

fn failed(kind: ErrorKind) -> (Outcome, Option<ErrorKind>, String) {
    (Outcome::Failed, Some(kind), String::new())
}

fn statuses(errors: &[ModelError]) -> Vec<Option<u16>> {
    errors.iter().map(|error| error.status).collect()
}

#[tokio::test(start_paused = true)]
async fn the_first_model_that_answers_is_the_last_one_asked() {
    for stream in [true, false] {
        let lane = ask(chain(&["a,fail=503", ANSWER, "c,rate=0,text=from c"], &[]), stream).await;
        assert_eq!(ending(&lane), answered("from b"));
        let asked = [
            (&format!("test:{}", "a,fail=503")[..], Some(Outcome::Failed), Some(ErrorKind::Http)),
            (&format!("test:{ANSWER}")[..], Some(Outcome::Completed), None),
        ];
        assert_eq!(trace(&lane), asked, "stream: {stream}");
        assert_eq!(lane.response().model_name.as_deref(), Some("b"), "who answered");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_does_not_match_is_raised_alone_at_once() {
    for stream in [true, false] {
        let lane = ask(chain(&["a,fail=connect", ANSWER], &[]), stream).await;
        assert_eq!(ending(&lane), failed(ErrorKind::Connect));
        let error = lane.error.as_ref().expect("an error");
        assert_eq!((&lane.attempts[0].error.as_ref(), error.errors.len()), (&Some(error), 0));
        assert_eq!(lane.attempts.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn each_word_asks_the_next_model_on_its_failures_only() {
    let table: [(&[&str], &str, bool); 20] = [
        (&["http"], "400", true),
        (&["http"], "599", true),
        (&["http"], "timeout", false),
        (&["http"], "provider", false),
        (&["api"], "400", true),
        (&["api"], "connect", true),
        (&["api"], "timeout", true),
        (&["api"], "cut,after=0", false),
        (&["api"], "provider", false),
        (&["429"], "429", true),
        (&["429"], "430", false),
        (&["429"], "connect", false),
        (&["5xx"], "529", true),
        (&["5xx"], "429", false),
        (&["429", "5xx", "connect"], "connect", true),
        (&["timeout"], "timeout", true),
        (&["timeout"], "connect", false),
        (&["truncated"], "cut,after=0", true),
        (&["any"], "cut,after=0", true),
        (&["any"], "provider", true),
    ];
    for (on, fail, moves_on) in table {
        for stream in [true, false] {
            let lane = ask(chain(&[&format!("a,rate=0,fail={fail}"), ANSWER], on), stream).await;
            let answers = lane.outcome() == Outcome::Completed;
            assert_eq!(answers, moves_on, "{on:?} on {fail}, stream: {stream}: {lane:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn when_all_fail_one_error_holds_every_failure_in_order() {
    for stream in [true, false] {
        let lane = ask(chain(&["a,fail=401", "b,fail=529", "c,fail=404"], &[]), stream).await;
        let error = lane.error.clone().expect("an error");
        assert_eq!(ending(&lane), failed(ErrorKind::FallbackExhausted));
        assert_eq!(statuses(&error.errors), [Some(401), Some(529), Some(404)]);
        let kept: Vec<_> = lane.attempts.iter().filter_map(|attempt| attempt.error.clone()).collect();
        assert_eq!(kept, error.errors);
        let document = serde_json::to_value(LaneReport::from(&lane)).expect("JSON");
        assert_eq!(document["error"]["kind"], "fallback_exhausted");
        assert_eq!(document["error"]["errors"][1]["status"], 529);
    }
}

#[tokio::test(start_paused = true)]
async fn failures_before_one_that_does_not_match_stand_in_the_trace_alone() {
    let lane = ask(chain(&["a,fail=500", "b,fail=connect", "c,rate=0"], &[]), true).await;
    assert_eq!(ending(&lane), failed(ErrorKind::Connect));
    let kinds: Vec<_> = trace(&lane).into_iter().map(|(_, _, kind)| kind).collect();
    assert_eq!(kinds, [Some(ErrorKind::Http), Some(ErrorKind::Connect)]);
}

#[tokio::test(start_paused = true)]
async fn after_the_first_visible_token_no_other_model_is_asked() {
    for fail in ["cut", "timeout", "connect"] {
        let second = Scripted::new("second", vec![Step::Say("spliced".to_owned())]);
        let first = test_model(&format!("a,fail={fail},after=2,text=one two three four"));
        let lane = ask(chain_of(vec![first, Arc::clone(&second) as Arc<dyn Model>], &["any"]), true).await;
        assert_eq!((lane.outcome(), lane.attempts.len(), second.said()), (Outcome::Interrupted, 1, 0), "{fail}");
        let text = text_of(&lane);
        assert!(!text.is_empty() && "one two three four".starts_with(&text), "{fail}: {text:?}");
        assert_eq!(lane.response().state, ResponseState::Interrupted);
    }
}

#[tokio::test(start_paused = true)]
async fn thinking_is_visible_too() {
    let first = "thinker,thinking=10,fail=cut,after=3,text=never said";
    let lane = ask(chain(&[first, ANSWER], &["any"]), true).await;
    assert_eq!((lane.outcome(), lane.attempts.len()), (Outcome::Interrupted, 1));
    assert!(!lane.response().thinking().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_was_lost_unseen_without_a_stream_moves_on() {
    let lane = ask(chain(&["a,fail=cut,after=2,text=one two three", ANSWER], &["any"]), false).await;
    assert_eq!(ending(&lane), answered("from b"));
}

#[tokio::test(start_paused = true)]
async fn cancelling_does_not_fall_back() {
    for steps in [vec![Step::Hang], vec![Step::Say("Hel".to_owned()), Step::Hang]] {
        let second = Scripted::new("second", vec![Step::Say("spliced".to_owned())]);
        let members = vec![Scripted::new("first", steps) as Arc<dyn Model>, Arc::clone(&second) as Arc<dyn Model>];
        let mut run = start(&[chain_of(members, &["any"])], true);
        let cancel = run.cancel[0].clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            cancel.cancel();
        });
        let lane = finish(&mut run).await.remove(0);
        assert_eq!(lane.state, LaneState::Ended(Outcome::Cancelled));
        assert_eq!(trace(&lane), [("first", Some(Outcome::Cancelled), Some(ErrorKind::Cancelled))]);
        assert_eq!(second.said(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn times_of_a_chain_count_from_its_first_attempt_and_of_an_attempt_from_its_own() {
    let lane = ask(chain(&["a,ttft=400,fail=503", "b,ttft=600,rate=0,text=from b"], &[]), true).await;
    let report = LaneReport::from(&lane);
    let times: Vec<_> = report.attempts.iter().map(|a| (a.started_ms, a.duration_ms, a.ttft_ms)).collect();
    assert_eq!(times, [(0.0, Some(400.0), None), (400.0, Some(600.0), Some(600.0))]);
    assert_eq!((report.timing.ttft_ms, report.timing.ttfb_ms), (Some(1_000.0), Some(760.0)));
    assert_eq!((report.usage.requests, report.attempts.len()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_panicking_member_fails_as_any_other() {
    let panics = Scripted::new("panics", vec![Step::Panic]);
    let members = || vec![Arc::clone(&panics) as Arc<dyn Model>, test_model(ANSWER)];
    assert_eq!(ending(&ask(chain_of(members(), &[]), true).await), failed(ErrorKind::Protocol));
    assert_eq!(ending(&ask(chain_of(members(), &["any"]), true).await), answered("from b"));
}

#[tokio::test(start_paused = true)]
async fn a_chain_in_a_chain_is_asked_through_before_the_next() {
    let inner = || chain(&["a,fail=500", "b,fail=429"], &[]);
    let lane = ask(chain_of(vec![inner(), test_model(ANSWER)], &[]), true).await;
    assert_eq!(ending(&lane), answered("from b"));
    assert_eq!(lane.attempts.len(), 3);
    let lane = ask(chain_of(vec![inner(), test_model("c,fail=404")], &[]), true).await;
    let error = lane.error.expect("an error");
    let inner = &error.errors[0];
    assert_eq!((inner.kind, statuses(&inner.errors)), (ErrorKind::FallbackExhausted, vec![Some(500), Some(429)]));
    assert_eq!(statuses(&error.errors), [None, Some(404)]);
}

#[tokio::test(start_paused = true)]
async fn an_outer_chain_judges_every_failure_of_an_inner_one() {
    let inner = chain(&["a,fail=500", "b,fail=connect"], &["any"]);
    let lane = ask(chain_of(vec![inner, test_model(ANSWER)], &["http"]), true).await;
    assert_eq!((lane.outcome(), lane.attempts.len()), (Outcome::Failed, 2));
}

#[tokio::test(start_paused = true)]
async fn settings_left_out_are_those_of_the_model_that_answered() {
    use llmbench::model::{LaneEvent, RunEvent};
    let mut record = LaneRecord::new("safe", jiff::Timestamp::UNIX_EPOCH);
    let started = |model: &str| LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::ZERO };
    let omitted = LaneEvent::SettingsOmitted(vec!["seed".to_owned()]);
    for event in [started("a"), omitted, started("b")] {
        let event = RunEvent { lane: 0, at: Duration::ZERO, event };
        record.apply(event.at, &event.event);
    }
    assert_eq!(record.settings_omitted, Vec::<String>::new());
}

fn registry(config: &str, overrides: Overrides) -> Registry {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), config).expect("written");
    let config = Config::load(Some(file.path()), &Environment::default()).unwrap_or_else(|error| panic!("{error:?}"));
    Registry::new(config.into(), Environment::default().into(), overrides)
}

fn provider(name: &str, server: &Server, more: &str) -> String {
    format!("[providers.{name}]\ninterface = 'openai'\nbase_url = '{}/v1'\napi_key = 'sk-{name}'\n{more}\n", server.url)
}

fn refusal() -> String {
    let body = r#"{"error":{"message":"overloaded"}}"#;
    let length = body.len();
    let head = "HTTP/1.1 503 X\r\ncontent-type: application/json\r\nretry-after-ms: 5\r\nconnection: close";
    format!("{head}\r\ncontent-length: {length}\r\n\r\n{body}")
}

/// How many requests each of two members got, the first of which always refuses.
async fn asked(of_first: &str, model: &str, overrides: Overrides) -> (usize, usize) {
    let (first, second) = (Server::start(vec![refusal()]), Server::start(vec![openai_stream(&["from two"])]));
    let config = provider("one", &first, of_first) + &provider("two", &second, "");
    let model = registry(&config, overrides).model(model).expect("a model");
    ask(model, true).await;
    (first.requests().len(), second.requests().len())
}

#[tokio::test]
async fn a_member_retries_only_when_its_own_provider_says_so() {
    let chain = "fallback:one:m,two:m";
    assert_eq!(asked("", chain, Overrides::default()).await, (1, 1));
    assert_eq!(asked("retries = 2", chain, Overrides::default()).await, (3, 1));
    let asked_for = Overrides { retries: Some(4), ..Overrides::default() };
    assert_eq!(asked("", chain, asked_for.clone()).await, (1, 1), "a run's own retries are not the members'");
    assert_eq!(asked("retries = 1", "one:m", asked_for).await, (5, 0), "outside of a chain they are");
    assert_eq!(asked("", "one:m", Overrides::default()).await, (3, 0));
}

fn body(request: &str) -> Value {
    let (_, body) = request.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).expect("JSON")
}

#[tokio::test]
async fn each_member_has_its_own_settings_key_and_address() {
    let (first, second) = (Server::start(vec![refusal()]), Server::start(vec![openai_stream(&["from two"])]));
    let config = provider("one", &first, "")
        + &provider("two", &second, "")
        + "[defaults]\ntemperature = 0.1\nfrequency_penalty = 0.5\n\
           [models.cold]\nmodel = 'one:m1'\nsettings = { temperature = 0 }\n\
           [models.hot]\nmodel = 'two:m2'\nsettings = { temperature = 1, seed = 3 }\n\
           [models.safe]\nfallback = ['cold', 'hot']\n";
    let settings = Settings { top_p: Some(0.25), ..Settings::default() };
    let registry = registry(&config, Overrides { settings, ..Overrides::default() });
    let lane = ask(registry.model("safe").expect("a chain"), true).await;
    assert_eq!(ending(&lane), answered("from two"));
    let sent = |server: &Server, key: &str| {
        let requests = server.requests();
        assert!(requests[0].to_lowercase().contains(&format!("authorization: bearer {key}\r\n")), "{requests:?}");
        let body = body(&requests[0]);
        ["model", "temperature", "frequency_penalty", "top_p", "seed"].map(|name| body[name].clone())
    };
    assert_eq!(sent(&first, "sk-one"), [json!("m1"), json!(0.0), json!(0.5), json!(0.25), Value::Null]);
    assert_eq!(sent(&second, "sk-two"), [json!("m2"), json!(1.0), json!(0.5), json!(0.25), json!(3)]);
    assert_eq!(trace(&lane).iter().map(|(model, ..)| *model).collect::<Vec<_>>(), ["cold", "hot"]);
}

#[tokio::test]
async fn every_attempt_is_kept_with_its_cause_when_the_chain_succeeds() {
    let (first, second) = (Server::start(vec![refusal()]), Server::start(vec![openai_stream(&["from two"])]));
    let config = provider("one", &first, "") + &provider("two", &second, "");
    let lane = ask(registry(&config, Overrides::default()).model("fallback:one:m,two:m").expect("a chain"), true).await;
    let error = lane.attempts[0].error.as_ref().expect("an error");
    assert_eq!(
        (error.kind, error.status, error.retry_after_s, &error.body),
        (ErrorKind::Http, Some(503), Some(0.005), &Some(json!({ "error": { "message": "overloaded" } })))
    );
    let outcomes: Vec<_> = lane.attempts.iter().map(|attempt| attempt.outcome).collect();
    assert_eq!(outcomes, [Some(Outcome::Failed), Some(Outcome::Completed)]);
    assert_eq!((lane.error.as_ref(), text_of(&lane).as_str()), (None, "from two"));
    assert_eq!(lane.response().provider_name.as_deref(), Some("two"));
}

#[tokio::test]
async fn a_member_without_a_key_fails_when_it_is_asked() {
    let registry = registry(
        "[models.safe]\nfallback = ['openai:gpt-4o', 'test:b,rate=0,text=from b']\nfallback_on = ['any']",
        Overrides::default(),
    );
    let lane = ask(registry.model("safe").expect("a chain"), true).await;
    assert_eq!(ending(&lane), answered("from b"));
    assert_eq!(lane.attempts[0].error.as_ref().map(|error| error.kind), Some(ErrorKind::Auth));
}
