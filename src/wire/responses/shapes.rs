//! What the interface's JSON looks like. What isn't needed for every event stays raw until it is: an event or an item
//! of a kind that nobody here knows may hold anything.

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::items::Place;
use crate::message::{FinishReason, Usage};
use crate::wire::json::{Content, Count, Counts, Text};
use crate::wire::vendor_error::excerpt;
use crate::wire::{ErrorKind, ModelError};

/// An event of a stream.
#[derive(Deserialize)]
pub struct Event<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Text<'a>,
    #[serde(borrow, default)]
    pub item_id: Text<'a>,
    pub output_index: Option<Count>,
    pub content_index: Option<Count>,
    pub summary_index: Option<Count>,
    #[serde(borrow)]
    pub delta: Option<&'a RawValue>,
    #[serde(borrow)]
    pub arguments: Option<&'a RawValue>,
    #[serde(borrow)]
    pub part: Option<&'a RawValue>,
    #[serde(borrow)]
    pub item: Option<&'a RawValue>,
    #[serde(borrow)]
    pub response: Option<&'a RawValue>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
}

impl Event<'_> {
    /// Which item it is about.
    pub fn place(&self) -> Place<'_> {
        Place { id: self.item_id.get(), index: known(self.output_index) }
    }
}

/// A response: the whole one, or what is known of it when a stream begins.
#[derive(Default, Deserialize)]
pub struct Response<'a> {
    #[serde(borrow, default)]
    pub id: Text<'a>,
    #[serde(borrow, default)]
    pub model: Text<'a>,
    #[serde(borrow, default)]
    pub status: Text<'a>,
    #[serde(borrow)]
    incomplete_details: Option<&'a RawValue>,
    #[serde(borrow)]
    pub error: Option<&'a RawValue>,
    #[serde(borrow)]
    pub output: Option<Vec<&'a RawValue>>,
    #[serde(borrow)]
    pub usage: Option<&'a RawValue>,
}

impl Response<'_> {
    /// Why it is incomplete, else its status.
    pub fn finish_word(&self) -> Option<String> {
        let details: Option<Value> = self.incomplete_details.and_then(|raw| serde_json::from_str(raw.get()).ok());
        let reason = details.as_ref().and_then(|details| details["reason"].as_str());
        reason.or(self.status.get()).map(str::to_owned)
    }
}

/// An item of the output, of any kind.
#[derive(Deserialize)]
pub struct Item<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Text<'a>,
    #[serde(borrow, default)]
    pub id: Text<'a>,
    #[serde(borrow, default)]
    pub phase: Text<'a>,
    #[serde(borrow)]
    pub content: Option<&'a RawValue>,
    #[serde(borrow)]
    pub summary: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub encrypted_content: Text<'a>,
    #[serde(borrow, default)]
    pub call_id: Text<'a>,
    #[serde(borrow, default)]
    pub name: Text<'a>,
    #[serde(borrow, default)]
    pub namespace: Text<'a>,
    #[serde(borrow)]
    pub arguments: Option<&'a RawValue>,
}

/// A piece of an item's content or summary.
#[derive(Default, Deserialize)]
pub struct Piece<'a> {
    #[serde(rename = "type", borrow, default)]
    pub kind: Text<'a>,
    #[serde(borrow, default)]
    pub text: Content<'a>,
    #[serde(borrow, default)]
    pub refusal: Content<'a>,
    #[serde(borrow)]
    annotations: Option<&'a RawValue>,
}

impl Piece<'_> {
    /// What it cites of the web and of files, as the vendor tells it.
    pub fn citations(&self) -> Vec<Value> {
        let is_cited = |one: &Value| matches!(one["type"].as_str(), Some("url_citation" | "file_citation"));
        let all: Option<Vec<Value>> = self.annotations.and_then(|raw| serde_json::from_str(raw.get()).ok());
        all.unwrap_or_default().into_iter().filter(is_cited).collect()
    }
}

/// Content that must be what is expected there, or `null`: losing it silently would falsify the answer.
///
/// # Errors
/// `ErrorKind::Protocol`: it is something else.
pub fn content<'a, T: Deserialize<'a> + Default>(raw: Option<&'a RawValue>) -> Result<T, ModelError> {
    let Some(raw) = raw else { return Ok(T::default()) };
    serde_json::from_str(raw.get()).map_err(|error| {
        let message = format!("the answer's content is not what was expected: {error}");
        ModelError::new(ErrorKind::Protocol, message).with_body(excerpt(raw.get()).into())
    })
}

/// A call's arguments: JSON text in a string; some compatible servers put the object itself here.
pub fn arguments(raw: Option<&RawValue>) -> String {
    raw.map(|raw| serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())).unwrap_or_default()
}

#[derive(Default, Deserialize)]
struct Tokens {
    #[serde(rename = "input_tokens")]
    input: Option<Count>,
    #[serde(rename = "output_tokens")]
    output: Option<Count>,
    #[serde(rename = "input_tokens_details", default)]
    input_details: Counts,
    #[serde(rename = "output_tokens_details", default)]
    output_details: Counts,
}

/// Counts after <https://platform.openai.com/docs/api-reference/responses/object#responses-object-usage>.
pub fn usage(raw: &RawValue) -> Usage {
    let tokens: Tokens = serde_json::from_str(raw.get()).unwrap_or_default();
    let details = tokens.output_details;
    Usage {
        input_tokens: known(tokens.input),
        output_tokens: known(tokens.output),
        cache_read_tokens: known(tokens.input_details.get("cached_tokens")),
        cache_write_tokens: known(tokens.input_details.get("cache_write_tokens")),
        output_reasoning_tokens: known(details.get("reasoning_tokens")),
        details: details.known().map(|(name, count)| (name.clone(), count)).collect(),
        ..Usage::default()
    }
}

/// A count, if it is one.
pub fn known(count: Option<Count>) -> Option<u64> {
    count.and_then(|count| count.0)
}

/// Words after `status` and `incomplete_details.reason` in
/// <https://platform.openai.com/docs/api-reference/responses/object>.
pub fn finish_reason(word: &str) -> Option<FinishReason> {
    match word {
        "completed" => Some(FinishReason::Stop),
        "max_output_tokens" => Some(FinishReason::Length),
        "content_filter" => Some(FinishReason::ContentFilter),
        "cancelled" | "failed" => Some(FinishReason::Error),
        _ => None,
    }
}
