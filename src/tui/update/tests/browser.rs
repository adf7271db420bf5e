//! The browser of sessions: searched, opened, renamed, deleted and brought back, exported; and what comes of forks and
//! of turns that nobody was asked.

use std::path::PathBuf;

use jiff::Timestamp;

use super::desk::Desk;
use crate::session::{Entry, Export, Found, SessionError, Summary};
use crate::tui::keymap::Context;
use crate::tui::state::{Focus, Library, Overlay, SessionBrowser, exports};
use crate::tui::{Effect, Event, LaneSpec, RunId};

fn path(name: &str) -> PathBuf {
    format!("/s/{name}.json").into()
}

fn entry(name: &str, second: i64, title: &str) -> Entry {
    let summary = Summary { title: title.to_owned(), turns: 1, models: vec!["a".to_owned(), "b".to_owned()] };
    let updated_at = Timestamp::from_second(second).expect("a timestamp");
    Entry { id: name.to_owned(), path: path(name), updated_at, summary: Ok(summary) }
}

fn broken() -> Entry {
    Entry { summary: Err(SessionError::Foreign { path: path("broken") }), ..entry("broken", 0, "") }
}

fn library() -> Library {
    let sessions = vec![entry("c", 9, "Capital cities"), entry("o", 5, "Olympic games"), broken()];
    Library { sessions, aside: Vec::new() }
}

/// A workbench with the browser open over three sessions.
fn browsing() -> Desk {
    let mut desk = Desk::new(&["*a", "*b"]);
    assert_eq!(desk.keys("<Ctrl-l>"), [Effect::ListSessions]);
    assert_eq!(desk.event(Event::SessionsListed(Ok(library()))), []);
    desk
}

fn browser(desk: &Desk) -> &SessionBrowser {
    match &desk.state.overlay {
        Some(Overlay::Sessions(browser)) => browser,
        _ => panic!("the browser is closed"),
    }
}

/// The shown sessions, the one under the cursor marked.
fn shown(desk: &Desk) -> Vec<String> {
    let browser = browser(desk);
    let name = |row: usize| {
        let mark = if row == browser.cursor { "▸" } else { "" };
        format!("{mark}{}", browser.row(row).expect("a row").id)
    };
    (0..browser.rows.len()).map(name).collect()
}

fn search(query: &str) -> Effect {
    Effect::SearchSessions(query.to_owned())
}

fn found(desk: &mut Desk, query: &str, names: &[&str]) {
    let found = names.iter().map(|name| Found { path: path(name), excerpt: Some((None, "x".to_owned())) });
    desk.event(Event::SessionsFound(query.to_owned(), found.collect()));
}

#[test]
fn letters_search_titles_at_once_and_answers_when_they_are_found() {
    let mut desk = browsing();
    assert_eq!(shown(&desk), ["▸c", "o", "broken"]);
    assert_eq!(desk.keys("ga"), [search("g"), search("ga")]);
    assert_eq!(shown(&desk), ["▸o"], "by its title");
    assert!(browser(&desk).is_searching() && desk.state.needs_ticks());
    found(&mut desk, "g", &["c", "o", "broken"]);
    assert_eq!(shown(&desk), ["▸o"], "an answer to what was typed before says nothing");
    found(&mut desk, "ga", &["c", "o"]);
    assert_eq!(shown(&desk), ["c", "▸o"], "the cursor stays on its session");
    assert!(!browser(&desk).is_searching());
    assert_eq!(desk.keys("m"), [search("gam")]);
    assert_eq!(shown(&desk), ["▸c", "o"], "what was found for its beginning stays meanwhile");
    found(&mut desk, "gam", &["o"]);
    assert_eq!(shown(&desk), ["▸o"]);
    assert_eq!(desk.keys(" "), [], "a blank at the end changes nothing");
    assert_eq!(desk.keys("<Backspace><Backspace><Backspace><Backspace>"), [search("ga"), search("g")]);
    assert_eq!(shown(&desk), ["▸c", "o", "broken"]);
}

#[test]
fn a_search_begins_with_the_list_and_ends_with_the_browser() {
    let mut desk = Desk::new(&["*a"]);
    assert_eq!(desk.keys("<Ctrl-l>city"), [Effect::ListSessions], "there is nothing to search yet");
    assert_eq!(desk.event(Event::SessionsListed(Ok(library()))), [search("city")]);
    assert_eq!(desk.event(Event::Paste(" hall\nmore".to_owned())), [search("city hall")]);
    assert_eq!(desk.keys("<Esc>"), [Effect::LeaveSessions]);
    assert_eq!(desk.event(Event::SessionsFound("city hall".to_owned(), Vec::new())), []);
    desk.keys("<Ctrl-l>");
    desk.event(Event::SessionsListed(Err("no access".to_owned())));
    assert_eq!(desk.keys("x<Enter><Ctrl-r><Ctrl-d><Ctrl-e>"), []);
}

