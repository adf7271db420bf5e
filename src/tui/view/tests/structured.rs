//! Structured output: the picker of schemas, and answers with their verdicts.

use std::sync::Arc;

use serde_json::json;

use super::support::*;
use crate::message::FinishReason;
use crate::model::{ErrorKind, ModelError, Outcome, Verdict};
use crate::run::LaneRecord;
use crate::settings::{OutputMode, OutputSpec};
use crate::tui::State;
use crate::tui::state::{Focus, Overlay, SchemaFile, SchemaPicker};

fn city() -> SchemaFile {
    let schema = json!({"type": "object", "title": "A city and its country", "properties": {}});
    let spec = OutputSpec::new(schema.as_object().expect("an object"), None);
    SchemaFile { path: "city.json".into(), spec: Ok(Arc::new(spec)) }
}

fn files() -> Vec<SchemaFile> {
    let folder = "/home/ann/.config/llmbench/schemas";
    let broken = "broken.json:3:9: the schema is no JSON: expected `,` or `}`".to_owned();
    let untitled = OutputSpec::new(&serde_json::Map::new(), None);
    vec![
        city(),
        SchemaFile { path: format!("{folder}/broken.json").into(), spec: Err(broken) },
        SchemaFile { path: format!("{folder}/an-invoice-of-the-year.json").into(), spec: Ok(Arc::new(untitled)) },
    ]
}

#[test]
fn the_picker() {
    let opened = |size, typed: &str, files| {
        let mut state = workbench(size, 0);
        state.schema = Some(city());
        let picker = SchemaPicker { typed: typed.to_owned(), files, cursor: 1 };
        state.overlay = Some(Overlay::Schemas(picker));
        state
    };
    for size in [(80, 24), (160, 45)] {
        expect(&format!("schemas_{}x{}", size.0, size.1), &fresh(&opened(size, "", Some(files()))));
    }
    let mut typed = opened((80, 24), "inv", Some(files()));
    typed.output_mode = Some(OutputMode::Native);
    let shown = symbols(&fresh(&typed));
    assert!(shown.contains("+ read inv") && shown.contains("an-invoice") && !shown.contains("broken"), "{shown}");
    assert!(shown.contains("native: the provider holds"), "{shown}");
    assert!(symbols(&fresh(&opened((80, 24), "", None))).contains("reading …"));
}

/// A call that fits, a text that doesn't, one that only arrives, and one whose problems are many.
fn answers() -> Vec<LaneRecord> {
    let wrong = |problems: &[&str]| Verdict::Wrong(problems.iter().map(|one| (*one).to_owned()).collect());
    let error = || ModelError::new(ErrorKind::InvalidOutput, "the output doesn't fit the schema");
    let paris = r#"{"city": "Paris", "country": "France", "rivers": ["Seine"]}"#;
    let one = wrong(&["/country: 33 is not of type \"string\""]);
    let many = wrong(&["no city", "no country", "/rivers: \"Seine\" is not of type \"array\"", "… and 10 more"]);
    let asked = |model: &str| Script::of(model).asks(0, model);
    vec![
        asked("openai:gpt-4o")
            .calls(300, "final_result", paris)
            .used(400, 80, 20)
            .finishes(400, FinishReason::ToolCall)
            .judged(405, Verdict::Fits(json!({"city": "Paris"})))
            .completes(410),
        asked("mistral:mistral-small-latest")
            .text(300, "{\"city\": \"Paris\", \"country\": 33}")
            .used(400, 80, 20)
            .judged(405, one)
            .fails(410, Outcome::Failed, error().with_hint("the answer stopped at its token limit; raise max_tokens")),
        asked("anthropic:claude-3-5-haiku-latest").text(300, "{\"city\": \"Par").still_runs(),
        asked("ollama:llama3.2").text(300, "{\"rivers\": \"Seine\"}").judged(405, many).fails(
            410,
            Outcome::Failed,
            error(),
        ),
    ]
}

#[test]
fn verdicts_stand_below_the_answers() {
    for size in [(80, 24), (160, 45), (250, 70)] {
        let mut state: State = workbench(size, 0);
        show(&mut state, "What is the capital of France?", answers());
        state.focus = Focus::Panes;
        state.schema = Some(city());
        state.output_mode = Some(OutputMode::Prompted);
        state.system = "Be brief.".to_owned();
        expect(&format!("verdicts_{}x{}", size.0, size.1), &fresh(&state));
    }
}
