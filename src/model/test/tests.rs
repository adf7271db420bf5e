//! The test model as a lane sees it, on a paused clock.

use tokio::sync::mpsc;

use super::*;
use crate::message::{FinishReason, Usage};
use crate::model::{Outcome, RunEvent, attempt};
use crate::run::LaneRecord;
use crate::settings::Thinking;
use crate::wire::ErrorKind;

const PROMPT: &str = "Where were the olympics held in 2012?";

fn request(prompt: &str) -> Request {
    let message = ModelMessage::Request(ModelRequest::user(prompt, None, None));
    Request { messages: vec![message], stream: true, ..Request::default() }
}

/// Runs a lane to its end, or until it is cancelled.
async fn lane(spec: &str, request: Request, cancel_after: Option<Duration>) -> (LaneRecord, Vec<RunEvent>) {
    let model = TestModel::parse(&format!("test:{spec}"), spec).expect("a known spec");
    let (sender, mut receiver) = mpsc::channel(10_000);
    let (sink, cancel) = (EventSink::new(0, sender), CancellationToken::new());
    let canceller = async {
        if let Some(after) = cancel_after {
            tokio::time::sleep(after).await;
            cancel.cancel();
        }
        std::future::pending::<()>().await;
    };
    let result = tokio::select! {
        result = attempt::perform(&model, &request, &sink, &cancel) => result,
        () = canceller => unreachable!(),
    };
    let (outcome, error) = match result {
        Ok(_) => (Outcome::Completed, None),
        Err(error) => (Outcome::of_error(&error, sink.has_visible()), Some(error)),
    };
    sink.send(LaneEvent::Ended { outcome, error }).await;
    drop(sink);
    let mut record = LaneRecord::new(model.id(), jiff::Timestamp::UNIX_EPOCH);
    let mut events = Vec::new();
    while let Some(event) = receiver.recv().await {
        record.apply(event.at, &event.event);
        events.push(event);
    }
    (record, events)
}

async fn ended(spec: &str) -> (Outcome, String, Option<ModelError>) {
    let (record, _) = lane(spec, request(PROMPT), None).await;
    (record.outcome(), record.response().text(), record.error)
}

#[tokio::test(start_paused = true)]
async fn every_voice_keeps_its_pace() {
    for (spec, ttft, rate, least) in
        [("storyteller", 420.0, 45.0, 250), ("poet", 800.0, 18.0, 120), ("thinker", 300.0, 60.0, 250)]
    {
        let (record, _) = lane(spec, request(PROMPT), None).await;
        let timing = record.timing();
        assert_eq!((record.outcome(), timing.ttft_ms), (Outcome::Completed, Some(ttft)), "{spec}");
        let speed = timing.tokens_per_second.unwrap_or_default();
        assert!((speed - rate).abs() < rate / 10.0, "{spec}: {speed} tokens per second");
        let tokens = record.usage().output_tokens.unwrap_or_default();
        assert!(tokens >= least, "{spec}: {tokens} tokens");
        assert!(record.response().text().contains("olympics"), "{}", record.response().text());
    }
    let (brief, _) = lane("brief", request(PROMPT), None).await;
    assert_eq!((brief.timing().ttft_ms, brief.response().text().lines().count()), (Some(120.0), 1));
}

#[tokio::test(start_paused = true)]
async fn the_thinker_thinks_first_unless_told_not_to() {
    let (record, _) = lane("thinker", request(PROMPT), None).await;
    let kinds: Vec<_> = record.response().parts.iter().map(|part| matches!(part, ResponsePart::Thinking(_))).collect();
    assert_eq!(kinds, [true, false]);
    assert!(record.response().text().contains("\n```python\n") && record.response().text().contains("\n1. **"));
    let off = Settings { thinking: Some(Thinking::Enabled(false)), ..Settings::default() };
    let (record, _) = lane("thinker", Request { settings: off, ..request(PROMPT) }, None).await;
    assert_eq!((record.response().thinking(), record.usage().output_reasoning_tokens), (String::new(), None));
}

#[tokio::test(start_paused = true)]
async fn an_exact_text_in_chunks() {
    let (record, events) = lane("x,rate=0,chunk=2,text=Hello, world", request("Hi there"), None).await;
    let response = ModelResponse {
        parts: vec![ResponsePart::text("Hello, world")],
        usage: Usage { input_tokens: Some(2), output_tokens: Some(3), ..Usage::default() },
        model_name: Some("x".to_owned()),
        provider_name: Some("test".to_owned()),
        provider_url: Some(String::new()),
        timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
        finish_reason: Some(FinishReason::Stop),
        ..ModelResponse::default()
    };
    assert_eq!(record.response(), &response);
    let arrivals = events.iter().filter(|event| matches!(event.event, LaneEvent::Arrived(_))).count();
    assert_eq!((arrivals, events.last().map(|event| event.at)), (4, Some(Duration::ZERO)));
}

