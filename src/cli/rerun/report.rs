//! The document that `rerun --format json` prints.

use serde::Serialize;

use crate::run::{LaneRecord, LaneReport};
use crate::session::{AgainLane, Session, Turn, is_same_answer};

/// A session asked again.
#[derive(Serialize)]
pub struct Rerun {
    /// `llmbench.rerun`
    format: &'static str,
    /// 1
    version: u32,
    /// The session's ID.
    session: String,
    /// Its turns, as far as they were asked.
    pub turns: Vec<TurnAgain>,
}

/// A turn asked again.
#[derive(Serialize)]
pub struct TurnAgain {
    /// What was asked.
    pub prompt: String,
    /// Its lanes.
    pub lanes: Vec<LaneAgain>,
}

/// A lane then and now.
#[derive(Serialize)]
pub struct LaneAgain {
    /// The model that was asked now.
    pub model: String,
    /// Whether both answered, and the same; `null`: one of them did not.
    pub same: Option<bool>,
    /// What was saved; `null`: there was no such lane.
    pub then: Option<LaneReport>,
    /// What is new.
    pub now: LaneReport,
}

impl Rerun {
    /// No turn yet.
    pub fn new(session: &Session) -> Self {
        Self { format: "llmbench.rerun", version: 1, session: session.id.to_string(), turns: Vec::new() }
    }
}

impl TurnAgain {
    /// The lanes beside what was saved of them.
    pub fn new(turn: &Turn, planned: &[AgainLane], records: &[LaneRecord]) -> Self {
        let lane = |(planned, record): (&AgainLane, &LaneRecord)| {
            let then = planned.then.and_then(|at| turn.runs.get(at)).map(|run| (*run.report).clone());
            let now = LaneReport::from(record);
            let same = then.as_ref().and_then(|then| is_same_answer(then, &now));
            LaneAgain { model: planned.model.clone(), same, then, now }
        };
        Self { prompt: turn.prompt.clone(), lanes: planned.iter().zip(records).map(lane).collect() }
    }
}
