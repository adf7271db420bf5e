//! What needn't be computed again for the next frame.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::document::{Document, Reading};
use super::found::Found;
use crate::run::{LaneRecord, Timing};
use crate::tui::State;
use crate::tui::found::Needle;
use crate::tui::metrics::Metrics;

/// Answers that are kept beyond those of the shown turn.
const KEPT: usize = 48;

/// What needn't be computed again for the next frame, and what the last frame looked like.
pub struct Cache {
    /// What the last frame looked like.
    pub metrics: Metrics,
    /// The time zone that times are shown in.
    pub zone: TimeZone,
    lanes: HashMap<(usize, usize), Kept>,
    session: Option<uuid::Uuid>,
}

/// What is kept of one lane.
pub struct Kept {
    document: Option<Document>,
    found: Option<Arc<Found>>,
    timing: Option<(TimingKey, Timing)>,
}

/// What figures are computed from, told apart: lane, attempts, arrivals, tokens.
type TimingKey = (Timestamp, usize, usize, Option<u64>);

impl Default for Cache {
    fn default() -> Self {
        Self::in_zone(TimeZone::system())
    }
}

impl Cache {
    /// An empty cache; times are shown in that zone.
    #[must_use]
    pub fn in_zone(zone: TimeZone) -> Self {
        Self { metrics: Metrics::default(), zone, lanes: HashMap::new(), session: None }
    }

    /// Forgets what another session or too many other turns have left.
    pub(super) fn begin(&mut self, state: &State) {
        let session = state.session.file.as_ref().map(|session| session.id);
        if self.session != session {
            self.lanes.clear();
            self.session = session;
        }
        if self.lanes.len() > KEPT {
            let shown = state.conversation.shown;
            self.lanes.retain(|(turn, _), _| *turn == shown);
        }
    }

    /// What is kept of that lane.
    pub(super) fn lane(&mut self, turn: usize, lane: usize) -> &mut Kept {
        self.lanes.entry((turn, lane)).or_insert(Kept { document: None, found: None, timing: None })
    }
}

impl Kept {
    /// The lane's rows, as the answer is now, and what was found in them.
    pub fn document(
        &mut self,
        record: &LaneRecord,
        reading: Reading<'_>,
        needle: Option<&Needle>,
    ) -> (&Document, Option<&Arc<Found>>) {
        let document = self.document.get_or_insert_with(|| Document::new(record, reading));
        document.update(record, reading);
        self.found = needle.map(|needle| {
            let known = self.found.take().filter(|found| found.is_of(needle));
            let mut found = known.unwrap_or_else(|| Arc::new(Found::new(needle.clone())));
            // The last frame's metrics are gone by now: nobody shares it, and nothing is copied.
            Arc::make_mut(&mut found).update(document);
            found
        });
        (document, self.found.as_ref())
    }

    /// The figures of a lane that is over.
    pub fn timing(&mut self, record: &LaneRecord) -> Timing {
        let key = (record.started_at, record.attempts.len(), record.marks.len(), record.usage().output_tokens);
        match self.timing {
            Some((known, timing)) if known == key => timing,
            _ => {
                let timing = record.timing();
                self.timing = Some((key, timing));
                timing
            }
        }
    }
}
