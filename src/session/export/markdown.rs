//! A session to read, as Markdown. What somebody else wrote stands in fences that it can't break out of.

use std::fmt::Write as _;

use super::in_order;
use crate::message::{ResponsePart, timestamp};
use crate::model::Outcome;
use crate::session::{SavedRun, Session, Turn};

/// The session to read, as Markdown.
#[must_use]
pub fn export_markdown(session: &Session) -> String {
    let mut page = format!("# {}\n\n{}\n", plain(&session.title), timestamp::format(&session.created_at));
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

fn lane(page: &mut String, run: &SavedRun) {
    section(page, &format!("### {}", plain(&run.report.model)), &figures(run));
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
                section(page, &format!("Calls {}:", plain(&call.tool_name)), &fenced("json", &call.args_json()));
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

/// A text in one line in which nothing is markup.
fn plain(text: &str) -> String {
    let mut line = String::new();
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '&') {
            line.push('\\');
        }
        line.push(c);
    }
    line
}

/// A fence longer than any row of backticks inside.
fn fenced(language: &str, content: &str) -> String {
    let longest = content.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(3.max(longest + 1));
    let content = content.trim_end_matches('\n');
    format!("{fence}{language}\n{content}\n{fence}")
}
