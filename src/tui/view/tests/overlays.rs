//! What lies over the workbench.

use jiff::ToSpan;

use super::support::*;
use crate::session::{Entry, Found, SessionError, Summary};
use crate::tui::State;
use crate::tui::state::{BrowserMode, Overlay, Picker, SearchResult, SessionBrowser, SettingsEditor, text_area};
use crate::tui::update::tests::desk::Desk;

fn with(size: (u16, u16), overlay: Overlay) -> State {
    let mut state = workbench(size, 0);
    state.overlay = Some(overlay);
    state
}

#[test]
fn picker() {
    let picker = Picker { query: "gpt".to_owned(), matches: vec![0, 4], cursor: 1 };
    expect("picker_80x24", &fresh(&with((80, 24), Overlay::Picker(picker))));
    let picker = Picker { query: "openai:gpt-9".to_owned(), matches: vec![0], cursor: 1 };
    expect("picker_new_80x24", &fresh(&with((80, 24), Overlay::Picker(picker))));
    let picker = Picker { query: "zzz".to_owned(), matches: vec![], cursor: 0 };
    assert!(symbols(&fresh(&with((80, 24), Overlay::Picker(picker)))).contains("Nothing matches"));
}

/// A desk's own way of opening a finder, and what is typed there.
fn finding(size: (u16, u16), keys: &str) -> State {
    let mut state = workbench(size, 0);
    let lane = |model: &str| Script::of(model).asks(0, model).text(10, "London.").completes(20);
    show(&mut state, "Where were the olympics held in 2012?", vec![lane("openai:gpt-4o"), lane("safe")]);
    show(&mut state, "次のオリンピックは\nどこで開かれますか？", vec![lane("openai:gpt-4o")]);
    let mut desk = Desk { state, ..Desk::new(&[]) };
    desk.keys(keys);
    desk.state
}

#[test]
fn palette_and_picker_of_themes() {
    for (columns, rows) in [(80, 24), (160, 45), (250, 70)] {
        expect(&format!("commands_{columns}x{rows}"), &fresh(&finding((columns, rows), "<Ctrl-p>")));
        expect(&format!("themes_{columns}x{rows}"), &fresh(&finding((columns, rows), "<F4><Down><Down>")));
    }
    expect("commands_found_60x16", &fresh(&finding((60, 16), "<Ctrl-p>the<Down>")));
    expect("prompts_80x24", &fresh(&finding((80, 24), "<Ctrl-r>")));
    let nothing = symbols(&fresh(&finding((80, 24), "<Ctrl-p>zzz")));
    assert!(nothing.contains("Nothing matches."), "{nothing}");
}

#[test]
fn values_of_variables() {
    let prompt = "Translate into {{language}}, for readers of {{paper}}:<Ctrl-j><Ctrl-j>{{text}}<Enter>";
    expect("variables_80x24", &fresh(&finding((80, 24), &format!("{prompt}日本語<Enter><Down>Good morning."))));
    let narrow = symbols(&fresh(&finding((60, 16), &format!("{prompt}{}", "a long value ".repeat(20)))));
    assert!(narrow.contains("▸ language") && narrow.contains("long value ▌"), "{narrow}");
}

#[test]
fn the_theme_that_is_looked_at_is_drawn() {
    let (looked_at, chosen) = (finding((80, 24), "<F4>nord"), finding((80, 24), "<F4>nord<Enter>"));
    let nord = |state: &State| fresh(state)[(0, 0)].bg;
    assert_eq!(nord(&looked_at), nord(&chosen));
    assert_ne!(nord(&looked_at), nord(&finding((80, 24), "<F4>nord<Esc>")));
}

#[test]
fn help() {
    expect("help_160x45", &fresh(&with((160, 45), Overlay::Help(0))));
    expect("help_80x24", &fresh(&with((80, 24), Overlay::Help(0))));
    let last = symbols(&fresh(&with((80, 24), Overlay::Help(9_999))));
    assert!(last.contains("Close"), "{last}");
}

#[test]
fn sessions() {
    let entry = |name: &str, minutes: i64, summary| Entry {
        id: name.to_owned(),
        path: format!("{name}.json").into(),
        updated_at: noon() - minutes.minutes(),
        summary,
    };
    let summary = |title: &str, minutes: i64, turns, models: &[&str]| {
        let models = models.iter().map(|name| (*name).to_owned()).collect();
        entry(title, minutes, Ok(Summary { title: title.to_owned(), turns, models }))
    };
    let list = vec![
        summary("Capital cities", 4, 3, &["openai:gpt-4o", "anthropic:claude-3-5-haiku-latest", "safe"]),
        summary("日本語の質問", 130, 1, &["ollama:llama3.2"]),
        summary("", 4_000, 12, &["test"]),
        entry("cut", 9_000, Err(SessionError::Foreign { path: "cut.json".into() })),
    ];
    let mut browser = SessionBrowser { sessions: Some(Ok(list)), cursor: 1, ..SessionBrowser::default() };
    browser.refresh();
    let shot = |browser: &SessionBrowser, name: &str| {
        for size in [(60, 16), (80, 24), (120, 30)] {
            let state = with(size, Overlay::Sessions(browser.clone()));
            expect(&format!("{name}_{}x{}", size.0, size.1), &fresh(&state));
        }
    };
    shot(&browser, "sessions");
    browser.aside = vec![summary("Gone for now\u{1b}[2J", 1, 1, &["test"])];
    browser.typed = "london".to_owned();
    let found = |name: &str, who: Option<&str>, text: &str| Found {
        path: format!("{name}.json").into(),
        excerpt: Some((who.map(str::to_owned), text.to_owned())),
    };
    let results = vec![
        found("Capital cities", Some("openai:gpt-4o"), "…the games were held in London, \u{202e}UK"),
        found("日本語の質問", None, "ロンドン (London) はどこですか"),
    ];
    browser.found = Some(SearchResult::new("london".to_owned(), results));
    browser.refresh();
    shot(&browser, "sessions_found");
    let first = browser.row(0).expect("a session").clone();
    browser.mode = BrowserMode::Rename(first.clone(), "A better title".to_owned());
    shot(&browser, "sessions_rename");
    browser.mode = BrowserMode::Export(first, 5);
    shot(&browser, "sessions_export");
    let shown = |sessions| {
        let browser = SessionBrowser { sessions, ..SessionBrowser::default() };
        symbols(&fresh(&with((80, 24), Overlay::Sessions(browser))))
    };
    assert!(shown(None).contains("reading the saved sessions"));
    assert!(shown(Some(Ok(vec![]))).contains("No saved sessions yet."));
    assert!(shown(Some(Err("no access".to_owned()))).contains("can't be read: no access"));
}

#[test]
fn system_prompt() {
    let mut editor = text_area("No system prompt");
    editor.insert_str("Answer in one sentence.");
    expect("system_80x24", &fresh(&with((80, 24), Overlay::System(Box::new(editor)))));
}

#[test]
fn settings_of_a_model() {
    for size in [(60, 16), (80, 24), (160, 45)] {
        let mut state = workbench(size, 0);
        let mut editor = SettingsEditor::of("openai:gpt-4o+temperature=0.7+extra_body.user=\u{9b}31mme");
        editor.cursor = 3;
        state.overlay = Some(Overlay::Settings(editor));
        expect(&format!("settings_{}x{}", size.0, size.1), &fresh(&state));
    }
}
