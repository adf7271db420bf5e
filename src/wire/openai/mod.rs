//! OpenAI chat completions, and whatever is compatible with it.
//!
//! Formats: <https://platform.openai.com/docs/api-reference/chat/create> and
//! <https://platform.openai.com/docs/api-reference/chat-streaming>.
//!
//! What a service or a family has its own way is a fact of its rows (`catalog/profiles/openai.toml`), or a field that is
//! read from whoever sends it; no provider's name stands in this folder's code.
//!
//! # Where this differs from PydanticAI, on purpose
//! Requests, beyond the scenarios that are compared:
//! - A family's facts hold wherever it is served: names are matched without the path before them, where PydanticAI knows
//!   some paths and not others (GitHub's `openai/gpt-5`, Ollama's `hf.co/…`, Vercel's `google/…`).
//! - A server under a name of the user's own is trusted to hold an answer to a schema; PydanticAI refuses that for
//!   families it knows nothing of.
//! - `minimal` goes as `low` to gpt-5.1 and later, and `xhigh` as `high` to gpt-5.1, as OpenAI's pages on models say;
//!   PydanticAI sends words that the vendor refuses.
//! - Grok 4.3 and later are asked for an effort in xAI's words through this interface; PydanticAI reaches them by gRPC.
//! - GLM-5.2 and 5.3 get an effort also with `thinking = true`: the middle one.
//! - gpt-oss is told nothing about system messages in the middle of a conversation, since there are none.
//!
//! Answers:
//! - Groq's `tool_use_failed` is the error that it is; PydanticAI makes an answer of it.
//! - Usage that repeats, growing (Perplexity), counts as it stands last; PydanticAI adds it up.
//! - Thinking between tags stays in the text that it came in, and a refusal is text.

mod content;
mod decode;
mod encode;
mod messages;
#[cfg(test)]
mod tests;

use super::{Call, Decoder, HttpRequest, Interface, ModelError, body};

/// The interface.
pub struct OpenAi;

impl Interface for OpenAi {
    fn encode(&self, call: &Call<'_>) -> Result<HttpRequest, ModelError> {
        encode::request(call)
    }

    fn decoder(&self, streaming: bool) -> Box<dyn Decoder> {
        body::decoder::<decode::Chat>(streaming)
    }
}
