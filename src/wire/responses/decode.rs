//! Reads responses: the events of a stream, and whole ones, whose items make the same parts.

use serde_json::json;
use serde_json::value::RawValue;

use super::items::{Items, Known, Place};
use super::shapes::{self, Event, Item, Response, arguments, content, finish_reason, known, pieces, usage};
use super::{CITATIONS, NAMESPACE, PHASE, PROVIDER_NAME, RAW_CONTENT};
use crate::message::{FinishReason, StreamEvent, Text, ToolArgs, ToolCall};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::parse;
use crate::wire::parts::{Parts, ToolChunk};
use crate::wire::vendor_error::{excerpt, provider_error_text};
use crate::wire::{ErrorKind, ModelError};

/// Reads one response.
#[derive(Default)]
pub struct Answer {
    head: Head,
    items: Items,
    parts: Parts,
    refused: bool,
    ended: bool,
}

impl Reader for Answer {
    const END: &'static str = "response.completed";

    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.ended || matches!(data.trim(), "" | "[DONE]") {
            return Ok(());
        }
        let event: Event<'_> = parse(data)?;
        match event.kind.or_empty() {
            "response.output_text.delta" => self.text(&event, out)?,
            "response.refusal.delta" => self.refusal(&event, out)?,
            "response.reasoning_summary_part.added" => self.summary_part(&event, out),
            "response.reasoning_summary_text.delta" => self.summary(&event, out)?,
            "response.reasoning_text.delta" => self.raw_reasoning(&event, out),
            "response.function_call_arguments.delta" => self.arguments(&event, out)?,
            "response.function_call_arguments.done" => {
                let known = self.items.find(event.place());
                finish_arguments(&mut self.parts, known, &arguments(event.arguments), out);
            }
            "response.output_item.added" => self.begin(&event, out)?,
            "response.output_item.done" => {
                let Some(raw) = event.item else { return Ok(()) };
                self.item(raw, event.place(), out)?;
            }
            kind @ ("response.created"
            | "response.queued"
            | "response.in_progress"
            | "response.completed"
            | "response.incomplete"
            | "response.failed") => self.response(kind, event.response, out)?,
            "error" => return Err(provider_error_text(event.error.map_or(data, RawValue::get))),
            "" if event.error.is_some() => return Err(provider_error_text(data)),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let response: Response<'_> = parse(json)?;
        self.tell(&response, out)?;
        let problem = match response.status.or_empty() {
            "failed" => return Err(provider_error_text("null")),
            status @ ("queued" | "in_progress") => {
                let message = format!("the answer came before the model had ended (its status is {status})");
                ModelError::new(ErrorKind::Truncated, message)
            }
            _ if response.output.is_none() => ModelError::new(ErrorKind::Protocol, "the answer has no output"),
            _ => return self.end(&response, None, out),
        };
        Err(problem.with_body(excerpt(json).into()))
    }

    fn ended(&self) -> bool {
        self.ended
    }
}

impl Answer {
    fn text(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let delta = content(event.delta)?;
        let item = self.items.find(event.place());
        item.is_told |= !delta.as_str().is_empty();
        let piece = item.piece(known(event.content_index));
        self.parts.text_as(piece, delta.as_str(), |content| item.text(content), out);
        Ok(())
    }

    /// It is text, but none that goes back under the message's identifier.
    fn refusal(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let delta = content(event.delta)?;
        let item = self.items.find(event.place());
        item.is_told |= !delta.as_str().is_empty();
        self.refused = true;
        self.parts.text(item.piece(known(event.content_index)), delta.as_str(), out);
        Ok(())
    }

    fn summary_part(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) {
        let part: Option<shapes::Piece<'_>> = event.part.and_then(|raw| serde_json::from_str(raw.get()).ok());
        self.summary_text(event, part.unwrap_or_default().text.as_str(), out);
    }

    fn summary(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.summary_text(event, content(event.delta)?.as_str(), out);
        Ok(())
    }

    fn summary_text(&mut self, event: &Event<'_>, text: &str, out: &mut Vec<StreamEvent>) {
        let item = self.items.find(event.place());
        item.is_told |= !text.is_empty();
        let piece = item.piece(known(event.summary_index));
        self.parts.thinking(piece, text, |content| item.thinking(content), out);
    }

    /// The part begins with the first of it, in its place before what follows; the whole item tells the text.
    fn raw_reasoning(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) {
        let item = self.items.find(event.place());
        if !std::mem::replace(&mut item.is_raw, true) {
            let none_yet = json!({ RAW_CONTENT: [] });
            self.parts.thinking_details(item.piece(None), none_yet, |content| item.thinking(content), out);
        }
    }

    /// Arguments of a call whose beginning was not told come with the whole item.
    fn arguments(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let delta = content(event.delta)?;
        let item = self.items.find(event.place());
        if let Some(args) = &mut item.args {
            args.push_str(delta.as_str());
            self.parts.tool_call(item.number, ToolChunk { args: Some(delta.as_str()), ..ToolChunk::default() }, out);
        }
        Ok(())
    }

    fn begin(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let Some(raw) = event.item else { return Ok(()) };
        let item: Item<'_> = parse(raw.get())?;
        let known = self.items.begin(named(&item, event.place()));
        known.phase = item.phase.get().map(str::to_owned);
        if item.kind.or_empty() == "function_call" {
            begin_call(&mut self.parts, known, &item, out);
        }
        Ok(())
    }

