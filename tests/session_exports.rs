//! Whole exports of one session in which everything happens: a chain with its trace, failures, an incomplete answer,
//! thinking, a tool call, an empty turn, and texts that would like to be more than text.

use std::time::Duration;

use jiff::Timestamp;
use llmbench::catalog::Cost;
use llmbench::message::{FinishReason, ResponsePart, StreamEvent, ToolArgs, ToolCall, Usage};
use llmbench::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use llmbench::run::LaneRecord;
use llmbench::session::{Export, Session, export_csv, export_promptfoo};
use llmbench::settings::Settings;
use serde_json::{Value, json};

const HOSTILE: &str =
    "=HYPERLINK(\"http://evil/\",\"x\")</pre><script>alert(1)</script>\n````\n{{ 7*7 }}\u{202e}\u{1b}[2J";

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a timestamp")
}

fn folded(model: &str, events: &[(u64, LaneEvent)]) -> LaneRecord {
    let mut record = LaneRecord::new(model, now());
    for (ms, event) in events {
        record.apply(Duration::from_millis(*ms), event);
    }
    record
}

fn asks(model: &str) -> LaneEvent {
    LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::ZERO }
}

fn error() -> ModelError {
    ModelError { status: Some(503), ..ModelError::new(ErrorKind::Http, "<b>busy</b>, \"try\" later") }
}

fn answer() -> Vec<StreamEvent> {
    let call = ToolCall {
        tool_name: "look<up>".to_owned(),
        args: Some(ToolArgs::Json("{\"a\":\"</pre>\"}".to_owned())),
        ..ToolCall::default()
    };
    let usage = Usage { input_tokens: Some(57), output_tokens: Some(128), ..Usage::default() };
    vec![
        StreamEvent::Start { model_name: Some("gpt-4o-2024".to_owned()), provider_response_id: None },
        StreamEvent::part_start(0, ResponsePart::thinking("Let me <think>.")),
        StreamEvent::part_start(1, ResponsePart::text(HOSTILE)),
        StreamEvent::part_start(2, ResponsePart::ToolCall(call)),
        StreamEvent::usage(usage),
        StreamEvent::Finish { finish_reason: Some(FinishReason::Stop), provider_finish_reason: None },
    ]
}

fn chain() -> LaneRecord {
    let (done, failed) = (Outcome::Completed, Outcome::Failed);
    let cost = Cost { usd: 0.001_42, price_source: Some("https://prices".to_owned()), price_date: None };
    folded(
        "safe",
        &[
            (0, asks("anthropic:claude")),
            (210, LaneEvent::AttemptEnded { outcome: failed, error: Some(error()) }),
            (215, asks("openai:gpt-4o")),
            (600, LaneEvent::Arrived(answer())),
            (610, LaneEvent::Cost(cost)),
            (610, LaneEvent::AttemptEnded { outcome: done, error: None }),
            (610, LaneEvent::Ended { outcome: done, error: None }),
        ],
    )
}

fn cut() -> LaneRecord {
    let (outcome, error) = (Outcome::Interrupted, Some(ModelError::new(ErrorKind::Truncated, "cut off")));
    let parts = vec![StreamEvent::part_start(0, ResponsePart::text("-1, and th"))];
    folded(
        "openai:gpt-4o",
        &[
            (0, asks("openai:gpt-4o")),
            (250, LaneEvent::Arrived(parts)),
            (300, LaneEvent::AttemptEnded { outcome, error: error.clone() }),
            (300, LaneEvent::Ended { outcome, error }),
        ],
    )
}

fn session() -> Session {
    let settings = Settings { temperature: Some(0.5), max_tokens: Some(99), seed: Some(7), ..Settings::default() };
    let mut session = Session::new(now(), Some("Be <brief> & \"kind\".".to_owned()), settings);
    session.id = "019a0000-0000-7000-8000-000000000001".parse().expect("an ID");
    session.begin_turn("Is 1 < 2 & <b>bold</b>?", now()).update(&[chain(), cut()]);
    session.begin_turn("@SUM(A1)", now()).update(&[]);
    session.begin_turn("file:///etc/passwd", now()).update(&[folded("anthropic:claude", &[])]);
    session
}

