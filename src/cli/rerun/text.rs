//! Then and now for people: figures side by side, and whether the answers are the same.

use super::report::{LaneAgain, Rerun, TurnAgain};
use crate::run::LaneReport;
use crate::text::figures::UNKNOWN;

/// Characters of a prompt that are shown.
const PROMPT: usize = 72;

/// A turn with its lanes.
pub fn turn(number: usize, turn: &TurnAgain) -> String {
    let prompt = turn.prompt.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = prompt.chars().take(PROMPT).collect();
    let more = if short.len() < prompt.len() { "…" } else { "" };
    let lanes = turn.lanes.iter().map(lane);
    std::iter::once(format!("{number}. {short}{more}\n")).chain(lanes).collect::<String>() + "\n"
}

fn lane(lane: &LaneAgain) -> String {
    let then = lane.then.as_ref().filter(|then| then.model != lane.model);
    let beside = then.map(|then| format!(" beside {}", then.model)).unwrap_or_default();
    let head = format!("  {}{beside}: {}\n", lane.model, verdict(lane));
    let row = |(name, then, now): (&str, String, String)| format!("    {name:<12}{then:>14}{now:>14}\n");
    let heading = row(("", "then".to_owned(), "now".to_owned()));
    let rows = figures(lane.then.as_ref()).into_iter().zip(figures(Some(&lane.now)));
    let rows = rows.map(|((name, then), (_, now))| row((name, then, now)));
    std::iter::once(head).chain([heading]).chain(rows).collect()
}

fn verdict(lane: &LaneAgain) -> &'static str {
    match (lane.same, &lane.then) {
        (Some(true), _) => "the same answer",
        (Some(false), _) => "another answer",
        (None, None) => "nothing to compare with",
        (None, Some(_)) => "not both answered",
    }
}

fn figures(report: Option<&LaneReport>) -> [(&'static str, String); 7] {
    let ms = |of: fn(&LaneReport) -> Option<f64>| {
        report.and_then(of).map_or(UNKNOWN.to_owned(), |value| format!("{value:.0} ms"))
    };
    let tokens =
        |of: fn(&LaneReport) -> Option<u64>| report.and_then(of).map_or(UNKNOWN.to_owned(), |count| count.to_string());
    let speed = report.and_then(|report| report.timing.tokens_per_second);
    let cost = report.and_then(|report| report.cost.as_ref());
    [
        ("status", report.map_or(UNKNOWN, |report| report.status.as_str()).to_owned()),
        ("ttft", ms(|report| report.timing.ttft_ms)),
        ("total", ms(|report| report.timing.total_ms)),
        ("tok/s", speed.map_or(UNKNOWN.to_owned(), |speed| format!("{speed:.1}"))),
        ("tokens in", tokens(|report| report.usage.input_tokens)),
        ("tokens out", tokens(|report| report.usage.output_tokens)),
        ("cost", cost.map_or(UNKNOWN.to_owned(), |cost| format!("${:.6}", cost.usd))),
    ]
}

/// How many answers are the same.
pub fn sum(rerun: &Rerun) -> String {
    let same: Vec<_> = rerun.turns.iter().flat_map(|turn| &turn.lanes).map(|lane| lane.same).collect();
    let count = |what| same.iter().filter(|same| **same == what).count();
    let (equal, other, none) = (count(Some(true)), count(Some(false)), count(None));
    let none = if none > 0 { format!(", {none} not to be compared") } else { String::new() };
    let plural = if same.len() == 1 { "" } else { "s" };
    format!("{} answer{plural}: {equal} the same, {other} another{none}\n", same.len())
}
