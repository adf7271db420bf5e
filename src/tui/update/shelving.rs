//! What is done with a session in the browser: another title, deleting and bringing back, exporting.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{browsing, complain, inform, saving};
use crate::session::Entry;
use crate::tui::keymap::Context;
use crate::tui::state::{BrowserMode, exports};
use crate::tui::{Action, Effect, State};

/// Begins to write another title for the session under the cursor.
pub fn rename(state: &mut State) -> Vec<Effect> {
    begin(state, |entry| BrowserMode::Rename(entry.clone(), title(entry)))
}

/// Begins to choose a format for the session under the cursor.
pub fn export(state: &mut State) -> Vec<Effect> {
    begin(state, |entry| BrowserMode::Export(entry.clone(), 0))
}

/// What is begun with a session that can be read.
fn begin(state: &mut State, mode: impl FnOnce(&Entry) -> BrowserMode) -> Vec<Effect> {
    let Some(browser) = browsing::browser(state) else { return Vec::new() };
    match browser.selected() {
        Some(Entry { summary: Err(error), .. }) => {
            let told = error.to_string();
            complain(state, &told)
        }
        Some(entry) => {
            browser.mode = mode(entry);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Back to the list; nothing is done.
pub fn leave(state: &mut State) -> Vec<Effect> {
    if let Some(browser) = browsing::browser(state) {
        browser.mode = BrowserMode::Browse;
    }
    Vec::new()
}

/// Takes the title that was written. The session on the screen is saved with it, any other one is changed in its file.
pub fn keep_title(state: &mut State) -> Vec<Effect> {
    let Some(browser) = browsing::browser(state) else { return Vec::new() };
    let BrowserMode::Rename(entry, typed) = std::mem::take(&mut browser.mode) else { return Vec::new() };
    let new = typed.trim().to_owned();
    if new.is_empty() {
        browser.mode = BrowserMode::Rename(entry, typed);
        return complain(state, "A title has at least one letter; Esc leaves it as it is");
    }
    if new == title(&entry) {
        return Vec::new();
    }
    retitle(state, &entry.path, &new);
    if is_open(state, &entry) {
        if let Some(file) = &mut state.session.file {
            Arc::make_mut(file).title = new;
        }
        state.session.dirty = true;
        return saving::now(state).into_iter().collect();
    }
    vec![Effect::RenameSession(entry.path, new)]
}

fn retitle(state: &mut State, path: &Path, new: &str) {
    let Some(browser) = browsing::browser(state) else { return };
    let listed = browser.sessions.as_mut().and_then(|listed| listed.as_mut().ok());
    let entry = listed.and_then(|listed| listed.iter_mut().find(|entry| entry.path == path));
    if let Some(summary) = entry.and_then(|entry| entry.summary.as_mut().ok()) {
        new.clone_into(&mut summary.title);
    }
}

/// A session has another title, or not. What the list shows is then read anew.
pub fn renamed(state: &mut State, renamed: Result<String, String>) -> Vec<Effect> {
    match renamed {
        Ok(title) => inform(state, &format!("Renamed to {title:?}")),
        Err(reason) => {
            complain(state, &format!("Not renamed: {reason}"));
            browsing::browser(state).map_or_else(Vec::new, |_| vec![Effect::ListSessions])
        }
    }
}

/// Deletes the session under the cursor, so that it can be brought back.
pub fn delete(state: &mut State) -> Vec<Effect> {
    let Some(entry) = browsing::browser(state).and_then(|browser| browser.selected()).cloned() else {
        return Vec::new();
    };
    if is_open(state, &entry) {
        return complain(state, "This session is on the screen; begin a new one first, then it can be deleted");
    }
    vec![Effect::DeleteSession(entry.path)]
}

/// A session is set aside, or not.
pub fn deleted(state: &mut State, deleted: Result<(PathBuf, Entry), String>) -> Vec<Effect> {
    let (path, aside) = match deleted {
        Ok(deleted) => deleted,
        Err(reason) => return complain(state, &reason),
    };
    let key = key(state, Action::BringBack);
    let told = format!("Deleted {:?}; {key} brings it back", title(&aside));
    if let Some(browser) = browsing::browser(state) {
        browser.take(&path);
        browser.aside.push(aside);
    }
    inform(state, &told)
}

/// Brings the last deleted session back.
pub fn bring_back(state: &mut State) -> Vec<Effect> {
    let last = browsing::browser(state).and_then(|browser| browser.aside.last());
    match last.map(|entry| entry.path.clone()) {
        Some(aside) => vec![Effect::BringBack(aside)],
        None => complain(state, "No deleted session can be brought back"),
    }
}

/// A session is back, or not.
pub fn back(state: &mut State, aside: &Path, back: Result<Entry, String>) -> Vec<Effect> {
    if let Some(browser) = browsing::browser(state) {
        // One that can't come back doesn't stand in the way of those before it.
        browser.aside.retain(|entry| entry.path != aside);
    }
    match back {
        Ok(entry) => {
            let told = format!("{:?} is back", title(&entry));
            if let Some(browser) = browsing::browser(state) {
                browser.put(entry);
            }
            inform(state, &told)
        }
        Err(reason) => complain(state, &format!("Not brought back: {reason}")),
    }
}

/// Exports the session under the cursor in the format under the cursor.
pub fn export_selected(state: &mut State) -> Vec<Effect> {
    let Some(browser) = browsing::browser(state) else { return Vec::new() };
    let BrowserMode::Export(entry, at) = std::mem::take(&mut browser.mode) else { return Vec::new() };
    let export = exports(&entry).into_iter().nth(at);
    export.map(|export| Effect::ExportSession(entry.path, export)).into_iter().collect()
}

/// Whether that session is the one on the screen.
fn is_open(state: &State, entry: &Entry) -> bool {
    state.session.file.as_ref().is_some_and(|file| file.id.to_string() == entry.id)
}

/// What people call it; of a session that can't be read its file.
fn title(entry: &Entry) -> String {
    entry.summary.as_ref().map_or_else(|_| entry.id.clone(), |summary| summary.title.trim().to_owned())
}

fn key(state: &State, action: Action) -> String {
    let mut rows = state.keymap.rows(Context::Sessions);
    let chord = rows.find(|row| row.action == action).and_then(|row| row.chords.first());
    chord.map_or_else(|| "undo".to_owned(), ToString::to_string)
}
