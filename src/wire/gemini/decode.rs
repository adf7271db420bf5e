//! Reads generated content: chunks of a stream and whole answers, which are the same kind of object.

use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::{PROVIDER_NAME, SIGNATURE};
use crate::message::{FinishReason, StreamEvent, Thinking, ToolCall, Usage};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::{Count, Flag, Text, parse, sum};
use crate::wire::parts::{Parts, Piece};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Chunk<'a> {
    #[serde(borrow)]
    candidates: Option<Vec<Candidate<'a>>>,
    #[serde(borrow)]
    usage_metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    model_version: Text<'a>,
    #[serde(borrow, default)]
    response_id: Text<'a>,
    #[serde(borrow)]
    prompt_feedback: Option<PromptFeedback<'a>>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PromptFeedback<'a> {
    #[serde(borrow, default)]
    block_reason: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Candidate<'a> {
    index: Option<Count>,
    #[serde(borrow)]
    content: Option<CandidateContent<'a>>,
    #[serde(borrow, default)]
    finish_reason: Text<'a>,
}

#[derive(Deserialize)]
struct CandidateContent<'a> {
    #[serde(borrow)]
    parts: Option<Vec<Part<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    #[serde(borrow, default)]
    text: Text<'a>,
    #[serde(default)]
    thought: Flag,
    #[serde(borrow, default)]
    thought_signature: Text<'a>,
    #[serde(borrow)]
    function_call: Option<FunctionCall<'a>>,
}

#[derive(Deserialize)]
struct FunctionCall<'a> {
    #[serde(borrow, default)]
    id: Text<'a>,
    #[serde(borrow, default)]
    name: Text<'a>,
    #[serde(borrow)]
    args: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Tokens {
    #[serde(rename = "promptTokenCount")]
    prompt: Option<Count>,
    #[serde(rename = "toolUsePromptTokenCount")]
    tool_use_prompt: Option<Count>,
    #[serde(rename = "candidatesTokenCount")]
    candidates: Option<Count>,
    #[serde(rename = "thoughtsTokenCount")]
    thoughts: Option<Count>,
    #[serde(rename = "cachedContentTokenCount")]
    cached_content: Option<Count>,
    #[serde(rename = "totalTokenCount")]
    total: Option<Count>,
}

/// Reads one answer.
#[derive(Default)]
pub struct Content {
    head: Head,
    parts: Parts,
    /// The word for the end, when it was told.
    finish_reason: Option<String>,
    /// Whether a candidate was seen.
    answered: bool,
}

impl Reader for Content {
    const END: &'static str = "finishReason";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if data.trim_start().starts_with('[') {
            return self.array(data, out);
        }
        if data.is_empty() { Ok(()) } else { self.chunk(&parse(data)?, out) }
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.event(json, out)?;
        if self.ended() {
            return Ok(());
        }
        if self.answered {
            self.finish(None, "", out);
            return Ok(());
        }
        let message = "the answer has neither a candidate nor a reason why it was blocked";
        Err(ModelError::new(ErrorKind::Protocol, message).with_body(excerpt(json).into()))
    }

    fn ended(&self) -> bool {
        self.finish_reason.is_some()
    }
}

impl Content {
    /// Without `alt=sse`, and for errors even with it, chunks come as one array.
    fn array(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let items: Vec<&RawValue> = serde_json::from_str(data)
            .map_err(|error| ModelError::new(ErrorKind::Protocol, format!("the answer is not JSON: {error}")))?;
        items.into_iter().try_for_each(|item| self.chunk(&parse(item.get())?, out))
    }

    fn chunk(&mut self, chunk: &Chunk<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if let Some(error) = chunk.error {
            return Err(provider_error_text(error.get()));
        }
        self.head.tell(chunk.model_version.get(), chunk.response_id.get(), out);
        // Others than the first are there only when the user asked for several answers at once.
        let first = |candidate: &&Candidate<'_>| candidate.index.and_then(|index| index.0).unwrap_or(0) == 0;
        let candidate = chunk.candidates.iter().flatten().find(first);
        self.answered |= candidate.is_some();
        let parts = candidate.and_then(|candidate| candidate.content.as_ref()?.parts.as_ref());
        parts.into_iter().flatten().for_each(|part| self.part(part, out));
        if let Some(raw) = chunk.usage_metadata {
            out.push(StreamEvent::usage(usage(raw)));
        }
        if let Some(word) = candidate.and_then(|candidate| candidate.finish_reason.get()) {
            self.finish(finish_reason(word), word, out);
        }
        if let Some(word) = chunk.prompt_feedback.as_ref().and_then(|feedback| feedback.block_reason.get()) {
            self.finish(Some(FinishReason::ContentFilter), word, out);
        }
        Ok(())
    }