#[test]
fn the_session_under_the_cursor_is_opened_and_a_broken_one_says_why() {
    let mut desk = browsing();
    assert_eq!(desk.keys("<Down><Enter>"), [Effect::OpenSession("/s/o.json".to_owned())]);
    assert_eq!(desk.keys("<Down><Enter>"), []);
    assert!(desk.notice().contains("is not a llmbench session"), "{}", desk.notice());
    assert_eq!(desk.keys("<Ctrl-r>"), []);
    assert_eq!(desk.state.context(), Context::Sessions, "what can't be read has no title");
}

#[test]
fn a_session_is_renamed() {
    let mut desk = browsing();
    desk.keys("<Ctrl-r>");
    assert_eq!(desk.state.context(), Context::Rename);
    let effects = desk.keys("<Backspace><Backspace>y jq<Enter>");
    assert_eq!(effects, [Effect::RenameSession(path("c"), "Capital citiy jq".to_owned())]);
    assert_eq!(
        browser(&desk).selected().and_then(|entry| entry.summary.clone().ok()).expect("one").title,
        "Capital citiy jq"
    );
    desk.event(Event::SessionRenamed(Ok("Capital citiy jq".to_owned())));
    assert_eq!(desk.notice(), "Renamed to \"Capital citiy jq\"");
    let effects = desk.event(Event::SessionRenamed(Err("the disk is full".to_owned())));
    assert_eq!((effects, desk.notice()), (vec![Effect::ListSessions], "Not renamed: the disk is full"));
}

#[test]
fn what_is_found_meanwhile_does_not_change_which_session_is_meant() {
    let mut desk = browsing();
    desk.keys("x");
    found(&mut desk, "x", &["c", "o"]);
    desk.keys("y<Down><Ctrl-r>!");
    found(&mut desk, "xy", &["c"]);
    assert_eq!(desk.keys("<Enter>"), [Effect::RenameSession(path("o"), "Olympic games!".to_owned())]);
}

#[test]
fn a_title_can_be_left_as_it_is_but_not_be_empty() {
    let mut desk = browsing();
    assert_eq!(desk.keys("<Ctrl-r>x<Esc>"), []);
    assert_eq!(desk.keys("<Ctrl-r><Enter>"), [], "nothing has changed");
    let rub_out = "<Backspace>".repeat("Capital cities".len());
    assert_eq!(desk.keys(&format!("<Ctrl-r>{rub_out} <Enter>")), []);
    assert_eq!(desk.notice(), "A title has at least one letter; Esc leaves it as it is");
    assert_eq!((desk.state.context(), shown(&desk).len()), (Context::Rename, 3));
    assert_eq!(desk.keys("<Esc>"), [], "back to the list");
    assert_eq!(desk.state.context(), Context::Sessions);
}

#[test]
fn a_deleted_session_is_out_of_the_list_and_comes_back_into_its_place() {
    let mut desk = browsing();
    assert_eq!(desk.keys("<Ctrl-d>"), [Effect::DeleteSession(path("c"))]);
    assert_eq!(shown(&desk), ["▸c", "o", "broken"], "as long as it isn't deleted");
    let aside = Entry { path: path("aside-c"), ..entry("aside-c", 9, "Capital cities") };
    desk.event(Event::SessionDeleted(Ok((path("c"), aside))));
    assert_eq!(desk.notice(), "Deleted \"Capital cities\"; Ctrl-z brings it back");
    assert_eq!(shown(&desk), ["▸o", "broken"]);
    assert_eq!(desk.keys("<Down><Ctrl-z>"), [Effect::BringBack(path("aside-c"))]);
    desk.event(Event::SessionBack(path("aside-c"), Ok(entry("c", 9, "Capital cities"))));
    assert_eq!(
        (shown(&desk), desk.notice()),
        (vec!["▸c".into(), "o".into(), "broken".into()], "\"Capital cities\" is back")
    );
    assert_eq!(desk.keys("<Ctrl-z>"), []);
    assert_eq!(desk.notice(), "No deleted session can be brought back");
}

#[test]
fn what_a_crash_has_left_can_be_brought_back() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<Ctrl-l>");
    let aside = vec![entry("first", 1, "First"), entry("second", 2, "Second")];
    desk.event(Event::SessionsListed(Ok(Library { aside, ..library() })));
    assert_eq!(desk.keys("<Ctrl-z>"), [Effect::BringBack(path("second"))]);
    desk.event(Event::SessionBack(path("second"), Err("it is in the way".to_owned())));
    assert_eq!(desk.notice(), "Not brought back: it is in the way");
    assert_eq!(desk.keys("<Ctrl-z>"), [Effect::BringBack(path("first"))]);
}

#[test]
fn a_failed_delete_changes_nothing() {
    let mut desk = browsing();
    desk.keys("<Ctrl-d>");
    desk.event(Event::SessionDeleted(Err("no access".to_owned())));
    assert_eq!((shown(&desk).len(), desk.notice()), (3, "no access"));
}

