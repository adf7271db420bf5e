//! One line, read: what it says, whichever form it takes. Knows nothing of the lines before it.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::message::{FinishReason, PartDelta, ResponsePart, ToolCall, Usage};

/// What a line says.
#[derive(Debug, PartialEq)]
pub enum Said {
    /// Who answers.
    Start { model_name: Option<String>, provider_response_id: Option<String> },
    /// A part begins, under the program's number for it.
    PartStart { number: Option<u64>, part: ResponsePart },
    /// More of a part.
    PartDelta { number: Option<u64>, delta: PartDelta },
    /// A part is whole.
    PartEnd { number: Option<u64> },
    /// More running text.
    Text(String),
    /// More running thinking.
    Thinking(String),
    /// A whole tool call.
    ToolCall(ToolCall),
    /// The structured output.
    Output(Value),
    /// Tokens so far.
    Usage(Usage),
    /// The model has stopped: why, in the program's words or in words of its own.
    Finish { reason: Option<FinishReason>, word: Option<String> },
    /// It failed.
    Error(Value),
}

/// What a line's object says; nothing for what is unknown.
///
/// # Errors
/// A field that is known is not what it should be: a sentence.
pub fn read(mut line: Map<String, Value>) -> Result<Vec<Said>, String> {
    let name = line.shift_remove("event").or_else(|| line.shift_remove("event_kind"));
    match name {
        Some(Value::String(name)) => Ok(event(&name, line)?.into_iter().collect()),
        Some(other) => Err(format!("\"event\" is {other}, which is no text")),
        None => short(line),
    }
}

fn event(name: &str, mut line: Map<String, Value>) -> Result<Option<Said>, String> {
    Ok(Some(match name {
        "start" => Said::Start {
            model_name: text(&mut line, "model_name")?,
            provider_response_id: text(&mut line, "provider_response_id")?,
        },
        "part_start" => Said::PartStart { number: number(&line)?, part: needed(&mut line, "part")? },
        "part_delta" => Said::PartDelta { number: number(&line)?, delta: needed(&mut line, "delta")? },
        "part_end" => Said::PartEnd { number: number(&line)? },
        "usage" => Said::Usage(line.get("usage").map(usage).unwrap_or_default()),
        "finish" => {
            let word = text(&mut line, "finish_reason")?;
            finish(word, text(&mut line, "provider_finish_reason")?)
        }
        "error" => Said::Error(line.shift_remove("error").unwrap_or(Value::Object(line))),
        _ => return Ok(None),
    }))
}

fn short(mut line: Map<String, Value>) -> Result<Vec<Said>, String> {
    let mut said = Vec::new();
    if let Some(name) = text(&mut line, "model_name")? {
        said.push(Said::Start { model_name: Some(name), provider_response_id: None });
    }
    said.extend(text(&mut line, "thinking")?.map(Said::Thinking));
    said.extend(text(&mut line, "text")?.map(Said::Text));
    if line.contains_key("tool_call") {
        said.push(Said::ToolCall(needed(&mut line, "tool_call")?));
    }
    said.extend(line.shift_remove("output").map(Said::Output));
    said.extend(line.get("usage").map(|counts| Said::Usage(usage(counts))));
    match line.shift_remove("finish") {
        None | Some(Value::Bool(false)) => {}
        Some(Value::String(word)) => said.push(finish(Some(word), None)),
        Some(Value::Null | Value::Bool(true)) => said.push(finish(None, None)),
        Some(other) => return Err(format!("\"finish\" is {other}, which is no text")),
    }
    said.extend(line.shift_remove("error").filter(|error| !error.is_null()).map(Said::Error));
    Ok(said)
}

/// A reason in words of the program's own is kept as such.
fn finish(word: Option<String>, own: Option<String>) -> Said {
    let reason = word.clone().and_then(|word| serde_json::from_value(Value::from(word)).ok());
    Said::Finish { reason, word: own.or(word.filter(|_| reason.is_none())) }
}

fn number(line: &Map<String, Value>) -> Result<Option<u64>, String> {
    match line.get("index") {
        None | Some(Value::Null) => Ok(None),
        Some(index) => {
            index.as_u64().map(Some).ok_or_else(|| format!("\"index\" is {index}, which is no whole number"))
        }
    }
}

fn text(line: &mut Map<String, Value>, name: &str) -> Result<Option<String>, String> {
    match line.shift_remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(format!("{name:?} is {other}, which is no text")),
    }
}

fn needed<T: DeserializeOwned>(line: &mut Map<String, Value>, name: &str) -> Result<T, String> {
    let value = line.shift_remove(name).ok_or_else(|| format!("{name:?} is missing"))?;
    serde_json::from_value(value).map_err(|error| format!("{name:?} is not what it should be: {error}"))
}

/// Counts that are none are unknown.
fn usage(told: &Value) -> Usage {
    let count = |name: &str| told.get(name).and_then(Value::as_u64);
    let details = told.get("details").and_then(Value::as_object).into_iter().flatten();
    Usage {
        input_tokens: count("input_tokens"),
        cache_write_tokens: count("cache_write_tokens"),
        cache_read_tokens: count("cache_read_tokens"),
        output_tokens: count("output_tokens"),
        output_reasoning_tokens: count("output_reasoning_tokens"),
        details: details.filter_map(|(name, count)| Some((name.clone(), count.as_u64()?))).collect(),
        ..Usage::default()
    }
}
