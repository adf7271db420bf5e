//! Saving by itself, opening, replaying.

use std::time::Duration;

use uuid::Uuid;

use super::desk::Desk;
use crate::message::ModelResponse;
use crate::model::{ErrorKind, LaneEvent, ModelError, Outcome, RunEvent};
use crate::session::Session;
use crate::tui::{Effect, Event, RunId};

fn saved(effects: &[Effect]) -> Option<&Session> {
    effects.iter().find_map(|effect| match effect {
        Effect::Save(session) => Some(session.as_ref()),
        _ => None,
    })
}

fn answered() -> Desk {
    let mut desk = Desk::new(&["*a", "b"]);
    desk.keys("one<Enter>");
    desk.answer(RunId(0), 0, "first");
    desk
}

#[test]
fn while_answers_stream_a_save_is_asked_for_once_a_second() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    let mut events = super::desk::answer(0, "first").into_iter();
    let mut next = |desk: &mut Desk, count| desk.event(Event::Run(RunId(0), events.by_ref().take(count).collect()));
    assert_eq!(next(&mut desk, 1), [], "nothing of an answer yet");
    assert!(saved(&next(&mut desk, 1)).is_some(), "the first token");
    let effects = next(&mut desk, 1);
    assert!(saved(&effects).is_none(), "a second has not passed");
    assert!(saved(&desk.wait(Duration::from_secs(1))).is_none(), "the last save is not over");
    let session = desk.file();
    assert!(saved(&desk.event(Event::Saved { session, saved: Ok(session) })).is_some(), "and now it is");
}

#[test]
fn a_late_failure_of_a_session_that_was_left_touches_no_other() {
    let mut desk = answered();
    let left = desk.file();
    desk.saves_as(Ok(left));
    desk.keys("<Ctrl-n>");
    desk.event(Event::Saved { session: left, saved: Err("the disk is full".to_owned()) });
    assert_eq!(desk.notice(), "Not saved: the disk is full");
    assert_eq!(desk.wait(Duration::from_secs(20)), [], "an empty session is nothing to save");
}

#[test]
fn a_session_that_could_not_be_saved_is_not_left() {
    let mut desk = answered();
    desk.saves_as(Err("the disk is full".to_owned()));
    desk.keys("<Ctrl-n>");
    assert_eq!(desk.notice(), "This session isn't saved, so it stays: the disk is full");
    assert_eq!(desk.state.conversation.turns.len(), 1);
}

#[test]
fn a_session_that_somebody_else_changed_goes_on_as_a_copy() {
    let mut desk = answered();
    let copy = Uuid::from_u128(7);
    let session = desk.file();
    desk.event(Event::Saved { session, saved: Ok(copy) });
    assert_eq!(desk.notice(), "Another program changed this session's file; this one goes on as a copy");
    assert_eq!(desk.file(), copy);
}

#[test]
fn a_save_during_a_replay_keeps_the_whole_answer() {
    let mut desk = answered();
    let session = desk.file();
    desk.saves_as(Ok(session));
    desk.keys("<Tab><Tab><Tab>p");
    desk.state.session.dirty = true;
    let effects = desk.wait(Duration::from_secs(2));
    let turn = &saved(&effects).expect("saved").turns[0];
    assert_eq!(turn.runs[0].report.response.as_ref().map(ModelResponse::text), Some("first".to_owned()));
    assert_eq!(desk.keys("r"), []);
}

#[test]
fn an_answer_asked_for_again_to_no_avail_comes_back() {
    let mut desk = answered();
    desk.keys("<Esc>r");
    let failed = ModelError::new(ErrorKind::Connect, "refused");
    let event = LaneEvent::Ended { outcome: Outcome::Failed, error: Some(failed) };
    let effects = desk.event(Event::Run(RunId(1), vec![RunEvent { lane: 0, at: Duration::ZERO, event }]));
    assert_eq!(desk.state.conversation.turns[0].lanes[0].response().text(), "first");
    assert_eq!(desk.notice(), "refused; the earlier answer is back");
    let turn = &saved(&effects).expect("saved").turns[0];
    assert_eq!(turn.runs[0].report.response.as_ref().map(ModelResponse::text), Some("first".to_owned()));
}

