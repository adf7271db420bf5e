//! The law of sessions: what was recorded, saved, loaded and replayed gives the same report again, whole or cut off in
//! mid-stream.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use llmbench::catalog::Cost;
use llmbench::message::{FinishReason, PartDelta, ResponsePart, StreamEvent, Thinking, ToolArgs, ToolCall, Usage};
use llmbench::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use llmbench::run::{LaneRecord, LaneReport};
use llmbench::session::{Session, Turn, records, replay};
use llmbench::settings::Settings;
use proptest::prelude::*;

/// One thing that a stream may do: what, to which part, with what text, after how many microseconds.
type Step = (u8, usize, String, u32);

fn now() -> Timestamp {
    "2026-11-22T08:18:56.229610Z".parse().expect("a timestamp")
}

fn failure() -> ModelError {
    ModelError { status: Some(503), retry_after_s: Some(1.5), ..ModelError::new(ErrorKind::Http, "no\nroom") }
}

fn cost() -> Cost {
    let price_date = Some("2026-11-25".parse().expect("a date"));
    Cost { usd: 0.1, price_source: Some("https://a/prices".to_owned()), price_date }
}

/// Turns a step into an event that fits the parts begun so far.
fn event(step: &Step, parts: &mut Vec<ResponsePart>) -> StreamEvent {
    let (kind, number, text, _) = step;
    let begun = match kind {
        0 => Some(ResponsePart::text(text)),
        1 => Some(ResponsePart::thinking(text)),
        2 => Some(tool("look_up", Some(ToolArgs::Json(text.clone())))),
        3 => Some(tool(if number.is_multiple_of(2) { "" } else { "late" }, None)),
        4 => Some(tool("whole", Some(ToolArgs::Object(serde_json::Map::new())))),
        5 => Some(ResponsePart::Other(serde_json::json!({ "part_kind": "file", "content": text }))),
        _ => None,
    };
    if let Some(part) = begun {
        parts.push(part.clone());
        return StreamEvent::part_start(parts.len() - 1, part);
    }
    match kind {
        6 => {
            StreamEvent::usage(Usage { input_tokens: Some(9), output_tokens: Some(*number as u64), ..Usage::default() })
        }
        7 => StreamEvent::Start { model_name: Some(text.clone()), provider_response_id: None },
        8 => StreamEvent::Finish {
            finish_reason: (number.is_multiple_of(2)).then_some(FinishReason::Stop),
            provider_finish_reason: Some(text.clone()),
        },
        _ => delta(*number, text, parts),
    }
}

fn tool(name: &str, args: Option<ToolArgs>) -> ResponsePart {
    ResponsePart::ToolCall(ToolCall { tool_name: name.to_owned(), args, ..ToolCall::default() })
}

fn delta(number: usize, text: &str, parts: &[ResponsePart]) -> StreamEvent {
    let index = number % parts.len().max(1);
    let text = text.to_owned();
    let delta = match parts.get(index) {
        Some(ResponsePart::Text(_)) => PartDelta::text(text),
        Some(ResponsePart::Thinking(_)) if number > 40 => {
            PartDelta::Thinking { content_delta: None, signature_delta: Some(text), provider_details: None }
        }
        Some(ResponsePart::Thinking(Thinking { .. })) => PartDelta::thinking(text),
        Some(ResponsePart::ToolCall(ToolCall { args: Some(ToolArgs::Object(_)), .. })) => {
            PartDelta::ToolCall { tool_name_delta: None, args_delta: None, tool_call_id: Some(text) }
        }
        Some(ResponsePart::ToolCall(_)) => PartDelta::ToolCall {
            tool_name_delta: (number > 40).then_some("_more".to_owned()),
            args_delta: (!number.is_multiple_of(3)).then_some(text),
            tool_call_id: None,
        },
        Some(ResponsePart::Other(_)) | None => return StreamEvent::PartEnd { index },
    };
    StreamEvent::PartDelta { index, delta }
}

/// All that happens in a lane, with its times in microseconds.
fn lane(failures: &[bool], steps: &[Step], outcome: Outcome) -> Vec<(u64, LaneEvent)> {
    let mut at = 0;
    let mut events = Vec::new();
    for (number, has_headers) in failures.iter().enumerate() {
        events.push((at, LaneEvent::AttemptStarted { model: format!("model {number}"), queued: Duration::ZERO }));
        if *has_headers {
            events.push((at + 7, headers()));
        }
        at += 1_234_567;
        events.push((at, LaneEvent::AttemptEnded { outcome: Outcome::Failed, error: Some(failure()) }));
        if *has_headers {
            events.push((at, LaneEvent::Waiting { delay: Duration::from_millis(500) }));
            at += 500_000;
        }
    }
    events.push((at, LaneEvent::AttemptStarted { model: "last".to_owned(), queued: Duration::ZERO }));
    events.push((at, LaneEvent::SettingsOmitted(vec!["seed".to_owned()])));
    events.push((at + 3, headers()));
    let mut parts = Vec::new();
    for step in steps {
        at += u64::from(step.3) + 3;
        events.push((at, LaneEvent::Arrived(vec![event(step, &mut parts)])));
    }
    let error = (outcome != Outcome::Completed).then(failure);
    events.extend(error.is_none().then(|| (at + 9, LaneEvent::Cost(cost()))));
    events.push((at + 11, LaneEvent::AttemptEnded { outcome, error: error.clone() }));
    events.push((at + 12, LaneEvent::Ended { outcome, error }));
    events
}

fn headers() -> LaneEvent {
    LaneEvent::Headers { provider_name: "openai".to_owned(), provider_url: "http://x/v1".to_owned() }
}

