//! Reads messages: the events of a stream, and whole ones, through the same blocks.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::usage::Tokens;
use super::{PROVIDER_NAME, REDACTED};
use crate::message::{FinishReason, ResponsePart, StreamEvent, Thinking, ToolCall};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::{Count, Text, parse};
use crate::wire::parts::{Parts, Piece, ToolChunk};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

#[derive(Deserialize)]
struct Event<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    index: Option<Count>,
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow)]
    content_block: Option<Block<'a>>,
    #[serde(borrow)]
    delta: Option<Delta<'a>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// A whole message, or the empty one that a stream starts with.
#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow)]
    content: Option<Vec<Block<'a>>>,
    #[serde(borrow, default)]
    stop_reason: Text<'a>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Block<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default)]
    thinking: Text<'a>,
    #[serde(borrow, default)]
    signature: Text<'a>,
    #[serde(borrow, default)]
    data: Text<'a>,
    #[serde(borrow)]
    input: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Delta<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(borrow, default)]
    thinking: Text<'a>,
    #[serde(borrow, default)]
    signature: Text<'a>,
    #[serde(borrow, default)]
    partial_json: Text<'a>,
    #[serde(borrow, default)]
    stop_reason: Text<'a>,
}

/// Reads one message.
#[derive(Default)]
pub struct Messages {
    head: Head,
    parts: Parts,
    tokens: Tokens,
    stop_reason: Option<String>,
    ended: bool,
}

impl Reader for Messages {
    const END: &'static str = "message_stop";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.ended || data.is_empty() {
            return Ok(());
        }
        let event: Event<'_> = match parse(data) {
            Ok(event) => event,
            Err(_) if is_unknown(data) => return Ok(()),
            Err(error) => return Err(error),
        };
        let number = event.index.and_then(|index| index.0).unwrap_or(0);
        match event.kind.or_empty() {
            "message_start" => self.start(event.message.as_ref(), out),
            "content_block_start" => {
                event.content_block.iter().for_each(|block| self.block(number, block, out));
            }
            "content_block_delta" => event.delta.iter().for_each(|delta| self.delta(number, delta, out)),
            "content_block_stop" => self.parts.end_open(out),
            "message_delta" => self.message_delta(&event, out),
            "message_stop" => self.finish(out),
            "error" => return Err(provider_error_text(event.error.map_or(data, RawValue::get))),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let message: Message<'_> = parse(json)?;
        if let Some(error) = message.error {
            return Err(provider_error_text(error.get()));
        }
        let Some(blocks) = &message.content else {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no content");
            return Err(error.with_body(excerpt(json).into()));
        };
        self.head.tell(message.model.get(), message.id.get(), out);
        for (block, number) in blocks.iter().zip(0..) {
            self.block(number, block, out);
        }
        if let Some(usage) = message.usage {
            self.tokens.update(usage);
            out.push(StreamEvent::usage(self.tokens.usage()));
        }
        self.stop_reason = message.stop_reason.get().map(str::to_owned);
        self.finish(out);
        Ok(())
    }

    fn ended(&self) -> bool {
        self.ended
    }
}

impl Messages {
    fn start(&mut self, message: Option<&Message<'_>>, out: &mut Vec<StreamEvent>) {
        let Some(message) = message else { return };
        self.head.tell(message.model.get(), message.id.get(), out);
        if let Some(usage) = message.usage {
            self.tokens.start(usage);
            out.push(StreamEvent::usage(self.tokens.usage()));
        }
    }

    /// A block with what it starts with; in a stream most start empty. Blocks of tools that the vendor runs are
    /// skipped, and so are their deltas.
    fn block(&mut self, number: u64, block: &Block<'_>, out: &mut Vec<StreamEvent>) {
        let piece = Piece::Numbered(number);
        match block.kind.or_empty() {
            "text" => self.parts.text(piece, block.text.or_empty(), out),
            "thinking" => {
                self.parts.thinking(piece, block.thinking.or_empty(), thinking, out);
                self.parts.signature(piece, block.signature.or_empty(), thinking, out);
            }
            "redacted_thinking" => {
                let signature = block.data.get().map(str::to_owned);
                let part = Thinking { id: Some(REDACTED.to_owned()), signature, ..thinking(String::new()) };
                self.parts.whole(ResponsePart::Thinking(part), out);
            }
            "tool_use" => {
                let part = ToolCall {
                    tool_name: block.name.or_empty().to_owned(),
                    args: block.input.and_then(|raw| serde_json::from_str(raw.get()).ok()),
                    tool_call_id: block.id.or_empty().to_owned(),
                    ..ToolCall::default()
                };
                self.parts.start_call(number, part, out);
            }
            _ => {}
        }
    }

    fn delta(&mut self, number: u64, delta: &Delta<'_>, out: &mut Vec<StreamEvent>) {
        let piece = Piece::Numbered(number);
        match delta.kind.or_empty() {
            "text_delta" => self.parts.text(piece, delta.text.or_empty(), out),
            "thinking_delta" => self.parts.thinking(piece, delta.thinking.or_empty(), thinking, out),
            "signature_delta" => self.parts.signature(piece, delta.signature.or_empty(), thinking, out),
            "input_json_delta" => {
                let chunk = ToolChunk { args: delta.partial_json.get(), ..ToolChunk::default() };
                self.parts.tool_call(number, chunk, out);
            }
            _ => {}
        }
    }

    fn message_delta(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) {
        if let Some(word) = event.delta.as_ref().and_then(|delta| delta.stop_reason.get()) {
            self.stop_reason = Some(word.to_owned());
        }
        if let Some(usage) = event.usage {
            self.tokens.update(usage);
            out.push(StreamEvent::usage(self.tokens.usage()));
        }
    }

    fn finish(&mut self, out: &mut Vec<StreamEvent>) {
        self.ended = true;
        self.parts.end_open(out);
        let word = self.stop_reason.take();
        let finish_reason = word.as_deref().and_then(finish_reason);
        out.push(StreamEvent::Finish { finish_reason, provider_finish_reason: word });
    }
}

fn thinking(content: String) -> Thinking {
    Thinking { content, provider_name: Some(PROVIDER_NAME.to_owned()), ..Thinking::default() }
}

/// Whether an event that could not be read is of a kind that this program doesn't know, whatever its fields mean.
fn is_unknown(data: &str) -> bool {
    #[derive(Deserialize)]
    struct Kind<'a> {
        #[serde(rename = "type", borrow)]
        kind: Text<'a>,
    }
    parse::<Kind<'_>>(data).is_ok_and(|event| {
        !matches!(event.kind.or_empty(), "error" | "message_start" | "message_delta" | "message_stop")
            && !event.kind.or_empty().starts_with("content_block_")
    })
}

/// Words after <https://docs.anthropic.com/en/api/handling-stop-reasons>.
fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "end_turn" | "stop_sequence" | "compaction" => Some(FinishReason::Stop),
        "max_tokens" | "model_context_window_exceeded" => Some(FinishReason::Length),
        "tool_use" => Some(FinishReason::ToolCall),
        "refusal" => Some(FinishReason::ContentFilter),
        _ => None,
    }
}
