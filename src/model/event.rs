//! What happens in a lane, stamped when it happened, and the way it takes to whoever listens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use super::{AnswerHead, ResponseWriter, SentRequest, Verdict};
use crate::catalog::Cost;
use crate::message::StreamEvent;
use crate::wire::ModelError;

/// Something that happened in one lane of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunEvent {
    /// Which lane.
    pub lane: usize,
    /// When, since the lane began. Of what arrived: when it arrived.
    pub at: Duration,
    /// What.
    pub event: LaneEvent,
}

/// What happens in a lane.
#[derive(Clone, Debug, PartialEq)]
pub enum LaneEvent {
    /// A request goes out.
    AttemptStarted {
        /// The model that is asked.
        model: String,
        /// How long it waited for its turn, where only so many requests may go out at once.
        queued: Duration,
    },
    /// Settings that the model doesn't take were left out.
    SettingsOmitted(Vec<String>),
    /// The answer's headers are here.
    Headers {
        /// The provider that answers.
        provider_name: String,
        /// Its base URL.
        provider_url: String,
    },
    /// A request goes over the wire. This and the next two only where somebody watches.
    Sent(Box<SentRequest>),
    /// An answer begins.
    Answered(Box<AnswerHead>),
    /// Bytes of its body.
    Bytes(Vec<u8>),
    /// What one arrival of bytes brought.
    Arrived(Vec<StreamEvent>),
    /// The answer is whole, and this is its structured output.
    Output(Verdict),
    /// What the attempt's answer has cost.
    Cost(Cost),
    /// An attempt is over.
    AttemptEnded {
        /// How it ended.
        outcome: Outcome,
        /// Why it failed.
        error: Option<ModelError>,
    },
    /// The answer of the attempt that ended last is whole and isn't taken.
    Rejected(ModelError),
    /// The next attempt waits.
    Waiting {
        /// How long, from now.
        delay: Duration,
    },
    /// The lane is over; nothing follows.
    Ended {
        /// How it ended.
        outcome: Outcome,
        /// Why it failed.
        error: Option<ModelError>,
    },
}

/// How an attempt or a lane ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The interface's own end was seen.
    Completed,
    /// There is no answer, or the provider itself reported that it failed.
    Failed,
    /// The stream broke after something of the answer had arrived; that stays.
    Interrupted,
    /// The user cancelled.
    Cancelled,
}

impl Outcome {
    /// The word used in JSON and on the screen.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Cancelled => "cancelled",
        }
    }

    /// How a request ended that gave this error; `visible`: something of the answer had arrived.
    ///
    /// A failure that the provider reports in mid-stream and a whole answer that isn't taken are `Failed`, a stream that
    /// breaks is `Interrupted`.
    #[must_use]
    pub fn of_error(error: &ModelError, visible: bool) -> Self {
        use crate::wire::ErrorKind;
        match error.kind {
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::Provider | ErrorKind::Http | ErrorKind::FallbackExhausted => Self::Failed,
            kind if kind.is_of_whole_answer() => Self::Failed,
            _ if visible => Self::Interrupted,
            _ => Self::Failed,
        }
    }
}

/// Ends the wait before a lane's next attempt. Cheap to clone; the clones are one.
#[derive(Clone, Debug, Default)]
pub struct SkipWait(Arc<Notify>);

impl SkipWait {
    /// The next attempt goes out now. Means nothing while none waits.
    pub fn skip(&self) {
        self.0.notify_waiters();
    }
}

/// Where a model sends what happens. Cheap to clone; sending waits when the listener is behind, and does nothing when
/// nobody listens any more.
#[derive(Clone, Debug)]
pub struct EventSink {
    lane: usize,
    started: Instant,
    sender: mpsc::Sender<RunEvent>,
    visible: Arc<AtomicBool>,
    skip: SkipWait,
    watched: bool,
}

impl EventSink {
    /// A sink for one lane that begins now.
    #[must_use]
    pub fn new(lane: usize, sender: mpsc::Sender<RunEvent>) -> Self {
        Self {
            lane,
            started: Instant::now(),
            sender,
            visible: Arc::default(),
            skip: SkipWait::default(),
            watched: false,
        }
    }

    /// The same for somebody who watches what goes over the wire.
    #[must_use]
    pub fn watched(self) -> Self {
        Self { watched: true, ..self }
    }

    /// Whether somebody watches what goes over the wire.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.watched
    }

    /// The same, with what ends its lane's waits.
    #[must_use]
    pub fn with_skip(self, skip: SkipWait) -> Self {
        Self { skip, ..self }
    }

    /// Until the user skips the wait before the next attempt. Counts from this call on, not from the first poll: who is
    /// told of a wait may skip it at once.
    pub(super) fn skipped(&self) -> impl Future<Output = ()> {
        self.skip.0.notified()
    }

    /// An answer that begins: its pieces are sent as they are written.
    #[must_use]
    pub fn response(&self) -> ResponseWriter<'_> {
        ResponseWriter::new(self)
    }

    /// Something happened just now.
    pub async fn send(&self, event: LaneEvent) {
        self.send_at(Instant::now(), event).await;
    }

    /// Something happened at that moment.
    pub async fn send_at(&self, at: Instant, event: LaneEvent) {
        match &event {
            LaneEvent::AttemptStarted { .. } => self.visible.store(false, Ordering::Relaxed),
            LaneEvent::Arrived(events) if events.iter().any(StreamEvent::is_visible) => {
                self.visible.store(true, Ordering::Relaxed);
            }
            _ => {}
        }
        let at = at.saturating_duration_since(self.started);
        // A send fails only when the listener is gone; then nobody misses the event.
        let _ = self.sender.send(RunEvent { lane: self.lane, at, event }).await;
    }

    /// Whether a reader has seen anything of the last attempt's answer. While it streams, no other model may take over
    /// from then on.
    #[must_use]
    pub fn has_visible(&self) -> bool {
        self.visible.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_skip_that_comes_before_the_wait_is_polled_is_not_lost() {
        let (skip, (sender, _)) = (SkipWait::default(), mpsc::channel(1));
        skip.skip();
        let sink = EventSink::new(0, sender);
        let sink = sink.with_skip(skip.clone());
        assert_eq!(sink.skipped().now_or_never(), None, "one that comes before the wait means nothing");
        let wait = sink.skipped();
        skip.skip();
        assert_eq!(wait.now_or_never(), Some(()));
    }
}