fn recorded(events: &[(u64, LaneEvent)]) -> LaneRecord {
    let mut record = LaneRecord::new("safe", now());
    for (at, event) in events {
        record.apply(Duration::from_micros(*at), event);
    }
    record
}

fn saved_and_loaded(lanes: &[LaneRecord]) -> Turn {
    let mut session = Session::new(now(), Some("Be brief.".to_owned()), Settings::default());
    session.begin_turn("Why?", now()).update(lanes);
    let json = session.to_json().expect("JSON");
    let loaded = Session::from_json(&json, Path::new("x.json")).expect("a session");
    assert_eq!(loaded, session);
    loaded.turns.into_iter().next().expect("a turn")
}

fn replayed(turn: &Turn) -> Vec<LaneReport> {
    let mut lanes = records(turn);
    let events = replay(turn);
    assert!(events.is_sorted_by_key(|event| event.at));
    for event in &events {
        lanes[event.lane].apply(event.at, &event.event);
    }
    assert!(lanes.iter().all(LaneRecord::is_over));
    lanes.iter().map(LaneReport::from).collect()
}

fn outcomes() -> impl Strategy<Value = Outcome> {
    prop::sample::select(vec![Outcome::Completed, Outcome::Failed, Outcome::Interrupted, Outcome::Cancelled])
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let text = prop::sample::select(vec!["", "a", "é月", "{\"x\": 1", " }\n", "word "]).prop_map(str::to_owned);
    let gap = prop::sample::select(vec![0_u32, 1, 999, 20_001, 7_654_321]);
    prop::collection::vec((0_u8..16, 0_usize..60, text, gap), 0..24)
}

proptest! {
    #[test]
    fn a_replay_gives_the_saved_report(
        failures in prop::collection::vec(any::<bool>(), 0..3),
        (first, second) in (steps(), steps()),
        (outcome, other) in (outcomes(), outcomes()),
        cut in any::<prop::sample::Index>(),
    ) {
        let whole = lane(&failures, &first, outcome);
        let broken = lane(&[], &second, other);
        let broken = &broken[..=cut.index(broken.len())];
        let lanes = [recorded(&whole), recorded(broken)];
        let reports: Vec<LaneReport> = lanes.iter().map(LaneReport::from).collect();
        let turn = saved_and_loaded(&lanes);
        prop_assert_eq!(replayed(&turn), reports);
    }

    #[test]
    fn events_are_the_answer_cut_in_pieces(first in steps()) {
        let record = recorded(&lane(&[], &first, Outcome::Completed));
        let turn = saved_and_loaded(std::slice::from_ref(&record));
        let texts = record.response().parts.iter().enumerate().filter_map(|(number, part)| match part {
            ResponsePart::Text(text) => Some((number, text.content.clone())),
            _ => None,
        });
        for (number, text) in texts {
            let told = turn.runs[0].events.iter().filter(|event| event.1 as usize == number);
            prop_assert_eq!(told.map(|event| event.2.as_str()).collect::<String>(), text);
        }
    }
}

#[test]
fn a_file_without_events_shows_its_whole_answer() {
    let steps = [(1, 0, "hm".to_owned(), 5), (0, 0, "Hello".to_owned(), 10), (9, 1, " you".to_owned(), 500)];
    let mut turn = saved_and_loaded(&[recorded(&lane(&[], &steps, Outcome::Completed))]);
    let saved = turn.runs[0].report.clone();
    turn.runs[0].events.clear();
    let report = &replayed(&turn)[0];
    assert_eq!((&report.response, report.status), (&saved.response, saved.status));
    assert_eq!(report.timing.ttft_ms, saved.timing.total_ms);
}

#[test]
fn events_that_contradict_the_answer_give_way_to_it() {
    let steps = [(0, 0, "Hello".to_owned(), 10), (9, 0, " you".to_owned(), 500), (9, 0, "!".to_owned(), 1)];
    let mut turn = saved_and_loaded(&[recorded(&lane(&[], &steps, Outcome::Completed))]);
    turn.runs[0].events[1].2 = "nonsense".to_owned();
    turn.runs[0].events[2].1 = 77;
    turn.runs[0].events[0].0 = f64::NAN;
    assert_eq!(replayed(&turn)[0].response, turn.runs[0].report.response);
}

#[test]
fn saving_again_rebuilds_only_what_has_changed() {
    let (over, running) =
        (lane(&[], &[(0, 0, "Hi".to_owned(), 10)], Outcome::Completed), lane(&[], &[], Outcome::Failed));
    let mut turn = Turn::new("Why?", now());
    turn.update(&[recorded(&over), recorded(&running[..2])]);
    turn.runs[0].report.cost = Some(cost());
    turn.update(&[recorded(&over), recorded(&running)]);
    assert_eq!(turn.runs[0].report.cost, Some(cost()));
    assert_eq!((turn.runs[1].report.status, turn.runs.len()), (Outcome::Failed, 2));
}

#[test]
fn a_body_too_deep_to_be_read_again_is_kept_as_text() {
    let deep = format!("{}1{}", "[".repeat(120), "]".repeat(120));
    let body = serde_json::from_str(&deep).expect("JSON");
    let error = Some(failure().with_body(body));
    let events = [
        (0, LaneEvent::AttemptStarted { model: "a".to_owned(), queued: Duration::ZERO }),
        (9, LaneEvent::AttemptEnded { outcome: Outcome::Failed, error: error.clone() }),
        (9, LaneEvent::Ended { outcome: Outcome::Failed, error }),
    ];
    let turn = saved_and_loaded(&[recorded(&events)]);
    let body = turn.runs[0].report.error.as_ref().and_then(|error| error.body.clone()).expect("a body");
    assert!(body.to_string().contains("\"[[[["), "{body}");
}
