//! What stands in the place of an answer while the next attempt waits: how long, and the keys that end it.

use std::time::Duration;

use ratatui::text::{Line, Span};

use super::phase::Lane;
use crate::tui::Action;
use crate::tui::keymap::Context;
use crate::tui::state::Focus;
use crate::tui::view::figures::seconds;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{cut, line_width, width};

/// `◷ trying again in 3.2 s · n now · x cancel`. Keys that don't fit go on in further rows.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, left: Duration, columns: usize) -> Vec<Line<'static>> {
    let told = format!("◷ trying again in {}", seconds(left.as_secs_f64()));
    let mut lines = vec![Line::styled(cut(&told, columns).into_owned(), scene.theme.warning)];
    for (action, what) in [(Action::SkipWait, "now"), (Action::CancelLane, "cancel")] {
        let key = scene.key(Context::Pane, action);
        if !key.is_empty() {
            put(scene, lane, &mut lines, (key, what), columns);
        }
    }
    lines
}

fn put(scene: &Scene<'_>, lane: &Lane<'_>, lines: &mut Vec<Line<'static>>, hint: (String, &str), columns: usize) {
    let (key, what) = (hint.0, format!(" {}", hint.1));
    let needed = width(&key) + width(&what);
    // The keys are those of the pane that has the focus.
    let focused = scene.state.focus == Focus::Panes && scene.state.panes.focused == lane.number;
    let style = if focused { scene.theme.accent } else { scene.theme.dim };
    let fits = lines.last().is_some_and(|line| line_width(line) + 3 + needed <= columns);
    if !fits && needed + 2 > columns {
        return;
    }
    if !fits {
        lines.push(Line::default());
    }
    if let Some(line) = lines.last_mut() {
        let lead = if fits { Span::styled(" · ", scene.theme.border) } else { Span::raw("  ") };
        line.spans.extend([lead, Span::styled(key, style), Span::styled(what, scene.theme.dim)]);
    }
}
