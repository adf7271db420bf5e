//! The panes of the shown turn, with what was asked above them.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::arrange::arrange;
use super::pane::{self, Lane};
use super::scene::{Scene, padded, row};
use super::{Cache, text};
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
        tabs(scene, turn, row, &arrangement.lanes, focused);
    }
    let has_focus = scene.state.focus == Focus::Panes && scene.state.overlay.is_none();
    for (lane, area) in arrangement.lanes.zip(arrangement.areas) {
        let drawn = pane::draw(scene, cache, &Lane::of(scene.state, turn, lane), area, has_focus && lane == focused);
        cache.metrics.panes.push(drawn);
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

/// One title for each lane, and which of them are shown.
fn tabs(scene: &mut Scene<'_>, turn: &Turn, area: Rect, shown: &std::ops::Range<usize>, focused: usize) {
    let total = turn.lanes.len();
    let position = match shown.len() {
        1 => format!("‹ {} of {total} › ", shown.start + 1),
        _ => format!("‹ {}–{} of {total} › ", shown.start + 1, shown.end),
    };
    let room = usize::from(area.width).saturating_sub(text::width(&position) + 1);
    let all = |named| (0..total).map(|lane| tab(scene, turn, lane, lane == focused, named)).collect::<Vec<_>>();
    let width_of = |titles: &[Span<'_>]| titles.iter().map(|tab| text::width(&tab.content)).sum::<usize>();
    let titles = Some(all(true)).filter(|titles| width_of(titles) < room).unwrap_or_else(|| all(false));
    let mut first = 0;
    while first < focused && width_of(&titles[first..=focused]) >= room {
        first += 1;
    }
    let mut left = room;
    let fits = |tab: &Span<'static>| {
        let width = text::width(&tab.content);
        left = left.saturating_sub(width);
        left > 0 || width == 0
    };
    let line: Line<'_> = titles.iter().skip(first).cloned().take_while(fits).collect();
    scene.line(area, &line);
    scene.line_at_end(area, &Line::styled(position, scene.theme.dim));
}

fn tab(scene: &Scene<'_>, turn: &Turn, number: usize, focused: bool, named: bool) -> Span<'static> {
    let lane = Lane::of(scene.state, turn, number);
    let status = lane.phase().status(scene);
    let name = if named { format!("{} ", text::cut(&lane.name(), 28)) } else { String::new() };
    let mark = if focused { "▸" } else { " " };
    let style = if focused { scene.theme.selection.patch(scene.theme.accent) } else { status.style };
    Span::styled(format!("{mark}{} {} {name}", number + 1, status.glyph), style)
}
