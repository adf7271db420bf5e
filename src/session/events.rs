//! What arrived when: a lane's marks together with the text that each of them brought.

use serde::{Deserialize, Serialize};

use crate::message::{ModelResponse, ResponsePart, ToolArgs};
use crate::run::{LaneRecord, millis};

/// An arrival, `[at_ms, part, "delta"]`: when, since the lane began; to which part; what it brought.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedEvent(
    /// Milliseconds since the lane began.
    pub f64,
    /// The part's place in the response.
    pub u32,
    /// Text, thinking, or a tool call's arguments.
    pub String,
);

/// The arrivals of a lane so far. Those of one part, one after the other, are the part's whole content.
pub fn of_record(record: &LaneRecord) -> Vec<SavedEvent> {
    let mut rest: Vec<Content<'_>> = contents(record.response());
    for mark in &record.marks {
        if let Some(content) = rest.get_mut(mark.part as usize) {
            content.marks += 1;
        }
    }
    let event = |mark: &crate::run::Mark| {
        let delta = rest.get_mut(mark.part as usize).map_or("", |content| content.take(mark.len as usize));
        SavedEvent(millis(mark.at), mark.part, delta.to_owned())
    };
    record.marks.iter().map(event).collect()
}

/// What is left of a part's content, and how many marks are left to bring it.
struct Content<'a> {
    text: &'a str,
    marks: usize,
}

fn contents(response: &ModelResponse) -> Vec<Content<'_>> {
    response.parts.iter().map(|part| Content { text: content(part), marks: 0 }).collect()
}

impl<'a> Content<'a> {
    /// The next `len` bytes; the last mark brings all that is left, so that nothing of an answer can be lost.
    fn take(&mut self, len: usize) -> &'a str {
        self.marks = self.marks.saturating_sub(1);
        let end = if self.marks == 0 { self.text.len() } else { self.text.floor_char_boundary(len) };
        let (taken, rest) = self.text.split_at(end);
        self.text = rest;
        taken
    }
}

/// The characters of a part that arrive bit by bit; empty for what arrives whole.
pub fn content(part: &ResponsePart) -> &str {
    match part {
        ResponsePart::Text(text) => &text.content,
        ResponsePart::Thinking(thinking) => &thinking.content,
        ResponsePart::ToolCall(call) => match &call.args {
            Some(ToolArgs::Json(text)) => text,
            Some(ToolArgs::Object(_)) | None => "",
        },
        ResponsePart::Other(_) => "",
    }
}
