//! Fallback on whole answers: which of them a chain doesn't take, what stays of those, and why a stream is taken as it is.

#[path = "support/lanes.rs"]
mod lanes;

use std::sync::Arc;

use lanes::{ask, request, test_model, text_of, trace};
use llmbench::message::{FinishReason, ModelResponse, ResponsePart, ResponseState, Usage};
use llmbench::model::{ErrorKind, FallbackModel, FallbackOn, FunctionModel, Model, ModelError, Outcome, Request};
use llmbench::run::{Lane, LaneRecord, LaneReport, Run};
use llmbench::session::{Turn, records, replay};
use llmbench::settings::OutputSpec;
use serde_json::json;

/// A model that answers with this text, stopped for this reason, for ten tokens.
fn answers(name: &str, text: &str, finish_reason: FinishReason) -> Arc<dyn Model> {
    let usage = Usage { input_tokens: Some(4), output_tokens: Some(6), ..Usage::default() };
    let parts = if text.is_empty() { Vec::new() } else { vec![ResponsePart::text(text)] };
    let response = ModelResponse { parts, usage, finish_reason: Some(finish_reason), ..ModelResponse::default() };
    Arc::new(FunctionModel::new(name, move |_: &Request| response.clone()))
}

fn chain(models: Vec<Arc<dyn Model>>, on: &[&str]) -> FallbackModel {
    let on = on.iter().map(|word| FallbackOn::parse(word).expect("a known word")).collect();
    FallbackModel::new("safe", models).with_fallback_on(on).expect("not empty")
}

fn last() -> Arc<dyn Model> {
    answers("last", "from the last", FinishReason::Stop)
}

/// What each word says of each whole answer.
const TABLE: [(&str, &str, FinishReason, bool); 9] = [
    ("content_filter", "I can't", FinishReason::ContentFilter, true),
    ("content_filter", "cut", FinishReason::Length, false),
    ("length", "cut", FinishReason::Length, true),
    ("length", "I can't", FinishReason::ContentFilter, false),
    ("empty", "", FinishReason::Stop, true),
    ("empty", "all", FinishReason::Stop, false),
    ("any", "cut", FinishReason::Length, true),
    ("any", "", FinishReason::Stop, true),
    ("api", "cut", FinishReason::Length, false),
];

#[tokio::test(start_paused = true)]
async fn a_whole_answer_that_a_word_means_is_not_taken() {
    for (on, text, reason, moves_on) in TABLE {
        let lane = ask(Arc::new(chain(vec![answers("first", text, reason), last()], &[on])), false).await;
        let expected = if moves_on { ("from the last", 2) } else { (text, 1) };
        assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), expected, "{on} on {text:?}, {reason:?}");
        assert_eq!(lane.outcome(), Outcome::Completed);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_taken_as_it_is() {
    for (on, text, reason, _) in TABLE {
        let lane = ask(Arc::new(chain(vec![answers("first", text, reason), last()], &[on])), true).await;
        assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), (text, 1), "{on} on {text:?}, {reason:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_taken_stays_in_the_trace_with_its_tokens() {
    let models = vec![answers("first", "cut", FinishReason::Length), last()];
    let lane = ask(Arc::new(chain(models, &["length"])), false).await;
    let asked = [
        ("function:first", Some(Outcome::Failed), Some(ErrorKind::Rejected)),
        ("function:last", Some(Outcome::Completed), None),
    ];
    assert_eq!(trace(&lane), asked);
    let kept = lane.attempts[0].response.as_ref().expect("the answer");
    assert_eq!((kept.text().as_str(), &kept.state), ("cut", &ResponseState::Complete));
    let report = serde_json::to_value(LaneReport::from(&lane)).expect("JSON");
    assert_eq!(report["attempts"][0]["response"]["parts"][0]["content"], "cut");
    assert_eq!(report["attempts"][0]["error"]["message"], "the answer is not taken: its token limit cut it");
    assert_eq!(report["attempts"][0]["usage"]["output_tokens"], 6);
    let usage = &report["usage"];
    assert_eq!([&usage["requests"], &usage["input_tokens"], &usage["total_tokens"]], [2, 8, 20], "of both attempts");
    assert_eq!(lane.marks.len(), 1, "times are those of the answer that was taken");
}

#[tokio::test(start_paused = true)]
async fn functions_of_the_failure_and_of_the_answer_decide() {
    for stream in [true, false] {
        let busy = Arc::new(FunctionModel::new("busy", |_: &Request| -> Result<String, ModelError> {
            Err(ModelError::new(ErrorKind::Provider, "come back later"))
        }));
        let models = vec![busy as Arc<dyn Model>, answers("silent", "…", FinishReason::Stop), last()];
        let model = chain(models, &["http"])
            .or_on_error(|error| error.message.contains("later"))
            .or_on_response(|response| response.text() == "…");
        let lane = ask(Arc::new(model), stream).await;
        let expected = if stream { ("…", 2) } else { ("from the last", 3) };
        assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), expected, "stream: {stream}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_is_not_asked_about_the_users_own_cancelling() {
    let cancelled =
        Arc::new(FunctionModel::new("a", |_: &Request| -> Result<String, ModelError> { Err(ModelError::cancelled()) }));
    let model = chain(vec![cancelled as Arc<dyn Model>, last()], &["any"]).or_on_error(|_| true);
    let lane = ask(Arc::new(model), false).await;
    assert_eq!((lane.outcome(), lane.attempts.len()), (Outcome::Cancelled, 1));
}

