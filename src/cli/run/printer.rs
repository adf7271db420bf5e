//! How a run is printed: the answers' text, one JSON document, or a line of JSON for each event.

use std::borrow::Cow;
use std::io;

use serde::Serialize;

use crate::cli::Output;
use crate::cli::args::Format;
use crate::message::{ModelResponse, PartDelta, ResponsePart, StreamEvent, ToolArgs, ToolCall};
use crate::model::{LaneEvent, RunEvent};
use crate::run::{Lane, LaneRecord, RunReport, json_lines};
use crate::wire::OUTPUT_TOOL;

/// Prints a run as it goes on.
pub struct Printer {
    format: Format,
    /// Whether there is one lane, whose text stands without its name.
    is_alone: bool,
    /// Whether that text is printed as it arrives: no other answer can take its place.
    is_live: bool,
    /// Whether a line has begun that is not ended.
    in_line: bool,
    /// How many lanes have been printed.
    printed: usize,
}

impl Printer {
    /// For these lanes.
    pub fn new(format: Format, lanes: &[Lane]) -> Self {
        let can_be_replaced =
            |lane: &Lane| !lane.request.stream || lane.request.output.as_ref().is_some_and(|output| output.retries > 0);
        let (is_alone, is_live) = (lanes.len() == 1, !lanes.iter().any(can_be_replaced));
        Self { format, is_alone, is_live, in_line: false, printed: 0 }
    }

    /// Prints what an event brings, after the record took it in.
    ///
    /// # Errors
    /// The output can't be written.
    pub fn event(&mut self, record: &LaneRecord, event: &RunEvent, output: &mut Output) -> io::Result<()> {
        match (self.format, &event.event) {
            (Format::Jsonl, _) => {
                json_lines(&record.model, event).iter().try_for_each(|line| output.line(&line.to_string()))
            }
            (Format::Text, LaneEvent::Arrived(events)) if self.is_alone && self.is_live => {
                self.arrived(record, events, output)
            }
            (Format::Text, LaneEvent::Ended { .. }) if self.is_alone && self.is_live => self.end_line(output),
            (Format::Text, LaneEvent::Ended { .. }) => self.lane(record, output),
            (Format::Json | Format::Text, _) => Ok(()),
        }
    }

    /// Prints what only the end of a run brings.
    ///
    /// # Errors
    /// The output can't be written.
    pub fn end(
        &self,
        prompt: &str,
        system: Option<&str>,
        records: &[LaneRecord],
        output: &mut Output,
    ) -> io::Result<()> {
        if self.format == Format::Json {
            return output.line(&pretty(&RunReport::new(prompt, system, records))?);
        }
        Ok(())
    }

    fn arrived(&mut self, record: &LaneRecord, events: &[StreamEvent], output: &mut Output) -> io::Result<()> {
        let mut text = String::new();
        for event in events {
            let (begins, more) = answer_text(record.response(), event);
            let in_line = text.chars().next_back().map_or(self.in_line, |last| last != '\n');
            // Structured output stands in lines of its own.
            text.push_str(if begins && in_line { "\n" } else { "" });
            text.push_str(&more);
        }
        if let Some(last) = text.chars().next_back() {
            self.in_line = last != '\n';
            output.print(&text)?;
        }
        Ok(())
    }

    fn end_line(&mut self, output: &mut Output) -> io::Result<()> {
        if std::mem::take(&mut self.in_line) { output.print("\n") } else { Ok(()) }
    }

    /// A whole lane under its name.
    fn lane(&mut self, record: &LaneRecord, output: &mut Output) -> io::Result<()> {
        let text = whole_text(record.response());
        if text.is_empty() {
            return Ok(());
        }
        let end = if text.ends_with('\n') { "" } else { "\n" };
        if self.is_alone {
            return output.print(&format!("{text}{end}"));
        }
        let gap = if self.printed > 0 { "\n" } else { "" };
        self.printed += 1;
        output.print(&format!("{gap}── {} ──\n{text}{end}", record.model))
    }
}

/// The answer text that an event brings, and whether structured output begins with it; thinking and calls of other
/// tools are none.
fn answer_text<'a>(response: &ModelResponse, event: &'a StreamEvent) -> (bool, Cow<'a, str>) {
    match event {
        StreamEvent::PartStart { part, .. } => match &**part {
            ResponsePart::Text(text) => (false, Cow::from(&text.content)),
            ResponsePart::ToolCall(call) if is_output(call) => (true, arguments(call)),
            _ => (false, Cow::default()),
        },
        StreamEvent::PartDelta { delta: PartDelta::Text { content_delta, .. }, .. } => {
            (false, Cow::from(content_delta))
        }
        StreamEvent::PartDelta { index, delta: PartDelta::ToolCall { args_delta: Some(args), .. } } => {
            let part = response.parts.get(*index);
            let is_output = matches!(part, Some(ResponsePart::ToolCall(call)) if is_output(call));
            (false, Cow::from(if is_output { args.as_str() } else { "" }))
        }
        _ => (false, Cow::default()),
    }
}

fn is_output(call: &ToolCall) -> bool {
    call.tool_name == OUTPUT_TOOL
}

/// A call's arguments as far as they are there when it begins. Streams begin with an empty object, which tells nothing.
fn arguments(call: &ToolCall) -> Cow<'_, str> {
    match &call.args {
        Some(ToolArgs::Json(text)) => Cow::from(text),
        Some(ToolArgs::Object(args)) if !args.is_empty() => Cow::from(call.args_json()),
        Some(ToolArgs::Object(_)) | None => Cow::default(),
    }
}

/// The text of a whole answer, and structured output in lines of its own.
fn whole_text(response: &ModelResponse) -> String {
    let calls = response.parts.iter().filter_map(|part| match part {
        ResponsePart::ToolCall(call) if is_output(call) => Some(call.args_json()),
        _ => None,
    });
    let texts = std::iter::once(response.text()).chain(calls).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join("\n")
}

fn pretty(document: &impl Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(document).map_err(io::Error::other)
}
