//! The session's file: saved by itself from the first token on, opened, forked.

use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::{complain, inform, replaying};
use crate::session::{Session, records, replay};
use crate::settings::Settings;
use crate::tui::state::{Conversation, Focus, Panes, Recall, SessionState, Turn};
use crate::tui::{Effect, State};

/// How often a session is saved while answers stream.
const EVERY: Duration = Duration::from_secs(1);
/// How soon a failed save is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// A save, when there is something new, the last one is over, and that was long enough ago.
pub fn when_due(state: &mut State) -> Option<Effect> {
    let pause = if state.session.save_error.is_some() { AGAIN } else { EVERY };
    let rested = state.session.asked.is_none_or(|asked| asked + pause <= state.clock);
    if rested && !state.session.saving { now(state) } else { None }
}

/// A save now, when there is something new.
pub fn now(state: &mut State) -> Option<Effect> {
    if !state.session.dirty || state.conversation.turns.is_empty() {
        return None;
    }
    state.session.dirty = false;
    state.session.saving = true;
    state.session.asked = Some(state.clock);
    Some(Effect::Save(brought_up_to_date(state)))
}

/// The session with where its lanes stand. Only what has changed is made anew.
fn brought_up_to_date(state: &mut State) -> Arc<Session> {
    let new = || Arc::new(Session::new(state.now, None, state.settings.clone()));
    let file = state.session.file.get_or_insert_with(new);
    let session = Arc::make_mut(file);
    session.system = Some(state.system.clone()).filter(|system| !system.is_empty());
    session.updated_at = state.now;
    for (number, turn) in state.conversation.turns.iter().enumerate() {
        if session.turns.len() <= number {
            session.begin_turn(&turn.prompt, turn.at);
        }
        session.turns[number].update(state.conversation.lanes_to_keep(number));
    }
    Arc::clone(file)
}

/// A save is over. One of a session that was left is only told when it failed; it is tried again with the next.
pub fn saved(state: &mut State, session: Uuid, saved: Result<Uuid, String>) -> Vec<Effect> {
    let current = state.session.file.as_mut().filter(|file| file.id == session);
    match (saved, current) {
        (Ok(id), Some(file)) => {
            let forked = id != session;
            Arc::make_mut(file).id = id;
            (state.session.saving, state.session.saved, state.session.save_error) = (false, Some(state.now), None);
            let told = "Another program changed this session's file; this one goes on as a copy";
            if forked { inform(state, told) } else { Vec::new() }
        }
        (Ok(_), None) => Vec::new(),
        (Err(reason), current) => {
            let told = format!("Not saved: {reason}");
            if current.is_some() {
                (state.session.saving, state.session.dirty) = (false, true);
                if state.session.save_error.replace(reason.clone()) == Some(reason) {
                    // The top bar still says so; a notice again and again would hide what is typed.
                    return Vec::new();
                }
            }
            complain(state, &told)
        }
    }
}

/// Why this session can't be left: what it holds would be lost.
pub fn unsaved(state: &State) -> Option<String> {
    let reason = state.session.save_error.as_ref()?;
    Some(format!("This session isn't saved, so it stays: {reason}"))
}

/// Leaves the session; its file stays.
pub fn forget(state: &mut State) {
    state.session = SessionState::default();
    state.conversation = Conversation::default();
    state.panes = Panes::default();
    state.recall = Recall::default();
    state.settings = Settings::default();
    state.focus = Focus::Prompt;
}

/// A session has been read: it takes the place of the one on the screen, which is saved first.
pub fn opened(state: &mut State, opened: Result<Box<Session>, String>) -> Vec<Effect> {
    let session = match opened {
        Ok(session) => *session,
        Err(reason) => return complain(state, &reason),
    };
    if state.session.file.as_ref().is_some_and(|file| file.id == session.id) {
        state.overlay = None;
        return inform(state, "This session is open already");
    }
    if let Some(told) = unsaved(state) {
        return complain(state, &told);
    }
    let mut effects = super::running::cancel_all(state);
    effects.extend(now(state));
    effects.push(Effect::Opened(session.id));
    forget(state);
    (state.overlay, state.beneath) = (None, None);
    show(state, session);
    if std::mem::take(&mut state.replay_when_opened) {
        effects.extend(replaying::start_all(state));
    }
    effects
}

/// Goes on with a new session that begins with the turns up to the shown one; what it comes from stays in its file.
pub fn fork(state: &mut State) -> Vec<Effect> {
    let turns = state.conversation.shown + 1;
    if state.conversation.turns.len() < turns {
        return complain(state, "There is no turn to begin with");
    }
    if let Some(told) = unsaved(state) {
        return complain(state, &told);
    }
    if state.conversation.is_asking() {
        return complain(state, "The last prompt is still being answered; Esc cancels it");
    }
    let mut effects = super::running::cancel_all(state);
    effects.extend(now(state));
    let Some(file) = &state.session.file else { return complain(state, "Nothing of this session is saved yet") };
    let mut fork = file.fork(turns, state.now);
    let told = format!("A new session with the first {turns} of {} turns", state.conversation.turns.len());
    fork.title.push_str(" (fork)");
    let mut conversation = std::mem::take(&mut state.conversation);
    conversation.turns.truncate(turns);
    state.conversation =
        Conversation { turns: conversation.turns, shown: conversation.shown, ..Conversation::default() };
    state.session = SessionState { file: Some(Arc::new(fork)), dirty: true, ..SessionState::default() };
    inform(state, &told);
    effects.extend(now(state));
    effects
}

fn show(state: &mut State, session: Session) {
    let told = format!("Opened {:?}", session.title);
    state.system = session.system.clone().unwrap_or_default();
    state.settings = (*session.settings).clone();
    state.conversation.turns = session.turns.iter().map(turn).collect();
    state.conversation.shown = session.turns.len().saturating_sub(1);
    if !state.keep_picks {
        pick_again(state);
    }
    state.session.saved = Some(session.updated_at);
    state.session.file = Some(Arc::new(session));
    inform(state, &told);
}

fn turn(saved: &crate::session::Turn) -> Turn {
    let mut lanes = records(saved);
    for event in replay(saved) {
        lanes[event.lane].apply(event.at, &event.event);
    }
    Turn { prompt: saved.prompt.clone(), at: saved.at, lanes }
}

/// The models that were asked last are picked, so that the conversation goes on with them.
fn pick_again(state: &mut State) {
    let Some(last) = state.conversation.turns.iter().rfind(|turn| !turn.lanes.is_empty()) else { return };
    let names: Vec<_> = last.lanes.iter().map(|lane| lane.model.clone()).collect();
    for item in &mut state.models.items {
        item.picked = names.contains(&item.name);
    }
    for name in &names {
        state.models.pick(name);
    }
}
