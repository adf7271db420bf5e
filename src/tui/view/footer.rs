//! The footer: a notice while there is one, what is typed there, else the keys that matter now.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::figures::grouped;
use super::scene::{Scene, row};
use super::text::{Indent, clean_cut, cut, end_of, line_width, width, wrap};
use crate::tui::keymap::Context;
use crate::tui::metrics::Metrics;
use crate::tui::state::{Notice, Tone};

/// Rows that a notice may take; a long one lies over what is above the footer.
const NOTICE_ROWS: usize = 3;

/// Draws the footer.
pub fn draw(scene: &mut Scene<'_>, metrics: &Metrics, area: Rect) {
    if let Some(notice) = &scene.state.notice {
        return told(scene, area, notice);
    }
    scene.buffer.set_style(area, scene.theme.surface);
    let typed = typed(scene, usize::from(area.width) / 2);
    scene.line(area, &typed);
    let area = after(area, line_width(&typed));
    let state = standing(scene, metrics);
    let room = usize::from(area.width).saturating_sub(width(&state));
    let line = keys(scene, room);
    scene.line(Rect { width: room as u16, ..area }, &line);
    scene.line_at_end(area, &Line::styled(cut(&state, area.width.into()), scene.theme.warning));
}

fn after(area: Rect, columns: usize) -> Rect {
    let columns = (columns as u16).min(area.width);
    Rect { x: area.x + columns, width: area.width - columns, ..area }
}

/// What is being typed here: what to find, or the number of a block.
fn typed(scene: &Scene<'_>, columns: usize) -> Line<'static> {
    let panes = &scene.state.panes;
    let (lead, text) = match (scene.state.context(), &panes.find, &panes.block) {
        (Context::Find, Some(find), _) if find.lane.is_none() => (" find in all ❯ ", &find.query),
        (Context::Find, Some(find), _) => (" find ❯ ", &find.query),
        (Context::Blocks, _, Some(digits)) => (" number of the block ❯ ", digits),
        _ => return Line::default(),
    };
    let spans = [
        Span::styled(lead, scene.theme.user),
        Span::raw(end_of(text, columns)),
        Span::styled("▌ ", scene.theme.accent),
    ];
    Line::from_iter(spans)
}

/// What holds until it is switched off: what was found, panes that scroll together, a mouse that isn't ours.
fn standing(scene: &Scene<'_>, metrics: &Metrics) -> String {
    let mut state = found(scene, metrics);
    if scene.state.panes.together {
        state.push_str(" ⇅ together ");
    }
    if !scene.state.mouse {
        state.push_str(" mouse is the terminal's ");
    }
    state
}

/// How much was found in all, and which of it was gone to.
fn found(scene: &Scene<'_>, metrics: &Metrics) -> String {
    let Some(find) = scene.state.panes.find.as_ref().filter(|find| !find.query.trim().is_empty()) else {
        return String::new();
    };
    let total = grouped(metrics.found.iter().map(|(_, found)| found.count() as u64).sum());
    let before =
        |lane| metrics.found.iter().take_while(|(of, _)| *of != lane).map(|(_, found)| found.count()).sum::<usize>();
    match find.at {
        Some((lane, number)) => format!(" {} of {total} ", grouped((before(lane) + number + 1) as u64)),
        None => format!(" {total} found "),
    }
}

fn told(scene: &mut Scene<'_>, area: Rect, notice: &Notice) {
    let (glyph, style) = match notice.tone {
        Tone::Info => ("✓", scene.theme.success),
        Tone::Error => ("✗", scene.theme.error),
    };
    let indent = Indent { first: vec![Span::styled(format!(" {glyph} "), style)], rest: vec![Span::raw("   ")] };
    let text = clean_cut(&notice.text, (usize::from(area.width).saturating_sub(4) * NOTICE_ROWS).max(1));
    let lines = wrap(&[(text, style)], &indent, usize::from(area.width).saturating_sub(1).max(1));
    let rows = lines.len().min(NOTICE_ROWS) as u16;
    let area = Rect { y: area.bottom().saturating_sub(rows), height: rows, ..area };
    Clear.render(area, scene.buffer);
    scene.buffer.set_style(area, scene.theme.surface);
    for (at, line) in lines.iter().take(NOTICE_ROWS).enumerate() {
        scene.line(row(area, at), line);
    }
}

/// As many keys as fit. The last one leads on to all others and is always there.
fn keys(scene: &Scene<'_>, columns: usize) -> Line<'static> {
    let state = scene.state;
    let mut keys: Vec<(String, &str)> = Vec::new();
    for (chord, label) in state.keymap.footer(state.context()) {
        keys.push((chord.to_string(), label));
    }
    let taken = |keys: &[(String, &str)]| keys.iter().map(|(key, label)| width(key) + width(label) + 4).sum::<usize>();
    while keys.len() > 1 && taken(&keys) > columns + 2 {
        keys.remove(keys.len() - 2);
    }
    let mut line = Line::default();
    for (at, (key, label)) in keys.into_iter().enumerate() {
        let lead = if at == 0 { " " } else { " · " };
        line.spans.push(Span::styled(lead, scene.theme.border));
        line.spans.push(Span::styled(key, scene.theme.accent.add_modifier(Modifier::BOLD)));
        line.spans.push(Span::styled(format!(" {label}"), scene.theme.dim));
    }
    line
}
