//! The panes of the shown turn, with what was asked above them.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::arrange::arrange;
use super::pane::{self, Lane};
use super::scene::{Scene, padded, row};
use super::{Cache, tabs, text};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::state::{Focus, Turn};

/// Rows from which on the question has a row of its own.
const QUESTION_FROM: u16 = 14;

/// Draws the panes of the shown turn.
pub fn draw(scene: &mut Scene<'_>, cache: &mut Cache, area: Rect) {
    let Some(turn) = scene.state.conversation.shown_turn() else { return };
    let area = question(scene, turn, area);
    let panes = &scene.state.panes;
    let focused = panes.focused.min(turn.lanes.len().saturating_sub(1));
    if turn.lanes.is_empty() {
        return unasked(scene, area);
    }
    let arrangement = arrange(area, turn.lanes.len(), focused, panes.zoomed);
    if let Some(row) = arrangement.tabs {
        cache.metrics.tabs = tabs::draw(scene, turn, row, &arrangement.lanes, focused);
    }
    let has_focus = scene.state.focus == Focus::Panes && scene.state.overlay.is_none();
    for (lane, area) in arrangement.lanes.zip(arrangement.areas) {
        let (seen, found) =
            pane::draw(scene, cache, &Lane::of(scene.state, turn, lane), area, has_focus && lane == focused);
        cache.metrics.panes.push(seen);
        cache.metrics.found.extend(found.map(|found| (lane, found)));
    }
}

/// A turn that nobody has been asked yet, and how it is.
fn unasked(scene: &mut Scene<'_>, area: Rect) {
    let focused = scene.state.focus == Focus::Panes && scene.state.overlay.is_none();
    let inner = padded(scene.frame(area, "Not asked yet", focused), 1);
    let key = scene.key(Context::History, Action::AskTurn);
    let told = format!("No model has been asked this. {key} in the history asks the picked ones.");
    let lines = text::wrap(&[(told, scene.theme.dim)], &text::Indent::default(), usize::from(inner.width).max(1));
    lines.iter().take(inner.height.into()).enumerate().for_each(|(at, line)| scene.line(row(inner, at), line));
}

/// What was asked, in one row; gives the area below it.
fn question(scene: &mut Scene<'_>, turn: &Turn, area: Rect) -> Rect {
    if area.height < QUESTION_FROM {
        return area;
    }
    let room = usize::from(area.width).saturating_sub(4);
    let text = text::clean_cut(turn.prompt.trim(), room);
    let spans = [Span::styled(" ❯ ", scene.theme.user), Span::styled(text, scene.theme.user)];
    scene.line(area, &Line::from_iter(spans));
    Rect { y: area.y + 1, height: area.height - 1, ..area }
}
