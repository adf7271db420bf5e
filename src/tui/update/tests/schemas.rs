//! Choosing a schema, and what is asked and copied with one.

use std::sync::Arc;

use serde_json::json;

use super::desk::Desk;
use crate::message::{PartDelta, ResponsePart, StreamEvent, ToolCall};
use crate::model::{LaneEvent, Outcome, RunEvent, Verdict};
use crate::settings::{OutputMode, OutputSpec};
use crate::tui::state::{Overlay, SchemaFile};
use crate::tui::{Effect, Event, RunId};

fn file(path: &str) -> SchemaFile {
    let schema = json!({"type": "object", "title": path});
    let spec = OutputSpec::new(schema.as_object().expect("an object"), None);
    SchemaFile { path: path.into(), spec: Ok(Arc::new(spec)) }
}

/// A desk with the picker open and these files read.
fn picking(files: Vec<SchemaFile>) -> Desk {
    let mut desk = Desk::new(&["*a"]);
    assert_eq!(desk.keys("<Ctrl-g>"), [Effect::ListSchemas]);
    desk.event(Event::SchemasListed(files));
    desk
}

/// What the lane that is asked next is asked for.
fn asked(desk: &mut Desk, keys: &str) -> Option<(String, Option<OutputMode>)> {
    let effects = desk.keys(keys);
    let Some(Effect::StartRun(run, lanes)) = effects.first() else { panic!("{effects:?}") };
    let output = lanes[0].request.output.as_ref();
    assert_eq!(output.map_or(0, |output| output.retries), desk.state.output_retries * u32::from(output.is_some()));
    let told = output.map(|output| (output.title().unwrap_or_default().to_owned(), output.mode));
    desk.answer(*run, 0, "{}");
    told
}

#[test]
fn a_schema_goes_with_every_following_prompt() {
    let mut desk = picking(vec![file("city.json"), file("invoice.json")]);
    desk.keys("<Down><Down><Enter>");
    assert_eq!(desk.notice(), "The next answers shall fit the schema invoice");
    assert!(desk.state.overlay.is_none());
    let invoice = |mode| Some(("invoice.json".to_owned(), mode));
    assert_eq!(asked(&mut desk, "one<Enter>"), invoice(None));
    desk.keys("<Ctrl-g><Tab><Tab><Esc>");
    assert_eq!(asked(&mut desk, "two<Enter>"), invoice(Some(OutputMode::Native)));
    assert_eq!(asked(&mut desk, "<Esc>r"), invoice(Some(OutputMode::Native)), "asking again asks for the same");
    desk.keys("i<Ctrl-g><BackTab><BackTab><Esc>");
    assert_eq!(asked(&mut desk, "again<Enter>"), invoice(Some(OutputMode::Native)));
    assert_eq!(desk.state.output_retries, 2);
    desk.keys("<Ctrl-g><BackTab><BackTab><Esc>");
    assert_eq!(desk.state.output_retries, 0, "after the most not at all");
    desk.keys("<Ctrl-g>");
    desk.event(Event::SchemasListed(vec![file("city.json"), file("invoice.json")]));
    desk.keys("<Up><Up><Enter>");
    assert_eq!(asked(&mut desk, "three<Enter>"), None);
}

#[test]
fn letters_find_a_schema_and_a_path_is_read() {
    let mut desk = picking(vec![file("city.json"), file("invoice.json")]);
    desk.keys("inv<Enter>");
    assert_eq!(desk.state.schema.as_ref().map(SchemaFile::name), Some("invoice".to_owned()));
    desk.keys("<Ctrl-g>");
    desk.event(Event::Paste("../x/y.json\n".to_owned()));
    assert_eq!(desk.keys("<Enter>"), [Effect::ReadSchema("../x/y.json".to_owned())]);
    desk.event(Event::SchemaRead(Err("../x/y.json: the schema is no JSON".to_owned())));
    assert_eq!(desk.notice(), "../x/y.json: the schema is no JSON");
    assert!(matches!(desk.state.overlay, Some(Overlay::Schemas(_))), "to be corrected");
    desk.event(Event::SchemaRead(Ok(file("../x/y.json"))));
    assert!(desk.state.overlay.is_none());
    assert_eq!(desk.state.schema.as_ref().map(SchemaFile::name), Some("y".to_owned()));
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let broken = SchemaFile { path: "b.json".into(), spec: Err("b.json:1:1: the schema is no JSON".to_owned()) };
    let mut desk = picking(vec![broken]);
    desk.keys("<Down><Enter>");
    assert_eq!(desk.notice(), "b.json:1:1: the schema is no JSON");
    assert!(desk.state.schema.is_none());
}

#[test]
fn the_output_is_copied_as_json() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    let call = ToolCall { tool_name: "final_result".to_owned(), ..ToolCall::default() };
    let args = Some("{\"city\":\"Paris\"}".to_owned());
    let delta = PartDelta::ToolCall { tool_name_delta: None, args_delta: args, tool_call_id: None };
    let arrived = LaneEvent::Arrived(vec![
        StreamEvent::part_start(0, ResponsePart::ToolCall(call)),
        StreamEvent::PartDelta { index: 0, delta },
    ]);
    let happens = |desk: &mut Desk, event| {
        desk.event(Event::Run(RunId(0), vec![RunEvent { lane: 0, at: std::time::Duration::ZERO, event }]));
    };
    happens(&mut desk, LaneEvent::AttemptStarted { model: "a".to_owned(), queued: std::time::Duration::ZERO });
    happens(&mut desk, arrived);
    let copied = |desk: &mut Desk| match &desk.keys("y")[..] {
        [Effect::Copy(text, _), ..] => text.clone(),
        other => panic!("{other:?}"),
    };
    desk.keys("<Tab>");
    assert_eq!(copied(&mut desk), "{\"city\":\"Paris\"}", "as it has come so far");
    happens(&mut desk, LaneEvent::Output(Verdict::Fits(json!({"city": "Paris"}))));
    happens(&mut desk, LaneEvent::Ended { outcome: Outcome::Completed, error: None });
    assert_eq!(copied(&mut desk), "{\n  \"city\": \"Paris\"\n}");
}
