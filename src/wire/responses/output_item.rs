//! Reads the items of the output: messages, reasoning and calls.
//!
//! A whole item adds what did not come in pieces, and never takes back what did.

use serde_json::json;

use super::items::{Known, Place};
use super::shapes::{Item, Piece, arguments, content};
use super::{NAMESPACE, PROVIDER_NAME, RAW_CONTENT};
use crate::message::{StreamEvent, ToolArgs, ToolCall};
use crate::wire::ModelError;
use crate::wire::parts::{Parts, ToolChunk};

/// The place of an item, which knows its own identifier.
pub fn named<'a>(item: &'a Item<'_>, place: Place<'a>) -> Place<'a> {
    Place { id: item.id.get().or(place.id), ..place }
}

/// The text of a message, unless it came in pieces, and what it cites. Returns whether it is a refusal.
pub fn message(
    parts: &mut Parts,
    known: &mut Known,
    item: &Item<'_>,
    out: &mut Vec<StreamEvent>,
) -> Result<bool, ModelError> {
    known.phase = item.phase.get().map(str::to_owned).or(known.phase.take());
    // What can't be read is no loss where it was told before.
    let pieces: Vec<Piece<'_>> = content(item.content).or_else(|error| known.is_told.then(Vec::new).ok_or(error))?;
    let mut refused = false;
    for (piece, index) in pieces.iter().zip(0..) {
        let place = known.piece(Some(index));
        if !known.is_told {
            refused |= piece.kind.or_empty() == "refusal";
            parts.text_as(place, piece.text.as_str(), |content| known.text(content), out);
            parts.text(place, piece.refusal.as_str(), out);
        }
        if let Some(details) = known.text_details(piece.citations()) {
            parts.known_text_details(place, PROVIDER_NAME, details, out);
        }
    }
    known.is_told = true;
    Ok(refused)
}

/// Summaries, then what only the whole item tells: the encrypted reasoning, and the raw one.
pub fn reasoning(
    parts: &mut Parts,
    known: &mut Known,
    item: &Item<'_>,
    out: &mut Vec<StreamEvent>,
) -> Result<(), ModelError> {
    let is_told = std::mem::replace(&mut known.is_told, true);
    let new = |content| known.thinking(content);
    if !is_told {
        let summaries: Vec<Piece<'_>> = content(item.summary)?;
        for (summary, index) in summaries.iter().zip(0..) {
            parts.thinking(known.piece(Some(index)), summary.text.as_str(), new, out);
        }
    }
    parts.signature(known.piece(None), item.encrypted_content.or_empty(), new, out);
    let raw: Vec<Piece<'_>> = content(item.content).unwrap_or_default();
    let raw: Vec<&str> = raw.iter().map(|piece| piece.text.as_str()).collect();
    if !raw.is_empty() {
        parts.thinking_details(known.piece(None), json!({ RAW_CONTENT: raw }), new, out);
    }
    Ok(())
}

/// Begins a call with the arguments that it comes with; in a stream most come with none. A nameless one is dropped.
pub fn begin_call(parts: &mut Parts, known: &mut Known, item: &Item<'_>, out: &mut Vec<StreamEvent>) {
    let Some(name) = item.name.get().filter(|_| known.args.is_none()) else { return };
    let args = arguments(item.arguments);
    let part = ToolCall {
        tool_name: name.to_owned(),
        args: Some(args.clone()).filter(|args| !args.is_empty()).map(ToolArgs::Json),
        tool_call_id: item.call_id.or_empty().to_owned(),
        id: item.id.get().map(str::to_owned),
        provider_name: Some(PROVIDER_NAME.to_owned()),
        provider_details: item.namespace.get().map(|namespace| json!({ NAMESPACE: namespace })),
        ..ToolCall::default()
    };
    known.args = Some(args);
    parts.start_call(known.number, part, out);
}

/// The rest of a call's arguments, when all of them are told; what streamed stays where it differs.
pub fn finish_arguments(parts: &mut Parts, known: &mut Known, all: &str, out: &mut Vec<StreamEvent>) {
    let Some(args) = &mut known.args else { return };
    if let Some(rest) = all.strip_prefix(args.as_str()).filter(|rest| !rest.is_empty()) {
        parts.tool_call(known.number, ToolChunk { args: Some(rest), ..ToolChunk::default() }, out);
        args.push_str(rest);
    }
}
