//! A lane's own figures: those of all attempts together, and how it ended.

use std::time::Duration;

use ratatui::text::{Line, Span};

use super::rows::Rows;
use crate::model::Verdict;
use crate::run::LaneRecord;
use crate::tui::view::figures::{UNKNOWN, dollars, grouped, speed};
use crate::tui::view::pane::{Lane, Times, headline, trace};
use crate::tui::view::scene::Scene;

/// Failures of a chain, and problems of an output, that are told one by one.
const LISTED: usize = 12;

/// Puts the lane's rows.
pub fn put(rows: &mut Rows<'_>, scene: &Scene<'_>, lane: &Lane<'_>, times: &Times) {
    let (theme, record) = (scene.theme, lane.record);
    let status = lane.phase().status(scene);
    rows.line(Line::from_iter([
        Span::styled(format!("{} {}", status.glyph, status.word), status.style),
        Span::styled(format!(" · {}", requests(record)), theme.dim),
    ]));
    rows.field("ttft", &first_token(times), theme.text);
    rows.field("total", &format!("{} · {}", ms(times.total), speed(times.speed)), theme.text);
    rows.field("tokens", &tokens(record), theme.text);
    rows.field("cost", &dollars(record.cost().map(|cost| cost.usd)), theme.text);
    output(rows, scene, record);
    failure(rows, scene, record);
}

fn requests(record: &LaneRecord) -> String {
    match record.attempts.len() {
        1 => "1 attempt".to_owned(),
        count => format!("{count} attempts"),
    }
}

/// Of several attempts, the last one's own time and that of them all.
fn first_token(times: &Times) -> String {
    match (times.of_attempt, times.first_token) {
        (Some(attempt), chain) => format!("{} of the last attempt · {} of the chain", ms(Some(attempt)), ms(chain)),
        (None, chain) => ms(chain),
    }
}

/// Milliseconds to the millisecond, as the JSON has them.
#[must_use]
pub fn ms(time: Option<f64>) -> String {
    let whole = |time: f64| {
        let time = Duration::try_from_secs_f64((time + 0.5) / 1_000.0).unwrap_or_default();
        time.as_secs() * 1_000 + u64::from(time.subsec_millis())
    };
    time.map_or_else(|| UNKNOWN.to_owned(), |time| format!("{} ms", grouped(whole(time))))
}

fn tokens(record: &LaneRecord) -> String {
    let shown = |usage| trace::tokens(usage).unwrap_or_else(|| UNKNOWN.to_owned());
    let all = match record.attempts.split_last() {
        // What the last one costs is counted while it runs.
        Some((last, earlier)) if last.ended.is_none() => {
            earlier.iter().fold(record.usage().clone(), |sum, attempt| sum.plus(&attempt.usage))
        }
        _ => record.usage_of_all(),
    };
    match record.attempts.len() {
        0 | 1 => shown(&all),
        _ if trace::tokens(&all) == trace::tokens(record.usage()) => shown(&all),
        _ => format!("{} of all attempts · {} of the last", shown(&all), shown(record.usage())),
    }
}

fn output(rows: &mut Rows<'_>, scene: &Scene<'_>, record: &LaneRecord) {
    match &record.output {
        None => {}
        Some(Verdict::Fits(_)) => rows.field("output", "✓ fits the schema", scene.theme.success),
        Some(Verdict::Wrong(problems)) => {
            for (at, problem) in problems.iter().take(LISTED).enumerate() {
                let label = if at == 0 { "output" } else { "" };
                rows.field(label, &format!("✗ {problem}"), scene.theme.error);
            }
        }
    }
}

/// Why the lane failed, where its attempts don't tell it themselves; of a chain, each member's failure.
fn failure(rows: &mut Rows<'_>, scene: &Scene<'_>, record: &LaneRecord) {
    let Some(error) = &record.error else { return };
    if record.attempts.last().and_then(|last| last.error.as_ref()) == Some(error) {
        return;
    }
    rows.field("error", &headline(error), scene.theme.error);
    for member in error.errors.iter().take(LISTED) {
        rows.field("", &format!("• {}", headline(member)), scene.theme.text);
    }
}
