//! Retries as the official SDKs make them: which failures, how often, after what delay.

mod deadline;

use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;

pub use self::deadline::too_slow;
use super::{EventSink, LaneEvent, Model, Request, attempt};
use crate::message::ModelResponse;
use crate::wire::{ErrorKind, ModelError};

/// The longest wait that a provider may ask for; above it the failure is final and the wait is named.
const MAX_RETRY_AFTER: f64 = 120.0;

/// How often and how patiently to try again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    /// The most further attempts.
    pub retries: u32,
}

/// What to do after a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Try again after this wait.
    Retry {
        /// How long to wait.
        after: Duration,
    },
    /// The failure is final.
    Stop,
}

/// What to do after the last of `failures`. `jitter` in 0..1 shortens the wait by up to a quarter.
///
/// Tried again: 408, 409, 429, ≥ 500, broken connections, time-outs and empty answers; the wait is
/// min(0.5·2ⁿ, 8 s), or what the provider asks for up to two minutes (openai-python, `_base_client.py`).
#[must_use]
pub fn next_step(policy: RetryPolicy, failures: &[ModelError], jitter: f64) -> Step {
    let Some(last) = failures.last() else { return Step::Stop };
    if failures.len() > policy.retries as usize || !is_retryable(last) {
        return Step::Stop;
    }
    match last.retry_after_s.filter(|seconds| *seconds > 0.0) {
        Some(seconds) if seconds > MAX_RETRY_AFTER => Step::Stop,
        Some(seconds) => Step::Retry { after: Duration::from_secs_f64(seconds) },
        None => Step::Retry { after: backoff(failures.len(), jitter) },
    }
}

fn backoff(failures: usize, jitter: f64) -> Duration {
    let doublings = u32::try_from(failures - 1).unwrap_or(u32::MAX).min(10);
    let seconds = (0.5 * f64::from(2_u32.pow(doublings))).min(8.0);
    Duration::from_secs_f64(seconds * (1.0 - 0.25 * jitter.clamp(0.0, 1.0)))
}

fn is_retryable(error: &ModelError) -> bool {
    if let Some(asked) = error.should_retry {
        return asked;
    }
    match error.kind {
        ErrorKind::Http | ErrorKind::Provider => {
            error.status.is_some_and(|status| matches!(status, 408 | 409 | 429) || status >= 500)
        }
        ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Truncated => true,
        _ => false,
    }
}

/// A model that is asked again when it fails before anything of its answer was seen, as long as the limit on the whole
/// answer allows.
pub struct RetryModel<M> {
    inner: M,
    policy: RetryPolicy,
    limit: Option<Duration>,
}

impl<M: Model> RetryModel<M> {
    /// Puts retries around a model.
    pub fn new(inner: M, policy: RetryPolicy) -> Self {
        Self { inner, policy, limit: None }
    }

    /// The same with a limit on the whole answer, retries included, for requests that name none.
    #[must_use]
    pub fn with_limit(self, limit: Option<Duration>) -> Self {
        Self { limit, ..self }
    }
}

impl<M: Model> Model for RetryModel<M> {
    fn id(&self) -> &str {
        self.inner.id()
    }

    fn is_composite(&self) -> bool {
        true
    }

    fn request<'a>(
        &'a self,
        request: &'a Request,
        events: &'a EventSink,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
        Box::pin(async move {
            let mut failures = Vec::new();
            let inner = deadline::Limited::new(&self.inner, request.settings.limit().or(self.limit));
            loop {
                match attempt::perform(&inner, request, events, cancel).await {
                    Ok(response) => return Ok(response),
                    Err(error) if events.has_visible() => return Err(error),
                    Err(error) => failures.push(error),
                }
                let Step::Retry { after } = next_step(self.policy, &failures, jitter()) else { break };
                if inner.is_over_in(after) {
                    break;
                }
                if !wait(after, events, cancel).await {
                    return Err(ModelError::cancelled());
                }
            }
            failures.pop().map_or_else(|| Err(ModelError::cancelled()), Err)
        })
    }
}

/// Waits, until the user skips it; false when cancelled meanwhile.
async fn wait(delay: Duration, events: &EventSink, cancel: &CancellationToken) -> bool {
    let skipped = events.skipped();
    events.send(LaneEvent::Waiting { delay }).await;
    tokio::select! {
        () = cancel.cancelled() => false,
        () = skipped => true,
        () = tokio::time::sleep(delay) => true,
    }
}

