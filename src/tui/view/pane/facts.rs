//! The figures of a lane in one or two rows.

use ratatui::text::{Line, Span};

use super::phase::Lane;
use crate::run::Timing;
use crate::tui::view::cache::Kept;
use crate::tui::view::figures::{UNKNOWN, count, dollars, grouped, known_or_about, millis, seconds, speed};
use crate::tui::view::scene::Scene;
use crate::tui::view::text;

/// What is known of the lane's times, in milliseconds.
pub struct Times {
    /// The first token, since the first attempt's start.
    pub first_token: Option<f64>,
    /// The first token of the last attempt, where that is not the first attempt.
    pub of_attempt: Option<f64>,
    /// Decoding speed, from the provider's count of tokens.
    pub speed: Option<f64>,
    /// Up to the last token, or up to now.
    pub total: Option<f64>,
}

/// The figures: times, then tokens; in one row where there is little room.
pub fn lines(scene: &Scene<'_>, lane: &Lane<'_>, kept: &mut Kept, columns: usize, roomy: bool) -> Vec<Line<'static>> {
    let times = Times::of(lane, kept);
    let first = match (times.first_token, times.of_attempt) {
        (Some(chain), Some(attempt)) => format!("ttft {} (chain {})", millis(attempt), millis(chain)),
        (Some(chain), None) => format!("ttft {}", millis(chain)),
        (None, _) => format!("ttft {UNKNOWN}"),
    };
    let speed = known_or_about(times.speed, lane.record.estimated_speed(), speed);
    // Where there is little room, a speed that isn't known leaves it to what is.
    let speed = if roomy || !speed.starts_with(UNKNOWN) { speed } else { String::new() };
    let tokens = tokens(lane, roomy);
    let cost = cost(lane, roomy);
    let total = times.total.map_or_else(|| UNKNOWN.to_owned(), |total| seconds(total / 1_000.0));
    // Of which the attempts' own times stand below.
    let total = if roomy && lane.record.attempts.len() > 1 { format!("chain {total}") } else { total };
    let facts: &[&[String]] =
        if roomy { &[&[first, speed], &[tokens, cost, total]] } else { &[&[first, speed, tokens, total, cost]] };
    facts.iter().map(|facts| joined(scene, facts, columns)).collect()
}

impl Times {
    /// The times as far as they are known. While a lane runs, nothing is derived from a count that may still grow.
    pub fn of(lane: &Lane<'_>, kept: &mut Kept) -> Self {
        let record = lane.record;
        let started = record.attempts.first().map(|attempt| attempt.started).unwrap_or_default();
        let since = |at: std::time::Duration| at.saturating_sub(started).as_secs_f64() * 1_000.0;
        let last = record.attempts.last().filter(|_| record.attempts.len() > 1);
        let of_attempt = last.and_then(|attempt| Some(attempt.first_token?.saturating_sub(attempt.started)));
        let of_attempt = of_attempt.map(|time| time.as_secs_f64() * 1_000.0);
        if let Some(elapsed) = lane.elapsed {
            let first_token = record.marks.first().map(|mark| since(mark.at));
            return Self { first_token, of_attempt, speed: None, total: Some(elapsed.as_secs_f64() * 1_000.0) };
        }
        let Timing { ttft_ms, tokens_per_second, total_ms, close_ms, .. } = kept.timing(record);
        Self { first_token: ttft_ms, of_attempt, speed: tokens_per_second, total: total_ms.or(close_ms) }
    }
}

/// The tokens; where there is little room, without what is said of the thinking among them.
fn tokens(lane: &Lane<'_>, roomy: bool) -> String {
    let usage = lane.record.usage();
    let thinking = usage.output_reasoning_tokens.filter(|tokens| roomy && *tokens > 0);
    let hidden = if lane.record.has_hidden_thinking() { "hidden " } else { "" };
    let thinking = thinking.map_or_else(String::new, |tokens| format!(" ({} {hidden}thinking)", grouped(tokens)));
    let more = if lane.elapsed.is_some() && usage.output_tokens.is_some() { "…" } else { "" };
    let output = known_or_about(usage.output_tokens, lane.record.estimated_tokens(), count);
    format!("↑ {} ↓ {output}{more}{thinking}", count(usage.input_tokens))
}

/// What the lane has cost, once it is over; where there is little room, only what is known.
fn cost(lane: &Lane<'_>, roomy: bool) -> String {
    let usd = lane.record.cost().map(|cost| cost.usd);
    let is_shown = lane.elapsed.is_none() && (roomy || usd.is_some());
    if is_shown { dollars(usd) } else { String::new() }
}

/// As many of the facts as fit, the first ones first.
fn joined(scene: &Scene<'_>, facts: &[String], columns: usize) -> Line<'static> {
    let mut line = Line::default();
    let mut left = columns;
    for fact in facts.iter().filter(|fact| !fact.is_empty()) {
        let lead = if line.spans.is_empty() { "" } else { " · " };
        let taken = text::width(lead) + text::width(fact);
        if taken > left {
            continue;
        }
        left -= taken;
        line.spans.extend([Span::styled(lead, scene.theme.border), Span::styled(fact.clone(), scene.theme.dim)]);
    }
    line
}
