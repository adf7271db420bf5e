//! The turns of a session and the runs that are under way.

use std::time::Duration;

use jiff::Timestamp;

use crate::model::Outcome;
use crate::run::LaneRecord;
use crate::session::Pace;
use crate::tui::RunId;

/// A prompt and the run over it.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// What was asked.
    pub prompt: String,
    /// When, by the wall clock.
    pub at: Timestamp,
    /// What each lane answered so far.
    pub lanes: Vec<LaneRecord>,
}

/// A run under way. Its lanes are not always all lanes of its turn: one lane can be asked again.
#[derive(Clone, Debug, PartialEq)]
pub struct Running {
    /// The run.
    pub run: RunId,
    /// Its turn.
    pub turn: usize,
    /// For each of the run's lanes, the turn's lane.
    pub lanes: Vec<usize>,
    /// How many of them are not over yet.
    pub open: usize,
    /// When it began, by the workbench's clock.
    pub started: Duration,
    /// How far it has come, if it plays saved answers.
    pub replay: Option<Pace>,
    /// What stood in its lanes before: comes back after a replay, and where asking again brought nothing better. Empty
    /// for a new turn.
    pub before: Vec<LaneRecord>,
}

/// The turns, and which of them is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// The turns, oldest first.
    pub turns: Vec<Turn>,
    /// The turn on the screen.
    pub shown: usize,
    /// Runs under way.
    pub running: Vec<Running>,
    /// Whether one replayed turn follows the other.
    pub autoplay: bool,
}

impl Conversation {
    /// The turn on the screen.
    #[must_use]
    pub fn shown_turn(&self) -> Option<&Turn> {
        self.turns.get(self.shown)
    }

    /// Whether any run is under way.
    #[must_use]
    pub fn is_running(&self) -> bool {
        !self.running.is_empty()
    }

    /// How long the run of that lane has been under way, by the workbench's clock; of a replay how far it has come.
    #[must_use]
    pub fn elapsed(&self, turn: usize, lane: usize, clock: Duration) -> Option<Duration> {
        let of_lane = |running: &&Running| running.turn == turn && running.lanes.contains(&lane);
        let running = self.running.iter().rev().find(of_lane)?;
        Some(running.replay.map_or_else(|| clock.saturating_sub(running.started), |pace| pace.position(clock)))
    }

    /// Whether any turn is being replayed.
    #[must_use]
    pub fn is_any_replaying(&self) -> bool {
        self.running.iter().any(|running| running.replay.is_some())
    }

    /// The lanes of a turn as they shall be kept: what a replay plays is nothing new, and an answer that is asked for
    /// again gives way only to a better one.
    pub fn lanes_to_keep(&self, turn: usize) -> impl Iterator<Item = &LaneRecord> {
        let lanes = self.turns.get(turn).map_or(&[][..], |turn| &turn.lanes);
        lanes.iter().enumerate().map(move |(lane, record)| self.kept_instead(turn, lane, record).unwrap_or(record))
    }

    fn kept_instead(&self, turn: usize, lane: usize, record: &LaneRecord) -> Option<&LaneRecord> {
        self.running.iter().rev().filter(|running| running.turn == turn).find_map(|running| {
            let at = running.lanes.iter().position(|of_run| *of_run == lane)?;
            running.before.get(at).filter(|before| running.replay.is_some() || !gives_way(before, record))
        })
    }

    /// Whether any run asks models, so that there is always something new.
    #[must_use]
    pub fn is_asking(&self) -> bool {
        self.running.iter().any(|running| running.replay.is_none())
    }

    /// How far the replay of the turn on the screen has come, if there is one.
    #[must_use]
    pub fn shown_replay(&self) -> Option<Pace> {
        self.running.iter().filter(|running| running.turn == self.shown).find_map(|running| running.replay)
    }

    /// Whether the turn on the screen is being replayed.
    #[must_use]
    pub fn is_replaying(&self) -> bool {
        self.shown_replay().is_some()
    }
}

/// Whether an answer gives way to the one that was asked for after it: a whole one only to a whole one.
#[must_use]
pub fn gives_way(before: &LaneRecord, new: &LaneRecord) -> bool {
    let is_whole = |record: &LaneRecord| record.outcome() == Outcome::Completed;
    if is_whole(before) { is_whole(new) } else { new.has_visible() || !before.has_visible() }
}
