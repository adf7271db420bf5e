//! Reads chat completions: chunks of a stream, and whole ones, which look alike but for `message` in place of `delta`.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::message::{FinishReason, StreamEvent, Thinking, Usage};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::{Content, Count, Counts, Text, parse};
use crate::wire::parts::{Parts, Piece, ToolChunk};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    model: Text<'a>,
    #[serde(borrow)]
    choices: Option<Vec<Choice<'a>>>,
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

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    content: Content<'a>,
    /// DeepSeek, z.ai and older vLLM: <https://api-docs.deepseek.com/guides/reasoning_model>
    #[serde(borrow, default)]
    reasoning_content: Text<'a>,
    /// Ollama, OpenRouter, Cerebras and newer vLLM: <https://docs.ollama.com/api/openai-compatibility>
    #[serde(borrow, default)]
    reasoning: Text<'a>,
    #[serde(borrow, default)]
    refusal: Text<'a>,
    #[serde(borrow)]
    tool_calls: Option<Vec<ToolCall<'a>>>,
}

#[derive(Deserialize)]
struct ToolCall<'a> {
    index: Option<Count>,
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow)]
    function: Option<Function<'a>>,
}

#[derive(Deserialize)]
struct Function<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
    /// JSON text in a string; some compatible servers put the object itself here.
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
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
}

/// Reads one chat completion.
#[derive(Default)]
pub struct Chat {
    head: Head,
    parts: Parts,
    /// The word for the end, when it was told.
    finish_reason: Option<String>,
    /// `[DONE]` was seen.
    done: bool,
}

impl Reader for Chat {
    const END: &'static str = "finish_reason";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.done || data.is_empty() {
            return Ok(());
        }
        if data.trim() == "[DONE]" {
            self.done = true;
            return Ok(());
        }
        self.chunk(&parse(data)?, out)
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let chunk: Chunk<'_> = parse(json)?;
        if failure(&chunk).is_none() && chunk.choices.as_ref().is_none_or(Vec::is_empty) {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no choices");
            return Err(error.with_body(excerpt(json).into()));
        }
        self.chunk(&chunk, out)?;
        if !self.ended() {
            self.finish("", out);
        }
        Ok(())
    }

    fn ended(&self) -> bool {
        self.finish_reason.is_some()
    }
}

impl Chat {
    fn chunk(&mut self, chunk: &Chunk<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if let Some(error) = failure(chunk) {
            return Err(provider_error_text(error));
        }
        self.head.tell(chunk.model.get(), chunk.id.get(), out);
        // Others than the first are there only when the user asked for several answers at once.
        let first = |choice: &&Choice<'_>| choice.index.and_then(|index| index.0).unwrap_or(0) == 0;
        let choice = chunk.choices.iter().flatten().find(first);
        if let Some(message) = choice.and_then(|choice| choice.delta.as_ref().or(choice.message.as_ref())) {
            self.message(message, out);
        }
        if let Some(raw) = chunk.usage {
            out.push(StreamEvent::Usage { usage: usage(raw) });
        }
        if let Some(word) = choice.and_then(|choice| choice.finish_reason.get()) {
            self.finish(word, out);
        }
        Ok(())
    }

    fn message(&mut self, message: &Message<'_>, out: &mut Vec<StreamEvent>) {
        // Servers in between two conventions send both fields with the same content: the first one counts.
        let fields = [("reasoning_content", &message.reasoning_content), ("reasoning", &message.reasoning)];
        if let Some((field, text)) = fields.into_iter().find_map(|(field, text)| Some((field, text.get()?))) {
            // As PydanticAI does, the identifier tells in which field the thinking goes back.
            let new = |content| Thinking { content, id: Some(field.to_owned()), ..Thinking::default() };
            self.parts.thinking(Piece::Running, text, new, out);
        }
        self.parts.text(Piece::Running, message.content.as_str(), out);
        self.parts.text(Piece::Running, message.refusal.or_empty(), out);
        for (place, call) in message.tool_calls.iter().flatten().enumerate() {
            self.tool_call(place, call, out);
        }
    }

    fn tool_call(&mut self, place: usize, call: &ToolCall<'_>, out: &mut Vec<StreamEvent>) {
        let Some(function) = &call.function else { return };
        let arguments = function.arguments.map(arguments).unwrap_or_default();
        let chunk = ToolChunk { id: call.id.get(), name: function.name.get(), args: Some(&arguments) };
        let number = call.index.and_then(|index| index.0).unwrap_or(place as u64);
        self.parts.tool_call(number, chunk, out);
    }

    fn finish(&mut self, word: &str, out: &mut Vec<StreamEvent>) {
        // Some vendors repeat it.
        if self.finish_reason.as_deref() == Some(word) {
            return;
        }
        self.finish_reason = Some(word.to_owned());
        self.parts.end_open(out);
        let provider_finish_reason = Some(word.to_owned()).filter(|word| !word.is_empty());
        out.push(StreamEvent::Finish { finish_reason: finish_reason(word), provider_finish_reason });
    }
}

/// The error object of a chunk; `false`, `""` and `{}` are none.
fn failure<'a>(chunk: &Chunk<'a>) -> Option<&'a str> {
    chunk.error.map(RawValue::get).filter(|error| !matches!(*error, "false" | "\"\"" | "{}"))
}

fn arguments(raw: &RawValue) -> String {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
}

/// Counts after <https://platform.openai.com/docs/api-reference/chat/object>; OpenRouter adds `cache_write_tokens`.
fn usage(raw: &RawValue) -> Usage {
    let tokens: Tokens = serde_json::from_str(raw.get()).unwrap_or_default();
    let known = |count: Option<Count>| count.and_then(|count| count.0);
    let details = tokens.completion_details;
    Usage {
        input_tokens: known(tokens.prompt),
        output_tokens: known(tokens.completion),
        cache_read_tokens: known(tokens.prompt_details.get("cached_tokens")),
        cache_write_tokens: known(tokens.prompt_details.get("cache_write_tokens")),
        output_reasoning_tokens: known(details.get("reasoning_tokens")),
        details: details.known().map(|(name, count)| (name.clone(), count)).collect(),
        ..Usage::default()
    }
}

fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "stop" => Some(FinishReason::Stop),
        "length" => Some(FinishReason::Length),
        "tool_calls" | "function_call" => Some(FinishReason::ToolCall),
        "content_filter" => Some(FinishReason::ContentFilter),
        // OpenRouter: https://openrouter.ai/docs/api-reference/overview#finish-reason
        "error" => Some(FinishReason::Error),
        _ => None,
    }
}