/// Between 0 and 1, different for clients that failed at the same moment: the random bits of a UUID.
fn jitter() -> f64 {
    f64::from(uuid::Uuid::now_v7().as_bytes()[15]) / 255.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWICE: RetryPolicy = RetryPolicy { retries: 2 };

    fn http(status: u16) -> ModelError {
        ModelError { status: Some(status), ..ModelError::new(ErrorKind::Http, "no") }
    }

    fn retry(seconds: f64) -> Step {
        Step::Retry { after: Duration::from_secs_f64(seconds) }
    }

    #[test]
    fn statuses_that_may_pass_are_tried_again() {
        for (status, again) in
            [(400, false), (401, false), (404, false), (408, true), (409, true), (429, true), (529, true)]
        {
            assert_eq!(next_step(TWICE, &[http(status)], 0.0) != Step::Stop, again, "{status}");
        }
    }

    #[test]
    fn the_wait_doubles_up_to_eight_seconds() {
        let patient = RetryPolicy { retries: 9 };
        let waits: Vec<_> = (1..8).map(|n| next_step(patient, &vec![http(500); n], 0.0)).collect();
        assert_eq!(waits, [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0].map(retry));
        assert_eq!(next_step(patient, &[http(500)], 1.0), retry(0.375));
    }

    #[test]
    fn it_ends() {
        assert_eq!(next_step(TWICE, &vec![http(500); 3], 0.0), Step::Stop);
        assert_eq!(next_step(RetryPolicy { retries: 0 }, &[http(500)], 0.0), Step::Stop);
    }

    #[test]
    fn the_provider_is_obeyed() {
        let asks = |seconds| ModelError { retry_after_s: Some(seconds), ..http(429) };
        assert_eq!(next_step(TWICE, &[asks(2.0)], 0.5), retry(2.0));
        assert_eq!(next_step(TWICE, &[asks(121.0)], 0.0), Step::Stop);
        assert_eq!(next_step(TWICE, &[asks(-5.0)], 0.0), retry(0.5));
        let refuses = ModelError { should_retry: Some(false), ..http(429) };
        assert_eq!(next_step(TWICE, &[refuses], 0.0), Step::Stop);
    }

    /// Fails after a second each time, or never answers.
    struct Failing {
        kind: ErrorKind,
        answers: bool,
    }

    impl Model for Failing {
        fn id(&self) -> &'static str {
            "failing"
        }

        fn request<'a>(
            &'a self,
            _: &'a Request,
            _: &'a EventSink,
            _: &'a CancellationToken,
        ) -> BoxFuture<'a, Result<ModelResponse, ModelError>> {
            Box::pin(async {
                tokio::time::sleep(Duration::from_secs(if self.answers { 1 } else { 1_000 })).await;
                Err(ModelError::new(self.kind, "no"))
            })
        }
    }

    /// Asks with nine retries within that limit: the failure, the attempts, and how many seconds it took.
    async fn asked(answers: bool, of_request: Option<f64>, own: Option<u64>) -> (String, usize, f64) {
        let failing = Failing { kind: ErrorKind::Timeout, answers };
        let model = RetryModel::new(failing, RetryPolicy { retries: 9 }).with_limit(own.map(Duration::from_secs));
        let (sender, mut events) = tokio::sync::mpsc::channel(1_000);
        let sink = EventSink::new(0, sender);
        let mut request = Request::default();
        request.settings.timeout = of_request;
        let started = tokio::time::Instant::now();
        let error = model.request(&request, &sink, &CancellationToken::new()).await.expect_err("it fails");
        drop(sink);
        let took = started.elapsed().as_secs_f64();
        let mut attempts = 0;
        while let Some(event) = events.recv().await {
            attempts += usize::from(matches!(event.event, LaneEvent::AttemptStarted { .. }));
        }
        (error.message, attempts, took.round())
    }

    #[tokio::test(start_paused = true)]
    async fn the_limit_on_the_whole_answer_spans_its_retries() {
        let too_slow = |limit: &str| format!("the answer was not whole within {limit}");
        assert_eq!(asked(false, Some(5.0), None).await, (too_slow("5s"), 1, 5.0));
        assert_eq!(asked(false, None, Some(4)).await, (too_slow("4s"), 1, 4.0));
        let (message, attempts, took) = asked(true, Some(4.0), Some(1_000)).await;
        assert!(took <= 4.0 && (2..=3).contains(&attempts), "{message}: {attempts} attempts in {took} s");
        assert_eq!(asked(true, None, None).await.1, 10, "a limit on something else is tried again");
    }
}
