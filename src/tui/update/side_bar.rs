//! The side bar: shown and put away, made wider and narrower.

use super::{focus, inform};
use crate::tui::state::{Focus, SideBar};
use crate::tui::{Effect, State};

/// Columns that a key makes it wider by.
const STEP: u16 = 4;

/// Puts it away, or fetches it. Where there is no room beside the panes it comes over them, with the focus.
pub fn toggle(state: &mut State) -> Vec<Effect> {
    let focused = matches!(state.focus, Focus::Models | Focus::History);
    if focused {
        state.focus = Focus::Prompt;
    }
    if SideBar::fits_beside(state.size.0) {
        state.side_bar.hidden = !state.side_bar.hidden;
        return Vec::new();
    }
    if focused { Vec::new() } else { focus::to(state, Focus::Models) }
}

/// Makes it wider, or narrower.
pub fn widen(state: &mut State, wider: bool) -> Vec<Effect> {
    let screen = state.size.0;
    let shown = state.side_bar.is_beside(screen) || matches!(state.focus, Focus::Models | Focus::History);
    if !shown {
        return inform(state, "The side bar is put away");
    }
    let columns = state.side_bar.columns(screen);
    set_columns(state, if wider { columns + STEP } else { columns.saturating_sub(STEP) })
}

/// Gives it so many columns, as far as there is room.
pub fn set_columns(state: &mut State, columns: u16) -> Vec<Effect> {
    state.side_bar.width = Some(columns);
    // What there is no room for isn't kept: the next key counts from what is seen.
    state.side_bar.width = Some(state.side_bar.columns(state.size.0));
    Vec::new()
}
