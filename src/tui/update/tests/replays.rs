//! What can be asked of a replay while it plays.

use std::time::Duration;

use super::desk::Desk;
use crate::model::RunEvent;
use crate::session::{ReplayControl, Session};
use crate::tui::keymap::Context;
use crate::tui::state::Focus;
use crate::tui::{Effect, Event, RunId};

/// A session of three turns.
fn session() -> Session {
    let mut desk = Desk::new(&["*a"]);
    for (run, prompt) in ["one", "two", "three"].into_iter().enumerate() {
        desk.keys(&format!("{prompt}<Enter>"));
        desk.answer(RunId(run as u64), 0, &format!("answer {prompt}"));
        let id = desk.file();
        desk.saves_as(Ok(id));
    }
    desk.state.session.file.as_ref().expect("saved").as_ref().clone()
}

/// A workbench that plays the whole session from its first turn, and the events of that turn.
fn playing() -> (Desk, Vec<RunEvent>) {
    let mut desk = Desk::new(&["a"]);
    desk.state.replay_when_opened = true;
    let effects = desk.event(Event::SessionOpened(Ok(Box::new(session()))));
    (desk, events(&effects))
}

fn events(effects: &[Effect]) -> Vec<RunEvent> {
    let played = effects.iter().find_map(|effect| match effect {
        Effect::Play(_, events, _) => Some(events.clone()),
        _ => None,
    });
    played.unwrap_or_else(|| panic!("nothing plays: {effects:?}"))
}

fn texts(desk: &Desk) -> Vec<String> {
    desk.state.conversation.turns.iter().map(|turn| turn.lanes[0].response().text()).collect()
}

fn control(run: u64, control: ReplayControl) -> [Effect; 1] {
    [Effect::ControlReplay(RunId(run), control)]
}

#[test]
fn it_rests_and_goes_on_and_the_lanes_clock_with_it() {
    let (mut desk, _) = playing();
    assert_eq!((desk.state.context(), desk.state.focus), (Context::Replay, Focus::Panes));
    desk.wait(Duration::from_secs(3));
    assert_eq!(desk.keys(" "), control(0, ReplayControl::Rest(true)));
    let elapsed = |desk: &Desk| desk.state.conversation.elapsed(0, 0, desk.state.clock).expect("under way");
    let before = elapsed(&desk);
    desk.wait(Duration::from_mins(1));
    assert_eq!(elapsed(&desk), before);
    assert_eq!(desk.keys(" "), control(0, ReplayControl::Rest(false)));
    desk.wait(Duration::from_secs(1));
    assert_eq!(elapsed(&desk).as_secs(), before.as_secs() + 1);
}

#[test]
fn a_step_brings_what_comes_next_and_the_clock_to_it() {
    let (mut desk, events) = playing();
    assert_eq!(desk.keys("."), control(0, ReplayControl::Step));
    let pace = desk.state.conversation.shown_replay().expect("it plays");
    assert!(pace.rests());
    let far = RunEvent { at: Duration::from_secs(9), ..events[0].clone() };
    desk.event(Event::Run(RunId(0), vec![far]));
    assert_eq!(desk.state.conversation.elapsed(0, 0, desk.state.clock), Some(Duration::from_secs(9)));
}

#[test]
fn it_plays_faster_and_slower_now_and_later() {
    let (mut desk, _) = playing();
    assert_eq!(desk.keys("+"), control(0, ReplayControl::Speed(2.0)));
    assert_eq!(desk.notice(), "Plays 2 times as fast");
    assert_eq!(
        desk.keys("--"),
        [control(0, ReplayControl::Speed(1.0)), control(0, ReplayControl::Speed(0.5))].concat()
    );
    desk.keys("----");
    assert_eq!(desk.notice(), "Plays 0.25 times as fast");
    desk.keys("+++++++++++");
    assert_eq!((desk.notice(), desk.state.replay_speed), ("Plays all at once", 0.0));
    desk.keys("-");
    let effects = desk.keys("<Right>");
    assert!(matches!(effects[..], [Effect::CancelRun(RunId(0)), Effect::Play(RunId(1), _, 32.0)]), "{effects:?}");
}

#[test]
fn turns_are_left_and_right() {
    let (mut desk, _) = playing();
    let whole = session().turns.len();
    desk.keys("<Right><Right>");
    assert_eq!((desk.state.conversation.shown, desk.state.conversation.autoplay), (2, true));
    assert_eq!(texts(&desk), ["answer one", "answer two", ""], "those before are whole again");
    assert_eq!(desk.keys("<Right>"), []);
    assert_eq!(desk.notice(), "This is the last turn");
    desk.keys("<Left><Left>");
    assert_eq!(desk.state.conversation.shown, 0);
    let effects = desk.keys("<Left>");
    assert!(matches!(effects[..], [Effect::CancelRun(_), Effect::Play(..)]), "the first one again: {effects:?}");
    assert_eq!((desk.state.conversation.shown, desk.state.conversation.turns.len()), (0, whole));
    let run = desk.state.conversation.running[0].run;
    let effects = desk.event(Event::Run(run, events(&effects)));
    assert!(matches!(effects[..], [Effect::Play(..)]), "and the next one follows: {effects:?}");
}

#[test]
fn all_of_it_is_there_at_once() {
    let (mut desk, _) = playing();
    assert_eq!(desk.keys("i"), [Effect::CancelRun(RunId(0))]);
    assert_eq!((desk.state.conversation.shown, desk.state.conversation.is_running()), (2, false));
    assert_eq!(texts(&desk), ["answer one", "answer two", "answer three"]);
    assert_eq!((desk.state.context(), desk.state.focus), (Context::Pane, Focus::Panes));
}

#[test]
fn it_is_left_and_ended() {
    let (mut desk, _) = playing();
    assert_eq!(desk.keys("z<Esc><Esc>"), []);
    assert_eq!((desk.state.focus, desk.state.conversation.is_replaying()), (Focus::Prompt, true));
    assert_eq!(desk.keys("<Esc>"), [Effect::CancelRun(RunId(0))]);
    assert_eq!((desk.state.conversation.shown, texts(&desk)[0].as_str()), (0, "answer one"));
    let (mut desk, _) = playing();
    assert_eq!(desk.keys("x"), [Effect::CancelRun(RunId(0))]);
}

#[test]
fn in_the_prompt_its_keys_are_letters_and_in_the_panes_the_others_are_as_ever() {
    let (mut desk, _) = playing();
    desk.keys("z");
    assert!(desk.state.panes.zoomed, "what is none of its keys");
    desk.state.focus = Focus::Prompt;
    assert_eq!(desk.keys("+ .-i"), []);
    assert_eq!(desk.state.prompt.lines(), ["+ .-i"]);
}
