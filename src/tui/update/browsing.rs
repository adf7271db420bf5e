//! The saved sessions: listed, searched as letters are typed, opened.

use super::{complain, typing};
use crate::session::Found;
use crate::tui::keymap::Chord;
use crate::tui::state::{BrowserMode, Library, Overlay, SearchResult, SessionBrowser};
use crate::tui::{Effect, State};

/// Opens the list of saved sessions.
pub fn browse(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Sessions(SessionBrowser::default()));
    vec![Effect::ListSessions]
}

/// The browser, if it is open.
pub fn browser(state: &mut State) -> Option<&mut SessionBrowser> {
    match &mut state.overlay {
        Some(Overlay::Sessions(browser)) => Some(browser),
        _ => None,
    }
}

/// The list has been read, for the browser or for the palette.
pub fn listed(state: &mut State, listed: Result<Library, String>) -> Vec<Effect> {
    if let Some(Overlay::Finder(finder)) = &mut state.overlay {
        super::finding::listed(finder, listed.as_ref().map_or(&[][..], |library| &library.sessions));
    }
    let Some(browser) = browser(state) else { return Vec::new() };
    let (sessions, aside) = match listed {
        Ok(library) => (Ok(library.sessions), library.aside),
        Err(reason) => (Err(reason), Vec::new()),
    };
    (browser.sessions, browser.aside) = (Some(sessions), aside);
    browser.refresh();
    search(browser)
}

/// A key that means nothing to the browser is typed: into the search, or into the new title.
pub fn on_typed(state: &mut State, chord: Chord) -> Vec<Effect> {
    edit(state, |text| typing::typed(text, chord))
}

/// Pasted text goes where letters go, as one line.
pub fn paste(state: &mut State, text: &str) -> Vec<Effect> {
    edit(state, |typed| typing::pasted(typed, text))
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) -> Vec<Effect> {
    let Some(browser) = browser(state) else { return Vec::new() };
    match &mut browser.mode {
        BrowserMode::Rename(_, title) => change(title),
        BrowserMode::Export(..) => {}
        BrowserMode::Browse => {
            let before = browser.query().to_owned();
            change(&mut browser.typed);
            if browser.query() != before {
                (browser.rows, browser.cursor) = (Vec::new(), 0);
                browser.refresh();
                return search(browser);
            }
        }
    }
    Vec::new()
}

fn search(browser: &SessionBrowser) -> Vec<Effect> {
    let is_listed = matches!(browser.sessions, Some(Ok(_)));
    if is_listed && !browser.query().is_empty() {
        vec![Effect::SearchSessions(browser.query().to_owned())]
    } else {
        Vec::new()
    }
}

/// A search has come back. One for something else than what is typed now is out of date.
pub fn found(state: &mut State, query: String, found: Vec<Found>) -> Vec<Effect> {
    if let Some(browser) = browser(state)
        && browser.query() == query
    {
        browser.found = Some(SearchResult::new(query, found));
        browser.refresh();
    }
    Vec::new()
}

/// Opens the session under the cursor.
pub fn open_selected(state: &mut State) -> Vec<Effect> {
    let entry = browser(state).and_then(|browser| browser.selected());
    match entry.map(|entry| (entry.path.display().to_string(), entry.summary.as_ref().err().cloned())) {
        Some((path, None)) => vec![Effect::OpenSession(path)],
        Some((_, Some(error))) => complain(state, &error.to_string()),
        None => Vec::new(),
    }
}
