//! `interface = "command"`: a program of the user's, one JSON request on its standard input, JSON lines on its output.
//!
//! This is the wire format alone; starting and ending programs is for `model`.
//!
//! # The request
//! One line, then the input is closed: `model` (what stands behind the colon), `prompt` (the last one, for programs
//! that need no more), `messages` (as PydanticAI's `ModelMessagesTypeAdapter` writes them), `settings`, `stream`, and
//! `output`: `null`, or the `schema` that the answer shall fit, the `mode`, and in `tool` mode the `tool_name` whose
//! call is the answer.
//!
//! # The answer
//! A JSON object a line. Either an event of the contract, `event` (or PydanticAI's `event_kind`) telling which: `start`,
//! `part_start`, `part_delta`, `part_end`, `usage`, `finish`, `error`. Or the short form: any of `model_name`,
//! `thinking`, `text`, `tool_call`, `output`, `usage`, `finish`, `error`, in that order. The answer is whole with
//! `finish`; usage may follow. Blank lines, unknown events and unknown fields are skipped.

mod decode;
mod event;
mod failure;
mod lines;
mod parts;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};

use super::{Call, Decoder, OUTPUT_TOOL};
use crate::message::ModelMessage;
use crate::settings::OutputMode;

/// The `format` of a request.
pub const FORMAT: &str = "llmbench.request";

/// The request, to be written as one line.
#[must_use]
pub fn request(call: &Call<'_>, mode: OutputMode, prompt: &str) -> Value {
    let output = call.output.map(|spec| {
        let tool_name = (mode == OutputMode::Tool).then_some(OUTPUT_TOOL);
        json!({ "mode": mode, "tool_name": tool_name, "schema": spec.schema() })
    });
    let messages: &[ModelMessage] = call.messages;
    json!({
        "format": FORMAT,
        "version": 1,
        "model": call.model,
        "prompt": prompt,
        "messages": messages,
        "settings": call.settings,
        "output": output,
        "stream": call.stream,
    })
}

/// A reader for the answer of that model; `mode` is how structured output was asked for, if it was.
#[must_use]
pub fn decoder(model: &str, mode: Option<OutputMode>) -> Box<dyn Decoder> {
    Box::new(decode::Lines::new(model, mode))
}
