//! The command palette, the picker of themes, earlier prompts, and the user's own editor.

use super::desk::Desk;
use crate::config::Located;
use crate::session::{Entry, SessionError, Summary};
use crate::tui::keymap::Keymap;
use crate::tui::state::{Command, Finder, Focus, Library, Overlay};
use crate::tui::{Action, Effect, Event, RunId, Theme};

/// A desk on which these prompts were asked and answered.
fn asked(prompts: &[&str]) -> Desk {
    let mut desk = Desk::new(&["*a", "*b"]);
    for (run, prompt) in (0..).zip(prompts) {
        desk.event(Event::Paste((*prompt).to_owned()));
        desk.keys("<Enter>");
        desk.answer(RunId(run), 0, "from a");
        desk.answer(RunId(run), 1, "from b");
    }
    desk
}

fn finder(desk: &Desk) -> &Finder {
    match &desk.state.overlay {
        Some(Overlay::Finder(finder)) => finder,
        _ => panic!("no finder is open; the notice says {:?}", desk.notice()),
    }
}

/// What the rows say.
fn rows(desk: &Desk) -> Vec<&str> {
    let finder = finder(desk);
    (0..finder.matches.len()).filter_map(|row| finder.row(row)).map(|choice| choice.text.as_str()).collect()
}

fn theme(desk: &Desk) -> &str {
    &desk.state.theme().name
}

#[test]
fn the_theme_under_the_cursor_is_shown_and_kept_by_enter_alone() {
    let mut desk = Desk::new(&["*a"]);
    desk.state.config_file = Some("/home/me/config.toml".into());
    desk.keys("<F4><Down><Down>");
    assert_eq!((theme(&desk), desk.state.theme), ("contrast", 0), "looked at, and not taken");
    desk.keys("<Esc>");
    assert_eq!((theme(&desk), desk.state.overlay.is_none()), ("default", true));
    desk.keys("<F4>nord");
    assert_eq!((theme(&desk), rows(&desk)), ("nord", vec!["nord"]));
    desk.keys("zzz");
    assert_eq!((theme(&desk), rows(&desk).len()), ("default", 0), "none is under the cursor");
    desk.keys("<Enter>");
    assert_eq!(desk.notice(), "Nothing matches; Esc closes");
    assert_eq!(desk.keys("<Backspace><Backspace><Backspace><Enter>"), []);
    assert_eq!((theme(&desk), &desk.state.themes[desk.state.theme].name[..]), ("nord", "nord"));
    assert_eq!(desk.notice(), "Theme nord; to begin with it, write theme = \"nord\" into /home/me/config.toml");
    desk.keys("<F4>");
    assert_eq!(theme(&desk), "nord", "it opens on the one in use");
}

#[test]
fn f2_goes_on_through_the_themes_in_the_picker_too() {
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<F4><F2><F2>");
    assert_eq!((theme(&desk), finder(&desk).cursor), ("contrast", 2));
    let themes = desk.state.themes.len();
    desk.keys(&"<F2>".repeat(themes - 2));
    assert_eq!((theme(&desk), finder(&desk).cursor), ("default", 0));
    desk.keys("<Esc><F2>");
    assert_eq!((theme(&desk), desk.notice()), ("light", "Theme light"));
}

#[test]
fn without_colours_there_is_nothing_to_choose_from() {
    let mut desk = Desk::new(&["*a"]);
    desk.state.themes = vec![Theme::without_colour()];
    desk.keys("<F2>");
    assert_eq!(desk.notice(), "NO_COLOR is set: there are no colours to choose");
    desk.keys("<F4><F2><Enter>");
    assert_eq!((desk.notice(), desk.state.theme), ("NO_COLOR is set: there are no colours to choose", 0));
}

#[test]
fn the_palette_offers_what_is_possible_here() {
    let mut desk = Desk::new(&["*a"]);
    assert_eq!(desk.keys("<Ctrl-p>"), [Effect::ListSessions]);
    let offers = |desk: &Desk, text: &str| rows(desk).contains(&text);
    assert_eq!(rows(&desk)[0], "Send the prompt to every picked model", "what belongs to this place first");
    assert!(offers(&desk, "Theme: nord") && offers(&desk, "Pick models"));
    assert!(!offers(&desk, "Copy the answer"), "there is none");
    assert!(!offers(&desk, "Find anything that can be done, by a few letters"), "that is being done");
    let mut desk = asked(&["one"]);
    desk.keys("<Ctrl-p>");
    assert!(offers(&desk, "Copy the answer") && !offers(&desk, "Cancel this answer"), "it is over");
    let again: Vec<_> = rows(&desk).into_iter().filter(|row| row.starts_with("A screenful down")).collect();
    assert_eq!(again.len(), 1, "each action once: {again:?}");
    desk.keys("<Esc><Esc><Ctrl-p>");
    assert_eq!(rows(&desk)[0], "Scroll down", "in an answer its keys come first");
}

