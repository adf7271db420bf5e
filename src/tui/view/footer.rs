//! The footer: a notice while there is one, else the keys that matter now.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

use super::scene::{Scene, row};
use super::text::{Indent, clean_cut, width, wrap};
use crate::tui::state::{Notice, Tone};

/// Rows that a notice may take; a long one lies over what is above the footer.
const NOTICE_ROWS: usize = 3;

/// Draws the footer.
pub fn draw(scene: &mut Scene<'_>, area: Rect) {
    if let Some(notice) = &scene.state.notice {
        return told(scene, area, notice);
    }
    scene.buffer.set_style(area, scene.theme.surface);
    let released = if scene.state.mouse { "" } else { " mouse is the terminal's " };
    let line = keys(scene, usize::from(area.width).saturating_sub(width(released)));
    scene.line(area, &line);
    scene.line_at_end(area, &Line::styled(released, scene.theme.warning));
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
