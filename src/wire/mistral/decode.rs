//! Reads chat completions: chunks of a stream, and whole ones, which look alike but for `message` in place of `delta`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::message::{FinishReason, StreamEvent, Thinking, Usage};
use crate::wire::body::Reader;
use crate::wire::chat::{Ending, FunctionCall};
use crate::wire::head::Head;
use crate::wire::json::{Content, Count, Counts, First, Item, Text, field, parse};
use crate::wire::parts::{Parts, Piece};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    object: Text<'a>,
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    model: Text<'a>,
    /// Others than the first are there only when the user asked for several answers at once.
    #[serde(borrow, default)]
    choices: First<Choice<'a>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Choice<'a> {
    index: Option<Count>,
    #[serde(borrow)]
    delta: Option<Message<'a>>,
    #[serde(borrow)]
    message: Option<Message<'a>>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
}

impl Item for Choice<'_> {
    fn is_wanted(&self) -> bool {
        self.index.and_then(|index| index.0).unwrap_or(0) == 0
    }
}

#[derive(Deserialize)]
struct Message<'a> {
    /// A text, or a list of chunks.
    #[serde(borrow)]
    content: Option<&'a RawValue>,
    #[serde(borrow)]
    tool_calls: Option<Vec<FunctionCall<'a>>>,
}

/// A piece of content.
#[derive(Default, Deserialize)]
struct ContentChunk<'a> {
    #[serde(rename = "type", borrow, default)]
    kind: Text<'a>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    /// A list of chunks in its turn.
    #[serde(borrow)]
    thinking: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct Tokens {
    #[serde(rename = "prompt_tokens")]
    prompt: Option<Count>,
    #[serde(rename = "completion_tokens")]
    completion: Option<Count>,
    #[serde(rename = "prompt_tokens_details", default)]
    prompt_details: Counts,
    #[serde(rename = "completion_tokens_details", default)]
    completion_details: Counts,
    #[serde(rename = "total_tokens")]
    _total: Option<Count>,
    /// `num_cached_tokens` and the like.
    #[serde(flatten)]
    further: BTreeMap<String, Count>,
}

/// Reads one chat completion.
#[derive(Default)]
pub struct Chat {
    head: Head,
    parts: Parts,
    ending: Ending,
}

impl Reader for Chat {
    const END: &'static str = "finish_reason";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.ending.is_nothing(data) {
            return Ok(());
        }
        self.chunk(&readable(data)?, out)
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let chunk = readable(json)?;
        if chunk.choices.0.is_none() {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no choices");
            return Err(error.with_body(excerpt(json).into()));
        }
        self.chunk(&chunk, out)?;
        if !self.ended() {
            self.ending.tell("", None, None, &mut self.parts, out);
        }
        Ok(())
    }

    fn ended(&self) -> bool {
        self.ending.is_told()
    }
}

impl Chat {
    fn chunk(&mut self, chunk: &Chunk<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.head.tell(chunk.model.get(), chunk.id.get(), out);
        let choice = chunk.choices.0.as_deref();
        if let Some(message) = choice.and_then(|choice| choice.delta.as_ref().or(choice.message.as_ref())) {
            self.message(message, out)?;
        }
        if let Some(raw) = chunk.usage {
            out.push(StreamEvent::usage(usage(raw)));
        }
        if let Some(word) = choice.and_then(|choice| choice.finish_reason.get()) {
            self.ending.tell(word, finish_reason(word), None, &mut self.parts, out);
        }
        Ok(())
    }

    fn message(&mut self, message: &Message<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        for chunk in message.content.map(content).transpose()?.unwrap_or_default() {
            match chunk.kind.or_empty() {
                "thinking" => self.thinking(&chunk, out)?,
                "text" | "" => self.parts.text(Piece::Running, text(&chunk)?.as_str(), out),
                _ => {}
            }
        }
        for (call, place) in message.tool_calls.iter().flatten().zip(0..) {
            call.add_to(&mut self.parts, call.number().unwrap_or(place), out);
        }
        Ok(())
    }

    fn thinking(&mut self, chunk: &ContentChunk<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        for thought in chunk.thinking.map(content).transpose()?.unwrap_or_default() {
            if matches!(thought.kind.or_empty(), "text" | "") {
                let new = |content| Thinking { content, ..Thinking::default() };
                self.parts.thinking(Piece::Running, text(&thought)?.as_str(), new, out);
            }
        }
        Ok(())
    }
}

/// A chunk, unless it is an error: an object of its own, or a field.
fn readable(json: &str) -> Result<Chunk<'_>, ModelError> {
    let chunk: Chunk<'_> = parse(json)?;
    match chunk.error {
        Some(error) => Err(provider_error_text(error.get())),
        None if chunk.object.or_empty() == "error" => Err(provider_error_text(json)),
        None => Ok(chunk),
    }
}

/// The chunks of a content; a bare text is one.
fn content(raw: &RawValue) -> Result<Vec<ContentChunk<'_>>, ModelError> {
    if raw.get().starts_with('"') {
        return Ok(vec![ContentChunk { text: Some(raw), ..ContentChunk::default() }]);
    }
    field(raw)
}

fn text<'a>(chunk: &ContentChunk<'a>) -> Result<Content<'a>, ModelError> {
    chunk.text.map_or_else(|| Ok(Content::default()), field)
}

/// Counts after <https://docs.mistral.ai/api/endpoint/chat>, read as PydanticAI does: cached tokens count as such where
/// they stand among the prompt's details, and further counts beside them keep the vendor's names.
fn usage(raw: &RawValue) -> Usage {
    let tokens: Tokens = serde_json::from_str(raw.get()).unwrap_or_default();
    let known = |count: Option<Count>| count.and_then(|count| count.0);
    Usage {
        input_tokens: known(tokens.prompt),
        output_tokens: known(tokens.completion),
        cache_read_tokens: known(tokens.prompt_details.get("cached_tokens")),
        output_reasoning_tokens: known(tokens.completion_details.get("reasoning_tokens")),
        details: tokens.further.into_iter().filter_map(|(name, count)| Some((name, count.0?))).collect(),
        ..Usage::default()
    }
}

fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "stop" => Some(FinishReason::Stop),
        "length" | "model_length" => Some(FinishReason::Length),
        "tool_calls" => Some(FinishReason::ToolCall),
        "error" => Some(FinishReason::Error),
        _ => None,
    }
}
