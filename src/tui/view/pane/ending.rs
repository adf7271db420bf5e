//! What is said below an answer: that it is awaited, that it is not whole, or why there is none.

use ratatui::style::Style;
use ratatui::text::Line;

use super::body::cursor;
use super::phase::{Lane, Phase};
use super::{countdown, failure, verdict};
use crate::tui::view::figures::seconds;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{Indent, clean, cut, width, wrap};

/// The rows below the answer. `below`: there are rows above; `full`: the last of them has no room for the cursor.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize, below: bool, full: bool) -> Vec<Line<'static>> {
    let theme = scene.theme;
    let mut lines = match lane.phase() {
        Phase::Queued => return vec![waiting(scene, lane, "waiting for its turn", columns)],
        Phase::Waiting => return vec![waiting(scene, lane, "waiting for the first token", columns)],
        Phase::Thinking | Phase::Answering if full || !below => return vec![Line::from(cursor(scene))],
        Phase::Retrying(left) => return countdown::lines(scene, lane, left, columns),
        Phase::Thinking | Phase::Answering => return Vec::new(),
        Phase::Completed if below => Vec::new(),
        Phase::Completed => vec![Line::styled(cut("The answer is empty.", columns).into_owned(), theme.dim)],
        Phase::Cut => bar("✂ cut by the token limit — this answer is incomplete", theme.warning, scene, columns),
        Phase::Filtered => {
            bar("⚑ filtered: the provider withheld the answer or its rest", theme.warning, scene, columns)
        }
        Phase::BrokenOff => bar("✗ the provider broke the answer off with an error", theme.error, scene, columns),
        Phase::Failed if lane.is_told_by_verdict() => hint(scene, lane, columns),
        Phase::Failed => failure::lines(scene, lane.record.error.as_ref(), columns),
        Phase::Interrupted => bar(&interrupted(lane), theme.warning, scene, columns),
        Phase::Cancelled if below => bar("⊘ cancelled — this answer is incomplete", theme.dim, scene, columns),
        Phase::Cancelled => {
            vec![Line::styled(cut("⊘ Cancelled before an answer came.", columns).into_owned(), theme.dim)]
        }
    };
    let verdict = lane.record.output.as_ref().map(|verdict| verdict::lines(scene, verdict, columns));
    // A verdict belongs to the answer that it stands below.
    if below && verdict.is_none() && !lines.is_empty() {
        lines.insert(0, Line::default());
    }
    lines.splice(0..0, verdict.unwrap_or_default());
    lines
}

/// What to do about the failure.
fn hint(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize) -> Vec<Line<'static>> {
    let hint = lane.record.error.as_ref().and_then(|error| error.hint.as_ref());
    let rows = |hint: &String| wrap(&[(format!("→ {}", clean(hint)), scene.theme.text)], &Indent::default(), columns);
    hint.map_or_else(Vec::new, rows)
}

fn interrupted(lane: &Lane<'_>) -> String {
    let why = lane.record.error.as_ref().map(|error| format!(": {}", clean(&error.message))).unwrap_or_default();
    let what = if lane.has_answer() { "this answer is incomplete" } else { "there is no answer" };
    format!("◐ interrupted{why} — {what}")
}

fn waiting(scene: &Scene<'_>, lane: &Lane<'_>, what: &str, columns: usize) -> Line<'static> {
    let time = seconds(lane.waits_since().as_secs_f64());
    let spinner = scene.spinner();
    let long = format!("{spinner} {what} · {time}");
    let text = if width(&long) <= columns { long } else { format!("{spinner} waiting · {time}") };
    Line::styled(cut(&text, columns).into_owned(), scene.theme.dim)
}

/// A sentence that can't be overlooked: a bar over the whole width.
fn bar(text: &str, style: Style, scene: &Scene<'_>, columns: usize) -> Vec<Line<'static>> {
    let near: String = text.chars().take(400).collect();
    let indent = Indent { first: Vec::new(), rest: Vec::new() };
    let rows = wrap(&[(near, style)], &indent, columns);
    rows.into_iter().map(|row| row.style(scene.theme.surface)).collect()
}
