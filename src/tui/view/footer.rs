//! The footer: a notice while there is one, else the keys that matter now.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::scene::Scene;
use super::text::{clean_cut, width};
use crate::tui::state::Tone;

/// Draws the footer.
pub fn draw(scene: &mut Scene<'_>, area: Rect) {
    scene.buffer.set_style(area, scene.theme.surface);
    let released = if scene.state.mouse { "" } else { " mouse is the terminal's " };
    let line = match &scene.state.notice {
        Some(notice) => {
            let (glyph, style) = match notice.tone {
                Tone::Info => ("✓", scene.theme.success),
                Tone::Error => ("✗", scene.theme.error),
            };
            let text = clean_cut(&notice.text, usize::from(area.width).saturating_sub(4));
            Line::styled(format!(" {glyph} {text}"), style)
        }
        None => keys(scene, usize::from(area.width).saturating_sub(width(released))),
    };
    scene.line(area, &line);
    if scene.state.notice.is_none() {
        scene.line_at_end(area, &Line::styled(released, scene.theme.warning));
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
