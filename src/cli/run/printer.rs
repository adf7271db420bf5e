//! How a run is printed: the answers' text, one JSON document, or a line of JSON for each event.

use std::io;

use serde::Serialize;

use crate::cli::Output;
use crate::cli::args::Format;
use crate::message::{PartDelta, ResponsePart, StreamEvent};
use crate::model::{LaneEvent, RunEvent};
use crate::run::{LaneRecord, RunReport, json_lines};

/// Prints a run as it goes on.
pub struct Printer {
    format: Format,
    /// Whether there is one lane, whose text is printed as it arrives.
    is_alone: bool,
    /// Whether a line has begun that is not ended.
    in_line: bool,
    /// Whether a lane has been printed.
    has_printed: bool,
}

impl Printer {
    /// For so many lanes.
    pub fn new(format: Format, lanes: usize) -> Self {
        Self { format, is_alone: lanes == 1, in_line: false, has_printed: false }
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
            (Format::Text, LaneEvent::Arrived(events)) if self.is_alone => self.arrived(events, output),
            (Format::Text, LaneEvent::Ended { .. }) if self.is_alone => self.end_line(output),
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

    fn arrived(&mut self, events: &[StreamEvent], output: &mut Output) -> io::Result<()> {
        let text: String = events.iter().filter_map(answer_text).collect();
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
        let text = record.response().text();
        if text.is_empty() {
            return Ok(());
        }
        let gap = if std::mem::replace(&mut self.has_printed, true) { "\n" } else { "" };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        output.print(&format!("{gap}── {} ──\n{text}{end}", record.model))
    }
}

/// The answer text that an event brings; thinking and tool calls are none.
fn answer_text(event: &StreamEvent) -> Option<&str> {
    match event {
        StreamEvent::PartStart { part: ResponsePart::Text(text), .. } => Some(&text.content),
        StreamEvent::PartDelta { delta: PartDelta::Text { content_delta, .. }, .. } => Some(content_delta),
        _ => None,
    }
}

fn pretty(document: &impl Serialize) -> io::Result<String> {
    serde_json::to_string_pretty(document).map_err(io::Error::other)
}
