//! Finds models by a few letters.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{first_visible, highlighted, open, typed};
use crate::tui::metrics::Metrics;
use crate::tui::state::{ModelItem, Picker};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean_cut, width};

/// Draws the query and what matches it.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, picker: &Picker) {
    let inner = open(scene, area, "Pick models", 72, 22);
    let columns = usize::from(inner.width);
    let count = format!("{} of {}", picker.matches.len(), scene.state.models.items.len());
    typed(scene, &picker.query, "type a few letters", &count, row(inner, 0));
    let list = Rect { y: inner.y + 2.min(inner.height), height: inner.height.saturating_sub(2), ..inner };
    let items = picker.rows(&scene.state.models);
    let visible = usize::from(list.height);
    let first = first_visible(picker.cursor, items, visible);
    for at in first..items.min(first + visible) {
        let item = picker.matches.get(at).and_then(|item| scene.state.models.items.get(*item));
        let line = match item {
            Some(item) => model(scene, item, &picker.query, columns),
            None => add(scene, &picker.query, columns),
        };
        let line = if at == picker.cursor { line.style(scene.theme.selection) } else { line };
        scene.line(row(list, at - first), &line);
    }
    if items == 0 {
        let text = "Nothing matches. A name such as openai:my-model can be added.";
        scene.line(list, &Line::styled(clean_cut(text, columns), scene.theme.dim));
    }
    metrics.overlay_rows = visible;
    metrics.overlay_lines = items;
}

fn model(scene: &Scene<'_>, item: &ModelItem, query: &str, columns: usize) -> Line<'static> {
    let theme = scene.theme;
    let (mark, style) = if item.picked { ("●", theme.accent) } else { ("○", theme.dim) };
    let note = clean_cut(&item.note, columns / 3);
    let name = clean_cut(&item.name, columns.saturating_sub(width(&note) + 6));
    let blank = columns.saturating_sub(width(&name) + width(&note) + 4);
    let mut spans = vec![Span::styled(format!(" {mark} "), style)];
    spans.extend(highlighted(scene, &name, query));
    spans.push(Span::styled(format!("{}{note}", " ".repeat(blank)), theme.dim));
    Line::from(spans)
}

fn add(scene: &Scene<'_>, query: &str, columns: usize) -> Line<'static> {
    let name = clean_cut(query.trim(), columns.saturating_sub(12));
    let spans = [Span::styled(" + ", scene.theme.success), Span::raw("add "), Span::styled(name, scene.theme.accent)];
    Line::from_iter(spans)
}
