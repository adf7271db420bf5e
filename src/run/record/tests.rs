//! A lane as the fold of its events.

use super::*;
use crate::message::{FinishReason, PartDelta};
use crate::wire::ErrorKind;

fn record(events: &[(u64, LaneEvent)]) -> LaneRecord {
    let mut record = LaneRecord::new("safe", Timestamp::UNIX_EPOCH);
    for (ms, event) in events {
        record.apply(Duration::from_millis(*ms), event);
    }
    record
}

fn started(model: &str) -> LaneEvent {
    LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::ZERO }
}

fn failed() -> ModelError {
    ModelError { status: Some(401), ..ModelError::new(ErrorKind::Http, "no key") }
}

#[test]
fn a_chain_keeps_every_attempt() {
    let text = |index, text: &str| StreamEvent::PartDelta { index, delta: PartDelta::text(text) };
    let record = record(&[
        (0, started("a")),
        (10, LaneEvent::AttemptEnded { outcome: Outcome::Failed, error: Some(failed()) }),
        (10, started("b")),
        (30, LaneEvent::Arrived(vec![StreamEvent::part_start(0, ResponsePart::text("Hi"))])),
        (40, LaneEvent::Arrived(vec![text(0, " you")])),
        (
            41,
            LaneEvent::Arrived(vec![StreamEvent::Finish {
                finish_reason: Some(FinishReason::Stop),
                provider_finish_reason: None,
            }]),
        ),
        (50, LaneEvent::AttemptEnded { outcome: Outcome::Completed, error: None }),
        (50, LaneEvent::Ended { outcome: Outcome::Completed, error: None }),
    ]);
    assert_eq!(record.response().text(), "Hi you");
    assert_eq!(record.state, LaneState::Ended(Outcome::Completed));
    assert_eq!(record.timing().ttft_ms, Some(30.0));
    let trace: Vec<_> = record.attempts.iter().map(|a| (a.model.as_str(), a.outcome, a.error.clone())).collect();
    assert_eq!(trace, [("a", Some(Outcome::Failed), Some(failed())), ("b", Some(Outcome::Completed), None)]);
    assert_eq!(record.attempts[1].first_token, Some(Duration::from_millis(30)));
}

#[test]
fn a_lane_costs_what_all_its_attempts_cost() {
    let cost = |usd| Cost { usd, price_source: Some("https://a".to_owned()), price_date: None };
    let ended = |error| LaneEvent::AttemptEnded { outcome: Outcome::Failed, error: Some(error) };
    let cut = ModelError::new(ErrorKind::Truncated, "cut");
    let refused = [(0, started("a")), (1, ended(failed()))];
    let paid = [(2, started("b")), (3, LaneEvent::Cost(cost(0.1))), (4, ended(cut.clone()))];
    let again = [(5, started("c")), (6, LaneEvent::Cost(cost(0.2)))];
    let unknown = [(7, started("d")), (8, ended(cut))];
    let of = |parts: &[&[(u64, LaneEvent)]]| record(&parts.concat()).cost();
    assert_eq!(of(&[&refused, &paid, &again]), Some(cost(0.3)));
    assert_eq!(of(&[&refused, &paid, &unknown, &again]), None);
    assert_eq!(of(&[&refused]), None, "nobody has said what it costs to be refused");
    assert_eq!(of(&[&paid, &[(5, started("c"))]]), None, "it still runs");
}

#[test]
fn the_tokens_of_an_attempt_under_way_count_too() {
    let tokens = |output_tokens| Usage { output_tokens: Some(output_tokens), ..Usage::default() };
    let told = |count| LaneEvent::Arrived(vec![StreamEvent::usage(tokens(count))]);
    let ended = LaneEvent::AttemptEnded { outcome: Outcome::Failed, error: Some(failed()) };
    let record = record(&[(0, started("a")), (1, told(3)), (2, ended), (3, started("b")), (4, told(4))]);
    assert_eq!((record.usage_of_all(), record.usage()), (tokens(7), &tokens(4)));
}

#[test]
fn a_lane_that_still_runs_is_not_complete() {
    assert_eq!(record(&[(0, started("a"))]).outcome(), Outcome::Interrupted);
}