fn exported(export: &Export) -> String {
    export.of(&session()).expect("exported").text
}

#[test]
fn every_export_is_as_it_was() {
    let pydantic = Export::Pydantic { lane: "safe".to_owned() };
    for export in [Export::Html, Export::Markdown, Export::Csv, Export::Promptfoo, Export::Json, pydantic] {
        // A snapshot's own line ends are plain.
        insta::assert_snapshot!(format!("export_{}", export.name()), exported(&export).replace('\r', "␍"));
    }
}

#[test]
fn a_page_fetches_nothing_and_runs_nothing() {
    let page = exported(&Export::Html);
    for forbidden in ["<script", "<img", "<link", "<iframe", "src=", "href=", "url(", "@import", "\u{202e}", "\u{1b}"] {
        assert!(!page.contains(forbidden), "{forbidden:?}");
    }
    let opened = |tag: &str| page.matches(&format!("<{tag}")).count();
    let closed = |tag: &str| page.matches(&format!("</{tag}>")).count();
    for tag in ["html", "body", "section", "article", "pre", "dl", "details", "ol"] {
        assert_eq!(opened(tag), closed(tag), "{tag}");
    }
}

/// Reads RFC 4180 as a reader would that knows nothing else.
fn read_csv(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = csv.chars().peekable();
    while let Some(c) = chars.next() {
        match (quoted, c) {
            (true, '"') if chars.next_if_eq(&'"').is_some() => cell.push('"'),
            (_, '"') => quoted = !quoted,
            (false, ',') => row.push(std::mem::take(&mut cell)),
            (false, '\r') if chars.next_if_eq(&'\n').is_some() => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (_, c) => cell.push(c),
        }
    }
    assert!(row.is_empty() && cell.is_empty() && !quoted, "the last row ends");
    rows
}

#[test]
fn a_table_has_a_row_per_lane_and_no_formula() {
    let rows = read_csv(&export_csv(&session()));
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).expect("a column");
    let lanes: Vec<_> = rows[1..].iter().map(|row| [&row[0], &row[column("model")], &row[column("status")]]).collect();
    assert_eq!(
        lanes,
        [
            ["1", "safe", "completed"],
            ["1", "openai:gpt-4o", "interrupted"],
            ["2", "", ""],
            ["3", "anthropic:claude", "interrupted"]
        ]
    );
    assert!(rows.iter().all(|row| row.len() == rows[0].len()), "every row is as wide");
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell:?}");
    }
    assert_eq!(rows[1][column("answer")], format!("'{HOSTILE}"));
    assert_eq!((&rows[1][column("ttft_ms")], &rows[4][column("ttft_ms")]), (&"600".to_owned(), &String::new()));
}

#[test]
fn a_promptfoo_configuration_of_one_turn_is_json_to_fill_in() {
    let mut session = session();
    session.turns.truncate(1);
    let exported = export_promptfoo(&session);
    let config: Value = serde_json::from_str(&exported.text).expect("JSON");
    let prompt: Value = serde_json::from_str(config["prompts"][0]["raw"].as_str().expect("a text")).expect("JSON");
    let expected = json!([{ "role": "system", "content": "{{system}}" }, { "role": "user", "content": "{{prompt}}" }]);
    assert_eq!(prompt, expected);
    assert_eq!(config["tests"][0]["vars"], json!({ "prompt": "Is 1 < 2 & <b>bold</b>?" }));
    assert_eq!(
        exported.notes,
        ["promptfoo can't ask safe: left out (promptfoo eval -r PROVIDER names another)"],
        "a chain is none of its providers"
    );
}
