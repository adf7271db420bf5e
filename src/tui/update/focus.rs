//! Where the keys go.

use crate::tui::state::{Focus, Overlay, WireView};
use crate::tui::{Effect, State};

/// Moves the focus there; to the prompt where there is no pane to go to.
pub fn to(state: &mut State, focus: Focus) -> Vec<Effect> {
    state.focus = if focus == Focus::Panes && lanes(state) == 0 { Focus::Prompt } else { focus };
    state.panes.block.take_if(|_| focus != Focus::Panes);
    Vec::new()
}

/// Focuses the pane of that number, if there is one.
pub fn pane(state: &mut State, lane: usize) -> Vec<Effect> {
    if lane < lanes(state) {
        state.panes.block.take_if(|_| state.panes.focused != lane);
        state.panes.focused = lane;
        state.focus = Focus::Panes;
    }
    Vec::new()
}

/// Focuses the pane beside, round the ends. Details are read from their beginning.
pub fn neighbour(state: &mut State, step: isize) -> Vec<Effect> {
    let count = lanes(state);
    if count > 0 {
        state.panes.block = None;
        state.panes.focused = state.panes.focused.saturating_add_signed(count.cast_signed() + step) % count;
    }
    match &mut state.overlay {
        Some(Overlay::Inspector(scroll)) => *scroll = 0,
        Some(Overlay::Wire(view)) => *view = WireView::default(),
        _ => {}
    }
    Vec::new()
}

/// Prompt → each pane → models → history → prompt, or the same way back.
pub fn step(state: &mut State, step: isize) -> Vec<Effect> {
    if state.overlay.is_some() {
        return Vec::new();
    }
    let panes = lanes(state);
    let count = panes + 3;
    let here = match state.focus {
        Focus::Prompt => 0,
        Focus::Panes => 1 + state.panes.focused.min(panes.saturating_sub(1)),
        Focus::Models => panes + 1,
        Focus::History => panes + 2,
    };
    let next = here.saturating_add_signed(count.cast_signed() + step) % count;
    match next {
        0 => to(state, Focus::Prompt),
        next if next <= panes => pane(state, next - 1),
        next if next == panes + 1 => to(state, Focus::Models),
        _ => to(state, Focus::History),
    }
}

/// How many lanes there are on the screen.
pub fn lanes(state: &State) -> usize {
    state.conversation.shown_turn().map_or(0, |turn| turn.lanes.len())
}
