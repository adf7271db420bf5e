//! Whole screens.

use std::time::Duration;

use super::support::*;
use crate::message::FinishReason;
use crate::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use crate::run::LaneRecord;
use crate::tui::state::{Focus, Notice, Tone};
use crate::tui::{State, Theme};

const SIZES: [(u16, u16); 3] = [(80, 24), (160, 45), (250, 70)];

/// Four lanes in mid-stream: done, answering, answering after a fallback, waiting.
fn streaming() -> Vec<LaneRecord> {
    vec![
        Script::of("openai:gpt-4o")
            .asks(0, "openai:gpt-4o")
            .text(312, "**London** hosted the 2012 Summer Olympics")
            .more(1_200, ", as it had in 1908 and 1948.\n\n- Opening: *27 July*\n- Closing: *12 August*\n\n1. Ask `when`\n2. Ask `where`\n")
            .used(1_830, 57, 128)
            .finishes(1_830, FinishReason::Stop)
            .costs(1_835, 0.001_42)
            .completes(1_840),
        Script::of("anthropic:claude-3-5-haiku-latest")
            .asks(0, "anthropic:claude-3-5-haiku-latest")
            .thinks(420, "The user asks where the games of 2012 were held. That was London.")
            .text(900, "# The 2012 Games\n\nThe 2012 Summer Olympics were held in London, the capital of the United Kingdom. ")
            .more(1_400, "Events took place at:\n\n```text\nOlympic Park   athletics, swimming\nWembley        football\n```\n\n> Inspire a generation.\n\nThe city had")
            .still_runs(),
        Script::of("safe")
            .asks(0, "openai:gpt-4o")
            .attempt_fails(210, Outcome::Failed, refused(401, "{}", ""))
            .asks(215, "groq:llama-3.3-70b")
            .text(1_100, "London, in the UK.")
            .used(1_400, 57, 131)
            .finishes(1_400, FinishReason::Length)
            .completes(1_415),
        Script::of("ollama:llama3.2").asks(0, "ollama:llama3.2").still_runs(),
    ]
}

/// All over but one: a refused key, a chain, a broken stream, a retry that waits.
fn finished() -> Vec<LaneRecord> {
    let said = r#"{"error": {"message": "Incorrect API key provided: sk-…3f. You can find your API key in the dashboard.", "type": "invalid_request_error"}}"#;
    vec![
        Script::of("openai:gpt-4o").asks(0, "openai:gpt-4o").fails(
            210,
            Outcome::Failed,
            refused(401, said, "the key came from OPENAI_API_KEY; is it right and still valid?"),
        ),
        Script::of("safe")
            .asks(0, "openai:gpt-4o")
            .attempt_fails(210, Outcome::Failed, refused(503, "busy", ""))
            .asks(215, "groq:llama-3.3-70b")
            .text(1_100, "London, in the ")
            .more(1_300, "UK.")
            .used(1_400, 57, 31)
            .finishes(1_400, FinishReason::Stop)
            .completes(1_415),
        Script::of("mistral:mistral-small-latest")
            .asks(0, "mistral:mistral-small-latest")
            .text(500, "The games were held in Lon")
            .fails(
                900,
                Outcome::Interrupted,
                ModelError::new(ErrorKind::Truncated, "the connection broke in mid-answer: reset by peer"),
            ),
        Script::of("ollama:llama3.2")
            .asks(0, "ollama:llama3.2")
            .attempt_fails(150, Outcome::Failed, refused(429, "slow down", ""))
            .at(150, &LaneEvent::Waiting { delay: Duration::from_millis(4_500) })
            .still_runs(),
    ]
}

fn asked(size: (u16, u16), theme: usize, lanes: Vec<LaneRecord>) -> State {
    let mut state = workbench(size, theme);
    show(&mut state, "Name a capital that was never besieged", vec![]);
    show(&mut state, "Where were the olympics held in 2012?", lanes);
    state
}

#[test]
fn before_the_first_question() {
    for size in SIZES {
        let mut state = workbench(size, 0);
        state.offline_hint = Some(
            "Only the offline models are there. Set OPENAI_API_KEY, ANTHROPIC_API_KEY or another provider's key, or start Ollama, and open llmbench again."
                .to_owned(),
        );
        expect(&format!("empty_{}x{}", size.0, size.1), &fresh(&state));
    }
}

#[test]
fn four_lanes_in_mid_stream() {
    for size in SIZES {
        expect(&format!("streaming_{}x{}", size.0, size.1), &fresh(&asked(size, 0, streaming())));
    }
}

#[test]
fn failures_and_a_retry() {
    for size in SIZES {
        let mut state = asked(size, 0, finished());
        state.focus = Focus::Panes;
        state.panes.focused = 1;
        expect(&format!("failures_{}x{}", size.0, size.1), &fresh(&state));
    }
}