#[test]
fn enter_does_it_and_what_was_done_last_comes_first() {
    let mut desk = asked(&["one"]);
    let effects = desk.keys("<Ctrl-p>copy answer<Enter>");
    assert_eq!(effects.last(), Some(&Effect::Copy("from a".to_owned(), "the answer of a".to_owned())));
    assert!(desk.state.overlay.is_none());
    desk.keys("<Ctrl-p>theme nord<Enter><Ctrl-p>");
    assert_eq!(theme(&desk), "nord");
    assert_eq!(rows(&desk)[..3], ["Theme: nord", "Copy the answer", "Send the prompt to every picked model"]);
    desk.keys("quit-at-once");
    assert_eq!(rows(&desk)[0], "Quit; what was answered is saved", "found by its name in [keys]");
    assert_eq!(desk.keys("<Enter>").last(), Some(&Effect::Quit));
    assert_eq!(desk.state.recent.len(), 3);
}

#[test]
fn the_configuration_gives_the_palette_another_key() {
    let located = |text: &str| Located::new(text.to_owned(), "c:1:1");
    let overrides = [(located("commands"), located("Ctrl-x")), (located("finder-take"), located("Ctrl-y"))];
    let mut desk = Desk::new(&["*a"]);
    desk.state.keymap = Keymap::with_overrides(&overrides).expect("valid");
    desk.keys("<Ctrl-p>");
    assert!(desk.state.overlay.is_none());
    desk.keys("<Ctrl-x>nord<Ctrl-y>");
    assert_eq!(theme(&desk), "nord");
}

#[test]
fn the_palette_opens_other_overlays() {
    let mut desk = asked(&["one"]);
    for (query, context) in
        [("details", "Inspector"), ("pick models", "Picker"), ("system", "System"), ("show the keys", "Help")]
    {
        desk.keys(&format!("<Ctrl-p>{query}<Enter>"));
        assert_eq!(format!("{:?}", desk.state.context()), context, "{query}");
        desk.keys("<Esc>");
    }
}

