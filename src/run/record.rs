//! What is known of a lane: the fold of its events. The screen, the report and the saved session all read from it.

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::Attempt;
use super::figures::{Mark, Raw, Timing};
use crate::catalog::Cost;
use crate::message::{ModelResponse, ResponseBuilder, ResponsePart, ResponseState, StreamEvent, ToolArgs, Usage};
use crate::model::{HttpExchange, LaneEvent, Outcome, Verdict};
use crate::wire::ModelError;

/// Bytes of a token of English text, roughly (<https://platform.openai.com/tokenizer>); of others, which take more
/// bytes for a character and more tokens for a word, it is as good a guess.
const BYTES_PER_TOKEN: u64 = 4;

/// Where a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneState {
    /// No request is out: the first or the next one gets ready, or waits for its turn.
    Queued,
    /// A request is out.
    Running,
    /// The next attempt waits, until this moment of the lane.
    Waiting {
        /// When it goes out.
        until: Duration,
    },
    /// It is over.
    Ended(Outcome),
}

/// What is known of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneRecord {
    /// The model, as the user picked it.
    pub model: String,
    /// When the lane began, by the wall clock.
    pub started_at: Timestamp,
    /// Where it stands.
    pub state: LaneState,
    /// Its attempts, in order.
    pub attempts: Vec<Attempt>,
    /// Every visible arrival, in order.
    pub marks: Vec<Mark>,
    /// Why it failed.
    pub error: Option<ModelError>,
    /// Settings that the model doesn't take and that were left out.
    pub settings_omitted: Vec<String>,
    /// The structured output, once the answer is whole.
    pub output: Option<Verdict>,
    response: ResponseBuilder,
    /// Bytes of UTF-8 of everything visible so far.
    visible_bytes: u64,
    headers: Option<Duration>,
    closed: Option<Duration>,
}

impl LaneRecord {
    /// A lane that begins now.
    #[must_use]
    pub fn new(model: impl Into<String>, started_at: Timestamp) -> Self {
        Self {
            model: model.into(),
            started_at,
            state: LaneState::Queued,
            attempts: Vec::new(),
            marks: Vec::new(),
            error: None,
            settings_omitted: Vec::new(),
            output: None,
            response: ResponseBuilder::default(),
            visible_bytes: 0,
            headers: None,
            closed: None,
        }
    }

    /// Takes one event in.
    pub fn apply(&mut self, at: Duration, event: &LaneEvent) {
        match event {
            LaneEvent::AttemptStarted { model, queued } => self.start_attempt(at, model, *queued),
            LaneEvent::SettingsOmitted(settings) => self.settings_omitted.clone_from(settings),
            LaneEvent::Headers { provider_name, provider_url } => {
                self.headers = Some(at);
                let response = self.response.response_mut();
                response.provider_name = Some(provider_name.clone());
                response.provider_url = Some(provider_url.clone());
            }
            LaneEvent::Sent(_) | LaneEvent::Answered(_) | LaneEvent::Bytes(_) => self.over_the_wire(at, event),
            LaneEvent::Arrived(events) => events.iter().for_each(|event| self.arrived(at, event)),
            LaneEvent::Output(verdict) => self.output = Some(verdict.clone()),
            LaneEvent::Cost(cost) => {
                if let Some(attempt) = self.attempts.last_mut() {
                    attempt.cost = Some(cost.clone());
                }
            }
            LaneEvent::AttemptEnded { outcome, error } => self.end_attempt(at, *outcome, error.as_ref()),
            LaneEvent::Rejected(error) => {
                if let Some(attempt) = self.attempts.last_mut() {
                    (attempt.outcome, attempt.error) = (Some(Outcome::Failed), Some(error.clone()));
                }
            }
            LaneEvent::Waiting { delay } => self.state = LaneState::Waiting { until: at + *delay },
            LaneEvent::Ended { outcome, error } => {
                self.state = LaneState::Ended(*outcome);
                self.error.clone_from(error);
            }
        }
    }

    fn start_attempt(&mut self, at: Duration, model: &str, queued: Duration) {
        self.state = LaneState::Running;
        let answer = std::mem::take(&mut self.response).into_response();
        if let Some(attempt) = self.attempts.last_mut().filter(|_| !self.marks.is_empty()) {
            attempt.response = Some(answer);
        }
        self.marks.clear();
        self.visible_bytes = 0;
        self.response.response_mut().timestamp = self.wall_clock(at);
        (self.headers, self.closed) = (None, None);
        self.settings_omitted.clear();
        self.output = None;
        self.attempts.push(Attempt::starting(model, at, queued));
    }