#[test]
fn the_light_theme_puts_the_same_inks_elsewhere() {
    for size in SIZES {
        let [dark, light] = [0, 1].map(|theme| {
            let mut state = asked(size, theme, finished());
            state.focus = Focus::Panes;
            let buffer = fresh(&state);
            println!("failures, theme {theme}\n{}", ansi(&buffer));
            inks(&buffer, state.theme())
        });
        snapshot(&format!("failures_inks_dark_{}x{}", size.0, size.1), &dark);
        snapshot(&format!("failures_inks_light_{}x{}", size.0, size.1), &light);
        assert_eq!(dark, light);
    }
}

#[test]
fn a_turn_that_nobody_was_asked() {
    for size in [(60, 16), (160, 45)] {
        let mut state = workbench(size, 0);
        show(&mut state, "An imported prompt", vec![]);
        expect(&format!("not_asked_{}x{}", size.0, size.1), &fresh(&state));
    }
}

#[test]
fn a_replay_that_rests() {
    use crate::session::{Pace, ReplayControl};
    for size in [(80, 24), (160, 45)] {
        let mut state = asked(size, 0, streaming());
        state.focus = Focus::Panes;
        let mut pace = Pace::new(2.0, Duration::ZERO);
        pace.take(ReplayControl::Rest(true), Duration::ZERO, Duration::from_secs(1));
        state.conversation.running[0].replay = Some(pace);
        expect(&format!("replay_{}x{}", size.0, size.1), &fresh(&state));
    }
}

#[test]
fn zoom_and_tabs() {
    let mut state = asked((160, 45), 0, streaming());
    state.focus = Focus::Panes;
    state.panes.focused = 1;
    state.panes.zoomed = true;
    state.panes.get_mut(1).thinking_open = true;
    expect("zoom_160x45", &fresh(&state));
    let mut state = asked((60, 16), 0, streaming());
    state.panes.focused = 1;
    expect("tabs_60x16", &fresh(&state));
    state.focus = Focus::Models;
    expect("side_bar_over_60x16", &fresh(&state));
}

#[test]
fn more_lanes_than_fit_show_the_focused_one() {
    let lanes = streaming().into_iter().chain(finished()).collect();
    let mut state = asked((80, 24), 0, lanes);
    state.focus = Focus::Panes;
    state.panes.focused = 6;
    expect("eight_lanes_80x24", &fresh(&state));
}

#[test]
fn a_long_prompt_and_a_notice() {
    let mut state = asked((100, 30), 0, streaming());
    state.prompt.insert_str("Write a haiku about a lighthouse.\n\nThen explain, in one sentence that is certainly long enough to be wrapped at this width, what makes it one.");
    state.system = "Be brief.".to_owned();
    state.notice =
        Some(Notice { text: "answer copied to the clipboard".to_owned(), tone: Tone::Info, until: Duration::MAX });
    state.session.save_error = Some("disk full".to_owned());
    expect("long_prompt_100x30", &fresh(&state));
}

#[test]
fn focus_is_told_without_colour() {
    let mut state = asked((160, 45), 0, streaming());
    state.themes = vec![Theme::without_colour()];
    let of = |state: &State| symbols(&fresh(state));
    let prompt = of(&state);
    state.focus = Focus::Panes;
    let panes = of(&state);
    state.focus = Focus::Models;
    let models = of(&state);
    assert!(prompt.contains("┏▸Prompt") && panes.contains("┏▸1 openai:gpt-4o") && models.contains("┏▸Models"));
    assert!(!panes.contains("┏▸Prompt") && !models.contains("┏▸1 openai:gpt-4o"));
}

#[test]
fn metrics_tell_what_was_drawn() {
    use crate::tui::view::Cache;
    let mut cache = Cache::in_zone(jiff::tz::TimeZone::UTC);
    let state = asked((160, 45), 0, streaming());
    frame(&state, &mut cache);
    let metrics = &cache.metrics;
    assert_eq!(metrics.panes.iter().map(|pane| pane.lane).collect::<Vec<_>>(), [0, 1, 2, 3]);
    let first = metrics.pane(0).expect("drawn");
    assert_eq!((first.lines, first.height > 5), (8, true));
    let (models, item) = metrics.models.expect("drawn");
    assert_eq!((models.x, models.y, models.height, item), (1, 2, 7, 0));
    assert_eq!(metrics.history.map(|(_, place)| place), Some(0));
    assert!(metrics.prompt.is_some());
}

#[test]
fn a_side_bar_over_the_panes_takes_the_mouse() {
    let mut cache = crate::tui::view::Cache::in_zone(jiff::tz::TimeZone::UTC);
    let mut state = asked((60, 16), 0, streaming());
    state.focus = Focus::Models;
    frame(&state, &mut cache);
    let at = |x| cache.metrics.pane_at(ratatui::layout::Position::new(x, 5)).map(|pane| pane.lane);
    assert_eq!((at(10), at(50)), (None, Some(0)));
}
