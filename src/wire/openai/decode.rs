//! Reads chat completions: chunks of a stream, and whole ones, which look alike but for `message` in place of `delta`.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::content::{Content, Said};
use crate::message::{FinishReason, StreamEvent, Thinking, Usage};
use crate::wire::body::Reader;
use crate::wire::chat::{Ending, FunctionCall};
use crate::wire::head::Head;
use crate::wire::json::{Count, Counts, First, Item, Text, parse};
use crate::wire::parts::{Parts, Piece};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

#[derive(Deserialize)]
struct Chunk<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    model: Text<'a>,
    /// Others than the first are there only when the user asked for several answers at once.
    #[serde(borrow, default)]
    choices: First<Choice<'a>>,
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    /// What Groq tells of a stream besides: <https://console.groq.com/docs/api-reference#chat-create>
    #[serde(borrow)]
    x_groq: Option<Extra<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Extra<'a> {
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    /// Why the stream ends too early.
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
    /// The word of the model's own vendor, where a gateway says both: <https://openrouter.ai/docs/api-reference/overview>
    #[serde(borrow, default)]
    native_finish_reason: Text<'a>,
    /// Moonshot counts here: <https://platform.moonshot.ai/docs/api/chat>
    #[serde(borrow)]
    usage: Option<&'a RawValue>,
    /// OpenRouter: <https://openrouter.ai/docs/api-reference/errors>
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

impl Item for Choice<'_> {
    fn is_wanted(&self) -> bool {
        self.index.and_then(|index| index.0).unwrap_or(0) == 0
    }
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
    tool_calls: Option<Vec<FunctionCall<'a>>>,
}

#[derive(Default, Deserialize)]
struct Tokens {
    #[serde(rename = "prompt_tokens")]
    prompt: Option<Count>,
    #[serde(rename = "completion_tokens")]
    completion: Option<Count>,
    /// DeepSeek: <https://api-docs.deepseek.com/guides/kv_cache>
    #[serde(rename = "prompt_cache_hit_tokens")]
    prompt_cache_hits: Option<Count>,
    /// Moonshot: <https://platform.moonshot.ai/docs/api/chat>
    #[serde(rename = "cached_tokens")]
    cached: Option<Count>,
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
    ending: Ending,
}

impl Reader for Chat {
    const END: &'static str = "finish_reason";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.ending.is_nothing(data) {
            return Ok(());
        }
        self.chunk(&parse(data)?, out)
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let mut chunk: Chunk<'_> = parse(json)?;
        if failure(&chunk).is_none() && chunk.choices.0.is_none() {
            let error = ModelError::new(ErrorKind::Protocol, "the answer has no choices");
            return Err(error.with_body(excerpt(json).into()));
        }
        // Perplexity writes an empty `delta` beside the message.
        if let Some(choice) = &mut chunk.choices.0 {
            choice.delta = choice.message.take().or(choice.delta.take());
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
        if let Some(error) = failure(chunk) {
            return Err(provider_error_text(error));
        }
        self.head.tell(chunk.model.get(), chunk.id.get(), out);
        let choice = chunk.choices.0.as_deref();
        if let Some(message) = choice.and_then(|choice| choice.delta.as_ref().or(choice.message.as_ref())) {
            self.message(message, out);
        }
        let beside = chunk.x_groq.as_ref().and_then(|extra| extra.usage);
        if let Some(raw) = chunk.usage.or(beside).or(choice.and_then(|choice| choice.usage)) {
            out.push(StreamEvent::usage(usage(raw)));
        }
        if let Some((choice, word)) = choice.and_then(|choice| Some((choice, choice.finish_reason.get()?))) {
            let native = choice.native_finish_reason.get();
            self.ending.tell(word, finish_reason(word), native, &mut self.parts, out);
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
        let parts = &mut self.parts;
        let new = |content| Thinking { content, ..Thinking::default() };
        message.content.each(&mut |said| match said {
            Said::Text(text) => parts.text(Piece::Running, text, out),
            Said::Thinking(text) => parts.thinking(Piece::Running, text, new, out),
        });
        self.parts.text(Piece::Running, message.refusal.or_empty(), out);
        for (call, place) in message.tool_calls.iter().flatten().zip(0..) {
            call.add_to(&mut self.parts, call.number().unwrap_or(place), out);
        }
    }
}

/// The error object of a chunk, wherever it stands; `false`, `""` and `{}` are none.
fn failure<'a>(chunk: &Chunk<'a>) -> Option<&'a str> {
    let beside = chunk.x_groq.as_ref().and_then(|extra| extra.error);
    let within = chunk.choices.0.as_deref().and_then(|choice| choice.error);
    let errors = [chunk.error, beside, within].into_iter().flatten();
    errors.map(RawValue::get).find(|error| !matches!(*error, "false" | "\"\"" | "{}"))
}

/// Counts after <https://platform.openai.com/docs/api-reference/chat/object>; OpenRouter adds `cache_write_tokens`.
fn usage(raw: &RawValue) -> Usage {
    let tokens: Tokens = serde_json::from_str(raw.get()).unwrap_or_default();
    let known = |count: Option<Count>| count.and_then(|count| count.0);
    let (details, cached) = (tokens.completion_details, tokens.prompt_details.get("cached_tokens"));
    Usage {
        input_tokens: known(tokens.prompt),
        output_tokens: known(tokens.completion),
        cache_read_tokens: known(cached.or(tokens.prompt_cache_hits).or(tokens.cached)),
        cache_write_tokens: known(tokens.prompt_details.get("cache_write_tokens")),
        output_reasoning_tokens: known(details.get("reasoning_tokens")),
        details: details.known().map(|(name, count)| (name.clone(), count)).collect(),
        ..Usage::default()
    }
}

fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        // Together's `eos`: https://docs.together.ai/reference/chat-completions-1
        "stop" | "eos" => Some(FinishReason::Stop),
        // Z.ai's words: https://docs.z.ai/api-reference/llm/chat-completion
        "length" | "model_context_window_exceeded" => Some(FinishReason::Length),
        "tool_calls" | "function_call" => Some(FinishReason::ToolCall),
        "content_filter" | "sensitive" => Some(FinishReason::ContentFilter),
        // OpenRouter: https://openrouter.ai/docs/api-reference/overview#finish-reason
        "error" | "network_error" => Some(FinishReason::Error),
        _ => None,
    }
}
