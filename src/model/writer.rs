//! An answer in the making: what is sent as it grows and what is returned in the end are one and the same.

use super::{EventSink, LaneEvent};
use crate::message::{FinishReason, ModelResponse, ResponseBuilder, ResponsePart, StreamEvent, Thinking, Usage};
use crate::wire::{Parts, Piece, ToolChunk};

/// Sends an answer as it grows, each piece stamped with the time of its sending, and folds it to the response that
/// [`Model::request`](super::Model::request) returns. Made by [`EventSink::response`].
pub struct ResponseWriter<'a> {
    events: &'a EventSink,
    parts: Parts,
    folded: ResponseBuilder,
}

impl<'a> ResponseWriter<'a> {
    pub(super) fn new(events: &'a EventSink) -> Self {
        Self { events, parts: Parts::default(), folded: ResponseBuilder::default() }
    }

    /// Tells by what name the model itself goes.
    pub async fn start(&mut self, model_name: &str) {
        let model_name = Some(model_name.to_owned());
        self.send(vec![StreamEvent::Start { model_name, provider_response_id: None }]).await;
    }

    /// More text. Nothing is sent for none.
    pub async fn text(&mut self, content: &str) {
        self.parted(|parts, out| parts.text(Piece::Running, content, out)).await;
    }

    /// More thinking. Nothing is sent for none.
    pub async fn thinking(&mut self, content: &str) {
        let new = |content| Thinking { content, ..Thinking::default() };
        self.parted(|parts, out| parts.thinking(Piece::Running, content, new, out)).await;
    }

    /// A whole part: a tool call, or one with details of its own.
    pub async fn part(&mut self, part: ResponsePart) {
        self.parted(|parts, out| parts.whole(part, out)).await;
    }

    /// Tokens so far; those that are told replace earlier ones.
    pub async fn usage(&mut self, usage: Usage) {
        self.send(vec![StreamEvent::usage(usage)]).await;
    }

    /// The model has stopped. `None`: it doesn't tell why.
    pub async fn finish(mut self, finish_reason: impl Into<Option<FinishReason>>) -> ModelResponse {
        let finish = StreamEvent::Finish { finish_reason: finish_reason.into(), provider_finish_reason: None };
        self.parted(|parts, out| {
            parts.end_open(out);
            out.push(finish);
        })
        .await;
        self.into_response()
    }

    /// A numbered piece of thinking: more of its text, or its signature.
    pub(super) async fn numbered_thinking(&mut self, number: u64, content: Option<&str>, signature: Option<&str>) {
        let new = |content| Thinking { content, ..Thinking::default() };
        let piece = Piece::Numbered(number);
        self.parted(|parts, out| {
            parts.thinking(piece, content.unwrap_or_default(), new, out);
            parts.signature(piece, signature.unwrap_or_default(), new, out);
        })
        .await;
    }

    /// More of a numbered tool call.
    pub(super) async fn tool_call(&mut self, number: u64, chunk: ToolChunk<'_>) {
        self.parted(|parts, out| parts.tool_call(number, chunk, out)).await;
    }

    async fn parted(&mut self, add: impl FnOnce(&mut Parts, &mut Vec<StreamEvent>)) {
        let mut out = Vec::new();
        add(&mut self.parts, &mut out);
        self.send(out).await;
    }

    /// Sends what came together. Parts must be numbered densely.
    pub(super) async fn send(&mut self, events: Vec<StreamEvent>) {
        for event in &events {
            self.folded.apply(event);
        }
        if !events.is_empty() {
            self.events.send(LaneEvent::Arrived(events)).await;
        }
    }

    /// The answer so far.
    #[must_use]
    pub fn response(&self) -> &ModelResponse {
        self.folded.response()
    }

    pub(super) fn into_response(self) -> ModelResponse {
        self.folded.into_response()
    }
}
