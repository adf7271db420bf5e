//! How a lane is looked at. Nothing of its answer is copied here.

use super::Find;

/// How one lane is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pane {
    /// The first line shown, when the end isn't followed.
    pub scroll: usize,
    /// Of how many such lines, where it stands as far on its way as another pane on a way of so many; `None`: that line.
    pub way: Option<usize>,
    /// Whether the end is followed.
    pub follow: bool,
    /// Whether the thinking is open.
    pub thinking_open: bool,
}

impl Default for Pane {
    fn default() -> Self {
        Self { scroll: 0, way: None, follow: true, thinking_open: false }
    }
}

impl Pane {
    /// The first line shown, when `last` is the one with which the end is shown.
    #[must_use]
    pub fn top(self, last: usize) -> usize {
        match self.way.filter(|way| *way > 0) {
            _ if self.follow => last,
            Some(way) => ((self.scroll * last + way / 2) / way).min(last),
            None => self.scroll.min(last),
        }
    }
}

/// How the shown turn's lanes are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panes {
    /// One per lane; lanes beyond its end are looked at in the default way.
    pub panes: Vec<Pane>,
    /// The pane with the focus.
    pub focused: usize,
    /// Whether the focused pane is shown alone.
    pub zoomed: bool,
    /// Whether all shown panes scroll when one does.
    pub together: bool,
    /// What is looked for.
    pub find: Option<Find>,
    /// While a block of code is picked to be copied: the digits of its number so far.
    pub block: Option<String>,
}

impl Panes {
    /// How that lane is looked at.
    #[must_use]
    pub fn get(&self, lane: usize) -> Pane {
        self.panes.get(lane).copied().unwrap_or_default()
    }

    /// As they open on another turn: what is said of all panes stays.
    #[must_use]
    pub fn of_another_turn(&self) -> Self {
        Self { together: self.together, ..Self::default() }
    }

    /// The same, to be changed.
    pub fn get_mut(&mut self, lane: usize) -> &mut Pane {
        if self.panes.len() <= lane {
            self.panes.resize(lane + 1, Pane::default());
        }
        &mut self.panes[lane]
    }
}
