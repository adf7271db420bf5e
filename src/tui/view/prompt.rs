//! The prompt editor: as high as its text, up to a limit.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;
use ratatui_textarea::TextArea;
use unicode_segmentation::UnicodeSegmentation;

use super::scene::{Scene, padded};
use super::text::{clean_cut, width};
use crate::tui::State;
use crate::tui::metrics::Metrics;
use crate::tui::state::Focus;

/// The most rows of text that are shown at once.
const MOST: usize = 8;

/// Rows that the prompt takes, its frame included, in an area of that size.
#[must_use]
pub fn height(state: &State, columns: u16, rows: u16) -> u16 {
    let most = usize::from(rows / 3).clamp(1, MOST);
    let text = text_rows(state.prompt.lines(), usize::from(columns.saturating_sub(4)), most);
    (text as u16 + 2).min(rows)
}

/// Draws the editor.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect) {
    let focused = scene.state.focus == Focus::Prompt && scene.state.overlay.is_none();
    let inner = scene.frame(area, "Prompt", focused);
    let row = Rect { x: area.x + 1, width: area.width.saturating_sub(2), height: 1, ..area };
    let goes_with_it = goes_with_it(scene, usize::from(row.width).saturating_sub(12));
    scene.line_at_end(row, &goes_with_it);
    let inner = padded(inner, 1);
    editor(scene, &scene.state.prompt, inner, focused);
    metrics.prompt = Some(inner);
}

/// What goes with the prompt: the schema that answers shall fit, and the system prompt, as far as there is room.
fn goes_with_it(scene: &Scene<'_>, room: usize) -> Line<'static> {
    let (state, theme) = (scene.state, scene.theme);
    let mut spans = Vec::new();
    if let Some(schema) = &state.schema {
        let mode = state.output_mode.map_or_else(String::new, |mode| format!(" ({})", mode.as_str()));
        let name = clean_cut(&schema.name(), room.saturating_sub(width(&mode) + 12));
        spans.push(Span::styled(format!(" schema: {name}{mode} "), theme.accent));
    }
    let system = " ◆ with a system prompt ";
    let taken: usize = spans.iter().map(|span| width(&span.content)).sum();
    if !state.system.trim().is_empty() && taken + width(system) <= room {
        spans.push(Span::styled(system, theme.dim));
    }
    Line::from(spans)
}

/// Draws a text area in the theme's colours; its cursor only when it has the focus.
pub fn editor(scene: &mut Scene<'_>, area: &TextArea<'_>, place: Rect, focused: bool) {
    if place.is_empty() {
        return;
    }
    area.render(place, scene.buffer);
    if area.is_empty() {
        scene.buffer.set_style(place, scene.theme.dim);
    }
    if !focused {
        scene.buffer.set_style(place, Style::new().remove_modifier(Modifier::REVERSED));
    }
}

/// Rows that a text takes in an editor of that width, counted up to a limit.
fn text_rows(lines: &[String], columns: usize, most: usize) -> usize {
    let mut rows = 0;
    for line in lines {
        rows += line_rows(line, columns.max(1), most);
        if rows >= most {
            return most;
        }
    }
    rows.max(1)
}

/// Wraps as the editor does: at word bounds; a word that is wider than the editor has rows of its own.
fn line_rows(line: &str, columns: usize, most: usize) -> usize {
    let (mut rows, mut used) = (0, 0);
    for word in line.split_word_bounds() {
        let word_width = width(&word.replace(char::is_control, " "));
        if used + word_width <= columns {
            used += word_width;
            continue;
        }
        rows += usize::from(used > 0);
        used = word_width;
        if word_width > columns {
            rows += split_rows(word, columns);
            used = 0;
        }
        if rows >= most {
            return most;
        }
    }
    (rows + usize::from(used > 0)).max(1)
}

/// Rows of a word that is split between its graphemes.
fn split_rows(word: &str, columns: usize) -> usize {
    let (mut rows, mut used) = (1, 0);
    for grapheme in word.graphemes(true).map(width) {
        if used > 0 && used + grapheme > columns {
            rows += 1;
            used = 0;
        }
        used += grapheme;
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;
    use ratatui_textarea::CursorMove;

    use super::*;
    use crate::tui::state::text_area;

    /// The rows that the editor itself makes of the text.
    fn drawn(text: &str, columns: u16) -> usize {
        let mut editor = text_area("");
        editor.insert_str(text);
        let place = Rect::new(0, 0, columns, 40);
        (&editor).render(place, &mut Buffer::empty(place));
        editor.move_cursor(CursorMove::Bottom);
        editor.move_cursor(CursorMove::End);
        editor.screen_cursor().row + 1
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn rows_are_counted_as_the_editor_draws_them(text in "([a-z]{1,14}[ ,.]|日本|\n){0,30}", columns in 4_u16..40) {
            let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
            prop_assert_eq!(text_rows(&lines, columns.into(), 100), drawn(&text, columns));
        }
    }
}