#[test]
fn a_whole_answer_gives_way_only_to_a_whole_one() {
    let mut desk = answered();
    desk.keys("<Esc>r");
    let mut events = super::desk::answer(0, "a piece of another");
    let end = LaneEvent::Ended { outcome: Outcome::Cancelled, error: Some(ModelError::cancelled()) };
    events.truncate(2);
    events.push(RunEvent { lane: 0, at: Duration::from_secs(1), event: end });
    let effects = desk.event(Event::Run(RunId(1), events));
    assert_eq!(desk.state.conversation.turns[0].lanes[0].response().text(), "first");
    assert_eq!(saved_text(&effects), Some("first".to_owned()));
    desk.keys("r");
    desk.answer(RunId(2), 0, "second");
    assert_eq!(desk.state.conversation.turns[0].lanes[0].response().text(), "second");
}

#[test]
fn a_lane_that_is_over_is_asked_again_while_another_still_answers() {
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.keys("one<Enter>");
    desk.answer(RunId(0), 0, "early");
    assert!(matches!(desk.keys("<Tab>r")[..], [Effect::StartRun(RunId(1), _)]));
    desk.answer(RunId(0), 1, "late");
    assert!(desk.state.conversation.is_running(), "the second run goes on");
    desk.answer(RunId(1), 0, "again");
    assert!(!desk.state.conversation.is_running());
    let texts: Vec<_> = desk.state.conversation.turns[0].lanes.iter().map(|lane| lane.response().text()).collect();
    assert_eq!(texts, ["again", "late"]);
}

#[test]
fn the_session_that_is_open_is_not_read_over_itself() {
    let mut desk = answered();
    let session = desk.state.session.file.clone().expect("saved");
    let effects = desk.event(Event::SessionOpened(Ok(Box::new(session.as_ref().clone()))));
    assert_eq!(effects, []);
    assert_eq!(desk.notice(), "This session is open already");
}

#[test]
fn a_changed_system_prompt_is_saved() {
    let mut desk = answered();
    let session = desk.file();
    desk.saves_as(Ok(session));
    desk.wait(Duration::from_secs(2));
    let effects = desk.keys("<Ctrl-t>Be brief.<Esc>");
    assert_eq!(saved(&effects).and_then(|session| session.system.clone()), Some("Be brief.".to_owned()));
}

#[test]
fn cancelling_a_lane_of_a_replay_ends_the_replay() {
    let mut desk = answered();
    let before = desk.state.conversation.turns.clone();
    desk.keys("<Tab><Tab><Tab>p");
    assert_eq!(desk.keys("x"), [Effect::CancelRun(RunId(1))]);
    assert_eq!(desk.state.conversation.turns, before);
}

#[test]
fn a_replayed_session_goes_on_without_taking_the_focus() {
    let mut desk = answered();
    desk.keys("two<Enter>");
    desk.answer(RunId(1), 0, "second");
    let session = desk.state.session.file.clone().expect("saved").as_ref().clone();
    let mut desk = Desk::new(&["a"]);
    desk.state.replay_when_opened = true;
    let effects = desk.event(Event::SessionOpened(Ok(Box::new(session))));
    let events = effects.iter().find_map(|effect| match effect {
        Effect::Play(_, events, _) => Some(events.clone()),
        _ => None,
    });
    desk.keys("<Esc>my draft");
    let effects = desk.event(Event::Run(RunId(0), events.expect("it plays")));
    assert!(matches!(effects[..], [Effect::Play(RunId(1), ..)]), "the next turn: {effects:?}");
    desk.keys(" goes on");
    assert_eq!(desk.state.prompt.lines(), ["my draft goes on"]);
}

/// The text of the first lane, as it was handed to be saved.
fn saved_text(effects: &[Effect]) -> Option<String> {
    saved(effects)?.turns[0].runs[0].report.response.as_ref().map(ModelResponse::text)
}

#[test]
fn a_turn_without_lanes_is_nothing_to_replay() {
    let mut desk = answered();
    desk.state.conversation.turns[0].lanes.clear();
    desk.keys("<Tab><Tab>p");
    assert_eq!(desk.notice(), "There is nothing to replay here");
    assert!(!desk.state.conversation.is_running());
}

