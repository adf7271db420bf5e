//! The saved sessions, newest first.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{first_visible, open};
use crate::session::{Entry, Summary};
use crate::tui::metrics::Metrics;
use crate::tui::state::SessionBrowser;
use crate::tui::view::figures::ago;
use crate::tui::view::scene::{Scene, row};
use crate::tui::view::text::{Indent, clean, clean_cut, width, wrap};

/// Columns of the age and of the number of turns.
const AGE: usize = 13;
const TURNS: usize = 10;

/// Draws the list.
pub fn draw(scene: &mut Scene<'_>, metrics: &mut Metrics, area: Rect, browser: &SessionBrowser) {
    let inner = open(scene, area, "Sessions", 110, 26);
    metrics.overlay_rows = usize::from(inner.height);
    let sessions = match &browser.sessions {
        Some(Ok(sessions)) if !sessions.is_empty() => sessions,
        Some(Ok(_)) => return scene.line(inner, &Line::styled("No saved sessions yet.", scene.theme.dim)),
        Some(Err(error)) => return failure(scene, inner, error),
        None => {
            let text = format!("{} reading the saved sessions …", scene.spinner());
            return scene.line(inner, &Line::styled(text, scene.theme.dim));
        }
    };
    metrics.overlay_lines = sessions.len();
    let visible = usize::from(inner.height);
    let first = first_visible(browser.cursor, sessions.len(), visible);
    for (at, session) in sessions.iter().enumerate().skip(first).take(visible) {
        let under_cursor = at == browser.cursor;
        let line = entry(scene, session, usize::from(inner.width), under_cursor);
        let line = if under_cursor { line.style(scene.theme.selection) } else { line };
        scene.line(row(inner, at - first), &line);
    }
}

fn failure(scene: &mut Scene<'_>, area: Rect, error: &str) {
    let text = format!("✗ The saved sessions can't be read: {}", clean(error));
    let lines = wrap(&[(text, scene.theme.error)], &Indent::default(), area.width.into());
    lines.iter().take(area.height.into()).enumerate().for_each(|(at, line)| scene.line(row(area, at), line));
}

/// A session, or why it can't be read.
fn entry(scene: &Scene<'_>, entry: &Entry, columns: usize, under_cursor: bool) -> Line<'static> {
    let mark = Span::styled(if under_cursor { "▸ " } else { "  " }, scene.theme.accent);
    let room = columns.saturating_sub(AGE + 2);
    let mut spans = vec![mark];
    match &entry.summary {
        Ok(session) => spans.extend(summary(scene, session, room.saturating_sub(TURNS))),
        Err(error) => {
            let told = clean_cut(&format!("✗ {error}"), room.saturating_sub(1));
            spans.push(Span::styled(filled(&told, room), scene.theme.error));
        }
    }
    spans.push(Span::styled(format!("{:>AGE$}", ago(entry.updated_at, scene.state.now)), scene.theme.dim));
    Line::from_iter(spans)
}

fn summary(scene: &Scene<'_>, session: &Summary, room: usize) -> [Span<'static>; 3] {
    let turns = if session.turns == 1 { "1 turn".to_owned() } else { format!("{} turns", session.turns) };
    let for_models = if room >= 50 { room / 2 } else { 0 };
    let for_title = room - for_models;
    let title = if session.title.trim().is_empty() { "untitled" } else { session.title.trim() };
    let title = filled(&clean_cut(title, for_title.saturating_sub(2)), for_title);
    let models = filled(&clean_cut(&session.models.join(", "), for_models.saturating_sub(2)), for_models);
    [
        Span::styled(title, scene.theme.text),
        Span::styled(models, scene.theme.dim),
        Span::styled(format!("{turns:>TURNS$}"), scene.theme.dim),
    ]
}

fn filled(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}
