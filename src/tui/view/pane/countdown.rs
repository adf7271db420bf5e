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

/// `◷ trying again in 3.2 s · n now · x cancel`; shorter where there is little room. Keys that don't fit even then go on
/// in further rows.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, left: Duration, columns: usize) -> Vec<Line<'static>> {
    let left = seconds(left.as_secs_f64());
    let all = [(Action::SkipWait, "now"), (Action::CancelLane, "cancel")];
    let keys = all.map(|(action, what)| (scene.key(Context::Pane, action), what));
    let told = |lead: &str| {
        let mut lines = vec![Line::styled(cut(&format!("◷ {lead} {left}"), columns).into_owned(), scene.theme.warning)];
        for key in keys.iter().filter(|(key, _)| !key.is_empty()) {
            put(scene, lane, &mut lines, key, columns);
        }
        lines
    };
    let long = told("trying again in");
    if long.len() > 1 { told("again in") } else { long }
}

fn put(scene: &Scene<'_>, lane: &Lane<'_>, lines: &mut Vec<Line<'static>>, hint: &(String, &str), columns: usize) {
    let (key, what) = (hint.0.clone(), format!(" {}", hint.1));
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
