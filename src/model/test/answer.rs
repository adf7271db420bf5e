//! What is said, cut into tokens: thinking, a text, or structured output. Knows no times.
//!
//! The name `test` is PydanticAI's own model and answers as that does (`pydantic_ai/models/test.py`). Structured output
//! is its business under every name, since a voice's prose fits no schema.

use serde_json::{Map, Value};

use super::data;
use super::options::Options;
use super::voice::{self, Voice};
use crate::message::{ModelMessage, PartDelta, RequestPart, ResponsePart, ToolArgs, ToolCall};
use crate::model::Request;
use crate::settings::{OutputMode, OutputSpec, Thinking};
use crate::wire::{ErrorKind, ModelError, OUTPUT_TOOL};

/// What a token is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// Thinking.
    Thinking,
    /// The answer's text.
    Text,
    /// The arguments of the tool for structured output.
    Output,
}

/// One token to say.
pub struct Token {
    /// What it is part of.
    pub channel: Channel,
    /// Its characters.
    pub text: String,
}

impl Channel {
    /// A part that begins with this. Arguments that are whole are an object.
    pub fn part(self, text: String) -> ResponsePart {
        match self {
            Self::Thinking => ResponsePart::thinking(text),
            Self::Text => ResponsePart::text(text),
            Self::Output => ResponsePart::ToolCall(ToolCall {
                tool_name: OUTPUT_TOOL.to_owned(),
                args: Some(serde_json::from_str(&text).map_or(ToolArgs::Json(text), ToolArgs::Object)),
                tool_call_id: format!("pyd_ai_tool_call_id__{OUTPUT_TOOL}"),
                ..ToolCall::default()
            }),
        }
    }

    /// More of such a part.
    pub fn delta(self, text: String) -> PartDelta {
        match self {
            Self::Thinking => PartDelta::thinking(text),
            Self::Text => PartDelta::text(text),
            Self::Output => PartDelta::ToolCall { tool_name_delta: None, args_delta: Some(text), tool_call_id: None },
        }
    }
}

/// All that `name` says to the request, whose last prompt is `prompt`.
///
/// # Errors
/// `ErrorKind::Config`: what is prescribed is not what is asked for, or the schema is one that no data can be made for.
pub fn tokens(
    name: &str,
    voice: &Voice,
    options: &Options,
    request: &Request,
    prompt: &str,
) -> Result<Vec<Token>, ModelError> {
    let mut said = thinking(name, voice, options, request, prompt);
    let mode = |spec: &OutputSpec| spec.mode.unwrap_or(OutputMode::Tool);
    let (channel, text) = match (request.output.as_deref(), &options.text) {
        (None, None) if options.args.is_some() => return Err(no_tool()),
        (None, None) if voice.is_pydantic_ai => (Channel::Text, plain(&request.messages)),
        (None, None) => {
            said.extend(rounds(Channel::Text, options.tokens, |round| voice.answer(name, prompt, round)));
            return Ok(said);
        }
        (Some(spec), Some(_)) if mode(spec) == OutputMode::Tool => return Err(no_text()),
        (_, Some(text)) => (Channel::Text, text.clone()),
        (Some(spec), None) => {
            let channel = if mode(spec) == OutputMode::Tool { Channel::Output } else { Channel::Text };
            (channel, output(spec, options, request)?)
        }
    };
    let whole = || vec![Token { channel, text: text.clone() }];
    said.extend(match (voice.is_pydantic_ai, channel) {
        (false, _) => cut(channel, &text),
        (true, Channel::Text) => words(&text),
        (true, _) => whole(),
    });
    Ok(said)
}

/// The structured output as JSON text: what is prescribed, else data that fits the schema.
fn output(spec: &OutputSpec, options: &Options, request: &Request) -> Result<String, ModelError> {
    if let Some(args) = &options.args {
        return Ok(Value::Object(args.clone()).to_string());
    }
    let seed = options.seed.or(request.settings.seed).unwrap_or_default();
    let made = data::generate(spec.schema(), seed);
    made.map(|data| data.to_string()).map_err(|reason| {
        ModelError::new(ErrorKind::Config, format!("no data can be made up: {reason}"))
            .with_hint("prescribe it with args={…}, the last of the options")
    })
}

/// PydanticAI's words, as the two below.
fn no_text() -> ModelError {
    ModelError::new(ErrorKind::Config, "Plain response not allowed, but `custom_output_text` is set.")
        .with_hint("text=… is no call of a tool: prescribe args={…}, or add --output-mode prompted")
}

fn no_tool() -> ModelError {
    ModelError::new(ErrorKind::Config, "No output tools provided, but `custom_output_args` is set.")
        .with_hint("args={…} is for --schema; prescribe text=…")
}

/// What tools returned, by their names, or that there were none.
fn plain(messages: &[ModelMessage]) -> String {
    let parts = messages.iter().filter_map(|message| match message {
        ModelMessage::Request(request) => Some(&request.parts),
        ModelMessage::Response(_) => None,
    });
    let returned = parts.flatten().filter_map(|part| match part {
        RequestPart::ToolReturn(returned) => Some((returned.tool_name.clone(), returned.content.clone())),
        _ => None,
    });
    let returned: Map<String, Value> = returned.collect();
    if returned.is_empty() { "success (no tool calls)".to_owned() } else { Value::Object(returned).to_string() }
}

fn thinking(name: &str, voice: &Voice, options: &Options, request: &Request, prompt: &str) -> Vec<Token> {
    let is_off = request.settings.thinking == Some(Thinking::Enabled(false));
    let wanted = if voice.thinks && !is_off { None } else { Some(0) };
    let wanted = options.thinking.map_or(wanted, Some);
    rounds(Channel::Thinking, wanted, |round| voice::thinking(name, prompt, round))
}

/// So many tokens of as many rounds of text as it takes; `None`: one round, whole.
fn rounds(channel: Channel, wanted: Option<usize>, text: impl Fn(u64) -> String) -> Vec<Token> {
    let mut said: Vec<Token> = Vec::new();
    for round in 0.. {
        if wanted.is_some_and(|wanted| said.len() >= wanted) {
            break;
        }
        let text = if round == 0 { text(0) } else { format!("\n\n{}", text(round)) };
        let before = said.len();
        said.extend(cut(channel, &text));
        if wanted.is_none() || said.len() == before {
            break;
        }
    }
    said.truncate(wanted.unwrap_or(usize::MAX));
    said
}

fn cut(channel: Channel, text: &str) -> Vec<Token> {
    voice::tokens(text).into_iter().map(|text| Token { channel, text: text.to_owned() }).collect()
}

/// A text as PydanticAI's model streams it: word by word, a single word in two halves.
fn words(text: &str) -> Vec<Token> {
    let length = text.chars().count();
    let middle = text.char_indices().nth(length / 2).map(|(at, _)| at);
    let pieces = match middle.filter(|_| length > 2 && !text.contains(' ')) {
        Some(at) => vec![&text[..at], &text[at..]],
        None => text.split_inclusive(' ').collect(),
    };
    pieces.into_iter().map(|piece| Token { channel: Channel::Text, text: piece.to_owned() }).collect()
}
