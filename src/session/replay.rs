//! A saved turn as the events that it once was: replay is just another source of run events.
//!
//! Folded again they give the report that was saved. What a file doesn't tell (how an old answer arrived bit by bit)
//! is not made up: such an answer comes in one piece.

mod parts;

use std::time::Duration;

use super::{SavedRun, Turn};
use crate::message::{ModelResponse, StreamEvent, Usage};
use crate::model::{LaneEvent, RunEvent, Verdict};
use crate::run::{AttemptReport, LaneRecord, LaneReport};

/// What happened in all lanes of a turn, in the order of time.
#[must_use]
pub fn replay(turn: &Turn) -> Vec<RunEvent> {
    let lanes = turn.runs.iter().enumerate();
    let mut events: Vec<RunEvent> = lanes.flat_map(|(lane, run)| Lane::new(lane).of(run)).collect();
    events.sort_by_key(|event| event.at);
    events
}

/// Fresh records for the lanes of a turn, to fold its [`replay`] into.
#[must_use]
pub fn records(turn: &Turn) -> Vec<LaneRecord> {
    let record = |run: &SavedRun| LaneRecord::new(&run.report.model, run.started_at.unwrap_or(turn.at));
    turn.runs.iter().map(record).collect()
}

/// The events of one lane under construction: each at the time of the one before it or later.
struct Lane {
    lane: usize,
    events: Vec<RunEvent>,
}

impl Lane {
    fn new(lane: usize) -> Self {
        Self { lane, events: Vec::new() }
    }

    fn now(&self) -> Duration {
        self.events.last().map(|event| event.at).unwrap_or_default()
    }

    fn push(&mut self, at: Duration, event: LaneEvent) {
        let at = at.max(self.now());
        self.events.push(RunEvent { lane: self.lane, at, event });
    }

    fn of(mut self, run: &SavedRun) -> Vec<RunEvent> {
        let attempts = &run.report.attempts;
        let (failed, last) = attempts.split_at(attempts.len().saturating_sub(1));
        for (place, attempt) in failed.iter().enumerate() {
            self.start(attempt);
            self.spend(attempt);
            self.superseded(attempt);
            self.end(attempt);
            self.wait_for(&attempts[place + 1]);
        }
        if let Some(attempt) = last.first() {
            self.start(attempt);
        }
        self.answer(run, last.first());
        if let Some(verdict) = verdict(&run.report) {
            self.push(last.first().and_then(end_of).unwrap_or_default(), LaneEvent::Output(verdict));
        }
        if let Some(attempt) = last.first() {
            self.end(attempt);
        }
        let (outcome, error) = (run.report.status, run.report.error.clone());
        self.push(self.now(), LaneEvent::Ended { outcome, error });
        self.events
    }

    fn start(&mut self, attempt: &AttemptReport) {
        let (model, queued) = (attempt.model.clone(), duration(attempt.queued_ms));
        self.push(duration(attempt.started_ms), LaneEvent::AttemptStarted { model, queued });
    }

    /// An answer whose place another one took. How it arrived bit by bit isn't kept.
    fn superseded(&mut self, attempt: &AttemptReport) {
        let Some(response) = &attempt.response else { return };
        let begun = duration(attempt.started_ms);
        if response.provider_name.is_some() || response.provider_url.is_some() {
            self.push(begun, headers(Some(response)));
        }
        let at = begun + attempt.ttft_ms.or(attempt.duration_ms).map(duration).unwrap_or_default();
        for (at, events) in parts::arrivals(response, &[], at) {
            self.push(at, LaneEvent::Arrived(events));
        }
        let last: Vec<_> = usage(&response.usage).into_iter().chain(finish(response)).collect();
        if !last.is_empty() {
            self.push(self.now(), LaneEvent::Arrived(last));
        }
    }

    /// What an attempt cost of which nothing is seen.
    fn spend(&mut self, attempt: &AttemptReport) {
        if attempt.response.is_none() && attempt.usage != Usage::default() {
            let usage = attempt.usage.clone();
            self.push(end_of(attempt).unwrap_or_default(), LaneEvent::Arrived(vec![StreamEvent::usage(usage)]));
        }
    }

