//! A session as one page to read and to print: a turn's answers side by side, with their figures and attempts.
//!
//! Nothing in it is fetched and nothing runs; its policy forbids both, so that not even a mistake here would let a
//! model's answer do more than be read. Answers stand there as they came, Markdown unrendered.

use std::fmt::Write as _;

use super::in_order;
use crate::message::{ResponsePart, timestamp};
use crate::model::Outcome;
use crate::run::{AttemptReport, LaneReport};
use crate::session::{SavedRun, Session, Turn};
use crate::text::sanitise;

const STYLE: &str = include_str!("page.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";
/// What stands for a figure that is not known.
const UNKNOWN: &str = "–";

/// The page.
#[must_use]
pub fn export_html(session: &Session) -> String {
    let title = if session.title.trim().is_empty() { "Untitled" } else { session.title.trim() };
    let title = escaped(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    );
    line(&mut page, &format!("<p class=\"about\">{}</p>", escaped(&about(session))));
    if let Some(system) = &session.system {
        line(&mut page, &format!("<h2>System prompt</h2>\n<pre class=\"prompt\">{}</pre>", escaped(system)));
    }
    for (number, turn) in session.turns.iter().enumerate() {
        add_turn(&mut page, number + 1, turn);
    }
    page + "</body>\n</html>\n"
}

fn about(session: &Session) -> String {
    let turns = session.turns.len();
    let plural = if turns == 1 { "" } else { "s" };
    format!("{} · {turns} turn{plural} · {}", timestamp::format(&session.created_at), session.models().join(", "))
}

fn add_turn(page: &mut String, number: usize, turn: &Turn) {
    let at = timestamp::format(&turn.at);
    line(page, &format!("<section>\n<h2>{number}. Prompt <span class=\"dim\">{at}</span></h2>"));
    line(page, &format!("<pre class=\"prompt\">{}</pre>\n<div class=\"lanes\">", escaped(&turn.prompt)));
    if turn.runs.is_empty() {
        line(page, "<p class=\"dim\">not asked</p>");
    }
    in_order(turn).for_each(|run| add_lane(page, run));
    line(page, "</div>\n</section>");
}

fn add_lane(page: &mut String, run: &SavedRun) {
    let report = &run.report;
    line(page, &format!("<article class=\"lane {}\">", report.status.as_str()));
    line(page, &format!("<h3>{}</h3>\n<div class=\"status\">{}</div>", escaped(&report.model), status(report)));
    add_figures(page, report);
    if report.attempts.len() > 1 {
        add_trace(page, &report.attempts);
    }
    if let Some(error) = &report.error {
        line(page, &format!("<pre class=\"error\">{}</pre>", escaped(&error.message)));
    }
    if !report.output_errors.is_empty() {
        let problems = report.output_errors.join("\n");
        line(page, &format!("<pre class=\"error\">The output does not fit:\n{}</pre>", escaped(&problems)));
    }
    report.response.iter().flat_map(|response| &response.parts).for_each(|part| add_part(page, part));
    line(page, "</article>");
}

/// How it ended, and that what is there is not all, in words.
fn status(report: &LaneReport) -> &'static str {
    match report.status {
        Outcome::Completed => "✓ completed",
        Outcome::Failed => "✗ failed",
        Outcome::Interrupted => "✗ interrupted, incomplete",
        Outcome::Cancelled => "✗ cancelled, incomplete",
    }
}

fn add_figures(page: &mut String, report: &LaneReport) {
    let ms = |value: Option<f64>| value.map_or(UNKNOWN.to_owned(), |value| format!("{value:.0} ms"));
    let tokens = |count: Option<u64>| count.map_or(UNKNOWN.to_owned(), |count| count.to_string());
    let (timing, response) = (&report.timing, report.response.as_ref());
    let cost = report.cost.as_ref().map_or(UNKNOWN.to_owned(), |cost| format!("${:.6}", cost.usd));
    let who = response.and_then(|response| response.model_name.clone()).unwrap_or_else(|| UNKNOWN.to_owned());
    let why = response.and_then(|response| response.finish_reason).map_or(UNKNOWN, |reason| reason.as_str());
    let figures = [
        ("answered by", who),
        ("finish reason", why.to_owned()),
        ("first token", ms(timing.ttft_ms)),
        ("first answer text", ms(timing.ttfa_ms)),
        ("last token", ms(timing.total_ms)),
        ("speed", timing.tokens_per_second.map_or(UNKNOWN.to_owned(), |speed| format!("{speed:.1} tokens/s"))),
        ("tokens in, out", format!("{}, {}", tokens(report.usage.input_tokens), tokens(report.usage.output_tokens))),
        ("cost", cost),
        ("requests", report.usage.requests.to_string()),
    ];
    let rows: Vec<_> =
        figures.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value))).collect();
    line(page, &format!("<dl>{}</dl>", rows.concat()));
}

/// Every request in order, and why the next one followed.
fn add_trace(page: &mut String, attempts: &[AttemptReport]) {
    line(page, "<div><div class=\"dim\">attempts</div>\n<ol>");
    for attempt in attempts {
        let took = attempt.duration_ms.map_or(UNKNOWN.to_owned(), |took| format!("{took:.0} ms"));
        let why = attempt.error.as_ref().map(|error| {
            let status = error.status.map(|status| format!(" {status}")).unwrap_or_default();
            format!(": {}{status}: {}", error.kind.as_str(), error.message)
        });
        let what = format!("{} {} after {took}{}", attempt.model, attempt.outcome.as_str(), why.unwrap_or_default());
        line(page, &format!("<li>{}</li>", escaped(&what)));
    }
    line(page, "</ol></div>");
}

fn add_part(page: &mut String, part: &ResponsePart) {
    match part {
        ResponsePart::Text(text) if text.content.is_empty() => {}
        ResponsePart::Text(text) => line(page, &format!("<pre class=\"part\">{}</pre>", escaped(&text.content))),
        ResponsePart::Thinking(thinking) if thinking.content.is_empty() => {}
        ResponsePart::Thinking(thinking) => {
            let thought = escaped(&thinking.content);
            line(page, &format!("<details class=\"part\"><summary>thinking</summary><pre>{thought}</pre></details>"));
        }
        ResponsePart::ToolCall(call) => {
            let (name, args) = (escaped(&call.tool_name), escaped(&call.args_json()));
            line(page, &format!("<div class=\"part\"><div class=\"dim\">calls {name}</div><pre>{args}</pre></div>"));
        }
        ResponsePart::Other(value) => {
            let other = escaped(&value.to_string());
            line(page, &format!("<div class=\"part\"><div class=\"dim\">also</div><pre>{other}</pre></div>"));
        }
    }
}

fn line(page: &mut String, html: &str) {
    // Writing to a string never fails.
    let _ = writeln!(page, "{html}");
}

/// Text that is nothing but text, in an element and in an attribute; what can't be seen or reorders is made visible or
/// taken out.
fn escaped(text: &str) -> String {
    let text = sanitise(text);
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_markup() {
        let table = [
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("</pre><img src=x onerror='x'>", "&lt;/pre&gt;&lt;img src=x onerror=&#39;x&#39;&gt;"),
            ("a & b &lt; \"c\"", "a &amp; b &amp;lt; &quot;c&quot;"),
            ("\0\u{1b}[2J\u{202e}x", "␀␛[2Jx"),
            ("two\nlines", "two\nlines"),
        ];
        for (given, expected) in table {
            assert_eq!(escaped(given), expected, "{given:?}");
        }
    }
}
