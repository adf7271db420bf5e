//! What each event does to the state, and which I/O it asks for. No I/O here, and nothing slow.

mod actions;
mod asking;
mod browsing;
mod commands;
mod copying;
mod filling;
mod find;
mod finding;
mod focus;
mod mouse;
mod picking;
mod recalling;
mod replaying;
mod running;
mod saving;
mod schemas;
mod scrolling;
mod settings;
mod shelving;
mod side_bar;
#[cfg(test)]
pub(in crate::tui) mod tests;
mod typing;
mod wire;

use std::time::Duration;

use crossterm::event::{KeyEvent, KeyEventKind};
use jiff::Timestamp;

use super::keymap::{Chord, Context};
use super::metrics::Metrics;
use super::state::{Notice, Overlay, Tone};
use super::{Effect, Event, State};

/// How long a notice is shown.
const NOTICE: Duration = Duration::from_secs(4);
/// How soon a second Ctrl-C must follow to quit.
const TWICE: Duration = Duration::from_secs(1);

/// When an event happens: by the workbench's own monotonic clock, and by the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Time since the workbench began.
    pub clock: Duration,
    /// The wall clock.
    pub now: Timestamp,
}

/// Takes one event in. `metrics` tells what the user was looking at.
pub fn update(state: &mut State, metrics: &Metrics, moment: Moment, event: Event) -> Vec<Effect> {
    state.clock = moment.clock;
    state.now = moment.now;
    expire(state);
    let browsed = browsing::browser(state).is_some();
    let mut effects = handle(state, metrics, event);
    if browsed && browsing::browser(state).is_none() {
        effects.push(Effect::LeaveSessions);
    }
    effects.extend(saving::when_due(state));
    effects
}

fn handle(state: &mut State, metrics: &Metrics, event: Event) -> Vec<Effect> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => Vec::new(),
        Event::Key(key) => on_key(state, metrics, key),
        Event::Paste(text) => paste(state, &text),
        Event::Mouse(mouse) => mouse::on_mouse(state, metrics, mouse),
        Event::Resize(columns, rows) => {
            state.size = (columns, rows);
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::Run(run, events) => running::on_events(state, run, &events),
        Event::Open(session) => vec![Effect::OpenSession(session)],
        Event::SchemasListed(files) => schemas::listed(state, files),
        Event::SchemaRead(read) => schemas::read(state, read),
        Event::SessionsListed(listed) => browsing::listed(state, listed),
        Event::SessionsFound(query, found) => browsing::found(state, query, found),
        Event::SessionRenamed(renamed) => shelving::renamed(state, renamed),
        Event::SessionDeleted(deleted) => shelving::deleted(state, deleted),
        Event::SessionBack(aside, back) => shelving::back(state, &aside, back),
        Event::Exported(Err(reason)) => complain(state, &format!("Not exported: {reason}")),
        Event::SessionOpened(opened) => saving::opened(state, opened),
        Event::Saved { session, saved } => saving::saved(state, session, saved),
        Event::Edited(Ok(text)) => edited(state, &text),
        Event::Copied(Err(reason)) | Event::Edited(Err(reason)) => complain(state, &reason),
        Event::Exported(Ok(what)) | Event::Copied(Ok(what)) => inform(state, &what),
        Event::Terminate => actions::quit(state),
    }
}

/// A key means what the table says; what means nothing there is typed.
fn on_key(state: &mut State, metrics: &Metrics, key: KeyEvent) -> Vec<Effect> {
    let chord = Chord::from(key);
    let context = state.context();
    if let Some(action) = state.keymap.action(context, chord) {
        return actions::act(state, metrics, context, action);
    }
    match chord.digit() {
        Some(digit) if context == Context::Blocks => return copying::on_digit(state, digit),
        Some(0) if context.is_of_pane() => return focus::pane(state, 9),
        Some(digit) if context.is_of_pane() => return focus::pane(state, digit - 1),
        _ => {}
    }
    match (&mut state.overlay, context) {
        (Some(Overlay::System(area)), _) => {
            area.input(key);
        }
        (Some(Overlay::Picker(_)), _) => picking::on_typed(state, chord),
        (Some(Overlay::Schemas(_)), _) => schemas::on_typed(state, chord),
        (Some(Overlay::Settings(_)), _) => settings::on_typed(state, chord),
        (Some(Overlay::Finder(_)), _) => finding::on_typed(state, chord),
        (Some(Overlay::Variables(_)), _) => filling::on_typed(state, chord),
        (None, Context::Find) => find::on_typed(state, chord),
        (Some(Overlay::Sessions(_)), _) => return browsing::on_typed(state, chord),
        (None, Context::Prompt) => {
            state.prompt.input(key);
        }
        _ => {}
    }
    Vec::new()
}

/// Pasted text goes where text is written; from anywhere else it goes to the prompt.
fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let finds = state.context() == Context::Find;
    match &mut state.overlay {
        Some(Overlay::System(area)) => {
            area.insert_str(&text);
        }
        Some(Overlay::Picker(_)) => picking::paste(state, &text),
        Some(Overlay::Schemas(_)) => schemas::paste(state, &text),
        Some(Overlay::Settings(_)) => settings::paste(state, &text),
        Some(Overlay::Help(_) | Overlay::Inspector(_) | Overlay::Wire(_)) => {}
        Some(Overlay::Finder(_)) => finding::paste(state, &text),
        Some(Overlay::Variables(_)) => filling::paste(state, &text),
        None if finds => find::paste(state, &text),
        Some(Overlay::Sessions(_)) => return browsing::paste(state, &text),
        None => {
            state.focus = super::state::Focus::Prompt;
            state.prompt.insert_str(&text);
        }
    }
    Vec::new()
}

/// What was written in the user's own editor takes the place of what was sent there.
fn edited(state: &mut State, text: &str) -> Vec<Effect> {
    if let Some(Overlay::System(area)) = &mut state.overlay {
        area.clear();
        area.insert_str(text);
        return Vec::new();
    }
    recalling::write(state, text)
}

fn expire(state: &mut State) {
    let clock = state.clock;
    state.notice.take_if(|notice| notice.until <= clock);
    state.interrupted.take_if(|pressed| *pressed + TWICE <= clock);
}

fn inform(state: &mut State, text: &str) -> Vec<Effect> {
    notify(state, text, Tone::Info)
}

fn complain(state: &mut State, text: &str) -> Vec<Effect> {
    notify(state, text, Tone::Error)
}

fn notify(state: &mut State, text: &str, tone: Tone) -> Vec<Effect> {
    state.notice = Some(Notice { text: text.to_owned(), tone, until: state.clock + NOTICE });
    Vec::new()
}