#[tokio::test(start_paused = true)]
async fn tokens_are_counted_and_limited() {
    let (record, _) = lane("poet,rate=0,tokens=700,usage=off", request(PROMPT), None).await;
    assert_eq!(voice::tokens(&record.response().text()).len(), 700);
    assert_eq!(record.usage(), &Usage::default());
    let limited = Settings { max_tokens: Some(7), ..Settings::default() };
    let (record, _) = lane("poet,rate=0", Request { settings: limited, ..request(PROMPT) }, None).await;
    assert_eq!(record.usage().output_tokens, Some(7));
    assert_eq!(record.response().finish_reason, Some(FinishReason::Length));
}

#[tokio::test(start_paused = true)]
async fn without_streaming_all_comes_when_it_is_whole() {
    let (streamed, _) = lane("storyteller", request(PROMPT), None).await;
    let (record, _) = lane("storyteller", Request { stream: false, ..request(PROMPT) }, None).await;
    assert_eq!(record.response().parts, streamed.response().parts);
    assert_eq!(record.timing().ttft_ms, record.timing().close_ms);
    assert_eq!(record.timing().total_ms, streamed.timing().total_ms);
}

#[tokio::test(start_paused = true)]
async fn cancelling_keeps_what_came() {
    let (record, _) = lane("poet", request(PROMPT), Some(Duration::from_secs(2))).await;
    assert_eq!((record.outcome(), record.timing().close_ms), (Outcome::Cancelled, Some(2_000.0)));
    let whole = lane("poet", request(PROMPT), None).await.0.response().text();
    let part = record.response().text();
    assert!(!part.is_empty() && part.len() < whole.len() && whole.starts_with(&part), "{part}");
}

#[tokio::test(start_paused = true)]
async fn failures_before_the_first_token() {
    let (outcome, text, error) = ended("x,fail=429").await;
    let error = error.expect("an error");
    let message =
        "status_code: 429, model_name: x, body: {\"error\":{\"message\":\"Too Many Requests\",\"type\":\"test\"}}";
    assert_eq!((outcome, text.as_str(), error.message.as_str()), (Outcome::Failed, "", message));
    assert_eq!((error.kind, error.status, error.retry_after_s), (ErrorKind::Http, Some(429), Some(2.0)));
    for (spec, kind) in [
        ("x,fail=timeout", ErrorKind::Timeout),
        ("x,fail=connect", ErrorKind::Connect),
        ("x,fail=provider", ErrorKind::Provider),
        ("x,fail=cut,after=0", ErrorKind::Truncated),
    ] {
        let (outcome, text, error) = ended(spec).await;
        assert_eq!((outcome, text, error.map(|error| error.kind)), (Outcome::Failed, String::new(), Some(kind)));
    }
}

#[tokio::test(start_paused = true)]
async fn failures_in_mid_answer() {
    for (spec, outcome, kind) in [
        ("x,fail=503,after=2,text=a b c d", Outcome::Failed, ErrorKind::Provider),
        ("x,fail=timeout,after=2,text=a b c d", Outcome::Interrupted, ErrorKind::Timeout),
        ("x,fail=cut,text=a b c d", Outcome::Interrupted, ErrorKind::Truncated),
    ] {
        let (ended, text, error) = ended(spec).await;
        assert_eq!((ended, text, error.map(|error| error.kind)), (outcome, "a b".to_owned(), Some(kind)), "{spec}");
    }
    let (_, text, _) = ended("x,fail=cut,after=99,text=a b").await;
    assert_eq!(text, "a b");
}

#[tokio::test(start_paused = true)]
async fn a_limit_on_the_whole_answer_holds() {
    let settings = Settings { timeout: Some(1.5), ..Settings::default() };
    let (record, _) = lane("poet", Request { settings, ..request(PROMPT) }, None).await;
    let error = record.error.as_ref().map(|error| (error.kind, error.message.as_str()));
    assert_eq!(record.outcome(), Outcome::Interrupted);
    assert_eq!(error, Some((ErrorKind::Timeout, "the answer was not whole within 1.5s")));
}