    fn end_attempt(&mut self, at: Duration, outcome: Outcome, error: Option<&ModelError>) {
        self.closed = Some(at);
        self.state = LaneState::Queued;
        if outcome != Outcome::Completed && !error.is_some_and(|error| error.kind.is_of_whole_answer()) {
            self.response.response_mut().state = ResponseState::Interrupted;
        }
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.exchanges.iter_mut().for_each(|exchange| exchange.body.finish());
            attempt.ended = Some(at);
            attempt.outcome = Some(outcome);
            attempt.error = error.cloned();
            attempt.usage = self.response.usage().clone();
        }
    }

    fn over_the_wire(&mut self, at: Duration, event: &LaneEvent) {
        let Some(attempt) = self.attempts.last_mut() else { return };
        match (event, attempt.exchanges.last_mut()) {
            (LaneEvent::Sent(request), _) => attempt.exchanges.push(HttpExchange::new((**request).clone(), at)),
            (LaneEvent::Answered(head), Some(exchange)) => exchange.begin(at, (**head).clone()),
            (LaneEvent::Bytes(bytes), Some(exchange)) => exchange.body.push(at, bytes),
            _ => {}
        }
    }

    fn arrived(&mut self, at: Duration, event: &StreamEvent) {
        let (part, len) = match event {
            StreamEvent::PartStart { index, part } => (*index, visible_len(part)),
            StreamEvent::PartDelta { index, delta } => (*index, delta.content().len()),
            _ => (0, 0),
        };
        self.response.apply(event);
        if event.is_visible() {
            self.visible_bytes += len as u64;
            self.marks.push(Mark { at, part: part as u32, len: len as u32 });
            if let Some(attempt) = self.attempts.last_mut() {
                attempt.first_token.get_or_insert(at);
            }
        }
    }

    fn wall_clock(&self, at: Duration) -> Option<Timestamp> {
        let since = SignedDuration::try_from(at).ok()?;
        self.started_at.checked_add(since).ok()
    }

    /// The response so far.
    #[must_use]
    pub fn response(&self) -> &ModelResponse {
        self.response.response()
    }

    /// Whether there is anything of an answer to see.
    #[must_use]
    pub fn has_visible(&self) -> bool {
        !self.marks.is_empty()
    }

    /// Whether the lane is over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.state, LaneState::Ended(_))
    }

    /// How it ended; a lane that still runs counts as interrupted, so that a save in mid-stream never looks complete.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self.state {
            LaneState::Ended(outcome) => outcome,
            _ => Outcome::Interrupted,
        }
    }

    /// The tokens of all attempts together, as far as they were told yet.
    #[must_use]
    pub fn usage_of_all(&self) -> Usage {
        let earlier = self.attempts.split_last().map_or(&[][..], |(_, earlier)| earlier);
        earlier.iter().fold(self.usage().clone(), |sum, attempt| sum.plus(&attempt.usage))
    }

    /// The answer's tokens so far.
    #[must_use]
    pub fn usage(&self) -> &Usage {
        self.response.usage()
    }

    /// What the lane has cost, all attempts together; `None` as long as the cost of any isn't known. What was refused
    /// costs nothing.
    #[must_use]
    pub fn cost(&self) -> Option<Cost> {
        let mut costs = self.attempts.iter().filter(|attempt| !attempt.is_free()).map(|attempt| attempt.cost.as_ref());
        let first = costs.next()??.clone();
        costs.try_fold(first, |sum, cost| Some(sum.plus(cost?)))
    }

    /// Roughly how many tokens have arrived, by their bytes. Only to be shown as an estimate, where the provider has
    /// not told (yet); `None` before the first token.
    #[must_use]
    pub fn estimated_tokens(&self) -> Option<u64> {
        self.has_visible().then(|| self.visible_bytes.div_ceil(BYTES_PER_TOKEN))
    }

    /// Roughly how many tokens arrive in a second, by their bytes; `None` before the second arrival.
    #[must_use]
    pub fn estimated_speed(&self) -> Option<f64> {
        let seconds = self.marks.last()?.at.saturating_sub(self.marks.first()?.at).as_secs_f64();
        let tokens = self.visible_bytes.saturating_sub(u64::from(self.marks.first()?.len)) as f64;
        (seconds > 0.0).then(|| tokens / BYTES_PER_TOKEN as f64 / seconds)
    }

    /// Whether the provider counted thinking that it did not show.
    #[must_use]
    pub fn has_hidden_thinking(&self) -> bool {
        self.usage().output_reasoning_tokens.is_some_and(|tokens| tokens > 0) && !self.has_streamed_thinking()
    }

    fn has_streamed_thinking(&self) -> bool {
        self.response().parts.iter().any(|part| matches!(part, ResponsePart::Thinking(_)) && part.is_visible())
    }

    /// The figures so far. An answer that came by no attempt of ours has none: nobody has looked at the clock.
    #[must_use]
    pub fn timing(&self) -> Timing {
        let Some(first) = self.attempts.first() else { return Timing::default() };
        let parts = &self.response().parts;
        let raw = Raw {
            marks: &self.marks,
            is_text: &|part| matches!(parts.get(part as usize), Some(ResponsePart::Text(_))),
            streamed_thinking: self.has_streamed_thinking(),
            started: first.started,
            headers: self.headers,
            closed: self.closed,
            usage: self.usage(),
        };
        raw.timing()
    }
}

/// Bytes of a new part that its stream's deltas would have brought: text, thinking, or a tool call's arguments.
fn visible_len(part: &ResponsePart) -> usize {
    match part {
        ResponsePart::Text(text) => text.content.len(),
        ResponsePart::Thinking(thinking) => thinking.content.len(),
        ResponsePart::ToolCall(call) => match &call.args {
            Some(ToolArgs::Json(text)) => text.len(),
            Some(ToolArgs::Object(_)) => call.args_json().len(),
            None => 0,
        },
        ResponsePart::Other(_) => 0,
    }
}
