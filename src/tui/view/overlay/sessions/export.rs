//! The formats that a session can be exported in.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::line::title;
use crate::session::{Entry, Export};
use crate::tui::metrics::Metrics;
use crate::tui::state::exports;
use crate::tui::view::overlay::{first_visible, open};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean_cut, cut};

/// Columns of a format's name.
const NAME: usize = 12;

/// Draws the list.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, entry: &Entry, cursor: usize) {
    let exports = exports(entry);
    let inner = open(scene, area, "Export", 84, exports.len() as u16 + 6);
    let columns = usize::from(inner.width);
    scene.line(row(inner, 0), &Line::styled(clean_cut(&title(entry), columns), scene.theme.heading));
    let list = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(4), ..inner };
    let visible = usize::from(list.height);
    (metrics.overlay_rows, metrics.overlay_lines) = (visible, exports.len());
    let first = first_visible(cursor, exports.len(), visible);
    for (at, export) in exports.iter().enumerate().skip(first).take(visible) {
        let line = of(scene, export, columns, at == cursor);
        let line = if at == cursor { line.style(scene.theme.selection) } else { line };
        scene.line(row(list, at - first), &line);
    }
    let told = cut("The file is written into the folder that llmbench was started in.", columns);
    scene.line(
        Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner },
        &Line::styled(told, scene.theme.dim),
    );
}

fn of(scene: &Scene<'_>, export: &Export, columns: usize, under_cursor: bool) -> Line<'static> {
    let mark = Span::styled(if under_cursor { "▸ " } else { "  " }, scene.theme.accent);
    let about = match export {
        Export::Pydantic { lane } => format!("{}: {lane}", export.about()),
        _ => export.about().to_owned(),
    };
    let about = clean_cut(&about, columns.saturating_sub(NAME + 2));
    let name = Span::styled(format!("{:NAME$}", export.name()), scene.theme.text);
    Line::from_iter([mark, name, Span::styled(about, scene.theme.dim)])
}
