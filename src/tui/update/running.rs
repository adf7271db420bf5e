//! What happens in runs, and cancelling them.

use super::{complain, replaying};
use crate::model::{LaneEvent, RunEvent};
use crate::run::LaneState;
use crate::tui::state::{Running, gives_way};
use crate::tui::{Effect, RunId, State};

/// Folds a run's events into its turn's lanes. Events of a run that is over are ignored.
pub fn on_events(state: &mut State, run: RunId, events: &[RunEvent]) -> Vec<Effect> {
    let Some(at) = state.conversation.running.iter().position(|running| running.run == run) else {
        return Vec::new();
    };
    let running = &mut state.conversation.running[at];
    let asks = running.replay.is_none();
    let Some(turn) = state.conversation.turns.get_mut(running.turn) else { return Vec::new() };
    for event in events {
        let lane = running.lanes.get(event.lane).and_then(|lane| turn.lanes.get_mut(*lane));
        if let Some(record) = lane {
            record.apply(event.at, &event.event);
        }
        running.open -= usize::from(matches!(event.event, LaneEvent::Ended { .. }) && running.open > 0);
    }
    if let (Some(pace), Some(last)) = (running.replay.as_mut().filter(|pace| pace.rests()), events.last()) {
        pace.reach(last.at, state.clock);
    }
    let over = running.open == 0;
    state.session.dirty |= asks && events.iter().any(is_worth_saving);
    if over { end(state, at) } else { Vec::new() }
}

fn is_worth_saving(event: &RunEvent) -> bool {
    match &event.event {
        LaneEvent::Arrived(events) => events.iter().any(crate::message::StreamEvent::is_visible),
        LaneEvent::AttemptEnded { .. } | LaneEvent::Ended { .. } => true,
        _ => false,
    }
}

/// A run is over: a replay gives way to what it replayed, a run that asked is saved at once.
fn end(state: &mut State, at: usize) -> Vec<Effect> {
    let running = state.conversation.running.remove(at);
    if running.replay.is_some() {
        return replaying::ended(state, running);
    }
    give_back_what_nothing_replaced(state, running);
    super::saving::now(state).into_iter().collect()
}

/// An answer that was asked for again, to no avail, comes back; the failure is told.
fn give_back_what_nothing_replaced(state: &mut State, running: Running) {
    let Some(turn) = state.conversation.turns.get_mut(running.turn) else { return };
    let mut told = None;
    for (lane, before) in running.lanes.into_iter().zip(running.before) {
        if let Some(record) = turn.lanes.get_mut(lane).filter(|new| !gives_way(&before, new)) {
            let failed = std::mem::replace(record, before);
            let why = failed.error.map_or_else(|| failed.model.clone(), |error| error.to_string());
            told = Some(format!("{why}; the earlier answer is back"));
        }
    }
    if let Some(told) = told {
        complain(state, &told);
    }
}

/// Cancels every run. The lanes tell themselves that they were cancelled; replays end at once.
pub fn cancel_all(state: &mut State) -> Vec<Effect> {
    let runs: Vec<_> = state.conversation.running.iter().map(|running| Effect::CancelRun(running.run)).collect();
    replaying::stop(state);
    runs
}

/// Cancels the focused lane. A replay has one player for all of its lanes: it ends.
pub fn cancel_lane(state: &mut State) -> Vec<Effect> {
    if state.conversation.is_replaying() {
        return cancel_all(state);
    }
    match focused(state) {
        Some((run, lane)) => vec![Effect::CancelLane(run, lane)],
        None => complain(state, "Nothing runs here"),
    }
}

/// Ends the focused lane's wait before its next attempt.
pub fn skip_wait(state: &mut State) -> Vec<Effect> {
    let shown = state.conversation.shown_turn().and_then(|turn| turn.lanes.get(state.panes.focused));
    let waits = shown.is_some_and(|record| matches!(record.state, LaneState::Waiting { .. }));
    match focused(state).filter(|_| waits && !state.conversation.is_replaying()) {
        Some((run, lane)) => vec![Effect::SkipWait(run, lane)],
        None => complain(state, "Nothing waits to be tried again here"),
    }
}

/// The run of the focused lane, and its place in that run.
fn focused(state: &State) -> Option<(RunId, usize)> {
    let (turn, pane) = (state.conversation.shown, state.panes.focused);
    state.conversation.running.iter().rev().find_map(|running| {
        let lane = running.lanes.iter().position(|lane| *lane == pane).filter(|_| running.turn == turn)?;
        Some((running.run, lane))
    })
}
