//! The side bar: the models to pick from, and the turns so far.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::scene::{Scene, row};
use super::text::{clean, clean_cut, cut, model_cut, width};
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{Focus, ModelItem};

/// Draws both lists.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect) {
    let wanted = scene.state.models.items.len().max(1) as u16 + 2;
    let least_history = (area.height / 3).clamp(3, 8);
    let height = wanted.min(area.height.saturating_sub(least_history));
    models(scene, metrics, Rect { height, ..area });
    history(scene, metrics, Rect { y: area.y + height, height: area.height - height, ..area });
}

fn models(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect) {
    let focused = scene.state.focus == Focus::Models && scene.state.overlay.is_none();
    let inner = scene.frame(area, "Models", focused);
    let list = &scene.state.models;
    let rows = usize::from(inner.height);
    let hidden = list.items.len() > rows;
    let visible = if hidden { rows.saturating_sub(1) } else { rows };
    let first = (list.cursor + 1).saturating_sub(visible.max(1)).min(list.items.len().saturating_sub(visible));
    for (at, item) in list.items.iter().enumerate().skip(first).take(visible) {
        let under_cursor = focused && at == list.cursor;
        let line = model(scene, item, usize::from(inner.width));
        scene.line(row(inner, at - first), &selected(scene, line, under_cursor));
    }
    if hidden {
        let key = scene.key(Context::Models, Action::PickModels);
        let text = format!(" + {} more  {key}", list.items.len() - visible);
        scene.line(row(inner, visible), &Line::styled(clean_cut(&text, inner.width.into()), scene.theme.dim));
    }
    metrics.models = Some((Rect { height: visible as u16, ..inner }, first));
}

fn model(scene: &Scene<'_>, item: &ModelItem, columns: usize) -> Line<'static> {
    let (mark, style) = if item.picked { ("●", scene.theme.accent) } else { ("○", scene.theme.dim) };
    let room = columns.saturating_sub(4);
    let name = model_cut(&item.name, room);
    let note = clean(&item.note).into_owned();
    let left = room.saturating_sub(width(&name) + 2);
    let note = if !note.is_empty() && width(&note) <= left { format!("  {note}") } else { String::new() };
    let name_style = if item.picked { scene.theme.text } else { scene.theme.dim };
    Line::from_iter([
        Span::styled(format!(" {mark} "), style),
        Span::styled(name, name_style),
        Span::styled(note, scene.theme.dim),
    ])
}

fn history(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect) {
    let focused = scene.state.focus == Focus::History && scene.state.overlay.is_none();
    let inner = scene.frame(area, "History", focused);
    let conversation = &scene.state.conversation;
    let total = conversation.turns.len();
    if total == 0 {
        let text = cut(" nothing asked yet", inner.width.into());
        return scene.line(inner, &Line::styled(text, scene.theme.dim));
    }
    let visible = usize::from(inner.height);
    let shown_at = total - 1 - conversation.shown.min(total - 1);
    let skipped = (shown_at + 1).saturating_sub(visible.max(1));
    let digits = total.to_string().len();
    for (at, number) in (0..total).rev().skip(skipped).take(visible).enumerate() {
        let shown = number == conversation.shown;
        let mark = if shown { "▸" } else { " " };
        let lead = format!("{mark}{:>digits$} ", number + 1);
        let prompt =
            clean_cut(conversation.turns[number].prompt.trim(), usize::from(inner.width).saturating_sub(width(&lead)));
        let style = if shown { scene.theme.text } else { scene.theme.dim };
        let line = Line::from_iter([Span::styled(lead, mark_style(scene, shown)), Span::styled(prompt, style)]);
        scene.line(row(inner, at), &selected(scene, line, focused && shown));
    }
    metrics.history = Some((inner, skipped));
}

fn mark_style(scene: &Scene<'_>, shown: bool) -> Style {
    if shown { scene.theme.accent } else { scene.theme.dim }
}

/// The line, on the ground of what is under the cursor.
fn selected<'a>(scene: &Scene<'_>, line: Line<'a>, selected: bool) -> Line<'a> {
    if selected { line.style(scene.theme.selection) } else { line }
}
