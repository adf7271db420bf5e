//! The attempts of a lane, one row each: shown when there was more than one, or one that failed.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::phase::Lane;
use crate::model::Outcome;
use crate::run::Attempt;
use crate::tui::view::figures::seconds;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::{clean, clean_cut, cut, width};

/// The trace in at most so many rows, the last attempts.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, columns: usize, most: usize) -> Vec<Line<'static>> {
    let attempts = &lane.record.attempts;
    let failed = |attempt: &Attempt| attempt.outcome == Some(Outcome::Failed);
    let mut lines = Vec::new();
    if attempts.len() > 1 || attempts.iter().any(failed) {
        let hidden = attempts.len().saturating_sub(most);
        let hidden = if hidden > 0 { hidden + 1 } else { 0 };
        if hidden > 0 {
            lines.push(Line::styled(
                cut(&format!("… {hidden} earlier attempts"), columns).into_owned(),
                scene.theme.dim,
            ));
        }
        lines.extend(attempts[hidden..].iter().map(|attempt| of_attempt(scene, lane, attempt, columns)));
    }
    if !lane.record.settings_omitted.is_empty() {
        let text = format!("⚠ not sent: {}", lane.record.settings_omitted.join(", "));
        lines.push(Line::styled(clean_cut(&text, columns), scene.theme.warning));
    }
    lines
}

/// `✗ openai:gpt-4o 401 +0.2 s`: the time that a failed attempt cost, or the time of the one that answers.
fn of_attempt(scene: &Scene<'_>, lane: &Lane<'_>, attempt: &Attempt, columns: usize) -> Line<'static> {
    let (glyph, style) = mark(scene, attempt);
    let cause = attempt.error.as_ref().map_or_else(String::new, |error| {
        format!(" {}", error.status.map_or_else(|| error.kind.as_str().to_owned(), |status| status.to_string()))
    });
    let until = attempt.ended.or(lane.elapsed);
    let plus = if attempt.error.is_some() { "+" } else { "" };
    let time = until.map_or_else(String::new, |until| {
        format!(" {plus}{}", seconds(until.saturating_sub(attempt.started).as_secs_f64()))
    });
    let room = columns.saturating_sub(2 + width(&cause) + width(&time));
    let name = cut(&clean(&attempt.model), room).into_owned();
    Line::from_iter([
        Span::styled(format!("{glyph} "), style),
        Span::styled(name, scene.theme.text),
        Span::styled(cause, style),
        Span::styled(time, scene.theme.dim),
    ])
}

fn mark(scene: &Scene<'_>, attempt: &Attempt) -> (&'static str, Style) {
    match attempt.outcome {
        Some(Outcome::Completed) => ("✓", scene.theme.success),
        Some(Outcome::Failed) => ("✗", scene.theme.error),
        Some(Outcome::Interrupted) => ("◐", scene.theme.warning),
        Some(Outcome::Cancelled) => ("⊘", scene.theme.dim),
        None => (scene.spinner(), scene.theme.accent),
    }
}
