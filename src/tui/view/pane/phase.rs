//! Where a lane stands, as a glyph and a word.

use std::time::Duration;

use ratatui::style::Style;

use crate::message::{FinishReason, ResponsePart};
use crate::model::{ErrorKind, Outcome};
use crate::run::{LaneRecord, LaneState};
use crate::tui::State;
use crate::tui::state::Turn;
use crate::tui::view::scene::Scene;
use crate::tui::view::text::clean;

/// A lane and where it belongs.
pub struct Lane<'a> {
    /// Its turn.
    pub turn: usize,
    /// Its place in the turn.
    pub number: usize,
    /// What is known of it.
    pub record: &'a LaneRecord,
    /// How long it runs; `None` when it doesn't.
    pub elapsed: Option<Duration>,
}

/// Where a lane stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// No request is out: it gets ready, or waits for its turn.
    Queued,
    /// A request is out and nothing came back.
    Waiting,
    /// Thinking arrives.
    Thinking,
    /// The answer arrives.
    Answering,
    /// The next attempt goes out after this time.
    Retrying(Duration),
    /// It came to its end.
    Completed,
    /// The token limit cut it.
    Cut,
    /// The provider withheld it.
    Filtered,
    /// The provider itself says that something went wrong.
    BrokenOff,
    /// There is no answer.
    Failed,
    /// It broke off.
    Interrupted,
    /// The user cancelled.
    Cancelled,
}

/// How a phase is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Status {
    /// One cell.
    pub glyph: &'static str,
    /// A word or two.
    pub word: &'static str,
    /// Its colour.
    pub style: Style,
}

impl<'a> Lane<'a> {
    /// That lane of the shown turn.
    pub fn of(state: &State, turn: &'a Turn, lane: usize) -> Self {
        let shown = state.conversation.shown;
        let elapsed = state.conversation.elapsed(shown, lane, state.clock);
        let record = &turn.lanes[lane];
        let elapsed = elapsed.filter(|_| !record.is_over());
        Self { turn: shown, number: lane, record, elapsed }
    }

    /// The model as it was picked, and which model of a chain answers.
    #[must_use]
    pub fn name(&self) -> String {
        let picked = clean(&self.record.model);
        let answers = |attempt: &&crate::run::Attempt| {
            attempt.first_token.is_some() || attempt.outcome == Some(Outcome::Completed)
        };
        let none_answers = matches!(self.phase(), Phase::Queued | Phase::Retrying(_));
        match self.record.attempts.last().filter(|attempt| !none_answers && answers(attempt)) {
            Some(attempt) if attempt.model != self.record.model => format!("{picked} → {}", clean(&attempt.model)),
            _ => picked.into_owned(),
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match (self.record.state, self.elapsed) {
            (LaneState::Ended(outcome), _) => self.ended(outcome),
            (_, None) => Phase::Interrupted,
            (LaneState::Queued, _) if self.is_ending() => Phase::Answering,
            (LaneState::Queued, _) => Phase::Queued,
            (LaneState::Waiting { until }, Some(elapsed)) => Phase::Retrying(until.saturating_sub(elapsed)),
            (LaneState::Running, _) => match self.record.response().parts.last() {
                Some(part) if !part.is_visible() && self.record.response().parts.len() == 1 => Phase::Waiting,
                Some(ResponsePart::Thinking(_)) => Phase::Thinking,
                Some(_) => Phase::Answering,
                None => Phase::Waiting,
            },
        }
    }

    /// Whether the last attempt's answer is the lane's, which is over in a moment: it went well, or it broke off after
    /// something of it was seen.
    fn is_ending(&self) -> bool {
        self.record.attempts.last().is_some_and(|last| match &last.error {
            Some(error) => self.has_answer() && !error.kind.is_of_whole_answer(),
            None => last.outcome.is_some(),
        })
    }

    /// Whether the lane has failed for its structured output alone, of which the verdict tells.
    #[must_use]
    pub fn is_told_by_verdict(&self) -> bool {
        let error = self.record.error.as_ref();
        self.record.output.is_some() && error.is_some_and(|error| error.kind == ErrorKind::InvalidOutput)
    }

    /// How long it has waited for what it waits for: a token, or its turn.
    #[must_use]
    pub fn waits_since(&self) -> Duration {
        let since = self.record.attempts.last().map(|last| last.ended.unwrap_or(last.started));
        self.elapsed.unwrap_or_default().saturating_sub(since.unwrap_or_default())
    }

    fn ended(&self, outcome: Outcome) -> Phase {
        match (outcome, self.record.response().finish_reason) {
            (Outcome::Completed, Some(FinishReason::Length)) => Phase::Cut,
            (Outcome::Completed, Some(FinishReason::ContentFilter)) => Phase::Filtered,
            (Outcome::Completed, Some(FinishReason::Error)) => Phase::BrokenOff,
            (Outcome::Completed, _) => Phase::Completed,
            (Outcome::Failed, _) => Phase::Failed,
            (Outcome::Interrupted, _) => Phase::Interrupted,
            (Outcome::Cancelled, _) => Phase::Cancelled,
        }
    }

    /// Whether there is anything of an answer to see.
    #[must_use]
    pub fn has_answer(&self) -> bool {
        self.record.response().parts.iter().any(ResponsePart::is_visible)
    }
}

impl Phase {
    /// How it is shown.
    #[must_use]
    pub fn status(self, scene: &Scene<'_>) -> Status {
        let theme = scene.theme;
        let (glyph, word, style) = match self {
            Self::Queued => ("·", "queued", theme.dim),
            Self::Waiting => (scene.spinner(), "waiting", theme.accent),
            Self::Thinking => (scene.spinner(), "thinking", theme.accent),
            Self::Answering => (scene.spinner(), "answering", theme.accent),
            Self::Retrying(_) => ("◷", "trying again", theme.warning),
            Self::Completed => ("✓", "completed", theme.success),
            Self::Cut => ("✂", "cut by token limit", theme.warning),
            Self::Filtered => ("⚑", "filtered", theme.warning),
            Self::BrokenOff => ("✗", "broken off by the provider", theme.error),
            Self::Failed => ("✗", "failed", theme.error),
            Self::Interrupted => ("◐", "interrupted", theme.warning),
            Self::Cancelled => ("⊘", "cancelled", theme.dim),
        };
        Status { glyph, word, style }
    }
}
