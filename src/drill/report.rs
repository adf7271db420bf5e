//! What a drill has shown: the document that `drill --format json` prints.

use serde::{Serialize, Serializer};

use super::hint::Hint;
use super::scenario::{At, Scenario};
use super::{Fault, stage};
use crate::model::{Member, ModelError, Outcome};
use crate::run::{AttemptReport, LaneRecord, millis};

/// What a drill has shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DrillReport {
    /// `llmbench.drill`
    pub format: &'static str,
    /// 1
    pub version: u32,
    /// The model or chain, as the user named it.
    pub model: String,
    /// Whether its answers streamed.
    pub stream: bool,
    /// What makes the chain ask its next model, in the configuration's words; empty for a model alone.
    pub fallback_on: Vec<String>,
    /// Its models, in the order in which they are asked.
    pub members: Vec<MemberReport>,
    /// What was played, and how it ended.
    pub scenarios: Vec<ScenarioReport>,
    /// What would help where the chain did not answer whole, though one of its members was healthy.
    pub hints: Vec<Hint>,
}

impl DrillReport {
    /// Whether the chain answered whole wherever a chain can.
    #[must_use]
    pub fn survived(&self) -> bool {
        self.scenarios.iter().all(|scenario| scenario.survived != Some(false))
    }
}

/// One model of the chain.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MemberReport {
    /// The name by which the chain asks it.
    pub model: String,
    /// The wire format that it speaks.
    pub interface: &'static str,
    /// Whether faults are played at it. What is asked over no network has no server that could fail: a stand-in answers
    /// in its place, and no program is run.
    pub drilled: bool,
    /// How long it may be silent by the user's own limits, before its answer begins; `null` where that is not drilled.
    pub patience_ms: Option<f64>,
}

impl From<&Member> for MemberReport {
    fn from(member: &Member) -> Self {
        let drilled = stage::is_drilled(member);
        Self {
            model: member.id.clone(),
            interface: member.provider.interface.as_str(),
            drilled,
            patience_ms: drilled.then(|| millis(stage::patience(member))),
        }
    }
}

/// One scenario.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ScenarioReport {
    /// What was played.
    pub fault: Fault,
    /// Where.
    pub at: At,
    /// How it ended. `interrupted`: a part of an answer was shown and stays.
    pub outcome: Outcome,
    /// Whether the chain answered whole; `null` where no chain could: no member was healthy, or a part was shown already.
    pub survived: Option<bool>,
    /// Who answered whole.
    pub answered_by: Option<String>,
    /// The failure that ended it: one alone, or with all of them in `errors`.
    pub error: Option<ModelError>,
    /// Every request that was made, in order.
    pub attempts: Vec<AttemptReport>,
    /// The waits before a member was tried again. They were skipped.
    pub waits: Vec<Wait>,
}

impl ScenarioReport {
    /// How this scenario ended.
    #[must_use]
    pub fn new(scenario: &Scenario, record: &LaneRecord, waits: Vec<Wait>) -> Self {
        let is_whole = record.outcome() == Outcome::Completed;
        let was_possible = scenario.has_healthy() && record.outcome() != Outcome::Interrupted;
        let last = record.attempts.last().filter(|_| is_whole);
        Self {
            fault: scenario.fault,
            at: scenario.at,
            outcome: record.outcome(),
            survived: was_possible.then_some(is_whole),
            answered_by: last.map(|attempt| attempt.model.clone()),
            error: record.error.clone(),
            attempts: record.attempts.iter().map(AttemptReport::from).collect(),
            waits,
        }
    }
}

/// A wait before a member is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Wait {
    /// The number of the attempt after which it came, from 1.
    pub after_attempt: usize,
    /// How long it would have been.
    pub delay_ms: f64,
}

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
