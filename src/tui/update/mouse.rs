//! The mouse: the wheel scrolls what is under it, a click focuses, picks or shows, and the side bar's edge is dragged.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

use super::{focus, scrolling, side_bar};
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::Focus;
use crate::tui::{Action, Effect, State};

/// Lines that one step of the wheel scrolls.
const WHEEL: isize = 3;

/// Takes one mouse event in.
pub fn on_mouse(state: &mut State, metrics: &Metrics, event: MouseEvent) -> Vec<Effect> {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::ScrollUp => wheel(state, metrics, at, -WHEEL),
        MouseEventKind::ScrollDown => wheel(state, metrics, at, WHEEL),
        MouseEventKind::Down(MouseButton::Left) if state.overlay.is_none() => click(state, metrics, at),
        MouseEventKind::Drag(MouseButton::Left) if state.side_bar.dragged => side_bar::set_columns(state, at.x + 1),
        MouseEventKind::Up(MouseButton::Left) => let_go(state),
        _ => Vec::new(),
    }
}

fn wheel(state: &mut State, metrics: &Metrics, at: Position, lines: isize) -> Vec<Effect> {
    let action = if lines < 0 { Action::Up } else { Action::Down };
    if state.overlay.is_some() {
        return scrolling::scroll(state, metrics, state.context(), action);
    }
    if let Some(pane) = metrics.pane_at(at) {
        scrolling::pane(state, metrics, pane.lane, lines);
    } else if row_of(metrics.models, at).is_some() {
        return scrolling::scroll(state, metrics, Context::Models, action);
    } else if row_of(metrics.history, at).is_some() {
        return scrolling::scroll(state, metrics, Context::History, action);
    }
    Vec::new()
}

/// A click goes on with what was found so far.
fn stop_typing(state: &mut State) {
    state.panes.find.take_if(|find| find.query.trim().is_empty());
    if let Some(find) = &mut state.panes.find {
        find.typing = false;
    }
}

fn let_go(state: &mut State) -> Vec<Effect> {
    state.side_bar.dragged = false;
    Vec::new()
}

fn click(state: &mut State, metrics: &Metrics, at: Position) -> Vec<Effect> {
    if metrics.is_side_bar_edge(at) {
        state.side_bar.dragged = true;
        return Vec::new();
    }
    stop_typing(state);
    if let Some(lane) = metrics.tab_at(at) {
        return focus::pane(state, lane);
    }
    if let Some(pane) = metrics.pane_at(at) {
        return focus::pane(state, pane.lane);
    }
    if metrics.prompt.is_some_and(|area| area.contains(at)) {
        return focus::to(state, Focus::Prompt);
    }
    if let Some(item) = row_of(metrics.models, at) {
        state.focus = Focus::Models;
        if let Some(model) = state.models.items.get_mut(item) {
            state.models.cursor = item;
            model.picked = !model.picked;
        }
    } else if let Some(row) = row_of(metrics.history, at) {
        state.focus = Focus::History;
        let newest = state.conversation.turns.len().saturating_sub(1);
        scrolling::show_turn(state, newest.saturating_sub(row));
    }
    Vec::new()
}

/// Which item of a list is at that place; the list's first row shows item `first`.
fn row_of(list: Option<(Rect, usize)>, at: Position) -> Option<usize> {
    let (area, first) = list.filter(|(area, _)| area.contains(at))?;
    Some(first + usize::from(at.y - area.y))
}