#[test]
fn the_palette_lies_over_what_is_only_read_and_gives_it_back() {
    let mut desk = asked(&["one"]);
    desk.keys("<Esc>o<Ctrl-p>");
    assert_eq!(rows(&desk)[0], "Scroll down", "the keys of the details come first");
    desk.keys("<Esc>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Inspector(0))));
    desk.keys("<Ctrl-p>next answer's<Enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Inspector(0))), "its own command leaves it open");
    assert_eq!(desk.state.panes.focused, 1);
    desk.keys("<Ctrl-p>theme nord<Enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Inspector(0))));
    desk.keys("<Ctrl-p>pick models<Enter>");
    assert!(matches!(desk.state.overlay, Some(Overlay::Picker(_))), "another overlay takes its place");
    desk.keys("<Esc>");
    assert!(desk.state.overlay.is_none() && desk.state.beneath.is_none());
    desk.keys("o<Ctrl-p>show this answer alone<Enter>");
    assert!(desk.state.overlay.is_none() && desk.state.panes.zoomed, "what is done to the answer is seen");
}

#[test]
fn the_palette_opens_saved_sessions() {
    let entry = |title: &str, summary| Entry {
        id: title.to_owned(),
        path: format!("/s/{title}.json").into(),
        updated_at: jiff::Timestamp::UNIX_EPOCH,
        summary,
    };
    let summary = |title: &str| Ok(Summary { title: title.to_owned(), turns: 1, models: vec![] });
    let mut desk = Desk::new(&["*a"]);
    desk.keys("<Ctrl-p>capital");
    assert_eq!(rows(&desk).len(), 0);
    let broken = SessionError::Foreign { path: "/s/broken.json".into() };
    desk.event(Event::SessionsListed(Ok(library(vec![
        entry("Capital cities", summary("Capital cities")),
        entry("capital", Err(broken)),
    ]))));
    assert_eq!(rows(&desk), ["Open session: Capital cities"]);
    desk.event(Event::SessionsListed(Ok(library(vec![entry("Capital cities", summary("Capital cities"))]))));
    assert_eq!(rows(&desk).len(), 1, "each once, though it was listed twice");
    assert_eq!(desk.keys("<Enter>"), [Effect::OpenSession("/s/Capital cities.json".to_owned())]);
    desk.keys("<Ctrl-p><Down>");
    let before = finder(&desk).selected().cloned();
    desk.event(Event::SessionsListed(Err("no access".to_owned())));
    assert_eq!(finder(&desk).selected().cloned(), before, "the list leaves the cursor where it is");
}

#[test]
fn every_command_of_the_palette_can_be_done() {
    let commands: Vec<Command> = {
        let mut desk = asked(&["one", "two"]);
        desk.keys("<Ctrl-p>");
        finder(&desk).choices.iter().map(|choice| choice.command.clone()).collect()
    };
    assert!(commands.len() > 40, "{}", commands.len());
    for (row, command) in commands.iter().enumerate() {
        let mut desk = asked(&["one", "two"]);
        desk.keys(&format!("<Ctrl-p>{}<Enter>", "<Down>".repeat(row)));
        let opens = matches!(command, Command::Act(_, Action::PickTheme | Action::FindPrompt));
        assert_eq!(matches!(desk.state.overlay, Some(Overlay::Finder(_))), opens, "{command:?}");
        assert_eq!(desk.state.recent.first(), Some(command));
    }
}

#[test]
fn nothing_is_lost_that_was_typed_into_what_lies_above() {
    let mut desk = asked(&["one"]);
    desk.keys("<Ctrl-t>Be brief.<Ctrl-p><F4><Ctrl-r>");
    assert!(matches!(desk.state.overlay, Some(Overlay::System(_))));
    desk.keys("<Esc><Ctrl-p>q");
    assert_eq!(desk.keys("<F1><Ctrl-o><Ctrl-n>"), [], "its own keys and none of everywhere");
    assert_eq!(finder(&desk).typed, "q");
    desk.event(Event::Paste("uit\nx".to_owned()));
    assert_eq!(finder(&desk).typed, "quit");
}

#[test]
fn up_and_down_write_earlier_prompts_again_and_keep_the_draft() {
    let mut desk = asked(&["one", "two\nlines", "two\nlines", "three"]);
    let mut seen = Vec::new();
    desk.keys("draft");
    for key in ["<Up>", "<Up>", "<Up>", "<Up>", "<Down>", "<Down>", "<Down>", "<Down>", "<Down>"] {
        desk.keys(key);
        seen.push(desk.state.prompt_text());
    }
    let two = "two\nlines";
    assert_eq!(seen, ["three", two, "one", "one", two, "three", "draft", "draft", "draft"]);
}

#[test]
fn up_and_down_first_move_within_the_text() {
    let mut desk = asked(&["one"]);
    desk.keys("first<Ctrl-j>second<Up>X");
    assert_eq!(desk.state.prompt_text(), "firstX\nsecond");
    desk.keys("<Up>");
    assert_eq!(desk.state.prompt_text(), "one");
    desk.keys("<Down>");
    assert_eq!(desk.state.prompt_text(), "firstX\nsecond");
}

#[test]
fn a_recalled_prompt_that_was_changed_is_a_draft() {
    let mut desk = asked(&["one", "two"]);
    desk.keys("<Up>!<Up>");
    assert_eq!(desk.state.prompt_text(), "two", "the latest again, as what is written now is no prompt of any turn");
    desk.keys("<Down>");
    assert_eq!(desk.state.prompt_text(), "two!");
    let effects = desk.keys("<Enter>");
    assert!(matches!(effects[..], [Effect::StartRun(..)]), "{effects:?}");
    desk.keys("<Down>");
    assert_eq!(desk.state.prompt_text(), "", "what was sent is no draft");
}

#[test]
fn a_prompt_is_found_by_a_few_letters() {
    let mut desk = asked(&["Where is Rome?", "Why?", "Where is Rome?"]);
    desk.keys("draft<Ctrl-r>");
    assert_eq!(rows(&desk), ["Where is Rome?", "Why?"], "the latest first, each once");
    desk.keys("why<Enter>");
    assert_eq!((desk.state.prompt_text(), desk.state.focus), ("Why?".to_owned(), Focus::Prompt));
    desk.keys("<Down><Down>");
    assert_eq!(desk.state.prompt_text(), "draft");
    let mut new = Desk::new(&["*a"]);
    new.keys("<Ctrl-r>");
    assert_eq!(new.notice(), "Nothing was asked in this session yet");
}

#[test]
fn the_users_own_editor_gets_the_text_and_gives_it_back() {
    let mut desk = asked(&["one"]);
    assert_eq!(desk.keys("Where<Ctrl-e>"), [Effect::EditOutside("Where".to_owned())]);
    desk.event(Event::Edited(Err("The editor \"vi\" failed (exit status: 1); nothing was changed".to_owned())));
    assert_eq!(desk.state.prompt_text(), "Where");
    assert_eq!(desk.notice(), "The editor \"vi\" failed (exit status: 1); nothing was changed");
    desk.event(Event::Edited(Ok("Where\nis Rome?".to_owned())));
    assert_eq!(desk.state.prompt_text(), "Where\nis Rome?");
    assert_eq!(desk.keys("<Ctrl-t>Be<Ctrl-e>"), [Effect::EditOutside("Be".to_owned())]);
    desk.event(Event::Edited(Ok("Be brief.".to_owned())));
    desk.keys("<Esc>");
    assert_eq!((&desk.state.system[..], desk.state.prompt_text()), ("Be brief.", "Where\nis Rome?".to_owned()));
}

fn library(sessions: Vec<Entry>) -> Library {
    Library { sessions, aside: Vec::new() }
}
