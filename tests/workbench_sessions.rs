//! The browser of sessions in a real pty: searched, renamed, deleted, brought back and exported, also after a crash.

mod support;

use std::fs;
use std::path::PathBuf;

use support::program::{Home, run};
use support::pty::Screen;

const ANN: &str = "test:ann,rate=0,ttft=0,text=London it was";
const BOB: &str = "test:bob,rate=0,ttft=0,text=Paris";

const CTRL_L: &str = "\x0c";
const RENAME: &str = "\x12";
const DELETE: &str = "\x04";
const UNDO: &str = "\x1a";
const EXPORT: &str = "\x05";

/// A home with two saved sessions.
fn home() -> Home {
    let home = Home::empty();
    for (model, prompt) in [(ANN, "Where were the games?"), (BOB, "Which is nicer?")] {
        let done = run(&home, &["run", "--save", "-m", model, prompt], "");
        assert_eq!(done.code, Some(0), "{done:?}");
    }
    home
}

/// The saved sessions, as the command line lists them: without IDs and times.
fn listed(home: &Home) -> Vec<String> {
    let list = run(home, &["sessions", "list"], "").stdout;
    let mut lines: Vec<_> = list.lines().map(|line| line.split("  ").skip(2).collect::<Vec<_>>().join("  ")).collect();
    lines.sort();
    lines
}

fn deleted(home: &Home) -> Vec<PathBuf> {
    fs::read_dir(home.sessions().join(".deleted"))
        .map_or_else(|_| Vec::new(), |read| read.map(|entry| entry.expect("an entry").path()).collect())
}

fn open(home: &Home) -> Screen {
    let mut screen = Screen::open(home, 100, 30, &["-m", ANN]);
    screen.wait_for("Ready");
    screen.send(CTRL_L);
    screen.wait_for("sessions");
    screen
}

#[test]
fn searched_renamed_deleted_and_brought_back() {
    let home = home();
    let mut screen = open(&home);
    screen.wait_until(|text| text.contains("2 sessions") && text.contains("Which is nicer?"));
    screen.send("london");
    screen.wait_until(|text| text.contains("1 of 2") && text.contains("London it was") && !text.contains("nicer"));
    screen.send(RENAME);
    screen.wait_for("Title");
    screen.send(" 2012\r");
    screen.wait_for("Renamed to \"Where were the games? 2012\"");
    assert_eq!(
        listed(&home),
        [format!("1 turn  Where were the games? 2012  [{ANN}]"), format!("1 turn  Which is nicer?  [{BOB}]")]
    );
    screen.send(DELETE);
    screen.wait_until(|text| text.contains("0 of 1") && text.contains("1 deleted · Ctrl-z brings back"));
    assert_eq!(listed(&home), [format!("1 turn  Which is nicer?  [{BOB}]")]);
    assert_eq!(deleted(&home).len(), 1, "kept aside");
    screen.send(UNDO);
    screen.wait_until(|text| text.contains("1 of 2") && text.contains("is back"));
    assert_eq!((listed(&home).len(), deleted(&home).len()), (2, 0));
    screen.send("\r");
    screen.wait_until(|text| text.contains("London it was") && !text.contains("Sessions"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn what_was_deleted_is_gone_with_the_workbench_but_not_with_a_crash() {
    let home = home();
    let mut screen = open(&home);
    screen.wait_for("Which is nicer?");
    screen.send(DELETE);
    screen.wait_for("1 deleted");
    screen.signal("KILL");
    screen.wait_for_end();
    assert_eq!(deleted(&home).len(), 1);
    let mut screen = open(&home);
    screen.wait_until(|text| {
        text.contains("1 session") && text.contains("1 deleted · Ctrl-z brings back Which is nicer?")
    });
    screen.send(UNDO);
    screen.wait_for("2 sessions");
    assert_eq!((listed(&home).len(), deleted(&home).len()), (2, 0));
    screen.send(DELETE);
    screen.wait_for("1 deleted");
    assert_eq!(screen.quit(), 0);
    assert_eq!((listed(&home).len(), deleted(&home).len()), (1, 0));
}

#[test]
fn exported_beside_the_user_and_never_over_another_file() {
    let home = home();
    fs::write(home.path().join("which-is-nicer.html"), "mine").expect("a file");
    let mut screen = open(&home);
    screen.wait_for("Which is nicer?");
    screen.send(EXPORT);
    screen.wait_until(|text| text.contains("a page to read and to print") && text.contains("promptfoo"));
    screen.send("\r");
    screen.wait_for("which-is-nicer-2.html");
    let page = fs::read_to_string(home.path().join("which-is-nicer-2.html")).expect("the page");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("Paris"), "{page}");
    assert_eq!(fs::read_to_string(home.path().join("which-is-nicer.html")).expect("a file"), "mine");
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_fork_is_a_session_of_its_own() {
    let home = home();
    let mut screen = Screen::open(&home, 120, 30, &["last"]);
    screen.wait_for("Paris");
    screen.send("And now?\r");
    screen.wait_until(|text| text.contains("❯ And now?") && text.contains("● saved"));
    // Back to front: history, then the turn before.
    screen.send("\x1b[Zj");
    screen.wait_for("❯ Which is nicer?");
    screen.send("f");
    screen.wait_for("A new session with the first 1 of 2 turns");
    assert_eq!(screen.quit(), 0);
    let expected = [
        format!("1 turn  Where were the games?  [{ANN}]"),
        format!("1 turn  Which is nicer? (fork)  [{BOB}]"),
        format!("2 turns  Which is nicer?  [{BOB}]"),
    ];
    assert_eq!(listed(&home), expected);
}

#[test]
fn imported_prompts_are_asked_one_by_one() {
    let home = Home::empty();
    fs::write(home.path().join("prompts.json"), r#"["First?", "Second?"]"#).expect("a file");
    let id = run(&home, &["sessions", "import", "prompts.json"], "").stdout;
    let mut screen = Screen::open(&home, 120, 30, &["-m", ANN, id.trim()]);
    screen.wait_until(|text| text.contains("Not asked yet") && text.contains("❯ Second?"));
    screen.send("\x1b[Za");
    screen.wait_until(|text| text.contains("London it was") && text.contains("● saved"));
    assert_eq!(screen.quit(), 0);
    assert_eq!(listed(&home), [format!("2 turns  First?  [{ANN}]")]);
}

#[test]
fn a_replay_rests_steps_and_comes_to_its_end_at_once() {
    let home = Home::with_config("[models.slow]\nmodel = 'test:slow,ttft=0,rate=2,text=one two three four five six'\n");
    let done = run(&home, &["run", "--save", "-m", "slow", "Count"], "");
    assert_eq!(done.code, Some(0), "{done:?}");
    let mut screen = Screen::open(&home, 160, 30, &["replay", "last"]);
    screen.wait_until(|text| text.contains("▷ replay") && text.contains("one"));
    screen.send(" ");
    screen.wait_for("‖ replay rests");
    assert!(!screen.text().contains("six"), "it rests");
    screen.send("....");
    screen.wait_until(|text| text.contains("‖ replay rests") && text.contains("four"));
    screen.send("i");
    screen.wait_until(|text| text.contains("five six") && !text.contains("replay rests"));
    assert_eq!(screen.quit(), 0);
}
