//! What stands in the place of the panes before the first question.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::scene::{Scene, padded, row};
use super::text::{Indent, clean, clean_cut, line_width, wrap};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::state::Focus;

/// The widest that lines are.
const COLUMNS: usize = 72;

/// Models that are named one by one.
const NAMED: usize = 10;

/// Draws what there is to do first.
pub fn draw(scene: &mut Scene<'_>, area: Rect) {
    let focused = scene.state.focus == Focus::Panes && scene.state.overlay.is_none();
    let inner = padded(scene.frame(area, "Ready", focused), 2);
    let columns = usize::from(inner.width).min(COLUMNS);
    let mut lines = welcome(scene, columns, usize::from(inner.height));
    lines.truncate(usize::from(inner.height));
    let widest = lines.iter().map(line_width).max().unwrap_or_default().min(columns) as u16;
    let top = (inner.height - lines.len() as u16) / 3;
    let place = Rect { x: inner.x + (inner.width - widest) / 2, width: widest, ..inner };
    lines.iter().enumerate().for_each(|(at, line)| scene.line(row(place, usize::from(top) + at), line));
}

fn welcome(scene: &Scene<'_>, columns: usize, rows: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let hint = scene.state.offline_hint.as_deref().map_or_else(Vec::new, |hint| {
        let indent = Indent { first: vec![Span::styled("→ ", theme.warning)], rest: vec![Span::raw("  ")] };
        wrap(&[(clean(hint).into_owned(), theme.text)], &indent, columns)
    });
    let keys = keys(scene, columns);
    let mut lines = wrap(
        &[("Ask several models at once, read their answers side by side.".to_owned(), theme.heading)],
        &Indent::default(),
        columns,
    );
    lines.push(Line::default());
    let left = rows.saturating_sub(lines.len() + keys.len() + hint.len() + 5);
    lines.extend(picked(scene, columns, left.clamp(1, NAMED)));
    lines.push(Line::default());
    lines.extend(keys);
    if !hint.is_empty() {
        lines.push(Line::default());
        lines.extend(hint);
    }
    lines
}

fn picked(scene: &Scene<'_>, columns: usize, most: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let picked: Vec<_> = scene.state.models.items.iter().filter(|item| item.picked).collect();
    if picked.is_empty() {
        return vec![Line::styled("No model is picked yet.", theme.warning)];
    }
    let named = if picked.len() > most { most.saturating_sub(1) } else { picked.len() };
    let name_columns = picked.iter().take(named).map(|item| super::text::width(&clean(&item.name))).max();
    let name_columns = name_columns.unwrap_or_default().min(columns.saturating_sub(4));
    let mut lines: Vec<_> = picked[..named]
        .iter()
        .map(|item| {
            let name = clean_cut(&item.name, name_columns);
            let blank = " ".repeat(name_columns - super::text::width(&name));
            let note = clean_cut(&item.note, columns.saturating_sub(name_columns + 6));
            let mark = Span::styled("  ● ", theme.accent);
            Line::from_iter([mark, Span::styled(name, theme.text), Span::styled(format!("{blank}  {note}"), theme.dim)])
        })
        .collect();
    if named < picked.len() {
        lines.push(Line::styled(format!("  + {} more", picked.len() - named), theme.dim));
    }
    lines
}

/// How to go on, by the keys that are really bound.
fn keys(scene: &Scene<'_>, columns: usize) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let send = scene.key(Context::Prompt, Action::Send);
    let mut runs =
        vec![("Type a question and press ".to_owned(), theme.text), (send, theme.accent), (".".to_owned(), theme.text)];
    let mut lines = wrap(&runs, &Indent::default(), columns);
    runs.clear();
    let others = [
        (Action::PickModels, "picks models"),
        (Action::OpenSessions, "opens a saved session"),
        (Action::Help, "shows all keys"),
    ];
    for (action, what) in others {
        let key = scene.key(Context::Global, action);
        if !key.is_empty() {
            let lead = if runs.is_empty() { "" } else { " · " };
            runs.extend([(lead.to_owned(), theme.border), (key, theme.accent), (format!(" {what}"), theme.dim)]);
        }
    }
    lines.extend(wrap(&runs, &Indent::default(), columns));
    lines
}
