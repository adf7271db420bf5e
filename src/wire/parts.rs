//! Turns vendor chunks into part start, delta and end, numbering the parts densely.
//!
//! Vendors name the piece that a chunk belongs to in their own ways (a block's index, a tool call's id, or nothing at
//! all). Each decoder says which piece it means by a key; what is new becomes a `PartStart`, the rest a `PartDelta`.

use serde_json::Value;

use crate::message::{PartDelta, ResponsePart, StreamEvent, ToolArgs, ToolCall};

/// Which piece of a response a chunk belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PieceKey {
    /// Running text: continues the last part when that is text too.
    Text,
    /// Running thinking: continues the last part when that is thinking too.
    Thinking,
    /// A block or tool call that the vendor numbers.
    Numbered(u64),
}

/// Keeps which part belongs to which piece.
#[derive(Debug, Default)]
pub struct Parts {
    keys: Vec<PieceKey>,
    open: Option<usize>,
}

impl Parts {
    /// More text. Empty text starts nothing.
    pub fn text(&mut self, content: &str, out: &mut Vec<StreamEvent>) {
        self.running(PieceKey::Text, content, ResponsePart::text, PartDelta::text, out);
    }

    /// More thinking. Empty thinking starts nothing.
    pub fn thinking(&mut self, content: &str, out: &mut Vec<StreamEvent>) {
        self.running(PieceKey::Thinking, content, ResponsePart::thinking, PartDelta::thinking, out);
    }

    fn running(
        &mut self,
        key: PieceKey,
        content: &str,
        part: impl Fn(String) -> ResponsePart,
        delta: impl Fn(String) -> PartDelta,
        out: &mut Vec<StreamEvent>,
    ) {
        if content.is_empty() {
            return;
        }
        match self.open.filter(|index| self.keys[*index] == key) {
            Some(index) => out.push(StreamEvent::PartDelta { index, delta: delta(content.to_owned()) }),
            None => self.start(key, part(content.to_owned()), out),
        }
    }

    /// The vendor's details or signature of the thinking that is open; dropped when none is.
    pub fn thinking_signature(
        &mut self,
        signature: Option<String>,
        provider_details: Option<Value>,
        out: &mut Vec<StreamEvent>,
    ) {
        if let Some(index) = self.open {
            let delta = PartDelta::Thinking { content_delta: None, signature_delta: signature, provider_details };
            out.push(StreamEvent::PartDelta { index, delta });
        }
    }

    /// More of the tool call with that number. Its first chunk must name the tool; a nameless one is dropped.
    pub fn tool_call(
        &mut self,
        number: u64,
        id: Option<&str>,
        name: Option<&str>,
        args: Option<&str>,
        out: &mut Vec<StreamEvent>,
    ) {
        let key = PieceKey::Numbered(number);
        if let Some(index) = self.keys.iter().rposition(|known| *known == key) {
            let delta =
                PartDelta::ToolCall { tool_name_delta: None, args_delta: args.map(str::to_owned), tool_call_id: None };
            out.push(StreamEvent::PartDelta { index, delta });
        } else if let Some(name) = name.filter(|name| !name.is_empty()) {
            let part = ToolCall {
                tool_name: name.to_owned(),
                args: args.filter(|args| !args.is_empty()).map(|args| ToolArgs::Json(args.to_owned())),
                tool_call_id: id.unwrap_or_default().to_owned(),
                ..ToolCall::default()
            };
            self.start(key, ResponsePart::ToolCall(part), out);
        }
    }

    /// Starts a part that is not running text or thinking.
    pub fn start(&mut self, key: PieceKey, part: ResponsePart, out: &mut Vec<StreamEvent>) {
        self.end_open(out);
        let index = self.keys.len();
        self.keys.push(key);
        self.open = Some(index);
        out.push(StreamEvent::PartStart { index, part });
    }

    /// The part of a numbered piece, the latest one of that number.
    pub fn index_of(&self, number: u64) -> Option<usize> {
        self.keys.iter().rposition(|key| *key == PieceKey::Numbered(number))
    }

    /// Ends the part that is open.
    pub fn end_open(&mut self, out: &mut Vec<StreamEvent>) {
        if let Some(index) = self.open.take() {
            out.push(StreamEvent::PartEnd { index });
        }
    }
}
