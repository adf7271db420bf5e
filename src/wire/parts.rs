//! Turns vendor chunks into part start, delta and end, numbering the parts densely.
//!
//! Vendors name the piece that a chunk belongs to in their own ways (a block's index, a tool call's id, or nothing at
//! all). Each decoder says which piece it means; what is new becomes a `PartStart`, the rest a `PartDelta`.

use std::collections::HashMap;

use serde_json::Value;

use crate::message::{PartDelta, ResponsePart, StreamEvent, Text, Thinking, ToolArgs, ToolCall};

/// Which piece of a response a chunk belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Running text or thinking: continues the last part when that is of the same kind.
    Running,
    /// A block or tool call that the vendor numbers.
    Numbered(u64),
}

/// A kind of part; one number may be given to a part of each kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Text,
    Thinking,
    ToolCall,
}

/// What one chunk tells of a tool call.
#[derive(Clone, Copy, Debug, Default)]
pub struct ToolChunk<'a> {
    /// The call's identifier.
    pub id: Option<&'a str>,
    /// The tool.
    pub name: Option<&'a str>,
    /// More of the arguments' JSON text.
    pub args: Option<&'a str>,
}

/// Keeps which part belongs to which piece.
#[derive(Debug, Default)]
pub struct Parts {
    /// How many parts have begun.
    count: usize,
    /// The last part.
    last: Option<(Kind, usize)>,
    /// Whether the last part has not ended yet.
    open: bool,
    /// Parts that the vendor numbers, never looked up by anything but a hash: numbers may be huge.
    numbered: HashMap<(Kind, u64), usize>,
    /// The identifiers that tool calls came with, by part.
    call_ids: HashMap<usize, String>,
    /// How many tool calls have begun.
    calls: usize,
}

impl Parts {
    /// More text. Empty text starts nothing.
    pub fn text(&mut self, piece: Piece, content: &str, out: &mut Vec<StreamEvent>) {
        if content.is_empty() {
            return;
        }
        match self.find(Kind::Text, piece) {
            Some(index) => out.push(StreamEvent::PartDelta { index, delta: PartDelta::text(content) }),
            None => self.start(Kind::Text, piece, ResponsePart::text(content), out),
        }
    }

    /// More text of a piece, like [`Self::text`]; `new` makes the part that it starts from the first content.
    pub fn text_as(
        &mut self,
        piece: Piece,
        content: &str,
        new: impl FnOnce(String) -> Text,
        out: &mut Vec<StreamEvent>,
    ) {
        match self.find(Kind::Text, piece) {
            None if !content.is_empty() => {
                self.start(Kind::Text, piece, ResponsePart::Text(new(content.to_owned())), out);
            }
            _ => self.text(piece, content, out),
        }
    }

    /// What a vendor tells of a piece of text besides the text itself, when the piece has begun.
    pub fn known_text_details(
        &mut self,
        piece: Piece,
        provider_name: &str,
        details: Value,
        out: &mut Vec<StreamEvent>,
    ) {
        if let Some(index) = self.find(Kind::Text, piece) {
            let delta = PartDelta::text_details(provider_name, details);
            out.push(StreamEvent::PartDelta { index, delta });
        }
    }

    /// What a vendor tells of running text besides the text itself. A part that has no text yet begins with it.
    pub fn text_details(&mut self, provider_name: &str, details: Value, out: &mut Vec<StreamEvent>) {
        if let Some(index) = self.find(Kind::Text, Piece::Running) {
            let delta = PartDelta::text_details(provider_name, details);
            out.push(StreamEvent::PartDelta { index, delta });
        } else {
            let (provider_name, provider_details) = (Some(provider_name.to_owned()), Some(details));
            let part = ResponsePart::Text(Text { provider_name, provider_details, ..Text::default() });
            self.start(Kind::Text, Piece::Running, part, out);
        }
    }

