//! Finds models by a few letters.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{first_visible, open, typed};
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

/// The name, with the query's letters in it marked, in their order.
fn highlighted(scene: &Scene<'_>, name: &str, query: &str) -> Vec<Span<'static>> {
    let mark = scene.theme.accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    let whole = name.to_lowercase().find(&query.trim().to_lowercase()).filter(|_| name.is_ascii());
    let (before, rest) = name.split_at(whole.unwrap_or(0));
    let mut wanted = query.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).peekable();
    let mut spans = vec![Span::styled(before.to_owned(), scene.theme.text)];
    for grapheme in rest.graphemes(true) {
        let hit = wanted.peek().is_some_and(|wanted| grapheme.chars().flat_map(char::to_lowercase).eq([*wanted]));
        if hit {
            wanted.next();
        }
        spans.push(Span::styled(grapheme.to_owned(), if hit { mark } else { scene.theme.text }));
    }
    spans
}

fn add(scene: &Scene<'_>, query: &str, columns: usize) -> Line<'static> {
    let name = clean_cut(query.trim(), columns.saturating_sub(12));
    let spans = [Span::styled(" + ", scene.theme.success), Span::raw("add "), Span::styled(name, scene.theme.accent)];
    Line::from_iter(spans)
}
