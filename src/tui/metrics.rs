//! What the last frame looked like: all that `update` needs for scrolling, finding and the mouse.

use std::sync::Arc;

use ratatui::layout::{Position, Rect};

pub use super::view::Found;

/// A lane's pane as it was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaneMetrics {
    /// The lane.
    pub lane: usize,
    /// Its whole area, borders included.
    pub area: Rect,
    /// Rows for the answer.
    pub height: usize,
    /// Rows that the whole answer takes at this width.
    pub lines: usize,
    /// The first row that was shown.
    pub top: usize,
}

/// What the last frame looked like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// The panes that were drawn.
    pub panes: Vec<PaneMetrics>,
    /// What was found in panes that were drawn: the lane, and where.
    pub found: Vec<(usize, Arc<Found>)>,
    /// The titles of the lanes where not all panes are shown: where each is, and its lane.
    pub tabs: Vec<(Rect, usize)>,
    /// The side bar.
    pub side_bar: Option<Rect>,
    /// The list of models, and the item at its first row.
    pub models: Option<(Rect, usize)>,
    /// The list of turns, newest first, and the place in it of its first row: 0 is the newest turn.
    pub history: Option<(Rect, usize)>,
    /// The prompt editor.
    pub prompt: Option<Rect>,
    /// Rows of the overlay's list or text that are visible.
    pub overlay_rows: usize,
    /// Rows that the overlay's whole list or text takes.
    pub overlay_lines: usize,
}

impl Metrics {
    /// The pane of that lane.
    #[must_use]
    pub fn pane(&self, lane: usize) -> Option<&PaneMetrics> {
        self.panes.iter().find(|pane| pane.lane == lane)
    }

    /// What was found in that lane.
    #[must_use]
    pub fn found(&self, lane: usize) -> Option<&Found> {
        self.found.iter().find(|(of, _)| *of == lane).map(|(_, found)| &**found)
    }

    /// How often what is looked for is in that lane.
    #[must_use]
    pub fn matches(&self, lane: usize) -> usize {
        self.found(lane).map_or(0, Found::count)
    }

    /// The lane whose title is at that place.
    #[must_use]
    pub fn tab_at(&self, position: Position) -> Option<usize> {
        self.tabs.iter().find(|(area, _)| area.contains(position)).map(|(_, lane)| *lane)
    }

    /// Whether that place is the side bar's edge, which the mouse takes hold of.
    #[must_use]
    pub fn is_side_bar_edge(&self, position: Position) -> bool {
        self.side_bar.is_some_and(|area| area.contains(position) && position.x + 1 == area.right())
    }

    /// The pane at that place.
    #[must_use]
    pub fn pane_at(&self, position: Position) -> Option<&PaneMetrics> {
        self.panes.iter().find(|pane| pane.area.contains(position))
    }
}
