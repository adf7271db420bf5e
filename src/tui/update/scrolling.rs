//! Up and down, by where the user is.

use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{BrowserMode, Overlay, Panes, exports};
use crate::tui::{Action, Effect, State};

/// Moves by the action: a pane's text, or a list's cursor.
pub fn scroll(state: &mut State, metrics: &Metrics, context: Context, action: Action) -> Vec<Effect> {
    let page = metrics.overlay_rows.max(1);
    match context {
        Context::Models => {
            state.models.cursor = moved(state.models.cursor, action, state.models.items.len(), page);
        }
        Context::History => history(state, action),
        Context::Pane | Context::Replay | Context::Prompt => by_action(state, metrics, state.panes.focused, action),
        _ => overlay(state, metrics, action, page),
    }
    Vec::new()
}

/// The newest turn is the list's first.
fn history(state: &mut State, action: Action) {
    let conversation = &mut state.conversation;
    let count = conversation.turns.len();
    let from_newest = moved((count.saturating_sub(1)).saturating_sub(conversation.shown), action, count, 10);
    show_turn(state, count.saturating_sub(1).saturating_sub(from_newest));
}

/// Puts another turn on the screen.
pub fn show_turn(state: &mut State, turn: usize) {
    if turn != state.conversation.shown && turn < state.conversation.turns.len() {
        state.conversation.shown = turn;
        state.panes = Panes::default();
    }
}

fn overlay(state: &mut State, metrics: &Metrics, action: Action, page: usize) {
    let below = (metrics.overlay_lines + 1).saturating_sub(metrics.overlay_rows);
    match &mut state.overlay {
        Some(Overlay::Inspector(scroll)) => *scroll = moved(*scroll, action, below, page),
        Some(Overlay::Help(scroll)) => {
            let next = moved(usize::from(*scroll), action, below, page);
            *scroll = u16::try_from(next).unwrap_or(u16::MAX);
        }
        Some(Overlay::Picker(picker)) => {
            picker.cursor = moved(picker.cursor, action, picker.rows(&state.models), page);
        }
        Some(Overlay::Schemas(picker)) => picker.cursor = moved(picker.cursor, action, picker.rows().len(), page),
        Some(Overlay::Sessions(browser)) => match &mut browser.mode {
            BrowserMode::Browse => browser.cursor = moved(browser.cursor, action, browser.rows.len(), page),
            BrowserMode::Export(entry, cursor) => *cursor = moved(*cursor, action, exports(entry).len(), page),
            BrowserMode::Rename(..) => {}
        },
        _ => {}
    }
}

/// A cursor's next place in a list of `count`.
fn moved(cursor: usize, action: Action, count: usize, page: usize) -> usize {
    let last = count.saturating_sub(1);
    match action {
        Action::Up => cursor.saturating_sub(1),
        Action::Down => cursor + 1,
        Action::PageUp => cursor.saturating_sub(page),
        Action::PageDown => cursor + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => cursor,
    }
    .min(last)
}

fn by_action(state: &mut State, metrics: &Metrics, lane: usize, action: Action) {
    let page = metrics.pane(lane).map_or(1, |pane| pane.height.saturating_sub(1).max(1)).cast_signed();
    let lines = match action {
        Action::Up => -1,
        Action::Down => 1,
        Action::PageUp => -page,
        Action::PageDown => page,
        Action::Top => isize::MIN,
        _ => isize::MAX,
    };
    pane(state, metrics, lane, lines);
}

/// Moves a pane's text by so many lines. At its end the pane follows what comes; above it, it stays.
pub fn pane(state: &mut State, metrics: &Metrics, lane: usize, lines: isize) {
    let Some(seen) = metrics.pane(lane) else { return };
    let last = seen.lines.saturating_sub(seen.height);
    let pane = state.panes.get_mut(lane);
    let from = if pane.follow { last } else { pane.scroll.min(last) };
    pane.scroll = from.saturating_add_signed(lines).min(last);
    pane.follow = pane.scroll == last;
}
