//! What lies over the workbench.

mod finder;
mod help;
mod inspector;
mod picker;
mod schemas;
mod sessions;
mod settings;
mod system;
mod variables;
mod wire;

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use unicode_segmentation::UnicodeSegmentation;

use super::Cache;
use super::scene::{Scene, padded};
use super::text::{end_of, width};
use crate::tui::state::Overlay;

/// Draws the overlay, if there is one.
pub fn draw(scene: &mut Scene<'_>, cache: &mut Cache, area: Rect) {
    let area = Rect { y: area.y + 1, height: area.height - 2, ..area };
    let state = scene.state;
    let metrics = &mut cache.metrics;
    match &state.overlay {
        None => {}
        Some(Overlay::Inspector(scroll)) => inspector::draw(scene, cache, area, *scroll),
        Some(Overlay::Finder(finder)) => finder::draw(scene, metrics, area, finder),
        Some(Overlay::Help(scroll)) => help::draw(scene, metrics, area, usize::from(*scroll)),
        Some(Overlay::Picker(picker)) => picker::draw(scene, metrics, area, picker),
        Some(Overlay::Schemas(picker)) => schemas::draw(scene, metrics, area, picker),
        Some(Overlay::Sessions(browser)) => sessions::draw(scene, metrics, area, browser),
        Some(Overlay::Wire(view)) => wire::draw(scene, metrics, area, *view),
        Some(Overlay::Settings(editor)) => settings::draw(scene, metrics, area, editor),
        Some(Overlay::Variables(filling)) => variables::draw(scene, metrics, area, filling),
        Some(Overlay::System(editor)) => system::draw(scene, metrics, area, editor),
    }
}

/// A framed place in the middle of the screen, at most that large; gives what lies inside.
fn open(scene: &mut Scene<'_>, area: Rect, title: &str, columns: u16, rows: u16) -> Rect {
    let (width, height) = (columns.min(area.width), rows.min(area.height));
    let place = Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 3, width, height };
    Clear.render(place, scene.buffer);
    scene.buffer.set_style(place, scene.theme.background.patch(scene.theme.text).patch(scene.theme.surface));
    padded(scene.frame(place, title, true), 1)
}

/// What was typed, with what may be typed as long as nothing is; at the end of the row, how much there is.
fn typed(scene: &mut Scene<'_>, typed: &str, what: &str, count: &str, area: Rect) {
    let room = usize::from(area.width).saturating_sub(width(count) + 5);
    // The end of what is long is what is being typed.
    let text = end_of(typed, room);
    let mut spans = vec![Span::styled("❯ ", scene.theme.user), Span::raw(text), Span::styled("▌", scene.theme.accent)];
    if typed.is_empty() {
        spans.push(Span::styled(what.to_owned(), scene.theme.dim));
    }
    scene.line(area, &Line::from(spans));
    scene.line_at_end(area, &Line::styled(count.to_owned(), scene.theme.dim));
}

/// A text, with the letters of what was typed marked in their order.
fn highlighted(scene: &Scene<'_>, text: &str, typed: &str) -> Vec<Span<'static>> {
    let mark = scene.theme.accent.add_modifier(Modifier::BOLD | Modifier::UNDERLINED);
    let whole = text.to_lowercase().find(&typed.trim().to_lowercase()).filter(|_| text.is_ascii());
    let (before, rest) = text.split_at(whole.unwrap_or(0));
    let mut wanted = typed.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).peekable();
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

/// How many lines lie below the visible ones, on the frame.
fn more_below(scene: &mut Scene<'_>, inner: Rect, lines: usize) {
    if lines > 0 {
        let text = if lines == 1 { " ▾ 1 more line ".to_owned() } else { format!(" ▾ {lines} more lines ") };
        scene.line_at_end(Rect { y: inner.bottom(), height: 1, ..inner }, &Line::styled(text, scene.theme.accent));
    }
}

/// The first of the visible items, so that the one under the cursor is among them.
fn first_visible(cursor: usize, items: usize, rows: usize) -> usize {
    (cursor + 1).saturating_sub(rows.max(1)).min(items.saturating_sub(rows))
}
