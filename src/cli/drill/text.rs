//! A drill's report for people, at 80 columns.

use crate::drill::{At, DrillReport, Hint, MemberReport, ScenarioReport};
use crate::model::{ErrorKind, Outcome};
use crate::run::AttemptReport;
use crate::text::cells::{self, width};

/// The widest line.
const COLUMNS: usize = 80;
/// The most columns for a model's name among the attempts.
const NAME: usize = 40;

/// The report, a line each.
pub fn lines(report: &DrillReport) -> Vec<String> {
    let mut lines = head(report);
    for scenario in &report.scenarios {
        lines.push(String::new());
        lines.extend(of_scenario(report, scenario));
    }
    lines.push(String::new());
    lines.extend(hints(report));
    lines
}

/// What is drilled, and what isn't.
fn head(report: &DrillReport) -> Vec<String> {
    let names: Vec<_> = report.members.iter().map(|member| member.model.as_str()).collect();
    let way = if report.stream { "streaming" } else { "in one piece" };
    let on = match report.fallback_on[..] {
        [] => "one model alone".to_owned(),
        _ => format!("falls back on {}", report.fallback_on.join(", ")),
    };
    let alias = Some(&report.model).filter(|model| report.members.len() > 1 && !model.starts_with("fallback:"));
    let alias = alias.map(|model| format!("{model}: ")).unwrap_or_default();
    let mut lines = wrapped(&format!("{alias}{}", names.join(" → ")), "  ");
    lines.push(cut(&format!("{on} · {way} · played on loopback, no provider is asked"), COLUMNS));
    for member in report.members.iter().filter(|member| !member.drilled) {
        let why = format!("– {} is asked over no network: not drilled, taken as healthy", member.model);
        lines.extend(wrapped(&why, "  "));
    }
    lines
}

fn of_scenario(report: &DrillReport, scenario: &ScenarioReport) -> Vec<String> {
    let place = match scenario.at {
        At::First => "at the first",
        At::Every if report.members.len() == 1 => "at it",
        At::Every => "at every one",
    };
    let (fault, glyph) = (scenario.fault, glyph(scenario.outcome));
    let mut lines = vec![cut(&format!("{glyph} {} {place}: {}", fault.as_str(), ending(report, scenario)), COLUMNS)];
    let width = report.members.iter().map(|member| cells::width(&member.model)).max().unwrap_or_default().min(NAME);
    for (attempt, number) in scenario.attempts.iter().zip(1..) {
        lines.push(of_attempt(attempt, width, &report.members));
        lines.extend(unplayed(attempt).iter().flat_map(|why| wrapped(&format!("    {why}"), "    ")));
        let waits = scenario.waits.iter().filter(|wait| wait.after_attempt == number);
        lines.extend(waits.map(|wait| format!("  ◷ tries again after {}, skipped here", seconds(wait.delay_ms))));
    }
    lines
}

/// Who answered, or why nobody did.
fn ending(report: &DrillReport, scenario: &ScenarioReport) -> String {
    let exhausted = scenario.error.as_ref().is_some_and(|error| error.kind == ErrorKind::FallbackExhausted);
    match (&scenario.answered_by, scenario.outcome) {
        (Some(model), _) => format!("{model} answers"),
        (None, Outcome::Interrupted) => "a part of an answer stays, nobody takes over".to_owned(),
        (None, _) if exhausted => "nobody answers, all have failed".to_owned(),
        (None, _) if report.members.len() > 1 => "nobody answers, this failure ends the chain".to_owned(),
        (None, _) => "nobody answers".to_owned(),
    }
}

/// `✗ openai:gpt-4o   timeout   0.5 s instead of 600 s`
fn of_attempt(attempt: &AttemptReport, width: usize, members: &[MemberReport]) -> String {
    let cause = attempt.error.as_ref().map_or_else(String::new, |error| {
        error.status.map_or_else(|| error.kind.as_str().to_owned(), |status| status.to_string())
    });
    let took = attempt.duration_ms.unwrap_or_default();
    let is_late = attempt.error.as_ref().is_some_and(|error| error.kind == ErrorKind::Timeout);
    let patience = members.iter().find(|member| member.model == attempt.model).and_then(|member| member.patience_ms);
    let real = patience.filter(|real| is_late && *real > took).map(|real| format!(" instead of {}", seconds(real)));
    let name = padded(&cut(&attempt.model, width), width);
    let time = format!("{:.1} s", took / 1_000.0);
    cut(&format!("  {} {name}  {cause:<10} {time:>6}{}", glyph(attempt.outcome), real.unwrap_or_default()), COLUMNS)
}

/// What went wrong that no fault of the drill is: the member itself can't be asked as it is configured.
fn unplayed(attempt: &AttemptReport) -> Option<String> {
    let is_own = |kind| matches!(kind, ErrorKind::Config | ErrorKind::Auth | ErrorKind::Tls);
    attempt.error.as_ref().filter(|error| is_own(error.kind)).map(ToString::to_string)
}

/// What the chain does not survive, and what would help.
fn hints(report: &DrillReport) -> Vec<String> {
    if report.members.len() == 1 {
        return vec!["One model alone: when it fails nobody else can answer. Drill a chain.".to_owned()];
    }
    let title = match (report.survived(), &report.hints[..]) {
        (false, _) => "What the chain does not survive, though one of its models is healthy:",
        (true, []) => "✓ The chain answers whole wherever one of its models is healthy.",
        (true, _) => "✓ The chain answers whole wherever a chain can. One thing no chain survives:",
    };
    let hint = |hint: &Hint| {
        let lead = format!("  {} {:<10}  ", glyph(hint.outcome), hint.fault.as_str());
        wrapped(&format!("{lead}{}", hint.message), &" ".repeat(width(&lead)))
    };
    std::iter::once(title.to_owned()).chain(report.hints.iter().flat_map(hint)).collect()
}

const fn glyph(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Completed => "✓",
        Outcome::Failed => "✗",
        Outcome::Interrupted => "◐",
        Outcome::Cancelled => "⊘",
    }
}

/// Whole seconds as they are, others to the tenth.
fn seconds(ms: f64) -> String {
    format!("{} s", (ms / 100.0).round() / 10.0)
}

fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// The text in lines, broken between words; what follows the first begins with `indent`.
fn wrapped(text: &str, indent: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_inclusive(' ') {
        let line = lines.last_mut().map(|line| width(line) + width(word.trim_end()));
        if line.is_some_and(|columns| columns > COLUMNS) {
            lines.push(indent.to_owned());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(word);
        }
    }
    lines.iter().map(|line| cut(line.trim_end(), COLUMNS)).collect()
}

/// The text in at most so many columns.
fn cut(text: &str, columns: usize) -> String {
    cells::cut(text, columns).into_owned()
}
