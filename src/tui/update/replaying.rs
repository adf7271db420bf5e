//! Plays a turn again, as it happened. The turn itself is put aside meanwhile and comes back unchanged.

use super::{complain, scrolling};
use crate::run::LaneRecord;
use crate::tui::state::{Focus, Running};
use crate::tui::{Effect, RunId, State};

/// Plays the shown turn.
pub fn start(state: &mut State) -> Vec<Effect> {
    if state.conversation.is_running() {
        return complain(state, "Something runs already; Esc cancels it");
    }
    let turn = state.conversation.shown;
    let Some(shown) = state.conversation.turns.get_mut(turn) else {
        return complain(state, "There is no turn to replay");
    };
    let mut saved = crate::session::Turn::new(&shown.prompt, shown.at);
    saved.update(&shown.lanes);
    let events = crate::session::replay(&saved);
    let fresh = shown.lanes.iter().map(|lane| LaneRecord::new(&lane.model, lane.started_at)).collect();
    let before = Some(std::mem::replace(&mut shown.lanes, fresh));
    let lanes = (0..shown.lanes.len()).collect();
    let run = RunId(state.next_run);
    state.next_run += 1;
    state.focus = Focus::Panes;
    state.panes = crate::tui::state::Panes::default();
    state.conversation.running.push(Running { run, turn, lanes, started: state.clock, before });
    vec![Effect::Play(run, events, state.replay_speed)]
}

/// Plays the whole session from its first turn.
pub fn start_all(state: &mut State) -> Vec<Effect> {
    scrolling::show_turn(state, 0);
    state.conversation.autoplay = true;
    start(state)
}

/// A replay has come to its end: the turn comes back, and the next one follows if the whole session plays.
pub fn ended(state: &mut State, turn: usize, before: Vec<LaneRecord>) -> Vec<Effect> {
    give_back(state, turn, before);
    if state.conversation.autoplay && turn + 1 < state.conversation.turns.len() {
        scrolling::show_turn(state, turn + 1);
        return start(state);
    }
    state.conversation.autoplay = false;
    Vec::new()
}

/// Ends every replay at once.
pub fn stop(state: &mut State) {
    state.conversation.autoplay = false;
    let (replays, others) = state.conversation.running.drain(..).partition(|running| running.before.is_some());
    state.conversation.running = others;
    let replays: Vec<Running> = replays;
    for replay in replays {
        give_back(state, replay.turn, replay.before.unwrap_or_default());
    }
}

fn give_back(state: &mut State, turn: usize, before: Vec<LaneRecord>) {
    if let Some(turn) = state.conversation.turns.get_mut(turn) {
        turn.lanes = before;
    }
}
