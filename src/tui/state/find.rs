//! What is looked for in the answers.

/// What is looked for in the shown answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Find {
    /// What was typed.
    pub query: String,
    /// The lane that is looked through; `None`: all that are shown.
    pub lane: Option<usize>,
    /// Whether it is still being typed.
    pub typing: bool,
    /// The match that was gone to: its lane, and its number there.
    pub at: Option<(usize, usize)>,
}

impl Find {
    /// Nothing yet, in that lane or in all.
    #[must_use]
    pub const fn new(lane: Option<usize>) -> Self {
        Self { query: String::new(), lane, typing: true, at: None }
    }

    /// Whether that lane is looked through.
    #[must_use]
    pub fn covers(&self, lane: usize) -> bool {
        self.lane.is_none_or(|only| only == lane)
    }
}
