//! The system prompt's editor.

use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui_textarea::TextArea;

use super::open;
use crate::tui::metrics::Metrics;
use crate::tui::view::prompt::editor;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::cut;

/// Draws the editor.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, text: &TextArea<'_>) {
    let inner = open(scene, area, "System prompt", 84, 18);
    let columns = usize::from(inner.width);
    let what = cut("Sent before the prompt to every model, from the next question on.", columns);
    scene.line(row(inner, 0), &Line::styled(what, scene.theme.dim));
    let place = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
    editor(scene, text, place, true);
    metrics.overlay_rows = usize::from(place.height);
    metrics.overlay_lines = text.lines().len();
}
