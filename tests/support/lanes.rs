//! Runs lanes to their end, and a model that does as it is told.
#![allow(dead_code)] // Each test uses its own part of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use llmbench::message::{ModelMessage, ModelRequest, ModelResponse, PartDelta, ResponsePart, StreamEvent};
use llmbench::model::{ErrorKind, EventSink, LaneEvent, Model, ModelError, Outcome, Request, RunEvent, TestModel};
use llmbench::run::{Lane, LaneRecord, Run};
use llmbench::settings::OutputSpec;
use tokio_util::sync::CancellationToken;

/// The model behind `test:SPEC`.
pub fn test_model(spec: &str) -> Arc<dyn Model> {
    Arc::new(TestModel::parse(&format!("test:{spec}"), spec).expect("a test model"))
}

pub fn request(stream: bool) -> Request {
    Request {
        messages: vec![ModelMessage::Request(ModelRequest::user("Hi", None, None))],
        stream,
        ..Request::default()
    }
}

/// Starts a lane for each model.
pub fn start(models: &[Arc<dyn Model>], stream: bool) -> Run {
    let lane = |model: &Arc<dyn Model>| Lane { model: Arc::clone(model), request: request(stream) };
    Run::start(models.iter().map(lane).collect())
}

/// Asks one model alone, watching what goes over the wire.
pub async fn watch(model: Arc<dyn Model>, stream: bool) -> LaneRecord {
    finish(&mut Run::watched(vec![Lane { model, request: request(stream) }])).await.remove(0)
}

/// Takes events in until every lane has ended.
pub async fn finish(run: &mut Run) -> Vec<LaneRecord> {
    let mut lanes: Vec<_> = run.cancel.iter().map(|_| LaneRecord::new("lane", Timestamp::UNIX_EPOCH)).collect();
    while let Some(event) = run.events.recv().await {
        lanes[event.lane].apply(event.at, &event.event);
    }
    lanes
}

/// Asks one model alone.
pub async fn ask(model: Arc<dyn Model>, stream: bool) -> LaneRecord {
    finish(&mut start(&[model], stream)).await.remove(0)
}

/// The next event that there is, without waiting beyond the runtime's own clock.
pub async fn next(run: &mut Run) -> RunEvent {
    run.events.recv().await.expect("the lane goes on")
}

pub fn text_of(lane: &LaneRecord) -> String {
    lane.response().text()
}

/// Who was asked, and how each attempt ended.
pub fn trace(lane: &LaneRecord) -> Vec<(&str, Option<Outcome>, Option<ErrorKind>)> {
    let one = |attempt: &llmbench::run::Attempt| attempt.error.as_ref().map(|error| error.kind);
    lane.attempts.iter().map(|attempt| (attempt.model.as_str(), attempt.outcome, one(attempt))).collect()
}

/// What a [`Scripted`] model does next.
pub enum Step {
    /// Waits.
    Wait(Duration),
    /// Says a piece of text.
    Say(String),
    /// Fails.
    Fail(ModelError),
    /// Panics.
    Panic,
    /// Never does anything again, and doesn't look at its cancellation either.
    Hang,
}

/// A model that takes its steps one after the other.
pub struct Scripted {
    id: String,
    steps: Vec<Step>,
    said: AtomicUsize,
}

impl Scripted {
    pub fn new(id: &str, steps: Vec<Step>) -> Arc<Self> {
        Arc::new(Self { id: id.to_owned(), steps, said: AtomicUsize::new(0) })
    }

    /// How many pieces it has said so far.
    pub fn said(&self) -> usize {
        self.said.load(Ordering::Relaxed)
    }

    async fn take(&self, events: &EventSink) -> Result<ModelResponse, ModelError> {
        let mut text = String::new();
        for step in &self.steps {
            match step {
                Step::Wait(time) => tokio::time::sleep(*time).await,
                Step::Say(piece) => {
                    events.send(LaneEvent::Arrived(vec![said(text.is_empty(), piece)])).await;
                    self.said.fetch_add(1, Ordering::Relaxed);
                    text.push_str(piece);
                }
                Step::Fail(error) => return Err(error.clone()),
                Step::Panic => panic!("told to"),
                Step::Hang => std::future::pending().await,
            }
        }
        Ok(ModelResponse { parts: vec![ResponsePart::text(text)], ..ModelResponse::default() })
    }
}

fn said(is_first: bool, piece: &str) -> StreamEvent {
    if is_first {
        StreamEvent::part_start(0, ResponsePart::text(piece))
    } else {
        StreamEvent::PartDelta { index: 0, delta: PartDelta::text(piece) }
    }
}

impl Model for Scripted {
    fn id(&self) -> &str {
        &self.id
    }

    fn request<'a>(
        &'a self,
        _: &'a Request,
        events: &'a EventSink,
        _: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(self.take(events))
    }
}

/// Asks one model alone for structured output.
pub async fn ask_for(model: Arc<dyn Model>, spec: OutputSpec, stream: bool) -> LaneRecord {
    let request = Request { output: Some(Arc::new(spec)), ..request(stream) };
    finish(&mut Run::start(vec![Lane { model, request }])).await.remove(0)
}
