//! The session's file: saved by itself from the first token on, listed, opened.

use std::path::PathBuf;
use std::time::Duration;

use super::{complain, inform, replaying};
use crate::run::LaneRecord;
use crate::session::{Session, SessionSummary};
use crate::tui::state::{Conversation, Focus, Overlay, Panes, SessionBrowser, SessionState, Turn};
use crate::tui::{Effect, State};

/// How often a session is saved while answers stream.
const EVERY: Duration = Duration::from_secs(1);
/// How soon a failed save is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// A save, when there is something new and the last one was long enough ago.
pub fn when_due(state: &mut State) -> Option<Effect> {
    let pause = if state.session.save_error.is_some() { AGAIN } else { EVERY };
    let rested = state.session.asked.is_none_or(|asked| asked + pause <= state.clock);
    (state.session.dirty && rested).then(|| save(state))
}

/// A save now, when there is something new.
pub fn now(state: &mut State) -> Option<Effect> {
    state.session.dirty.then(|| save(state))
}

fn save(state: &mut State) -> Effect {
    state.session.dirty = false;
    state.session.asked = Some(state.clock);
    let session = session(state);
    state.session.file = Some(Box::new(session.clone()));
    Effect::Save(Box::new(session))
}
