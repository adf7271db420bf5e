//! Looks at what went over the wire, and copies it.

use super::complain;
use crate::model::HttpExchange;
use crate::tui::state::{Overlay, WireView};
use crate::tui::{Effect, State};

/// Characters that a row moves at once.
const STEP: usize = 20;
/// No line is moved further.
const FARTHEST: usize = 100_000;

/// Opens the view of the focused lane.
pub fn open(state: &mut State) -> Vec<Effect> {
    if state.conversation.shown_turn().is_none_or(|turn| turn.lanes.is_empty()) {
        return complain(state, "There is no answer to look into");
    }
    state.overlay = Some(Overlay::Wire(WireView::default()));
    Vec::new()
}

/// Moves long rows to the left, or back.
pub fn shift(state: &mut State, right: bool) -> Vec<Effect> {
    if let Some(Overlay::Wire(view)) = &mut state.overlay {
        view.shift = if right { (view.shift + STEP).min(FARTHEST) } else { view.shift.saturating_sub(STEP) };
    }
    Vec::new()
}

/// Copies the last request as a command.
pub fn copy_curl(state: &mut State) -> Vec<Effect> {
    match last(state).map(|exchange| exchange.request.curl()) {
        Some(command) => vec![Effect::Copy(command, "the request as a curl command".to_owned())],
        None => complain(state, "Nothing went over HTTP here"),
    }
}

/// Copies the last answer's body as it came.
pub fn copy_body(state: &mut State) -> Vec<Effect> {
    match last(state).map(HttpExchange::text).filter(|text| !text.is_empty()) {
        Some(text) => vec![Effect::Copy(text, "the answer's body as it came".to_owned())],
        None => complain(state, "No body came here"),
    }
}

fn last(state: &State) -> Option<&HttpExchange> {
    let lane = state.conversation.shown_turn()?.lanes.get(state.panes.focused)?;
    lane.attempts.iter().rev().find_map(|attempt| attempt.exchanges.last())
}
