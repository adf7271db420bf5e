//! Chains and retries: who was asked, who answered, and what is being waited for.

use std::time::Duration;

use super::support::*;
use crate::message::{FinishReason, Usage};
use crate::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use crate::run::LaneRecord;
use crate::tui::State;
use crate::tui::state::Focus;

/// A model that answers, at once or after it has waited for its turn.
fn queued(script: Script, ms: u64, model: &str, queued: u64) -> Script {
    script.at(ms, &LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::from_millis(queued) })
}

fn busy(wait: f64) -> ModelError {
    ModelError { retry_after_s: Some(wait), ..refused(429, "slow down", "") }
}

/// A chain that has asked three and got an answer, one whose first member answered, one that waits for its turn, and
/// one that waits before it tries again.
pub fn chains() -> Vec<LaneRecord> {
    let wrong = ModelError::new(ErrorKind::InvalidOutput, "the output doesn't fit the schema: no JSON");
    let again = Script::of("safe").asks(0, "openai:gpt-4o").attempt_fails(210, Outcome::Failed, busy(20.0));
    let again =
        queued(again, 1_400, "anthropic:claude-3-5-haiku-latest", 1_200).text(1_600, "Sure! {").used(1_700, 57, 9);
    let again = again.costs(1_700, 0.000_4).attempt_fails(1_710, Outcome::Failed, wrong.clone());
    let first = Script::of("safe").asks(0, "groq:llama-3.3-70b").text(300, "London").used(400, 57, 1);
    let waits =
        Script::of("local").asks(0, "ollama:llama3.2").attempt_fails(900, Outcome::Failed, refused(500, "oops", ""));
    let turn = Script::of("safe").asks(0, "openai:gpt-4o").text(400, "Not this").used(500, 57, 3);
    vec![
        again
            .asks(1_715, "groq:llama-3.3-70b")
            .text(1_900, "London, in the UK.")
            .used(2_100, 57, 31)
            .finishes(2_100, FinishReason::Stop)
            .completes(2_110),
        first.finishes(400, FinishReason::Stop).completes(410),
        turn.attempt_fails(1_000, Outcome::Failed, wrong).still_runs(),
        waits.at(900, &LaneEvent::Waiting { delay: Duration::from_millis(5_500) }).still_runs(),
    ]
}

fn asked(size: (u16, u16), theme: usize, lanes: Vec<LaneRecord>) -> State {
    let mut state = workbench(size, theme);
    show(&mut state, "Where were the olympics held in 2012?", lanes);
    state.focus = Focus::Panes;
    state.panes.focused = 3;
    state
}

#[test]
fn a_chains_state_is_read_from_one_screen() {
    for size in [(80, 24), (160, 45), (250, 70)] {
        expect(&format!("chains_{}x{}", size.0, size.1), &fresh(&asked(size, 0, chains())));
    }
}

#[test]
fn what_a_rejected_attempt_said_gives_way_to_the_next_one() {
    let shown = symbols(&fresh(&asked((160, 45), 0, chains())));
    assert!(shown.contains("waiting for its turn · 2.2 s") && !shown.contains("Not this"), "{shown}");
}

#[test]
fn the_last_attempts_are_shown_where_not_all_fit() {
    let fails = |script: Script, at: u64| {
        script.asks(at, "openai:gpt-4o").attempt_fails(at + 50, Outcome::Failed, refused(503, "busy", ""))
    };
    let lane = || (0..20).fold(Script::of("openai:gpt-4o"), |script, number| fails(script, number * 100));
    for (size, earlier) in [((80, 24), 15), ((40, 12), 19), ((160, 45), 13)] {
        let shown = symbols(&fresh(&asked(size, 0, vec![lane().still_runs()])));
        assert!(shown.contains(&format!("… {earlier} earlier: 503, 503")), "{size:?}\n{shown}");
        assert!(shown.contains("✗ openai:gpt-4o 503 +0.1 s"), "{size:?}\n{shown}");
    }
}

#[test]
fn the_countdown_fits_any_pane() {
    let waits = |size, keys: &[&str]| {
        let shown = symbols(&fresh(&asked(size, 0, chains().split_off(3))));
        assert!(keys.iter().all(|key| shown.contains(key)), "{size:?}\n{shown}");
    };
    waits((80, 24), &["◷ trying again in 3.1 s · n now · x cancel"]);
    waits((40, 12), &["◷ again in 3.1 s · n now · x cancel"]);
}

#[test]
fn a_plain_answer_has_an_attempt_line_only_where_there_is_much_room() {
    let lane = || {
        let usage = Usage { input_tokens: Some(5), ..Usage::default() };
        let script = Script::of("openai:gpt-4o").asks(0, "openai:gpt-4o").text(300, "London");
        script.arrives(400, crate::message::StreamEvent::usage(usage)).completes(410)
    };
    let is_told = |size| symbols(&fresh(&asked(size, 0, vec![lane()]))).contains("✓ openai:gpt-4o 0.4 s");
    assert_eq!([(80, 24), (80, 40)].map(is_told), [false, true]);
    let waited = queued(Script::of("openai:gpt-4o"), 700, "openai:gpt-4o", 700).text(800, "London").completes(900);
    let shown = symbols(&fresh(&asked((80, 24), 0, vec![waited])));
    assert!(shown.contains("✓ openai:gpt-4o 0.2 s · queued 0.7 s"), "{shown}");
}
