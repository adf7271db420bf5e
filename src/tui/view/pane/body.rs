//! The answer's visible rows, and what is said below it.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::ending;
use super::phase::{Lane, Phase};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::state::Pane;
use crate::tui::view::document::Document;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean_cut, line_width};

/// What stands where the next word will come.
const CURSOR: &str = "▌";

/// Draws the rows that are visible; gives the rows there are, and the first that is shown.
pub fn draw(
    scene: &mut Scene<'_>,
    lane: &Lane<'_>,
    document: &Document,
    looked: Pane,
    area: Rect,
    frame: Rect,
) -> (usize, usize) {
    let shown = is_shown(lane);
    let answer: Vec<&[Line<'static>]> = document.rows().filter(|_| shown).collect();
    let last = answer.iter().rev().find_map(|rows| rows.last());
    let streaming = matches!(lane.phase(), Phase::Thinking | Phase::Answering);
    let cursor = last.filter(|_| streaming).map(line_width);
    let full = cursor == Some(area.width.into());
    let mut ending = ending::lines(scene, lane, usize::from(area.width), last.is_some(), full);
    if last.is_none() && !scene.state.panes.zoomed {
        shorten(scene, &mut ending, area);
    }

    let answered: usize = answer.iter().map(|rows| rows.len()).sum();
    let total = answered + ending.len();
    let end = total.saturating_sub(area.height.into());
    let top = looked.top(end);

    let at = rows(scene, area, answer.into_iter().chain([&ending[..]]), top);
    if let Some(column) = cursor.filter(|column| *column < usize::from(area.width) && ending.is_empty()) {
        place_cursor(scene, area, answered, top, column);
    }
    more_below(scene, frame, total - top - at);
    (total, top)
}

/// Whether there is an answer to be seen: what the attempt before said isn't taken, and what the next one says is still
/// to come.
pub fn is_shown(lane: &Lane<'_>) -> bool {
    !matches!(lane.phase(), Phase::Queued | Phase::Retrying(_))
}

/// Draws the rows from `top` on; gives how many there was room for.
fn rows<'a>(scene: &mut Scene<'_>, area: Rect, rows: impl Iterator<Item = &'a [Line<'static>]>, top: usize) -> usize {
    let height = usize::from(area.height);
    let (mut skip, mut at) = (top, 0);
    for rows in rows {
        let visible = rows.get(skip..).unwrap_or_default();
        skip = skip.saturating_sub(rows.len());
        for line in visible.iter().take(height - at) {
            scene.line(row(area, at), line);
            at += 1;
        }
    }
    at
}

/// A failure without an answer is read from its beginning, so it must not need scrolling: what doesn't fit is shown
/// by the zoom.
fn shorten(scene: &Scene<'_>, lines: &mut Vec<Line<'static>>, area: Rect) {
    let height = usize::from(area.height);
    if lines.len() > height && height > 0 {
        lines.truncate(height);
        let key = scene.key(Context::Pane, Action::Zoom);
        lines[height - 1] = Line::styled(clean_cut(&format!("… {key} shows all"), area.width.into()), scene.theme.dim);
    }
}

fn place_cursor(scene: &mut Scene<'_>, area: Rect, rows: usize, top: usize, column: usize) {
    if let Some(at) = rows.checked_sub(top + 1).filter(|at| *at < usize::from(area.height)) {
        let line = row(area, at);
        let place = Rect { x: line.x + column as u16, width: 1, ..line };
        scene.line(place, &Line::from(cursor(scene)));
    }
}

/// The block where the next word will come.
pub fn cursor(scene: &Scene<'_>) -> Span<'static> {
    Span::styled(CURSOR, scene.theme.accent)
}

/// How many rows lie below the visible ones, on the frame.
fn more_below(scene: &mut Scene<'_>, frame: Rect, rows: usize) {
    if rows > 0 && frame.height > 1 {
        let text = if rows == 1 { " ▾ 1 more line ".to_owned() } else { format!(" ▾ {rows} more lines ") };
        let place = Rect { x: frame.x + 1, y: frame.bottom() - 1, width: frame.width.saturating_sub(2), height: 1 };
        scene.line_at_end(place, &Line::styled(text, scene.theme.accent));
    }
}
