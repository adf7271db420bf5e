//! All keys, grouped by where they hold.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{more_below, open};
use crate::tui::keymap::{Binding, Context};
use crate::tui::metrics::Metrics;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{Indent, width, wrap};

/// The least columns of a group, and the columns of its keys: few, or all that they need.
const GROUP: usize = 52;
const KEYS: (usize, usize) = (22, 29);

/// Draws the keys, scrolled down by so many rows.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, scroll: usize) {
    let columns = (usize::from(area.width).saturating_sub(4) / GROUP).clamp(1, 3);
    let inside = usize::from(area.width).saturating_sub(4).min(columns * (GROUP + 16));
    let column_width = (inside + 2) / columns - 2;
    let columns = columns_of(scene, columns, column_width);
    let total = columns.iter().map(Vec::len).max().unwrap_or_default();
    let inner = open(scene, area, "Keys", inside as u16 + 4, total as u16 + 2);
    let visible = usize::from(inner.height);
    let top = scroll.min(total.saturating_sub(visible));
    for (number, lines) in columns.iter().enumerate() {
        let x = inner.x + (number * (column_width + 2)) as u16;
        let place = Rect { x, width: (column_width as u16).min(inner.right().saturating_sub(x)), ..inner };
        lines.iter().skip(top).take(visible).enumerate().for_each(|(at, line)| scene.line(row(place, at), line));
    }
    more_below(scene, inner, total.saturating_sub(top + visible));
    metrics.overlay_rows = visible;
    metrics.overlay_lines = total;
}

/// The groups one after the other, in columns that are about equally long.
fn columns_of(scene: &Scene<'_>, count: usize, columns: usize) -> Vec<Vec<Line<'static>>> {
    let groups: Vec<_> = Context::ALL.iter().map(|context| group(scene, *context, columns)).collect();
    let total: usize = groups.iter().map(|group| group.len() + 1).sum();
    let target = total.div_ceil(count);
    let mut out: Vec<Vec<Line<'static>>> = vec![Vec::new()];
    for group in groups {
        let last = out.len() - 1;
        let overfull = out[last].len() + group.len() / 2 >= target;
        if overfull && out.len() < count {
            out.push(Vec::new());
        } else if !out[last].is_empty() {
            out[last].push(Line::default());
        }
        let last = out.len() - 1;
        out[last].extend(group);
    }
    out
}

fn group(scene: &Scene<'_>, context: Context, columns: usize) -> Vec<Line<'static>> {
    let title = Line::styled(context.title(), scene.theme.heading);
    let keyed = scene.state.keymap.rows(context).filter(|binding| !binding.chords.is_empty());
    let rows = keyed.flat_map(|binding| binding_lines(scene, binding, columns));
    std::iter::once(title).chain(rows).collect()
}

fn binding_lines(scene: &Scene<'_>, binding: &Binding, columns: usize) -> Vec<Line<'static>> {
    let for_keys = if columns >= GROUP + 12 { KEYS.1 } else { KEYS.0 };
    let mut keys = String::new();
    for chord in binding.chords.iter().map(ToString::to_string) {
        if width(&keys) + width(&chord) + 1 < for_keys {
            keys = if keys.is_empty() { chord } else { format!("{keys} {chord}") };
        }
    }
    let lead = format!("{keys}{}", " ".repeat(for_keys - width(&keys)));
    let indent =
        Indent { first: vec![Span::styled(lead, scene.theme.accent)], rest: vec![Span::raw(" ".repeat(for_keys))] };
    wrap(&[(binding.help.to_owned(), scene.theme.text)], &indent, columns)
}
