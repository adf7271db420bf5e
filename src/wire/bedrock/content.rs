//! Reads answers: the events of a stream, and whole ones, through the same blocks.
//!
//! Neither tells which model answered: that is the one that was asked.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::shapes::{Answer, Block, BlockDelta, BlockStart, Event, Reasoning};
use super::usage::usage;
use super::{PROVIDER_NAME, REDACTED};
use crate::message::{FinishReason, ResponsePart, StreamEvent, Thinking, ToolCall};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::{Count, Text, parse};
use crate::wire::parts::{Parts, Piece, ToolChunk};
use crate::wire::vendor_error::excerpt;
use crate::wire::{ErrorKind, ModelError};

/// Reads one answer.
#[derive(Default)]
pub struct Converse {
    head: Head,
    parts: Parts,
    ended: bool,
}

impl Reader for Converse {
    const END: &'static str = "messageStop";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let event: Event<'_> = parse(data)?;
        if let Some(metadata) = &event.metadata {
            out.extend(metadata.usage.map(|raw| StreamEvent::usage(usage(raw))));
        }
        if self.ended {
            return Ok(());
        }
        self.head.tell(None, None, out);
        if let Some(BlockStart { content_block_index, start: Some(start) }) = &event.content_block_start {
            self.block(number(*content_block_index), start, out);
        }
        if let Some(BlockDelta { content_block_index, delta: Some(delta) }) = &event.content_block_delta {
            self.delta(number(*content_block_index), delta, out);
        }
        if event.content_block_stop.is_some() {
            self.parts.end_open(out);
        }
        if let Some(stop) = &event.message_stop {
            self.finish(&stop.stop_reason, out);
        }
        Ok(())
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let answer: Answer<'_> = parse(json)?;
        let message = answer.output.as_ref().and_then(|output| output.message.as_ref());
        let Some(blocks) = message.and_then(|message| message.content.as_ref()) else {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no content");
            return Err(error.with_body(excerpt(json).into()));
        };
        self.head.tell(None, None, out);
        for (block, number) in blocks.iter().zip(0..) {
            self.block(number, block, out);
        }
        out.extend(answer.usage.map(|raw| StreamEvent::usage(usage(raw))));
        self.finish(&answer.stop_reason, out);
        Ok(())
    }

    fn ended(&self) -> bool {
        self.ended
    }
}

impl Converse {
    /// A block with what it starts with. Tools that the vendor runs itself are skipped, and so are their pieces.
    fn block(&mut self, number: u64, block: &Block<'_>, out: &mut Vec<StreamEvent>) {
        self.running(number, block, out);
        if let Some(call) = block.tool_use.as_ref().filter(|call| call.kind.get() != Some("server_tool_use")) {
            let part = ToolCall {
                tool_name: call.name.or_empty().to_owned(),
                args: call.input.and_then(|raw| serde_json::from_str(raw.get()).ok()),
                tool_call_id: call.tool_use_id.or_empty().to_owned(),
                ..ToolCall::default()
            };
            self.parts.start_call(number, part, out);
        }
    }

    /// More of a block.
    fn delta(&mut self, number: u64, delta: &Block<'_>, out: &mut Vec<StreamEvent>) {
        self.running(number, delta, out);
        let input = delta.tool_use.as_ref().and_then(|call| call.input);
        if let Some(input) = input.and_then(|raw| serde_json::from_str::<Text<'_>>(raw.get()).ok()) {
            self.parts.tool_call(number, ToolChunk { args: input.get(), ..ToolChunk::default() }, out);
        }
    }

    /// Text and thinking, which run on.
    fn running(&mut self, number: u64, block: &Block<'_>, out: &mut Vec<StreamEvent>) {
        let piece = Piece::Numbered(number);
        if let Some(reasoning) = &block.reasoning_content {
            self.reasoning(piece, reasoning, out);
        }
        self.parts.text(piece, block.text.or_empty(), out);
        let cited = block.citations_content.iter().filter_map(|cited| cited.content.as_ref()).flatten();
        cited.for_each(|cited| self.parts.text(piece, cited.text.or_empty(), out));
    }

    fn reasoning(&mut self, piece: Piece, reasoning: &Reasoning<'_>, out: &mut Vec<StreamEvent>) {
        if let Some(redacted) = reasoning.redacted_content.get() {
            return self.redacted(piece, redacted, out);
        }
        let whole = reasoning.reasoning_text.iter().map(|whole| (&whole.text, &whole.signature));
        for (text, signature) in whole.chain([(&reasoning.text, &reasoning.signature)]) {
            self.parts.thinking(piece, text.or_empty(), thinking, out);
            self.parts.signature(piece, signature.or_empty(), thinking, out);
        }
    }

    /// Thinking that the vendor keeps to itself: bytes, which are text in the vendor's own hands.
    fn redacted(&mut self, piece: Piece, base64: &str, out: &mut Vec<StreamEvent>) {
        let redacted = |content| Thinking { id: Some(REDACTED.to_owned()), ..thinking(content) };
        match STANDARD.decode(base64).ok().and_then(|bytes| String::from_utf8(bytes).ok()) {
            Some(data) => self.parts.signature(piece, &data, redacted, out),
            // It can't be sent back, but it was there.
            None => self.parts.whole(ResponsePart::Thinking(redacted(String::new())), out),
        }
    }

    fn finish(&mut self, stop_reason: &Text<'_>, out: &mut Vec<StreamEvent>) {
        self.ended = true;
        self.parts.end_open(out);
        let word = stop_reason.get();
        let provider_finish_reason = word.map(str::to_owned);
        out.push(StreamEvent::Finish { finish_reason: word.and_then(finish_reason), provider_finish_reason });
    }
}

fn number(index: Option<Count>) -> u64 {
    index.and_then(|index| index.0).unwrap_or(0)
}

fn thinking(content: String) -> Thinking {
    Thinking { content, provider_name: Some(PROVIDER_NAME.to_owned()), ..Thinking::default() }
}

/// Words after <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_MessageStopEvent.html>.
fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "end_turn" | "stop_sequence" => Some(FinishReason::Stop),
        "max_tokens" | "model_context_window_exceeded" => Some(FinishReason::Length),
        "tool_use" => Some(FinishReason::ToolCall),
        "content_filtered" | "guardrail_intervened" => Some(FinishReason::ContentFilter),
        "malformed_model_output" | "malformed_tool_use" => Some(FinishReason::Error),
        _ => None,
    }
}
