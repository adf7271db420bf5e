//! Reads responses: the events of a stream, and whole ones, whose items make the same parts.

use serde_json::json;
use serde_json::value::RawValue;

use super::RAW_CONTENT;
use super::items::{Items, Place};
use super::output_item::{begin_call, finish_arguments, message, named, reasoning};
use super::shapes::{Event, Item, Piece, Response, arguments, content, finish_reason, known, usage};
use crate::message::{FinishReason, StreamEvent};
use crate::wire::body::Reader;
use crate::wire::head::Head;
use crate::wire::json::{Content, parse};
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
                self.item(&parse(raw.get())?, event.place(), out)?;
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
        let delta: Content<'_> = content(event.delta)?;
        let item = self.items.find(event.place());
        item.is_told |= !delta.as_str().is_empty();
        let piece = item.piece(known(event.content_index));
        self.parts.text_as(piece, delta.as_str(), |content| item.text(content), out);
        Ok(())
    }

    /// It is text, but none that goes back under the message's identifier.
    fn refusal(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let delta: Content<'_> = content(event.delta)?;
        let item = self.items.find(event.place());
        item.is_told |= !delta.as_str().is_empty();
        self.refused = true;
        self.parts.text(item.piece(known(event.content_index)), delta.as_str(), out);
        Ok(())
    }

    fn summary_part(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) {
        let part: Piece<'_> = content(event.part).unwrap_or_default();
        self.summary_text(event, part.text.as_str(), out);
    }

    fn summary(&mut self, event: &Event<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let delta: Content<'_> = content(event.delta)?;
        self.summary_text(event, delta.as_str(), out);
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
        let delta: Content<'_> = content(event.delta)?;
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
    fn item(&mut self, item: &Item<'_>, place: Place<'_>, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        let known = self.items.find(named(item, place));
        match item.kind.or_empty() {
            "message" => self.refused |= message(&mut self.parts, known, item, out)?,
            "reasoning" => reasoning(&mut self.parts, known, item, out)?,
            "function_call" => {
                begin_call(&mut self.parts, known, item, out);
                finish_arguments(&mut self.parts, known, &arguments(item.arguments), out);
            }
            _ => {}
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
        self.head.tell(response.model.get(), response.id.get(), out);
        if let Some(raw) = response.usage {
            out.push(StreamEvent::usage(usage(raw)));
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
                let (item, place) = (parse(raw.get())?, Place { id: None, index: Some(index) });
                self.items.begin(named(&item, place));
                self.item(&item, place, out)?;
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
