//! Earlier prompts, written again.

/// Which earlier prompt stands in the editor, and what stood there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    /// The turn whose prompt was put there. Once it is changed it is a draft of its own.
    pub turn: Option<usize>,
    /// What was being written.
    pub draft: String,
}
