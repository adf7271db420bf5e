//! One attempt in full.

use std::time::Duration;

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::answer;
use super::lane::ms;
use super::rows::Rows;
use crate::model::ModelError;
use crate::run::{Attempt, millis};
use crate::tui::view::figures::{dollars, whole_seconds};
use crate::tui::view::pane::{Lane, headline, trace};
use crate::tui::view::scene::Scene;
use crate::tui::view::text::model_cut;

/// Rows of the provider's own words, and of an answer that wasn't taken.
const BODY: usize = 40;
const ANSWER: usize = 20;

/// Puts the rows of that attempt of the lane.
pub fn put(rows: &mut Rows<'_>, scene: &Scene<'_>, lane: &Lane<'_>, number: usize) {
    let theme = scene.theme;
    let attempt = &lane.record.attempts[number];
    rows.line(title(scene, attempt, number, rows.look().columns));
    rows.field("times", &times(lane, attempt), theme.text);
    if let Some(spent) = spent(lane, attempt, number) {
        rows.field("spent", &spent, theme.text);
    }
    if is_last(lane, number) && !lane.record.settings_omitted.is_empty() {
        rows.field("not sent", &lane.record.settings_omitted.join(", "), theme.warning);
    }
    if let Some(error) = &attempt.error {
        failure(rows, scene, error);
    }
    if let Some(response) = &attempt.response {
        rows.block("answer", answer::answer(response, rows.look()), ANSWER);
    }
}

fn is_last(lane: &Lane<'_>, number: usize) -> bool {
    number + 1 == lane.record.attempts.len()
}

/// `1 ✗ openai:gpt-4o · failed · HTTP 503`
fn title(scene: &Scene<'_>, attempt: &Attempt, number: usize, columns: usize) -> Line<'static> {
    let (glyph, style) = trace::mark(scene, attempt);
    let outcome = attempt.outcome.map_or("running", |outcome| outcome.as_str());
    let cause = attempt.error.as_ref().map_or_else(String::new, |error| match error.status {
        Some(status) => format!(" · HTTP {status}"),
        None => format!(" · {}", error.kind.as_str()),
    });
    let name = model_cut(&attempt.model, columns.saturating_sub(20).max(12));
    Line::from_iter([
        Span::styled(format!("{} ", number + 1), scene.theme.dim),
        Span::styled(format!("{glyph} "), style),
        Span::styled(name, scene.theme.text.add_modifier(Modifier::BOLD)),
        Span::styled(format!(" · {outcome}{cause}"), style),
    ])
}

/// From the lane's beginning when it went out; from there on its own times.
fn times(lane: &Lane<'_>, attempt: &Attempt) -> String {
    let time = |time: Option<Duration>| ms(time.map(millis));
    let queued = match attempt.queued {
        Duration::ZERO => String::new(),
        queued => format!(" · {} in the queue before", time(Some(queued))),
    };
    let ttft = time(attempt.first_token.map(|at| at.saturating_sub(attempt.started)));
    let took = time(trace::time(lane, attempt));
    format!("began at {}{queued} · ttft {ttft} · took {took}", time(Some(attempt.started)))
}

fn spent(lane: &Lane<'_>, attempt: &Attempt, number: usize) -> Option<String> {
    let running = is_last(lane, number) && attempt.ended.is_none();
    let usage = if running { lane.record.usage() } else { &attempt.usage };
    let tokens = trace::tokens(usage);
    let cost = attempt.cost.as_ref().map(|cost| dollars(Some(cost.usd)));
    let spent: Vec<_> = [tokens, cost].into_iter().flatten().collect();
    (!spent.is_empty()).then(|| spent.join(" · "))
}

fn failure(rows: &mut Rows<'_>, scene: &Scene<'_>, error: &ModelError) {
    rows.field("error", &headline(error), scene.theme.error);
    // Where there is a body, it is the message's longer form.
    let is_told = error.body.is_some() || headline(error).eq_ignore_ascii_case(&error.message);
    if !is_told {
        rows.field("", &error.message, scene.theme.text);
    }
    if let Some(hint) = error.hint.as_ref().filter(|hint| !hint.is_empty()) {
        rows.field("", &format!("→ {hint}"), scene.theme.text);
    }
    if let Some(seconds) = error.retry_after_s {
        rows.field("wait", &format!("the provider asks to wait {}", whole_seconds(seconds)), scene.theme.warning);
    }
    if let Some(body) = &error.body {
        rows.block("said", answer::body(body, rows.look()), BODY);
    }
}