    /// More thinking. Empty thinking starts nothing. `new` makes the part that it starts from the first content.
    pub fn thinking(
        &mut self,
        piece: Piece,
        content: &str,
        new: impl FnOnce(String) -> Thinking,
        out: &mut Vec<StreamEvent>,
    ) {
        if content.is_empty() {
            return;
        }
        match self.find(Kind::Thinking, piece) {
            Some(index) => out.push(StreamEvent::PartDelta { index, delta: PartDelta::thinking(content) }),
            None => {
                self.start(Kind::Thinking, piece, ResponsePart::Thinking(new(content.to_owned())), out);
            }
        }
    }

    /// The signature of a piece of thinking. Thinking that the vendor keeps to itself may have nothing else: `new`
    /// makes the part when there is none yet.
    pub fn signature(
        &mut self,
        piece: Piece,
        signature: &str,
        new: impl FnOnce(String) -> Thinking,
        out: &mut Vec<StreamEvent>,
    ) {
        if signature.is_empty() {
            return;
        }
        let signature_delta = Some(signature.to_owned());
        if let Some(index) = self.find(Kind::Thinking, piece) {
            let delta = PartDelta::Thinking { content_delta: None, signature_delta, provider_details: None };
            out.push(StreamEvent::PartDelta { index, delta });
        } else {
            let part = Thinking { signature: signature_delta, ..new(String::new()) };
            self.start(Kind::Thinking, piece, ResponsePart::Thinking(part), out);
        }
    }

    /// What a vendor tells of a piece of thinking besides its text. `new` makes the part when there is none yet.
    pub fn thinking_details(
        &mut self,
        piece: Piece,
        details: Value,
        new: impl FnOnce(String) -> Thinking,
        out: &mut Vec<StreamEvent>,
    ) {
        if let Some(index) = self.find(Kind::Thinking, piece) {
            let provider_details = Some(Box::new(details));
            let delta = PartDelta::Thinking { content_delta: None, signature_delta: None, provider_details };
            out.push(StreamEvent::PartDelta { index, delta });
        } else {
            let part = Thinking { provider_details: Some(details), ..new(String::new()) };
            self.start(Kind::Thinking, piece, ResponsePart::Thinking(part), out);
        }
    }

    /// More of the tool call with that number. Its first chunk must name the tool; a nameless one is dropped.
    /// A name that comes with another identifier begins another call: some vendors number all of theirs 0.
    pub fn tool_call(&mut self, number: u64, chunk: ToolChunk<'_>, out: &mut Vec<StreamEvent>) {
        let name = chunk.name.filter(|name| !name.is_empty());
        let id = chunk.id.filter(|id| !id.is_empty());
        let args = chunk.args.filter(|args| !args.is_empty());
        let known = self.find(Kind::ToolCall, Piece::Numbered(number));
        match (known.filter(|index| name.is_none() || id.is_none() || self.has_id(*index, id)), name) {
            (Some(index), _) => {
                if let Some(args) = args {
                    let delta = PartDelta::ToolCall {
                        tool_name_delta: None,
                        args_delta: Some(args.to_owned()),
                        tool_call_id: None,
                    };
                    out.push(StreamEvent::PartDelta { index, delta });
                }
            }
            (None, Some(name)) => {
                let part = ToolCall {
                    tool_name: name.to_owned(),
                    args: args.map(|args| ToolArgs::Json(args.to_owned())),
                    tool_call_id: id.unwrap_or_default().to_owned(),
                    ..ToolCall::default()
                };
                self.start_call(number, part, out);
            }
            (None, None) => {}
        }
    }

    /// Starts a tool call. One without an identifier is given one that no other call of this response has.
    pub fn start_call(&mut self, number: u64, mut part: ToolCall, out: &mut Vec<StreamEvent>) {
        self.calls += 1;
        if part.tool_call_id.is_empty() {
            part.tool_call_id = format!("call_{}", self.calls);
        } else {
            self.call_ids.insert(self.count, part.tool_call_id.clone());
        }
        self.start(Kind::ToolCall, Piece::Numbered(number), ResponsePart::ToolCall(part), out);
    }