#[test]
fn a_failed_save_is_told_and_tried_again() {
    let mut desk = answered();
    let session = desk.saves_as(Err("the disk is full".to_owned()));
    assert_eq!(desk.notice(), "Not saved: the disk is full");
    assert_eq!(desk.wait(Duration::from_secs(5)), []);
    assert!(saved(&desk.wait(Duration::from_secs(6))).is_some());
    desk.saves_as(Ok(session));
    assert_eq!(desk.state.session.save_error, None);
}

#[test]
fn an_opened_session_goes_on_with_its_models() {
    let desk = answered();
    let session = desk.state.session.file.clone().expect("saved");
    let mut other = Desk::new(&["*b"]);
    other.event(Event::SessionOpened(Ok(Box::new(session.as_ref().clone()))));
    assert_eq!(other.state.models.picked(), ["a"]);
    assert_eq!(other.state.conversation.turns[0].lanes[0].response().text(), "first");
    let effects = other.keys("two<Enter>");
    assert!(
        matches!(&effects[..], [Effect::StartRun(_, lanes)] if lanes[0].request.messages.len() == 3),
        "{effects:?}"
    );
    let effects = other.answer(RunId(0), 0, "second");
    let again = saved(&effects).expect("saved");
    assert_eq!((again.id, again.turns.len()), (session.id, 2), "into the same file");
}

#[test]
fn models_named_on_the_command_line_stay_picked() {
    let session = answered().state.session.file.clone().expect("saved");
    let mut desk = Desk::new(&["*b"]);
    desk.state.keep_picks = true;
    desk.event(Event::SessionOpened(Ok(Box::new(session.as_ref().clone()))));
    assert_eq!(desk.state.models.picked(), ["b"]);
}

#[test]
fn a_session_that_cannot_be_opened_leaves_what_is_on_the_screen() {
    let mut desk = answered();
    desk.event(Event::SessionOpened(Err("x.json is no session".to_owned())));
    assert_eq!(desk.notice(), "x.json is no session");
    assert_eq!(desk.state.conversation.turns.len(), 1);
}

#[test]
fn a_replay_plays_and_gives_the_turn_back_unchanged() {
    let mut desk = answered();
    let before = desk.state.conversation.turns.clone();
    desk.keys("<Tab><Tab><Tab>");
    let effects = desk.keys("p");
    let [Effect::Play(run, events, speed)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((*run, *speed), (RunId(1), 1.0));
    assert!(!desk.state.conversation.turns[0].lanes[0].has_visible(), "it begins anew");
    desk.event(Event::Run(*run, events.clone()));
    assert_eq!(desk.state.conversation.turns, before);
    assert_eq!(desk.wait(Duration::from_secs(2)), [], "a replay is nothing to save");
}

#[test]
fn a_replay_can_be_left_at_any_moment() {
    let mut desk = answered();
    let before = desk.state.conversation.turns.clone();
    desk.keys("<Tab><Tab><Tab>p");
    assert_eq!(desk.keys("<Ctrl-c>"), [Effect::CancelRun(RunId(1))]);
    assert_eq!(desk.state.conversation.turns, before);
}

#[test]
fn a_new_session_begins_empty_and_the_old_one_is_kept() {
    let mut desk = answered();
    let first = desk.state.session.file.clone().expect("saved").id;
    desk.keys("<Ctrl-n>");
    assert!(desk.state.conversation.turns.is_empty());
    desk.keys("two<Enter>");
    let effects = desk.answer(RunId(1), 0, "second");
    assert_ne!(saved(&effects).expect("saved").id, first);
}

#[test]
fn quitting_saves_what_is_not_saved_yet() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    let events: Vec<_> = super::desk::answer(0, "first").into_iter().take(2).collect();
    desk.event(Event::Run(RunId(0), events[..1].to_vec()));
    desk.event(Event::Run(RunId(0), events[1..].to_vec()));
    desk.state.session.dirty = true;
    let effects = desk.keys("<Ctrl-c><Ctrl-c>");
    assert!(saved(&effects).is_some());
    assert_eq!(effects.last(), Some(&Effect::Quit));
}
