//! What is marked over an answer: what was found in it, and the numbers of its blocks of code.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::Line;

use super::phase::Lane;
use crate::tui::metrics::PaneMetrics;
use crate::tui::view::document::Document;
use crate::tui::view::figures::grouped;
use crate::tui::view::found::Found;
use crate::tui::view::scene::{Scene, row};

/// Marks what was found, and tells on the frame how much it is.
pub fn found(
    scene: &mut Scene<'_>,
    lane: &Lane<'_>,
    found: &Found,
    document: &Document,
    area: Rect,
    seen: &PaneMetrics,
) {
    let at = scene.state.panes.find.as_ref().and_then(|find| find.at);
    let current = at.filter(|(of, _)| *of == lane.number).map(|(_, number)| number);
    found.mark(scene, document, area, seen.top, current);
    let frame = seen.area;
    let text = format!(" {} found ", grouped(found.count() as u64));
    let place = Rect { x: frame.x + 1, y: frame.bottom() - 1, width: frame.width.saturating_sub(2), height: 1 };
    let style = if found.count() == 0 { scene.theme.dim } else { scene.theme.warning };
    scene.line(place, &Line::styled(text, style));
}

/// Numbers the blocks of code that are in sight, at the right.
pub fn blocks(scene: &mut Scene<'_>, document: &Document, area: Rect, top: usize) {
    let style = scene.theme.accent.add_modifier(Modifier::REVERSED | Modifier::BOLD);
    let visible = top..top + usize::from(area.height);
    for (at, first) in document.code_blocks().into_iter().enumerate().filter(|(_, first)| visible.contains(first)) {
        scene.line_at_end(row(area, first - top), &Line::styled(format!(" {} ", at + 1), style));
    }
}
