//! The form of a model's own settings.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{first_visible, open};
use crate::settings::KNOWN_SETTINGS;
use crate::tui::metrics::Metrics;
use crate::tui::state::SettingsEditor;
use crate::tui::view::figures::UNKNOWN;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{clean, clean_cut, cut, model_cut, width};

/// Columns of the settings' names.
const NAMES: usize = 20;

/// Draws a row for each setting, and the name that results.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, editor: &SettingsEditor) {
    let title = format!("Settings of {}", clean(editor.base()));
    let inner = open(scene, area, &title, 84, editor.fields.len() as u16 + 4);
    let columns = usize::from(inner.width);
    let list = Rect { height: inner.height.saturating_sub(2), ..inner };
    let visible = usize::from(list.height);
    let first = first_visible(editor.cursor, editor.fields.len(), visible);
    for (at, field) in editor.fields.iter().enumerate().skip(first).take(visible) {
        let line = setting(scene, field, at == editor.cursor, columns);
        scene.line(row(list, at - first), &line);
    }
    let name = model_cut(&editor.name(), columns.saturating_sub(4));
    let result = Line::from_iter([Span::styled("as  ", scene.theme.dim), Span::styled(name, scene.theme.accent)]);
    scene.line(Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner }, &result);
    metrics.overlay_rows = visible;
    metrics.overlay_lines = editor.fields.len();
}

/// Name, value, and what it takes as long as there is none.
fn setting(scene: &Scene<'_>, field: &(String, String), is_under_cursor: bool, columns: usize) -> Line<'static> {
    let theme = scene.theme;
    let (key, value) = field;
    let name = clean_cut(key, NAMES - 1);
    let name = format!("{name}{}", " ".repeat(NAMES - width(&name)));
    let mut spans = vec![Span::styled(name, if is_under_cursor { theme.text } else { theme.dim })];
    let room = columns.saturating_sub(NAMES);
    // The end of what is long is what is being typed.
    let text = clean(value);
    let skip = (width(&text) + 1).saturating_sub(room);
    spans.push(Span::styled(text.graphemes(true).skip(skip).collect::<String>(), theme.text));
    if is_under_cursor {
        spans.push(Span::styled("▌", theme.accent));
    }
    if value.is_empty() {
        let takes = KNOWN_SETTINGS.iter().find(|(known, _)| known == key).map_or("", |(_, takes)| takes);
        let what = if is_under_cursor { takes } else { UNKNOWN };
        spans.push(Span::styled(cut(what, room.saturating_sub(1)).into_owned(), theme.dim));
    }
    let line = Line::from(spans);
    if is_under_cursor { line.style(theme.selection) } else { line }
}