    /// One part. Code that the vendor ran, files and the like are skipped.
    fn part(&mut self, part: &Part<'_>, out: &mut Vec<StreamEvent>) {
        let signature = part.thought_signature.get();
        if let Some(call) = &part.function_call {
            self.call(call, signature, out);
        } else if part.thought.0 {
            self.parts.thinking(Piece::Running, part.text.or_empty(), thinking, out);
            self.parts.signature(Piece::Running, signature.unwrap_or_default(), thinking, out);
        } else {
            self.parts.text(Piece::Running, part.text.or_empty(), out);
            if let Some(signature) = signature.filter(|_| part.text.is_told()) {
                self.parts.text_details(PROVIDER_NAME, json!({SIGNATURE: signature}), out);
            }
        }
    }

    /// A call comes whole, so its place among the calls is its number.
    fn call(&mut self, call: &FunctionCall<'_>, signature: Option<&str>, out: &mut Vec<StreamEvent>) {
        let part = ToolCall {
            tool_name: call.name.or_empty().to_owned(),
            args: call.args.and_then(|raw| serde_json::from_str(raw.get()).ok()),
            tool_call_id: call.id.or_empty().to_owned(),
            provider_name: signature.map(|_| PROVIDER_NAME.to_owned()),
            provider_details: signature.map(|signature| json!({SIGNATURE: signature})),
            ..ToolCall::default()
        };
        self.parts.start_call(self.parts.calls() as u64, part, out);
        self.parts.end_open(out);
    }

    fn finish(&mut self, finish_reason: Option<FinishReason>, word: &str, out: &mut Vec<StreamEvent>) {
        // Older models tell it with every chunk.
        if self.finish_reason.as_deref() == Some(word) {
            return;
        }
        self.finish_reason = Some(word.to_owned());
        self.parts.end_open(out);
        let provider_finish_reason = Some(word.to_owned()).filter(|word| !word.is_empty());
        out.push(StreamEvent::Finish { finish_reason, provider_finish_reason });
    }
}

fn thinking(content: String) -> Thinking {
    Thinking { content, provider_name: Some(PROVIDER_NAME.to_owned()), ..Thinking::default() }
}

/// Counts after <https://ai.google.dev/api/generate-content#UsageMetadata>. The vendor leaves out what is zero.
fn usage(raw: &RawValue) -> Usage {
    let tokens: Tokens = serde_json::from_str(raw.get()).unwrap_or_default();
    let known = |count: Option<Count>| count.and_then(|count| count.0);
    let input_tokens = sum(&[tokens.prompt, tokens.tool_use_prompt]);
    // A blocked prompt has no candidates and so no count of theirs; the total tells that there was no output.
    let rest = || known(tokens.total)?.checked_sub(input_tokens?);
    let details = [("thoughts_tokens", tokens.thoughts), ("tool_use_prompt_tokens", tokens.tool_use_prompt)];
    Usage {
        input_tokens,
        output_tokens: sum(&[tokens.candidates, tokens.thoughts]).or_else(rest),
        cache_read_tokens: known(tokens.cached_content),
        output_reasoning_tokens: known(tokens.thoughts),
        details: details.into_iter().filter_map(|(name, count)| Some((name.to_owned(), known(count)?))).collect(),
        ..Usage::default()
    }
}

/// Words after <https://ai.google.dev/api/generate-content#FinishReason>.
fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "STOP" => Some(FinishReason::Stop),
        "MAX_TOKENS" | "CONTINUATION" => Some(FinishReason::Length),
        "SAFETY"
        | "RECITATION"
        | "BLOCKLIST"
        | "PROHIBITED_CONTENT"
        | "SPII"
        | "IMAGE_SAFETY"
        | "IMAGE_PROHIBITED_CONTENT"
        | "MODEL_ARMOR" => Some(FinishReason::ContentFilter),
        "LANGUAGE" | "MALFORMED_FUNCTION_CALL" | "UNEXPECTED_TOOL_CALL" | "NO_IMAGE" => Some(FinishReason::Error),
        _ => None,
    }
}
