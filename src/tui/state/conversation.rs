//! The turns of a session and the runs that are under way.

use std::time::Duration;

use jiff::Timestamp;

use crate::run::LaneRecord;
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
    /// When it began, by the workbench's clock.
    pub started: Duration,
    /// The lanes as they were before a replay began to play them; `None` for a run that asks models.
    pub before: Option<Vec<LaneRecord>>,
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

    /// When the run of that lane began, by the workbench's clock, while it is under way.
    #[must_use]
    pub fn running_since(&self, turn: usize, lane: usize) -> Option<Duration> {
        let of_lane = |running: &&Running| running.turn == turn && running.lanes.contains(&lane);
        self.running.iter().find(of_lane).map(|running| running.started)
    }

    /// Whether the turn on the screen is being replayed.
    #[must_use]
    pub fn is_replaying(&self) -> bool {
        self.running.iter().any(|running| running.before.is_some() && running.turn == self.shown)
    }
}
