//! Plays a turn again, as it happened. The turn itself is put aside meanwhile and comes back unchanged.

use super::{complain, inform, running, scrolling};
use crate::run::LaneRecord;
use crate::session::{self, Pace, ReplayControl};
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
    let pace = Pace::new(state.replay_speed, state.clock);
    let run = state.begin_run(turn, lanes, before, Some(pace));
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

/// How fast replays play, from slow to fast; 0 is all at once.
const SPEEDS: [f64; 9] = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 0.0];

/// Plays faster or slower by so many steps, now and later.
pub fn change_speed(state: &mut State, faster: bool) -> Vec<Effect> {
    let as_fast = |speed: f64| if speed > 0.0 { speed } else { f64::INFINITY };
    let now = as_fast(state.replay_speed);
    let next = if faster {
        SPEEDS.into_iter().find(|speed| as_fast(*speed) > now)
    } else {
        SPEEDS.into_iter().rfind(|speed| as_fast(*speed) < now)
    };
    state.replay_speed = next.unwrap_or(state.replay_speed);
    let speed = state.replay_speed;
    let told = if speed > 0.0 { format!("Plays {speed} times as fast") } else { "Plays all at once".to_owned() };
    inform(state, &told);
    control(state, ReplayControl::Speed(speed))
}

/// Rests, or goes on.
pub fn rest(state: &mut State) -> Vec<Effect> {
    let rests = state.conversation.shown_replay().is_some_and(|pace| pace.rests());
    control(state, ReplayControl::Rest(!rests))
}

/// Rests, and brings what comes next.
pub fn step(state: &mut State) -> Vec<Effect> {
    control(state, ReplayControl::Step)
}

/// The player knows when what comes next was recorded; here it shows when it has come.
fn control(state: &mut State, control: ReplayControl) -> Vec<Effect> {
    let (shown, clock) = (state.conversation.shown, state.clock);
    let of_turn = state.conversation.running.iter_mut().filter(|running| running.turn == shown);
    let controlled = of_turn.filter_map(|running| {
        running.replay.as_mut()?.take(control, std::time::Duration::ZERO, clock);
        Some(Effect::ControlReplay(running.run, control))
    });
    controlled.collect()
}

/// Everything that is still to come is there at once.
pub fn at_once(state: &mut State) -> Vec<Effect> {
    let whole = state.conversation.autoplay;
    let effects = running::cancel_all(state);
    if whole {
        scrolling::show_turn(state, state.conversation.turns.len().saturating_sub(1));
    }
    effects
}

/// Plays the turn after or before the shown one instead; before the first one there is itself.
pub fn turn(state: &mut State, forwards: bool) -> Vec<Effect> {
    let (shown, autoplay) = (state.conversation.shown, state.conversation.autoplay);
    if forwards && shown + 1 >= state.conversation.turns.len() {
        return complain(state, "This is the last turn");
    }
    let mut effects = running::cancel_all(state);
    scrolling::show_turn(state, if forwards { shown + 1 } else { shown.saturating_sub(1) });
    let played = play(state);
    state.conversation.autoplay = autoplay && !played.is_empty();
    effects.extend(played);
    effects
}

/// Ends every replay at once.
pub fn stop(state: &mut State) {
    state.conversation.autoplay = false;
    let running = std::mem::take(&mut state.conversation.running);
    let (replays, others): (Vec<_>, Vec<_>) = running.into_iter().partition(|running| running.replay.is_some());
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
