//! Reads messages: the events of a stream, and whole ones, whose content and calls have the same blocks.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::message::{FinishReason, StreamEvent, Thinking, Usage};
use crate::wire::body::Reader;
use crate::wire::chat::FunctionCall;
use crate::wire::head::Head;
use crate::wire::json::{Content, Count, Counts, Text, field, parse};
use crate::wire::parts::{Parts, Piece};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

/// What stands around an event's content, or a whole answer's.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    id: Text<'a>,
    index: Option<Count>,
    #[serde(borrow)]
    delta: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    /// The sentence of an error; in a whole answer an object that is not read here.
    #[serde(rename = "message", borrow, default)]
    sentence: Text<'a>,
}

/// What an event adds. A whole answer has the same fields.
#[derive(Default, Deserialize)]
struct Delta<'a> {
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// Streams bring blocks and calls one by one, whole answers as lists.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(borrow, default)]
    text: Content<'a>,
    #[serde(borrow, default)]
    thinking: Content<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Counted {
    tokens: Counts,
    billed_units: Counts,
    cached_tokens: Option<Count>,
}

/// Reads one message.
#[derive(Default)]
pub struct Messages {
    head: Head,
    parts: Parts,
    ended: bool,
}

impl Reader for Messages {
    const END: &'static str = "message-end";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.ended || data.is_empty() || data.trim() == "[DONE]" {
            return Ok(());
        }
        let event = envelope(data)?;
        self.head.tell(None, event.id.get(), out);
        let number = event.index.and_then(|index| index.0).unwrap_or(0);
        match event.kind.or_empty() {
            "content-start" | "content-delta" | "tool-call-start" | "tool-call-delta" => {
                self.message(number, delta(&event)?.message.as_ref(), out)
            }
            "content-end" | "tool-call-end" => {
                self.parts.end_open(out);
                Ok(())
            }
            "message-end" => self.finish(&delta(&event)?, out),
            _ => Ok(()),
        }
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let id = envelope(json)?.id;
        let answer: Delta<'_> = parse(json)?;
        if answer.message.is_none() {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no message");
            return Err(error.with_body(excerpt(json).into()));
        }
        self.head.tell(None, id.get(), out);
        self.message(0, answer.message.as_ref(), out)?;
        self.finish(&answer, out)
    }

    fn ended(&self) -> bool {
        self.ended
    }
}

impl Messages {
    /// Blocks and calls, numbered onwards from `number`.
    fn message(
        &mut self,
        number: u64,
        message: Option<&Message<'_>>,
        out: &mut Vec<StreamEvent>,
    ) -> Result<(), ModelError> {
        for (raw, number) in each(message.and_then(|message| message.content)).into_iter().zip(number..) {
            let block: Block<'_> = field(raw)?;
            let piece = Piece::Numbered(number);
            let new = |content| Thinking { content, ..Thinking::default() };
            self.parts.thinking(piece, block.thinking.as_str(), new, out);
            self.parts.text(piece, block.text.as_str(), out);
        }
        for (raw, number) in each(message.and_then(|message| message.tool_calls)).into_iter().zip(number..) {
            field::<FunctionCall<'_>>(raw)?.add_to(&mut self.parts, number, out);
        }
        Ok(())
    }

    fn finish(&mut self, delta: &Delta<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if let Some(raw) = delta.usage {
            out.push(StreamEvent::usage(usage(raw)));
        }
        if let Some(error) = delta.error.filter(|error| error.get() != "\"\"") {
            return Err(provider_error_text(error.get()));
        }
        self.ended = true;
        self.parts.end_open(out);
        let word = delta.finish_reason.get();
        let finish_reason = word.and_then(finish_reason);
        out.push(StreamEvent::Finish { finish_reason, provider_finish_reason: word.map(str::to_owned) });
        Ok(())
    }
}

/// What stands around the content, unless it is an error: an object of its own, or a sentence in place of an event.
fn envelope(json: &str) -> Result<Envelope<'_>, ModelError> {
    let envelope: Envelope<'_> = parse(json)?;
    match envelope.error {
        Some(error) => Err(provider_error_text(error.get())),
        None if !envelope.kind.is_told() && envelope.sentence.is_told() => Err(provider_error_text(json)),
        None => Ok(envelope),
    }
}

fn delta<'a>(event: &Envelope<'a>) -> Result<Delta<'a>, ModelError> {
    event.delta.map_or_else(|| Ok(Delta::default()), field)
}

/// The items of a list; anything else is one.
fn each(raw: Option<&RawValue>) -> Vec<&RawValue> {
    raw.map(|raw| serde_json::from_str(raw.get()).unwrap_or_else(|_| vec![raw])).unwrap_or_default()
}

/// Counts after <https://docs.cohere.com/reference/chat>: what the model took in and gave out, as PydanticAI counts. What
/// is billed differs, and stands among the details.
fn usage(raw: &RawValue) -> Usage {
    let told: Counted = serde_json::from_str(raw.get()).unwrap_or_default();
    let known = |count: Option<Count>| count.and_then(|count| count.0);
    let billed = told.billed_units.known().filter(|(_, count)| *count > 0);
    Usage {
        input_tokens: known(told.tokens.get("input_tokens")),
        output_tokens: known(told.tokens.get("output_tokens")),
        cache_read_tokens: known(told.cached_tokens),
        details: billed.map(|(name, count)| (name.clone(), count)).collect(),
        ..Usage::default()
    }
}

fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "COMPLETE" | "STOP_SEQUENCE" => Some(FinishReason::Stop),
        "MAX_TOKENS" => Some(FinishReason::Length),
        "TOOL_CALL" => Some(FinishReason::ToolCall),
        "ERROR" => Some(FinishReason::Error),
        _ => None,
    }
}