#[tokio::test(start_paused = true)]
async fn when_no_answer_is_taken_one_error_holds_every_rejection_in_order() {
    let models = vec![
        answers("first", "I can't", FinishReason::ContentFilter),
        test_model("b,fail=503"),
        answers("third", "cut", FinishReason::Length),
    ];
    let lane = ask(Arc::new(chain(models, &["any"])), false).await;
    let error = lane.error.clone().expect("an error");
    let kinds: Vec<_> = error.errors.iter().map(|error| error.kind).collect();
    assert_eq!(error.kind, ErrorKind::FallbackExhausted);
    assert_eq!(kinds, [ErrorKind::ContentFilter, ErrorKind::Http, ErrorKind::Rejected]);
    assert_eq!((lane.outcome(), text_of(&lane).as_str()), (Outcome::Failed, "cut"), "the last answer stays");
}

#[tokio::test(start_paused = true)]
async fn a_chain_in_a_chain_has_its_answers_judged_by_both() {
    let inner = || {
        let models =
            vec![answers("a", "I can't", FinishReason::ContentFilter), answers("b", "cut", FinishReason::Length)];
        Arc::new(chain(models, &["content_filter"])) as Arc<dyn Model>
    };
    let outer = |on: &[&str]| Arc::new(chain(vec![inner(), last()], on));
    let taken = ask(outer(&["http"]), false).await;
    assert_eq!((text_of(&taken).as_str(), taken.attempts.len()), ("cut", 2));
    let refused = ask(outer(&["length"]), false).await;
    assert_eq!((text_of(&refused).as_str(), refused.attempts.len()), ("from the last", 3));
    assert_eq!(trace(&refused)[1], ("function:b", Some(Outcome::Failed), Some(ErrorKind::Rejected)));
    // All of the inner chain refused: the outer one judges every failure of it.
    let all = vec![answers("a", "I can't", FinishReason::ContentFilter)];
    let inner = Arc::new(chain(all, &["content_filter"])) as Arc<dyn Model>;
    let lane = ask(Arc::new(chain(vec![inner, last()], &["content_filter"])), false).await;
    assert_eq!((text_of(&lane).as_str(), lane.attempts.len()), ("from the last", 2));
}

async fn ask_for_city(model: FallbackModel, stream: bool) -> LaneRecord {
    let schema = json!({"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}});
    let output = OutputSpec::new(schema.as_object().expect("an object"), None);
    let request = Request { output: Some(Arc::new(output)), ..request(stream) };
    Run::to_end(vec![Lane::new(Arc::new(model), request)]).await.remove(0)
}

#[tokio::test(start_paused = true)]
async fn output_that_does_not_fit_asks_the_next_model_unless_it_was_seen() {
    for stream in [true, false] {
        let models = vec![answers("words", "Paris", FinishReason::Stop), test_model("test,rate=0")];
        let lane = ask_for_city(chain(models, &["invalid_output"]), stream).await;
        if stream {
            assert_eq!((lane.outcome(), lane.attempts.len()), (Outcome::Failed, 1));
            assert_eq!(lane.error.as_ref().map(|error| error.kind), Some(ErrorKind::InvalidOutput));
        } else {
            let first = lane.attempts[0].response.as_ref().map(ModelResponse::text);
            assert_eq!((lane.outcome(), lane.attempts.len(), first.as_deref()), (Outcome::Completed, 2, Some("Paris")));
        }
    }
}

#[test]
fn a_chain_without_anything_to_fall_back_on_is_refused() {
    let error = FallbackModel::new("safe", vec![last()]).with_fallback_on(Vec::new()).err().expect("refused");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Config, "fallback_on of \"safe\" must not be empty"));
}

#[tokio::test(start_paused = true)]
async fn a_saved_chain_replays_to_the_same_report() {
    let first = || answers("first", "cut", FinishReason::Length);
    let third = || answers("third", "I can't", FinishReason::ContentFilter);
    let busy = || test_model("b,fail=503");
    let chains: [(&[&str], _); 3] = [
        (&["any"], vec![first(), busy(), third(), last()]),
        (&["length", "http"], vec![first(), busy(), third(), last()]),
        (&["any"], vec![first(), busy()]),
    ];
    for (on, models) in chains {
        let lane = ask(Arc::new(chain(models, on)), false).await;
        let turn = Turn::of("Hi", jiff::Timestamp::UNIX_EPOCH, [&lane]);
        let turn: Turn = serde_json::from_value(serde_json::to_value(&turn).expect("JSON")).expect("a turn");
        let mut again = records(&turn).remove(0);
        for event in replay(&turn) {
            again.apply(event.at, &event.event);
        }
        assert_eq!(LaneReport::from(&again), LaneReport::from(&lane), "{on:?}");
    }
}
