//! Starts a run: a task per lane, one bounded channel of events for all of them.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::LaneRecord;
use crate::model::{EventSink, LaneEvent, Model, Outcome, Request, RunEvent, SkipWait, attempt, output_retry};

/// Arrivals that may wait for the listener before the lanes wait for it.
const CAPACITY: usize = 256;

/// One model in a run and what it is asked.
pub struct Lane {
    /// The model.
    pub model: Arc<dyn Model>,
    /// What it is asked: each lane has a history of its own.
    pub request: Request,
}

impl Lane {
    /// This model, asked this.
    #[must_use]
    pub fn new(model: Arc<dyn Model>, request: Request) -> Self {
        Self { model, request }
    }
}

/// A run under way.
pub struct Run {
    /// What happens, in the order of its arrival. Ends when every lane has.
    pub events: mpsc::Receiver<RunEvent>,
    /// Cancels a lane, by its number.
    pub cancel: Vec<CancellationToken>,
    /// Ends a lane's wait before its next attempt, by its number.
    pub skip: Vec<SkipWait>,
}

impl Run {
    /// Starts every lane at once. Needs a tokio runtime. Lanes that nobody listens to any more end by themselves.
    #[must_use]
    pub fn start(lanes: Vec<Lane>) -> Self {
        Self::start_with(lanes, |sink| sink)
    }

    /// Likewise, and tells what goes over the wire.
    #[must_use]
    pub fn watched(lanes: Vec<Lane>) -> Self {
        Self::start_with(lanes, EventSink::watched)
    }

    fn start_with(lanes: Vec<Lane>, sink: impl Fn(EventSink) -> EventSink) -> Self {
        let (sender, events) = mpsc::channel(CAPACITY);
        let cancel: Vec<_> = lanes.iter().map(|_| CancellationToken::new()).collect();
        let skip: Vec<_> = lanes.iter().map(|_| SkipWait::default()).collect();
        for (number, lane) in lanes.into_iter().enumerate() {
            let events = sink(EventSink::new(number, sender.clone()).with_skip(skip[number].clone()));
            tokio::spawn(run_lane(lane, events, cancel[number].clone(), sender.clone()));
        }
        Self { events, cancel, skip }
    }

    /// Asks every lane and waits for all of them: what is known of each in the end. Needs a tokio runtime.
    pub async fn to_end(lanes: Vec<Lane>) -> Vec<LaneRecord> {
        let record = |lane: &Lane| LaneRecord::new(lane.model.id(), Timestamp::now());
        let mut records: Vec<_> = lanes.iter().map(record).collect();
        let mut run = Self::start(lanes);
        while let Some(event) = run.events.recv().await {
            records[event.lane].apply(event.at, &event.event);
        }
        records
    }

    /// Cancels every lane.
    pub fn cancel_all(&self) {
        self.cancel.iter().for_each(CancellationToken::cancel);
    }
}

/// Runs one lane to its end. A model that panics fails its own lane and no other.
async fn run_lane(lane: Lane, sink: EventSink, cancel: CancellationToken, listener: mpsc::Sender<RunEvent>) {
    let asked = attempt::guarded(output_retry::answer(lane.model.as_ref(), lane.request, &sink, &cancel));
    let result = tokio::select! {
        result = asked => result,
        () = listener.closed() => return,
    };
    let (outcome, error) = match result {
        Ok(_) => (Outcome::Completed, None),
        Err(error) => (Outcome::of_error(&error, sink.has_visible()), Some(error.without_output())),
    };
    sink.send(LaneEvent::Ended { outcome, error }).await;
}