    /// Starts a part of its own that nothing will be added to: redacted thinking.
    pub fn whole(&mut self, part: ResponsePart, out: &mut Vec<StreamEvent>) {
        self.end_open(out);
        out.push(StreamEvent::part_start(self.count, part));
        out.push(StreamEvent::PartEnd { index: self.count });
        self.count += 1;
        self.last = None;
    }

    /// How many tool calls have begun.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.calls
    }

    /// Ends the part that is open. More of it may still come, from vendors that tell the end with every chunk.
    pub fn end_open(&mut self, out: &mut Vec<StreamEvent>) {
        if let Some((_, index)) = self.last.filter(|_| std::mem::take(&mut self.open)) {
            out.push(StreamEvent::PartEnd { index });
        }
    }

    fn find(&self, kind: Kind, piece: Piece) -> Option<usize> {
        match piece {
            Piece::Running => self.last.filter(|(last, _)| *last == kind).map(|(_, index)| index),
            Piece::Numbered(number) => self.numbered.get(&(kind, number)).copied(),
        }
    }

    fn has_id(&self, index: usize, id: Option<&str>) -> bool {
        self.call_ids.get(&index).is_none_or(|known| Some(known.as_str()) == id)
    }

    fn start(&mut self, kind: Kind, piece: Piece, part: ResponsePart, out: &mut Vec<StreamEvent>) {
        self.end_open(out);
        let index = self.count;
        self.count += 1;
        (self.last, self.open) = (Some((kind, index)), true);
        if let Piece::Numbered(number) = piece {
            self.numbered.insert((kind, number), index);
        }
        out.push(StreamEvent::part_start(index, part));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk<'a>(id: &'a str, name: &'a str, args: &'a str) -> ToolChunk<'a> {
        ToolChunk { id: Some(id), name: Some(name), args: Some(args) }
    }

    fn calls(chunks: &[(u64, ToolChunk<'_>)]) -> Vec<(String, String, String)> {
        let (mut parts, mut out) = (Parts::default(), Vec::new());
        for (number, chunk) in chunks {
            parts.tool_call(*number, *chunk, &mut out);
        }
        let mut builder = crate::message::ResponseBuilder::default();
        for event in &out {
            builder.apply(event);
        }
        let call = |part: &ResponsePart| match part {
            ResponsePart::ToolCall(call) => (call.tool_call_id.clone(), call.tool_name.clone(), call.args_json()),
            other => panic!("{other:?} is no tool call"),
        };
        builder.response().parts.iter().map(call).collect()
    }

    fn call(id: &str, name: &str, args: &str) -> (String, String, String) {
        (id.to_owned(), name.to_owned(), args.to_owned())
    }

    #[test]
    fn interleaved_calls_keep_their_arguments() {
        let more = |args| ToolChunk { args: Some(args), ..ToolChunk::default() };
        let chunks =
            [(0, chunk("a", "f", "{")), (u64::MAX, chunk("b", "g", "[")), (0, more("}")), (u64::MAX, more("]"))];
        assert_eq!(calls(&chunks), [call("a", "f", "{}"), call("b", "g", "[]")]);
    }

    #[test]
    fn another_identifier_under_the_same_number_is_another_call() {
        let chunks = [(0, chunk("a", "f", "{}")), (0, chunk("b", "f", "{}")), (0, chunk("b", "f", " "))];
        assert_eq!(calls(&chunks), [call("a", "f", "{}"), call("b", "f", "{} ")]);
    }

    #[test]
    fn a_call_without_identifier_gets_one_and_one_without_name_is_dropped() {
        let chunks = [(0, chunk("", "f", "")), (1, chunk("", "g", "")), (2, chunk("x", "", "{}"))];
        assert_eq!(calls(&chunks), [call("call_1", "f", "{}"), call("call_2", "g", "{}")]);
    }
}
