//! Sending, cancelling, asking again, and what each lane is told of what was said before.

use std::time::Duration;

use super::desk::{Desk, answer};
use crate::message::{ModelMessage, ModelResponse, RequestPart};
use crate::model::{LaneEvent, Outcome, RunEvent};
use crate::tui::state::Focus;
use crate::tui::{Effect, Event, LaneSpec, RunId};
use crate::wire::ModelError;

/// The run and the lanes that are asked.
fn started(effects: &[Effect]) -> (RunId, &[LaneSpec]) {
    match effects {
        [Effect::StartRun(run, lanes), ..] => (*run, lanes),
        other => panic!("no run was started: {other:?}"),
    }
}

/// A lane's conversation, as `user: …` and `model: …`.
fn said(lane: &LaneSpec) -> Vec<String> {
    let part = |part: &RequestPart| match part {
        RequestPart::SystemPrompt(system) => format!("system: {}", system.content),
        RequestPart::UserPrompt(user) => format!("user: {}", user.content.texts().concat()),
        other => format!("{other:?}"),
    };
    let message = |message: &ModelMessage| match message {
        ModelMessage::Request(request) => request.parts.iter().map(part).collect(),
        ModelMessage::Response(response) => vec![format!("model: {}", response.text())],
    };
    lane.request.messages.iter().flat_map(message).collect()
}

#[test]
fn a_prompt_goes_to_every_picked_model() {
    let mut desk = Desk::new(&["*a", "b", "*c"]);
    let effects = desk.keys("Where<Ctrl-j>is it?<Enter>");
    let (run, lanes) = started(&effects);
    let asked: Vec<_> = lanes.iter().map(|lane| (lane.model.as_str(), said(lane))).collect();
    let prompt = || vec!["user: Where\nis it?".to_owned()];
    assert_eq!((run, asked), (RunId(0), vec![("a", prompt()), ("c", prompt())]));
    assert!(desk.state.prompt.is_empty());
    assert_eq!(desk.state.conversation.turns[0].lanes.len(), 2);
}

#[test]
fn each_lane_has_a_history_of_its_own() {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("<Ctrl-t>Be brief.<Ctrl-s>");
    let run = started(&desk.keys("one<Enter>")).0;
    desk.answer(run, 0, "from a");
    let failed = ModelError::cancelled();
    let events = vec![RunEvent {
        lane: 1,
        at: Duration::from_millis(9),
        event: LaneEvent::Ended { outcome: Outcome::Failed, error: Some(failed) },
    }];
    desk.event(Event::Run(run, events));
    let effects = desk.keys("two<Enter>");
    let lanes: Vec<_> = started(&effects).1.iter().map(said).collect();
    assert_eq!(
        lanes,
        [vec!["system: Be brief.", "user: one", "model: from a", "user: two"], vec!["system: Be brief.", "user: two"],]
    );
}

#[test]
fn nothing_typed_is_lost_when_a_prompt_cannot_go() {
    let mut desk = Desk::new(&["a"]);
    assert_eq!(desk.keys("hello<Enter>"), []);
    assert_eq!(desk.notice(), "Pick a model first");
    assert_eq!(desk.state.prompt.lines(), ["hello"]);
    desk.keys("<Enter>");
    started(&desk.keys("<Enter>"));
    desk.keys("more<Enter>");
    assert_eq!(desk.notice(), "The last prompt is still being answered; Esc cancels it");
    assert_eq!(desk.state.prompt.lines(), ["more"]);
}

#[test]
fn events_reach_their_lane_and_a_finished_run_is_saved() {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("one<Enter>");
    let saves = desk.answer(RunId(0), 1, "second");
    assert!(matches!(saves[..], [Effect::Save(_)]), "from the first token on: {saves:?}");
    assert_eq!(desk.state.conversation.turns[0].lanes[1].response().text(), "second");
    assert!(!desk.state.conversation.turns[0].lanes[0].has_visible());
    let saves = desk.answer(RunId(0), 0, "first");
    let [Effect::Save(session)] = &saves[..] else { panic!("{saves:?}") };
    let texts: Vec<_> =
        session.turns[0].runs.iter().map(|run| run.report.response.as_ref().map(ModelResponse::text)).collect();
    assert_eq!(texts, [Some("first".to_owned()), Some("second".to_owned())]);
    assert!(!desk.state.conversation.is_running());
}

#[test]
fn events_of_a_run_that_was_left_are_ignored() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    desk.event(Event::Run(RunId(7), answer(0, "stranger")));
    assert!(!desk.state.conversation.turns[0].lanes[0].has_visible());
}

#[test]
fn escape_cancels_and_never_quits() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    assert_eq!(desk.keys("<Esc>"), [Effect::CancelRun(RunId(0))]);
    desk.answer(RunId(0), 0, "done");
    assert_eq!(desk.keys("<Esc><Esc><Esc><Esc>"), []);
    assert_eq!(desk.state.focus, Focus::Prompt, "from the prompt to the answers and back, and never out");
}

#[test]
fn one_lane_is_cancelled_and_asked_again_alone() {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("one<Enter><Tab><Tab>");
    assert_eq!(desk.keys("x"), [Effect::CancelLane(RunId(0), 1)]);
    desk.answer(RunId(0), 0, "first");
    desk.answer(RunId(0), 1, "second");
    let effects = desk.keys("r");
    let (run, lanes) = started(&effects);
    assert_eq!((run, lanes.len(), lanes[0].model.as_str()), (RunId(1), 1, "b"));
    desk.answer(RunId(1), 0, "again");
    let texts: Vec<_> = desk.state.conversation.turns[0].lanes.iter().map(|lane| lane.response().text()).collect();
    assert_eq!(texts, ["first", "again"]);
}

#[test]
fn a_wait_before_the_next_attempt_is_skipped_where_there_is_one() {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("one<Enter><Tab><Tab>");
    assert_eq!(desk.keys("n"), []);
    assert_eq!(desk.notice(), "Nothing waits to be tried again here");
    let mut happens = |event| {
        let event = RunEvent { lane: 1, at: Duration::from_millis(9), event };
        desk.event(Event::Run(RunId(0), vec![event]));
        desk.keys("n")
    };
    assert_eq!(happens(LaneEvent::Waiting { delay: Duration::from_secs(8) }), [Effect::SkipWait(RunId(0), 1)]);
    let asks = LaneEvent::AttemptStarted { model: "b".to_owned(), queued: Duration::ZERO };
    assert_eq!(happens(asks), [], "it is under way already");
    desk.keys("in");
    assert_eq!(desk.state.prompt.lines(), ["n"], "in the prompt it is a letter");
}

#[test]
fn ctrl_c_cancels_and_quits_only_when_pressed_twice_at_once() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    assert_eq!(desk.keys("<Ctrl-c>"), [Effect::CancelRun(RunId(0))]);
    desk.answer(RunId(0), 0, "done");
    desk.wait(Duration::from_secs(2));
    assert_eq!(desk.keys("<Ctrl-c>"), []);
    assert_eq!(desk.notice(), "Ctrl-c again quits");
    assert_eq!(desk.keys("<Ctrl-c>"), [Effect::Quit]);
}
