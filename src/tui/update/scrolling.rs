//! Up and down, by where the user is.

use super::{focus, inform};
use crate::tui::keymap::Context;
use crate::tui::metrics::{Metrics, PaneMetrics};
use crate::tui::state::{BrowserMode, Overlay, Pane, exports};
use crate::tui::{Action, Effect, State};

/// Moves by the action: a pane's text, or a list's cursor.
pub fn scroll(state: &mut State, metrics: &Metrics, context: Context, action: Action) -> Vec<Effect> {
    let page = metrics.overlay_rows.max(1);
    match context {
        Context::Models => {
            state.models.cursor = moved(state.models.cursor, action, state.models.items.len(), page);
        }
        Context::History => history(state, action),
        Context::Pane | Context::Found | Context::Replay | Context::Find | Context::Blocks | Context::Prompt => {
            by_action(state, metrics, state.panes.focused, action);
        }
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
        state.panes = state.panes.of_another_turn();
    }
}

fn overlay(state: &mut State, metrics: &Metrics, action: Action, page: usize) {
    let below = (metrics.overlay_lines + 1).saturating_sub(metrics.overlay_rows);
    match &mut state.overlay {
        Some(Overlay::Wire(view)) => view.scroll = moved(view.scroll, action, below, page),
        Some(Overlay::Inspector(scroll)) => *scroll = moved(*scroll, action, below, page),
        Some(Overlay::Help(scroll)) => {
            let next = moved(usize::from(*scroll), action, below, page);
            *scroll = u16::try_from(next).unwrap_or(u16::MAX);
        }
        Some(Overlay::Picker(picker)) => {
            picker.cursor = moved(picker.cursor, action, picker.rows(&state.models), page);
        }
        Some(Overlay::Settings(editor)) => editor.cursor = moved(editor.cursor, action, editor.fields.len(), page),
        Some(Overlay::Finder(finder)) => finder.cursor = moved(finder.cursor, action, finder.matches.len(), page),
        Some(Overlay::Variables(filling)) => {
            filling.cursor = moved(filling.cursor, action, filling.values.len(), page);
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

/// Moves a pane's text by so many lines, and the others with it when they scroll together.
pub fn pane(state: &mut State, metrics: &Metrics, lane: usize, lines: isize) {
    let Some(seen) = metrics.pane(lane) else { return };
    let from = state.panes.get(lane).top(last(seen));
    put(state, seen, from.saturating_add_signed(lines));
    if state.panes.together {
        align(state, metrics, lane);
    }
}

/// Scrolls a pane so that the row is in sight, and stays there.
pub fn show_row(state: &mut State, metrics: &Metrics, lane: usize, row: usize) {
    let Some(seen) = metrics.pane(lane) else { return };
    let in_sight = (seen.top..seen.top + seen.height).contains(&row);
    let top = if in_sight { seen.top } else { row.saturating_sub(seen.height / 3) };
    put(state, seen, top);
    state.panes.get_mut(lane).follow = false;
    if state.panes.together && !in_sight {
        align(state, metrics, lane);
    }
}

/// Lets all panes scroll together, beginning from where the focused one is, or each alone.
pub fn together(state: &mut State, metrics: &Metrics) -> Vec<Effect> {
    state.panes.together = !state.panes.together;
    if !state.panes.together {
        return inform(state, "Each answer scrolls alone");
    }
    align(state, metrics, state.panes.focused);
    inform(state, "All answers scroll together, each by its share of the way")
}

/// Puts the other panes at the same share of their way: the same row where they are equally long. One that isn't on the
/// screen takes it when it comes there.
fn align(state: &mut State, metrics: &Metrics, lane: usize) {
    let Some(way) = metrics.pane(lane).map(last).filter(|way| *way > 0) else { return };
    let Pane { scroll, follow, .. } = state.panes.get(lane);
    for other in (0..focus::lanes(state)).filter(|other| *other != lane) {
        let pane = state.panes.get_mut(other);
        (pane.scroll, pane.way, pane.follow) = (scroll, Some(way), follow);
        if let Some(seen) = metrics.pane(other) {
            let top = pane.top(last(seen));
            put(state, seen, top);
        }
    }
}

/// The first row that is shown when the end is.
fn last(seen: &PaneMetrics) -> usize {
    seen.lines.saturating_sub(seen.height)
}

/// Puts that row first. At its end the pane follows what comes; above it, it stays.
fn put(state: &mut State, seen: &PaneMetrics, top: usize) {
    let pane = state.panes.get_mut(seen.lane);
    (pane.scroll, pane.way) = (top.min(last(seen)), None);
    pane.follow = pane.scroll == last(seen);
}
