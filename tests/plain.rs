//! `--plain` and `TERM=dumb`: a conversation in lines, without a screen.

mod support;

use std::fs;

use support::program::{Done, Home, run, run_with};
use support::pty::Screen;

const ANN: &str = "test:ann,rate=0,ttft=0,text=London";
const BOB: &str = "test:bob,rate=0,ttft=0,text=Paris, or Rome";

/// What stands in every answer's line of figures, without the times, which differ.
fn without_times(text: &str) -> String {
    let line = |line: &str| match line.split_once(", first token ") {
        Some((before, after)) => {
            format!("{before} … {}", after.split_once(" tok/s, ").map_or("", |(_, tokens)| tokens))
        }
        None => line.to_owned(),
    };
    text.lines().map(|one| line(one) + "\n").collect()
}

#[test]
fn lines_are_prompts_and_answers_follow_with_names_and_figures() {
    let home = Home::empty();
    let done = run(&home, &["--plain", "-m", ANN], "Where?\n\nAnd in French?\n");
    let expected = format!(
        "> Where?\nLondon\n{ANN}: completed … 2 tokens in, 1 out, $–\n\
         > And in French?\nLondon\n{ANN}: completed … 7 tokens in, 1 out, $–\n"
    );
    assert_eq!((done.code, without_times(&done.stdout)), (Some(0), expected), "{done:?}");
    assert!(done.stderr.contains(&format!("Models: {ANN}.")), "{done:?}");
    assert!(!(done.stdout + &done.stderr).contains('\u{1b}'), "no escape sequence at all");

    let lanes = ["--plain", "-m", ANN, "-m", "test:x,fail=503,ttft=0", "-m", BOB];
    let done = run(&home, &lanes, "Where?");
    assert_eq!(done.code, Some(0), "a lane that fails is no failure of the program: {done:?}");
    for told in [
        format!("── {ANN} ──\nLondon\n"),
        format!("── {BOB} ──\nParis, or Rome\n"),
        "test:x,fail=503,ttft=0: failed\n".to_owned(),
    ] {
        assert!(done.stdout.contains(&told), "{told:?} is not in {done:?}");
    }
    assert!(done.stderr.contains("test:x,fail=503,ttft=0: failed: "), "{done:?}");
}

#[test]
fn the_conversation_is_saved_and_goes_on() {
    let home = Home::empty();
    let first = run(&home, &["--plain", "-m", ANN, "-m", BOB], "Where?\n");
    assert_eq!(first.code, Some(0), "{first:?}");
    let again = run(&home, &["--plain", "last"], "And then?\n");
    assert!(again.stderr.contains("Session \"Where?\", 1 turn so far"), "{again:?}");
    assert!(again.stderr.contains(&format!("Models: {ANN}, {BOB}.")), "{again:?}");
    let files = fs::read_dir(home.sessions()).expect("sessions").map(|file| file.expect("a file").file_name());
    let sessions: Vec<_> = files.filter(|name| !name.to_string_lossy().starts_with('.')).collect();
    assert_eq!(sessions.len(), 1, "{sessions:?}");
    let shown = run(&home, &["sessions", "show", "last"], "");
    assert!(shown.stdout.contains("Where?") && shown.stdout.contains("And then?"), "{shown:?}");
    let messages = run(&home, &["sessions", "export", "last", "--format", "pydantic", "--lane", BOB], "");
    assert_eq!(messages.stdout.matches("\"kind\": \"request\"").count(), 2, "{messages:?}");
}

#[test]
fn a_conversation_that_cannot_be_saved_is_told() {
    let home = Home::empty();
    fs::create_dir_all(home.path().join("data/llmbench")).expect("a folder");
    fs::write(home.sessions(), "a file in the place of the folder").expect("a file");
    let done = run(&home, &["--plain", "-m", ANN], "Where?\n");
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stdout.contains("London") && done.stderr.contains("not saved: "), "{done:?}");
}

#[test]
fn what_is_wrong_is_told_before_anything_is_read() {
    let home = Home::empty();
    let refused = |arguments: &[&str]| -> Done {
        let done = run(&home, arguments, "Where?\n");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done
    };
    assert!(refused(&["--plain", "-m", "opnai:gpt-4o"]).stderr.contains("did you mean \"openai\"?"));
    assert!(refused(&["--plain", "replay", "last"]).stderr.contains("llmbench sessions show last"));
    assert!(refused(&["--plain", "run", "-m", ANN, "Hi"]).stderr.contains("belong to the workbench"));
    assert!(refused(&["--plain", "0190"]).stderr.contains("0190"));
    let dumb = run_with(&home, &[], "Where?\n", &[("TERM", "dumb")]);
    assert_eq!(dumb.code, Some(2), "a pipe is no terminal, however simple: {dumb:?}");
}

#[test]
fn a_dumb_terminal_is_talked_to_in_lines() {
    let home = Home::empty();
    let slow = "test:slow,rate=0,ttft=60000,text=never";
    let mut screen = Screen::open_with(&home, 100, 60, &["-m", ANN, "-m", slow], &[("TERM", "dumb")]);
    screen.wait_for("\n> ");
    screen.send("Where?\r");
    screen.wait_for("──\nLondon\n");
    screen.send("\x03");
    screen.wait_until(|text| text.contains(&format!("{slow}: cancelled")) && text.trim_end().ends_with('>'));
    screen.send("\x04");
    assert_eq!(screen.wait_for_end(), 0);
    let raw = screen.raw();
    assert!(!raw.contains(&0x1b), "{}", String::from_utf8_lossy(&raw));
    let saved = run(&home, &["sessions", "show", "last"], "");
    assert!(saved.stdout.contains("London") && saved.stdout.contains("cancelled"), "{saved:?}");
}

#[test]
fn ctrl_c_at_the_prompt_ends_it() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 100, 30, &["--plain", "-m", ANN]);
    screen.wait_for("\n> ");
    screen.send("\x03");
    assert_eq!(screen.wait_for_end(), 130);
}
