//! The session's file, as far as the workbench knows it.

use std::sync::Arc;
use std::time::Duration;

use crate::session::Session;

/// What is known of the session's file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionState {
    /// The session as it was last handed to be saved, or opened; `None` before the first prompt. Shared with whoever
    /// writes it, so that a save copies nothing.
    pub file: Option<Arc<Session>>,
    /// When it was last saved, by the wall clock.
    pub saved: Option<jiff::Timestamp>,
    /// Why the last save failed.
    pub save_error: Option<String>,
    /// Whether there is anything that no save holds yet.
    pub dirty: bool,
    /// Whether a save is under way.
    pub saving: bool,
    /// When a save was last asked for, by the workbench's clock.
    pub asked: Option<Duration>,
}

impl SessionState {
    /// The session's title; empty before the first prompt.
    #[must_use]
    pub fn title(&self) -> &str {
        self.file.as_ref().map_or("", |session| &session.title)
    }
}
