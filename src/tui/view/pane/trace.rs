//! The attempts of a lane, one row each: who was asked, how it ended, how long it took, what it cost.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::phase::Lane;
use crate::message::Usage;
use crate::model::{ModelError, Outcome};
use crate::run::Attempt;
use crate::tui::view::figures::{count, dollars, seconds, whole_seconds};
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{clean_cut, cut, model_cut, width};

/// Rows for attempts at most: the last ones tell where a lane stands.
const MOST: usize = 8;

/// A shorter wait for its turn is nobody's concern.
const SHORTEST_QUEUE: Duration = Duration::from_millis(50);

/// The trace in at most so many rows, the last attempts; `tall`: there is room for what the title says already.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize, rows: usize, tall: bool) -> Vec<Line<'static>> {
    let omitted = omitted(scene, lane, columns);
    let mut lines = Vec::new();
    if tall || tells_more_than_the_title(lane) {
        lines = attempts(scene, lane, columns, rows.saturating_sub(usize::from(omitted.is_some())).min(MOST));
    }
    lines.extend(omitted);
    lines
}

/// Of a single attempt that goes well, or whose verdict is shown, title and figures tell all, unless it was another model's or had to wait.
fn tells_more_than_the_title(lane: &Lane<'_>) -> bool {
    let is_plain = |attempt: &Attempt| {
        let goes_well = matches!(attempt.outcome, None | Some(Outcome::Completed)) || lane.is_told_by_verdict();
        goes_well && attempt.model == lane.record.model && attempt.queued < SHORTEST_QUEUE
    };
    match &lane.record.attempts[..] {
        [only] => !is_plain(only),
        attempts => !attempts.is_empty(),
    }
}

fn attempts(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize, rows: usize) -> Vec<Line<'static>> {
    let attempts = &lane.record.attempts;
    let shown = if attempts.len() <= rows { attempts.len() } else { rows.saturating_sub(1).max(1).min(rows) };
    let (earlier, last) = attempts.split_at(attempts.len() - shown);
    let summary = (!earlier.is_empty() && shown < rows).then(|| summary(scene, earlier, columns));
    summary.into_iter().chain(last.iter().map(|attempt| of_attempt(scene, lane, attempt, columns))).collect()
}

/// `… 2 earlier: 429, timeout`
fn summary(scene: &Scene<'_>, earlier: &[Attempt], columns: usize) -> Line<'static> {
    let causes: Vec<_> = earlier.iter().filter_map(|attempt| attempt.error.as_ref()).map(cause).collect();
    let told = format!("… {} earlier: {}", earlier.len(), causes.join(", "));
    Line::styled(cut(&told, columns).into_owned(), scene.theme.dim)
}

fn omitted(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize) -> Option<Line<'static>> {
    let settings = &lane.record.settings_omitted;
    let text = || clean_cut(&format!("⚠ not sent: {}", settings.join(", ")), columns);
    (!settings.is_empty()).then(|| Line::styled(text(), scene.theme.warning))
}

/// `✗ openai:gpt-4o 503 +0.2 s · asks to wait 20 s`: the time that a failed attempt cost, or that of the one that
/// answers; behind it as much as there is room for.
fn of_attempt(scene: &Scene<'_>, lane: &Lane<'_>, attempt: &Attempt, columns: usize) -> Line<'static> {
    let (glyph, style) = mark(scene, attempt);
    let cause = attempt.error.as_ref().map_or_else(String::new, |error| format!(" {}", cause(error)));
    let time = time(lane, attempt).map_or_else(String::new, |time| {
        let plus = if attempt.error.is_some() { "+" } else { "" };
        format!(" {plus}{}", seconds(time.as_secs_f64()))
    });
    let taken = 2 + width(&cause) + width(&time);
    let name = model_cut(&attempt.model, columns.saturating_sub(taken));
    let room = columns.saturating_sub(taken + width(&name));
    let mut spans = vec![
        Span::styled(format!("{glyph} "), style),
        Span::styled(name, scene.theme.text),
        Span::styled(cause, style),
        Span::styled(time, scene.theme.dim),
    ];
    spans.extend(as_much_as_fits(scene, more(attempt), room));
    Line::from(spans)
}

/// The facts one after the other, without those that there is no room for.
fn as_much_as_fits(scene: &Scene<'_>, facts: [Option<String>; 4], room: usize) -> Vec<Span<'static>> {
    let (mut spans, mut left) = (Vec::new(), room);
    for fact in facts.into_iter().flatten() {
        if let Some(room) = left.checked_sub(width(&fact) + 3) {
            left = room;
            spans.extend([Span::styled(" · ", scene.theme.border), Span::styled(fact, scene.theme.dim)]);
        }
    }
    spans
}

/// How long an attempt took, or has taken so far; `None` where it broke off without an end.
#[must_use]
pub fn time(lane: &Lane<'_>, attempt: &Attempt) -> Option<Duration> {
    Some(attempt.ended.or(lane.elapsed)?.saturating_sub(attempt.started))
}

/// Why an attempt failed, in one word: the status, else the kind.
fn cause(error: &ModelError) -> String {
    error.status.map_or_else(|| error.kind.as_str().to_owned(), |status| status.to_string())
}

/// What else there is to say of an attempt, what matters most first. Of the one that answers, the figures tell tokens
/// and cost.
fn more(attempt: &Attempt) -> [Option<String>; 4] {
    let spent = attempt.error.is_some();
    let asked = attempt.error.as_ref().and_then(|error| error.retry_after_s);
    [
        (attempt.queued >= SHORTEST_QUEUE).then(|| format!("queued {}", seconds(attempt.queued.as_secs_f64()))),
        asked.map(|asked| format!("asks to wait {}", whole_seconds(asked))),
        tokens(&attempt.usage).filter(|_| spent),
        attempt.cost.as_ref().filter(|_| spent).map(|cost| dollars(Some(cost.usd))),
    ]
}

/// `↑ 57 ↓ 12`, as far as anything was told.
#[must_use]
pub fn tokens(usage: &Usage) -> Option<String> {
    let (input, output) = (usage.input_tokens, usage.output_tokens);
    (input.is_some() || output.is_some()).then(|| format!("↑ {} ↓ {}", count(input), count(output)))
}

/// How an attempt ended, in one cell.
#[must_use]
pub fn mark(scene: &Scene<'_>, attempt: &Attempt) -> (&'static str, Style) {
    match attempt.outcome {
        Some(Outcome::Completed) => ("✓", scene.theme.success),
        Some(Outcome::Failed) => ("✗", scene.theme.error),
        Some(Outcome::Interrupted) => ("◐", scene.theme.warning),
        Some(Outcome::Cancelled) => ("⊘", scene.theme.dim),
        None => (scene.spinner(), scene.theme.accent),
    }
}