/// A workbench whose open session is the first in the list.
fn at_home() -> Desk {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("one<Enter>");
    desk.answer(RunId(0), 0, "first");
    let id = desk.file();
    desk.saves_as(Ok(id));
    desk.keys("<Ctrl-l>");
    let own = entry(&id.to_string(), 99, "one");
    let sessions = std::iter::once(own).chain(library().sessions).collect();
    desk.event(Event::SessionsListed(Ok(Library { sessions, aside: Vec::new() })));
    desk
}

#[test]
fn the_session_on_the_screen_is_renamed_there_and_not_deleted() {
    let mut desk = at_home();
    assert_eq!(desk.keys("<Ctrl-d>"), []);
    assert_eq!(desk.notice(), "This session is on the screen; begin a new one first, then it can be deleted");
    let effects = desk.keys("<Ctrl-r>!<Enter>");
    let [Effect::Save(session)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((session.title.as_str(), desk.state.session.title()), ("one!", "one!"));
}

#[test]
fn a_format_is_chosen_and_the_session_written() {
    let mut desk = browsing();
    assert_eq!(desk.keys("<Down><Ctrl-e>"), []);
    assert_eq!(desk.state.context(), Context::Export);
    let formats = browser(&desk).selected().map(exports).expect("a session").len();
    assert_eq!(formats, 7, "a history for each of the two models");
    assert_eq!(desk.keys("jj<Enter>"), [Effect::ExportSession(path("o"), Export::Csv)]);
    assert_eq!(desk.state.context(), Context::Sessions);
    desk.event(Event::Exported(Ok("Exported to /x/olympic-games.csv".to_owned())));
    assert_eq!(desk.notice(), "Exported to /x/olympic-games.csv");
    desk.event(Event::Exported(Err("the disk is full".to_owned())));
    assert_eq!(desk.notice(), "Not exported: the disk is full");
    assert_eq!(desk.keys("<Ctrl-e>G<Esc>"), []);
    let lane = Export::Pydantic { lane: "b".to_owned() };
    assert_eq!(desk.keys("<Ctrl-e>jjjjjjjjj<Enter>"), [Effect::ExportSession(path("o"), lane)]);
}

#[test]
fn a_fork_begins_with_the_turns_up_to_the_shown_one() {
    let mut desk = Desk::new(&["*a"]);
    for (run, prompt) in ["one", "two", "three"].into_iter().enumerate() {
        desk.keys(&format!("{prompt}<Enter>"));
        desk.answer(RunId(run as u64), 0, prompt);
        let id = desk.file();
        desk.saves_as(Ok(id));
    }
    let first = desk.file();
    let effects = desk.keys("<BackTab>jf");
    let [Effect::Save(fork)] = &effects[..] else { panic!("{effects:?}") };
    let prompts: Vec<_> = fork.turns.iter().map(|turn| turn.prompt.as_str()).collect();
    assert_eq!((fork.title.as_str(), prompts), ("one (fork)", vec!["one", "two"]));
    assert_ne!(fork.id, first);
    assert_eq!(desk.notice(), "A new session with the first 2 of 3 turns");
    desk.saves_as(Ok(fork.id));
    let effects = desk.keys("<Esc>other<Enter>");
    assert!(
        matches!(&effects[..], [Effect::StartRun(_, lanes)] if lanes[0].request.messages.len() == 5),
        "{effects:?}"
    );
    desk.keys("<BackTab>f");
    assert_eq!(desk.notice(), "The last prompt is still being answered; Esc cancels it");
}

#[test]
fn nothing_is_forked_where_there_is_nothing() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<BackTab>f");
    assert_eq!(desk.notice(), "There is no turn to begin with");
    desk.keys("a");
    assert_eq!(desk.notice(), "There is no turn to begin with");
}

#[test]
fn an_imported_prompt_is_asked_in_its_turn() {
    let mut session = crate::session::Session::new(Timestamp::UNIX_EPOCH, None, crate::settings::Settings::default());
    session.begin_turn("one", Timestamp::UNIX_EPOCH);
    session.begin_turn("two", Timestamp::UNIX_EPOCH);
    let mut desk = Desk::new(&["*a", "*b"]);
    desk.event(Event::SessionOpened(Ok(Box::new(session))));
    assert_eq!(desk.state.models.picked(), ["a", "b"], "nobody was asked: the picked ones stay");
    let effects = desk.keys("<BackTab>ja");
    let [Effect::StartRun(run, lanes)] = &effects[..] else { panic!("{effects:?}") };
    let asked: Vec<_> =
        lanes.iter().map(|LaneSpec { model, request }| (model.as_str(), request.messages.len())).collect();
    assert_eq!((asked, desk.state.focus), (vec![("a", 1), ("b", 1)], Focus::Panes));
    desk.answer(*run, 0, "1");
    desk.answer(*run, 1, "2");
    let turns: Vec<_> =
        desk.state.conversation.turns.iter().map(|turn| (turn.prompt.as_str(), turn.lanes.len())).collect();
    assert_eq!(turns, [("one", 2), ("two", 0)]);
    desk.keys("<BackTab>");
    while desk.state.focus != Focus::History {
        desk.keys("<BackTab>");
    }
    desk.keys("a");
    assert_eq!(desk.notice(), "This turn has answers; each can be asked for again where it stands");
}