    /// A whole item: what was not told in pieces. Tools that the vendor runs are skipped.
    fn item(&mut self, raw: &RawValue, place: Place<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let item: Item<'_> = parse(raw.get())?;
        let known = self.items.find(named(&item, place));
        match item.kind.or_empty() {
            "message" => self.message(&item, place, out),
            "reasoning" => reasoning(&mut self.parts, known, &item, out),
            "function_call" if known.args.is_none() => {
                begin_call(&mut self.parts, known, &item, out);
                Ok(())
            }
            "function_call" => {
                finish_arguments(&mut self.parts, known, &arguments(item.arguments), out);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn message(&mut self, item: &Item<'_>, place: Place<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let known = self.items.find(named(item, place));
        known.phase = item.phase.get().map(str::to_owned).or(known.phase.take());
        for (piece, index) in unless_told(known, pieces(item.content))?.iter().zip(0..) {
            let place = known.piece(Some(index));
            if !known.is_told {
                self.refused |= piece.kind.or_empty() == "refusal";
                self.parts.text_as(place, piece.text.as_str(), |content| known.text(content), out);
                self.parts.text_as(place, piece.refusal.as_str(), |content| Text { content, ..Text::default() }, out);
            }
            let citations = piece.citations();
            if !citations.is_empty() {
                let mut details = json!({ CITATIONS: citations });
                if let Some(phase) = &known.phase {
                    details[PHASE] = phase.as_str().into();
                }
                self.parts.known_text_details(place, PROVIDER_NAME, details, out);
            }
        }
        Ok(())
    }

    fn response(&mut self, kind: &str, raw: Option<&RawValue>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let response: Response<'_> = raw.map_or_else(|| Ok(Response::default()), |raw| parse(raw.get()))?;
        self.tell(&response, out)?;
        match kind {
            "response.failed" => Err(provider_error_text("null")),
            "response.completed" => self.end(&response, Some("completed"), out),
            "response.incomplete" => self.end(&response, Some("incomplete"), out),
            _ => Ok(()),
        }
    }

    /// What a response says of itself, however far it has come.
    fn tell(&mut self, response: &Response<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if response.model.get().or(response.id.get()).is_some() {
            self.head.tell(response.model.get(), response.id.get(), out);
        }
        if let Some(raw) = response.usage {
            out.push(StreamEvent::Usage { usage: usage(raw) });
        }
        response.error.map_or(Ok(()), |error| Err(provider_error_text(error.get())))
    }

    /// The model's own end. Its output is read only where nothing of it came in pieces.
    fn end(
        &mut self,
        response: &Response<'_>,
        status: Option<&str>,
        out: &mut Vec<StreamEvent>,
    ) -> Result<(), ModelError> {
        if self.items.is_empty() {
            for (raw, index) in response.output.iter().flatten().zip(0..) {
                self.item(raw, Place { id: None, index: Some(index) }, out)?;
            }
        }
        self.ended = true;
        self.parts.end_open(out);
        let word = response.finish_word().or_else(|| status.map(str::to_owned)).filter(|_| !self.refused);
        let refusal = self.refused.then_some(FinishReason::ContentFilter);
        let finish_reason = refusal.or_else(|| word.as_deref().and_then(finish_reason));
        out.push(StreamEvent::Finish { finish_reason, provider_finish_reason: word });
        Ok(())
    }
}

/// The place of an item, which knows its own identifier.
fn named<'a>(item: &'a Item<'_>, place: Place<'a>) -> Place<'a> {
    Place { id: item.id.get().or(place.id), ..place }
}

/// What an item holds; what can't be read of it is no loss where it was told before.
fn unless_told<T: Default>(known: &Known, read: Result<T, ModelError>) -> Result<T, ModelError> {
    if known.is_told { Ok(read.unwrap_or_default()) } else { read }
}

/// Summaries, then what only the whole item tells: the encrypted reasoning, and the raw one.
fn reasoning(parts: &mut Parts, known: &Known, item: &Item<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
    let new = |content| known.thinking(content);
    if !known.is_told {
        for (summary, index) in pieces(item.summary)?.iter().zip(0..) {
            parts.thinking(known.piece(Some(index)), summary.text.as_str(), new, out);
        }
    }
    parts.signature(known.piece(None), item.encrypted_content.or_empty(), new, out);
    let raw = pieces(item.content).unwrap_or_default();
    let raw: Vec<&str> = raw.iter().map(|piece| piece.text.as_str()).collect();
    if !raw.is_empty() {
        parts.thinking_details(known.piece(None), json!({ RAW_CONTENT: raw }), new, out);
    }
    Ok(())
}

/// Begins a call with the arguments that it comes with; in a stream most come with none. A nameless one is dropped.
fn begin_call(parts: &mut Parts, known: &mut Known, item: &Item<'_>, out: &mut Vec<StreamEvent>) {
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
fn finish_arguments(parts: &mut Parts, known: &mut Known, all: &str, out: &mut Vec<StreamEvent>) {
    let Some(args) = &mut known.args else { return };
    if let Some(rest) = all.strip_prefix(args.as_str()).filter(|rest| !rest.is_empty()) {
        parts.tool_call(known.number, ToolChunk { args: Some(rest), ..ToolChunk::default() }, out);
        args.push_str(rest);
    }
}
