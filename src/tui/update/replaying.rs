//! Plays a turn again, as it happened. The turn itself is put aside meanwhile and comes back unchanged.

use super::{complain, scrolling};
use crate::run::LaneRecord;
use crate::session;
use crate::tui::state::{Focus, Running};
use crate::tui::{Effect, State};

/// Plays the shown turn, and looks at it.
pub fn start(state: &mut State) -> Vec<Effect> {
    let effects = play(state);
    if !effects.is_empty() {
        state.focus = Focus::Panes;
    }
    effects
}

fn play(state: &mut State) -> Vec<Effect> {
    if state.conversation.is_running() {
        return complain(state, "Something runs already; Esc cancels it");
    }
    let turn = state.conversation.shown;
    let Some(shown) = state.conversation.turns.get_mut(turn).filter(|turn| !turn.lanes.is_empty()) else {
        return complain(state, "There is nothing to replay here");
    };
    let events = session::replay(&session::Turn::of(&shown.prompt, shown.at, &shown.lanes));
    let fresh = shown.lanes.iter().map(|lane| LaneRecord::new(&lane.model, lane.started_at)).collect();
    let before = std::mem::replace(&mut shown.lanes, fresh);
    let lanes = (0..shown.lanes.len()).collect();
    state.panes = state.panes.of_another_turn();
    let run = state.begin_run(turn, lanes, before, true);
    vec![Effect::Play(run, events, state.replay_speed)]
}

/// Plays the whole session from its first turn.
pub fn start_all(state: &mut State) -> Vec<Effect> {
    scrolling::show_turn(state, 0);
    let effects = start(state);
    state.conversation.autoplay = !effects.is_empty();
    effects
}

/// A replay has come to its end: the turn comes back, and the next one follows if the whole session plays.
pub fn ended(state: &mut State, replay: Running) -> Vec<Effect> {
    let turn = replay.turn;
    give_back(state, replay);
    if state.conversation.autoplay && turn + 1 < state.conversation.turns.len() {
        scrolling::show_turn(state, turn + 1);
        let effects = play(state);
        state.conversation.autoplay = !effects.is_empty();
        return effects;
    }
    state.conversation.autoplay = false;
    Vec::new()
}

/// Ends every replay at once.
pub fn stop(state: &mut State) {
    state.conversation.autoplay = false;
    let running = std::mem::take(&mut state.conversation.running);
    let (replays, others): (Vec<_>, Vec<_>) = running.into_iter().partition(|running| running.replay);
    state.conversation.running = others;
    for replay in replays {
        give_back(state, replay);
    }
}

fn give_back(state: &mut State, replay: Running) {
    if let Some(turn) = state.conversation.turns.get_mut(replay.turn) {
        turn.lanes = replay.before;
    }
}