    /// An attempt that was still under way when it was saved has no end.
    fn end(&mut self, attempt: &AttemptReport) {
        if let Some(cost) = &attempt.cost {
            self.push(end_of(attempt).unwrap_or_default(), LaneEvent::Cost(cost.clone()));
        }
        if let Some(at) = end_of(attempt) {
            let (outcome, error) = (attempt.outcome, attempt.error.clone());
            self.push(at, LaneEvent::AttemptEnded { outcome, error });
        }
    }

    fn wait_for(&mut self, next: &AttemptReport) {
        let delay = duration(next.started_ms).saturating_sub(self.now());
        if delay >= Duration::from_millis(1) {
            self.push(self.now(), LaneEvent::Waiting { delay });
        }
    }

    /// What the last attempt brought.
    fn answer(&mut self, run: &SavedRun, attempt: Option<&AttemptReport>) {
        let report = &run.report;
        if !report.settings_omitted.is_empty() {
            self.push(self.now(), LaneEvent::SettingsOmitted(report.settings_omitted.clone()));
        }
        let begun = report.attempts.first().map(|attempt| duration(attempt.started_ms)).unwrap_or_default();
        if let Some(ttfb) = report.timing.ttfb_ms {
            self.push(begun + duration(ttfb), headers(report.response.as_ref()));
        }
        let whole_at = report.timing.total_ms.map_or_else(|| self.now(), |total| begun + duration(total));
        if let Some(response) = &report.response {
            for (at, events) in parts::arrivals(response, &run.events, whole_at) {
                self.push(at, LaneEvent::Arrived(events));
            }
        }
        let last = closing(run);
        if !last.is_empty() {
            self.push(attempt.and_then(end_of).unwrap_or_default(), LaneEvent::Arrived(last));
        }
    }
}

fn verdict(report: &LaneReport) -> Option<Verdict> {
    match &report.output {
        Some(output) => Some(Verdict::Fits(output.clone())),
        None if report.output_errors.is_empty() => None,
        None => Some(Verdict::Wrong(report.output_errors.clone())),
    }
}

fn headers(response: Option<&ModelResponse>) -> LaneEvent {
    let told = |name: fn(&ModelResponse) -> &Option<String>| response.and_then(|r| name(r).clone()).unwrap_or_default();
    LaneEvent::Headers {
        provider_name: told(|response| &response.provider_name),
        provider_url: told(|response| &response.provider_url),
    }
}

/// What comes behind the last part: tokens, and why the model stopped.
fn closing(run: &SavedRun) -> Vec<StreamEvent> {
    let response = run.report.response.as_ref();
    let attempts = &run.report.attempts;
    let told = match (response, attempts.last()) {
        (Some(response), _) => response.usage.clone(),
        (None, Some(last)) if attempts.iter().any(|attempt| attempt.usage != Usage::default()) => last.usage.clone(),
        (None, _) => counted(&run.report),
    };
    usage(&told).into_iter().chain(response.and_then(finish)).collect()
}

/// A lane's tokens, where only their sum is kept.
fn counted(report: &LaneReport) -> Usage {
    let counted = &report.usage;
    Usage {
        input_tokens: counted.input_tokens,
        output_tokens: counted.output_tokens,
        cache_read_tokens: counted.cache_read_tokens,
        cache_write_tokens: counted.cache_write_tokens,
        details: counted.details.clone(),
        ..Usage::default()
    }
}

fn usage(usage: &Usage) -> Option<StreamEvent> {
    (*usage != Usage::default()).then(|| StreamEvent::usage(usage.clone()))
}

fn finish(response: &ModelResponse) -> Option<StreamEvent> {
    let details = response.provider_details.as_ref();
    let word = details.and_then(|details| details.get("finish_reason")?.as_str()).map(str::to_owned);
    (response.finish_reason.is_some() || word.is_some())
        .then_some(StreamEvent::Finish { finish_reason: response.finish_reason, provider_finish_reason: word })
}

fn end_of(attempt: &AttemptReport) -> Option<Duration> {
    Some(duration(attempt.started_ms) + duration(attempt.duration_ms?))
}

/// A saved time. Nonsense counts as the nearest sense; nothing lasts longer than a year.
fn duration(ms: f64) -> Duration {
    const YEAR: f64 = 366.0 * 86_400_000.0;
    // In range after the clamp, and not negative; NaN casts to 0.
    #[allow(clippy::cast_sign_loss)]
    Duration::from_micros((ms.clamp(0.0, YEAR) * 1_000.0).round() as u64)
}
