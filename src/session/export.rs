//! A session for other eyes and other programs.

use std::fmt::Write as _;

use super::{SavedRun, Session, SessionError, Turn, history};
use crate::message::{ResponsePart, history_to_json, timestamp};
use crate::model::Outcome;

/// The session as it is saved, but on many lines.
///
/// # Errors
/// None that a session's own values can cause.
pub fn export_json(session: &Session) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(session)
}

/// The conversation of one lane as PydanticAI's `ModelMessagesTypeAdapter` reads it.
///
/// # Errors
/// No lane has that model.
pub fn export_pydantic(session: &Session, model: &str) -> Result<String, SessionError> {
    let known = session.models();
    let unknown = || SessionError::UnknownLane {
        lane: model.to_owned(),
        known: known.iter().map(|&model| model.to_owned()).collect(),
    };
    let mut lanes = session.turns.iter().filter_map(|turn| turn.runs.iter().position(|run| run.report.model == model));
    let lane = lanes.next_back().ok_or_else(unknown)?;
    let messages = history(&session.turns, session.system.as_deref(), model, lane);
    history_to_json(&messages).map_err(|_| unknown())
}

/// The session to read, as Markdown. What somebody else wrote stands in fences that it can't break out of.
#[must_use]
pub fn export_markdown(session: &Session) -> String {
    let mut page = format!("# {}\n\n{}\n", one_line(&session.title), timestamp::format(&session.created_at));
    if let Some(system) = &session.system {
        section(&mut page, "## System prompt", &fenced("text", system));
    }
    for (number, turn) in session.turns.iter().enumerate() {
        add_turn(&mut page, &format!("## {}. Prompt", number + 1), turn);
    }
    page
}

/// One turn to read, as Markdown.
#[must_use]
pub fn turn_markdown(turn: &Turn) -> String {
    let mut page = String::new();
    add_turn(&mut page, "## Prompt", turn);
    page.trim_start().to_owned()
}

fn add_turn(page: &mut String, heading: &str, turn: &Turn) {
    section(page, heading, &fenced("text", &turn.prompt));
    in_order(turn).for_each(|run| lane(page, run));
}

fn in_order(turn: &Turn) -> impl Iterator<Item = &SavedRun> {
    let shown = turn.order.iter().filter_map(|&lane| turn.runs.get(lane));
    let complete = turn.order.len() == turn.runs.len();
    shown.filter(move |_| complete).chain(turn.runs.iter().filter(move |_| !complete))
}

fn lane(page: &mut String, run: &SavedRun) {
    section(page, &format!("### {}", one_line(&run.report.model)), &figures(run));
    if let Some(error) = &run.report.error {
        section(page, "Error:", &fenced("text", &error.message));
    }
    for part in run.report.response.iter().flat_map(|response| &response.parts) {
        match part {
            ResponsePart::Text(text) if text.content.is_empty() => {}
            ResponsePart::Text(text) => section(page, "Answer:", &fenced("markdown", &text.content)),
            ResponsePart::Thinking(thinking) if thinking.content.is_empty() => {}
            ResponsePart::Thinking(thinking) => section(page, "Thinking:", &fenced("text", &thinking.content)),
            ResponsePart::ToolCall(call) => {
                section(page, &format!("Calls {}:", one_line(&call.tool_name)), &fenced("json", &call.args_json()));
            }
            ResponsePart::Other(value) => section(page, "Also:", &fenced("json", &value.to_string())),
        }
    }
}

/// Status and figures in one line. What is not known is `–`.
fn figures(run: &SavedRun) -> String {
    let report = &run.report;
    let status = match report.status {
        Outcome::Completed => "completed",
        Outcome::Failed => "**failed**",
        Outcome::Interrupted => "**interrupted, incomplete**",
        Outcome::Cancelled => "**cancelled, incomplete**",
    };
    let figure = |value: Option<f64>, unit: &str| value.map_or("–".to_owned(), |value| format!("{value:.0} {unit}"));
    let tokens = |count: Option<u64>| count.map_or("–".to_owned(), |count| count.to_string());
    format!(
        "{status} · ttft {} · total {} · {} · {} tokens in, {} out",
        figure(report.timing.ttft_ms, "ms"),
        figure(report.timing.total_ms, "ms"),
        figure(report.timing.tokens_per_second, "tok/s"),
        tokens(report.usage.input_tokens),
        tokens(report.usage.output_tokens)
    )
}

fn section(page: &mut String, heading: &str, body: &str) {
    // Writing to a string never fails.
    let _ = write!(page, "\n{heading}\n\n{body}\n");
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A fence longer than any row of backticks inside.
fn fenced(language: &str, content: &str) -> String {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let content = content.trim_end_matches('\n');
    format!("{fence}{language}\n{content}\n{fence}")
}
