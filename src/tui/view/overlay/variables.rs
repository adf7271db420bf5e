//! The variables of a prompt, and the prompt that their values make.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::{first_visible, open};
use crate::tui::metrics::Metrics;
use crate::tui::state::Filling;
use crate::tui::template::{Piece, pieces};
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{Indent, Run, clean, clean_cut, width, wrap};

/// The widest and highest that it is.
const WIDEST: u16 = 84;
const MOST: usize = 22;
/// Variables that are shown at once, and columns of their names.
const SHOWN: usize = 8;
const NAME: usize = 20;
/// The most that is looked at of a value and of a stretch of the prompt.
const STRETCH: usize = 2_000;

/// Draws the variables above the prompt.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, filling: &Filling) {
    let preview = preview(scene, filling, usize::from(area.width.min(WIDEST).saturating_sub(4)).max(1));
    let rows = filling.values.len().min(SHOWN) + preview.len() + 3;
    let inner = open(scene, area, "Variables of the prompt", WIDEST, rows.min(MOST) as u16);
    let columns = usize::from(inner.width);
    let shown = filling.values.len().min(SHOWN).min(usize::from(inner.height));
    let first = first_visible(filling.cursor, filling.values.len(), shown);
    for (at, (name, value)) in filling.values.iter().enumerate().skip(first).take(shown) {
        let line = variable(scene, name, value, at == filling.cursor, columns);
        scene.line(row(inner, at - first), &line);
    }
    let below = Rect { y: inner.y + shown as u16, height: inner.height - shown as u16, ..inner };
    let room = usize::from(below.height).saturating_sub(1);
    preview.iter().take(room).enumerate().for_each(|(at, line)| scene.line(row(below, at + 1), line));
    metrics.overlay_rows = shown;
    metrics.overlay_lines = filling.values.len();
}

/// A name and its value, of which the end is what is being typed.
fn variable(scene: &Scene<'_>, name: &str, value: &str, under_cursor: bool, columns: usize) -> Line<'static> {
    let theme = scene.theme;
    let name = clean_cut(name, NAME.min(columns / 3));
    let blank = " ".repeat(NAME.min(columns / 3).saturating_sub(width(&name)) + 2);
    let room = columns.saturating_sub(width(&name) + blank.len() + 4);
    let value = end_of(value, room);
    let (mark, cursor) = if under_cursor { ("▸ ", "▌") } else { ("  ", "") };
    let line = Line::from_iter([
        Span::styled(mark, theme.accent),
        Span::styled(name, if under_cursor { theme.user } else { theme.dim }),
        Span::raw(blank),
        Span::styled(value, theme.text),
        Span::styled(cursor, theme.accent),
    ]);
    if under_cursor { line.style(theme.selection) } else { line }
}

fn end_of(value: &str, room: usize) -> String {
    let near = value.char_indices().rev().nth(STRETCH).map_or(value, |(at, _)| &value[at..]);
    let near = clean(near);
    let over = width(&near).saturating_sub(room);
    let mut skipped = 0;
    let is_over = |grapheme: &&str| {
        let skip = skipped < over;
        skipped += width(grapheme);
        skip
    };
    near.graphemes(true).skip_while(is_over).collect()
}

/// The prompt as it would be sent: its values stand out, variables without one stand in their braces.
fn preview(scene: &Scene<'_>, filling: &Filling, columns: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let value = |name: &str| filling.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
    let run = |piece: Piece<'_>| -> Run {
        match piece {
            Piece::Text(text) => (clean_cut(text, STRETCH), theme.dim),
            Piece::Variable(name) if value(name).is_empty() => {
                (clean_cut(&format!("{{{{{name}}}}}"), STRETCH), theme.warning)
            }
            Piece::Variable(name) => (clean_cut(value(name), STRETCH), theme.accent),
        }
    };
    let runs: Vec<_> = pieces(&filling.template).into_iter().map(run).collect();
    wrap(&runs, &Indent::default(), columns)
}
