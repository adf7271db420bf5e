//! A session's figures as a table for spreadsheets: a row per lane, as RFC 4180 writes it.
//!
//! A figure that is not known is an empty cell. A text that a spreadsheet would take for a formula gets an apostrophe in
//! front, as OWASP advises (<https://owasp.org/www-community/attacks/CSV_Injection>); figures never do.

use crate::message::{FinishReason, timestamp};
use crate::session::{SavedRun, Session, Turn};

const COLUMNS: [&str; 31] = [
    "turn",
    "asked_at",
    "prompt",
    "lane",
    "model",
    "status",
    "answered_by",
    "finish_reason",
    "ttfb_ms",
    "ttft_ms",
    "ttfa_ms",
    "total_ms",
    "close_ms",
    "gap_p50_ms",
    "gap_p95_ms",
    "tokens_per_second",
    "requests",
    "input_tokens",
    "output_tokens",
    "total_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cost_usd",
    "price_source",
    "price_date",
    "error_kind",
    "error_status",
    "error",
    "output",
    "thinking",
    "answer",
];

/// The table: a heading, then a row per lane. A turn without lanes has one row with its prompt.
#[must_use]
pub fn export_csv(session: &Session) -> String {
    let rows = session.turns.iter().enumerate().flat_map(|(number, turn)| rows(number, turn));
    let heading = COLUMNS.iter().map(|name| text(name)).collect();
    std::iter::once(heading).chain(rows).map(|cells: Vec<String>| cells.join(",") + "\r\n").collect()
}

fn rows(number: usize, turn: &Turn) -> Vec<Vec<String>> {
    let lead = [(number + 1).to_string(), text(&timestamp::format(&turn.at)), text(&turn.prompt)];
    let lanes = turn.runs.iter().enumerate().map(|(lane, run)| [lead.to_vec(), cells(lane, run)].concat());
    let rows: Vec<_> = lanes.collect();
    if rows.is_empty() { vec![[lead.to_vec(), vec![String::new(); COLUMNS.len() - 3]].concat()] } else { rows }
}

/// The cells behind the prompt.
fn cells(lane: usize, run: &SavedRun) -> Vec<String> {
    let report = &run.report;
    let (timing, usage, cost, error) = (&report.timing, &report.usage, report.cost.as_ref(), report.error.as_ref());
    let response = report.response.as_ref();
    let word = |value: Option<&str>| text(value.unwrap_or_default());
    let json = |value: &serde_json::Value| value.to_string();
    vec![
        (lane + 1).to_string(),
        text(&report.model),
        text(report.status.as_str()),
        word(response.and_then(|response| response.model_name.as_deref())),
        word(response.and_then(|response| response.finish_reason).map(FinishReason::as_str)),
        figure(timing.ttfb_ms),
        figure(timing.ttft_ms),
        figure(timing.ttfa_ms),
        figure(timing.total_ms),
        figure(timing.close_ms),
        figure(timing.gap_p50_ms),
        figure(timing.gap_p95_ms),
        figure(timing.tokens_per_second),
        usage.requests.to_string(),
        figure(usage.input_tokens),
        figure(usage.output_tokens),
        figure(usage.total_tokens),
        figure(usage.cache_read_tokens),
        figure(usage.cache_write_tokens),
        figure(cost.map(|cost| cost.usd)),
        word(cost.and_then(|cost| cost.price_source.as_deref())),
        figure(cost.and_then(|cost| cost.price_date)),
        word(error.map(|error| error.kind.as_str())),
        figure(error.and_then(|error| error.status)),
        word(error.map(|error| error.message.as_str())),
        word(report.output.as_ref().map(json).as_deref()),
        word(response.map(crate::message::ModelResponse::thinking).as_deref()),
        word(response.map(crate::message::ModelResponse::text).as_deref()),
    ]
}

fn figure(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// A cell that is text, whatever a spreadsheet would make of it.
fn text(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_formula_or_breaks_out_of_its_cell() {
        let table = [
            ("plain", "plain"),
            ("", ""),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("two\r\nlines", "\"two\r\nlines\""),
            ("=HYPERLINK(\"http://x\",1)", "\"'=HYPERLINK(\"\"http://x\"\",1)\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("＝1", "'＝1"),
            ("1=1", "1=1"),
        ];
        for (given, expected) in table {
            assert_eq!(text(given), expected, "{given:?}");
        }
    }
}
