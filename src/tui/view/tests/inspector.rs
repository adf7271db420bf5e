//! The details of an answer and its attempts.

use std::time::Duration;

use super::chains::chains;
use super::support::*;
use crate::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use crate::run::LaneRecord;
use crate::tui::State;
use crate::tui::state::{Focus, Overlay};

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 45), (250, 70)];

fn looking(size: (u16, u16), lane: LaneRecord, scroll: usize) -> State {
    let mut state = workbench(size, 0);
    show(&mut state, "Where?", vec![lane]);
    state.focus = Focus::Panes;
    state.overlay = Some(Overlay::Inspector(scroll));
    state
}

/// A chain that nobody of answers, with all that a provider can say.
fn failed() -> LaneRecord {
    let said = r#"{"error": {"message": "Rate limit reached for gpt-4o", "type": "tokens", "code": "rate_limit_exceeded", "limits": [30000, 29412, null]}}"#;
    let limited = ModelError { retry_after_s: Some(20.0), ..refused(429, said, "wait, or ask for more quota") };
    let gone = ModelError::new(ErrorKind::Connect, "connecting to http://127.0.0.1:11434/v1 failed: refused");
    let plain = refused(502, "<html>\n<h1>Bad\u{1b}[31m Gateway</h1>\n</html>", "the provider's own servers fail");
    let all = ModelError {
        errors: vec![limited.clone(), plain.clone(), gone.clone()],
        ..ModelError::new(ErrorKind::FallbackExhausted, "All models from FallbackModel failed (safe)")
    };
    let omitted = LaneEvent::SettingsOmitted(vec!["temperature".to_owned(), "top_p".to_owned()]);
    Script::of("safe")
        .asks(0, "openai:gpt-4o")
        .attempt_fails(210, Outcome::Failed, limited)
        .at(1_410, &LaneEvent::AttemptStarted { model: "groq:llama".to_owned(), queued: Duration::from_millis(1_200) })
        .attempt_fails(1_600, Outcome::Failed, plain)
        .asks(1_601, "ollama:llama3.2")
        .at(1_601, &omitted)
        .attempt_fails(1_604, Outcome::Failed, gone)
        .at(1_604, &LaneEvent::Ended { outcome: Outcome::Failed, error: Some(all) })
        .still_runs()
}

#[test]
fn a_failed_chain() {
    for size in SIZES {
        expect(&format!("details_failed_{}x{}", size.0, size.1), &fresh(&looking(size, failed(), 0)));
    }
    let end = symbols(&fresh(&looking((80, 24), failed(), 999)));
    assert!(end.contains("not sent  temperature, top_p") && end.contains("refused"), "{end}");
}

#[test]
fn a_chain_that_answered_in_the_end() {
    for size in SIZES {
        let lane = chains().swap_remove(0);
        expect(&format!("details_answered_{}x{}", size.0, size.1), &fresh(&looking(size, lane, 0)));
    }
}

#[test]
fn a_running_lane_is_told_as_it_is_now() {
    let mut state = looking((100, 30), chains().swap_remove(3), 0);
    let shown = symbols(&fresh(&state));
    assert!(shown.contains("trying again") && shown.contains("took 900 ms"), "{shown}");
    let events = [LaneEvent::AttemptStarted { model: "ollama:llama3.2".to_owned(), queued: Duration::ZERO }];
    state.conversation.turns[0].lanes[0].apply(Duration::from_secs(3), &events[0]);
    let shown = symbols(&fresh(&state));
    assert!(shown.contains("2 ") && shown.contains("ollama:llama3.2 · running"), "{shown}");
    assert!(shown.contains("began at 3,000 ms · ttft – · took 250 ms"), "{shown}");
}

#[test]
fn nothing_that_others_wrote_is_without_bounds() {
    let body = format!("{{\"list\": [{}]}}", vec!["\"\u{1b}]0;x\u{7}long words 日本\""; 9_000].join(", "));
    let fails = |script: Script, at: u64| {
        script.asks(at, "a:b").attempt_fails(at + 1, Outcome::Failed, refused(500, &body, &"hint ".repeat(9_000)))
    };
    let lane = (0..90).fold(Script::of("a:b"), |script, number| fails(script, number * 10)).still_runs();
    let mut cache = crate::tui::view::Cache::in_zone(jiff::tz::TimeZone::UTC);
    let shown = symbols(&frame(&looking((80, 24), lane, 0), &mut cache));
    assert!(shown.contains("… 50 earlier attempts") && !shown.contains('\u{1b}'), "{shown}");
    assert!(cache.metrics.overlay_lines < 40 * 250, "{} rows", cache.metrics.overlay_lines);
}
