//! The workbench in a real pty: without colours, with the user's own themes, and giving the terminal to an editor.

mod support;

use std::fs;

use support::program::{Home, run};
use support::pty::Screen;

const MODELS: [&str; 4] = ["-m", "test:ann,rate=0,ttft=0,text=It is **London**.", "-m", "test:bob,fail=503,ttft=0"];

/// The parameters of every SGR sequence, as they were sent.
fn sgr(raw: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(raw);
    let parameters = |rest: &str| {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && !";:".contains(letter))?;
        rest[end..].starts_with('m').then(|| rest[..end].to_owned())
    };
    text.split("\u{1b}[").skip(1).filter_map(parameters).collect()
}

/// Whether it sets a colour; 39, 49 and 59 are the terminal's own again.
fn is_colour(parameters: &str) -> bool {
    parameters.split([';', ':']).any(|one| matches!(one.parse(), Ok(30..=38 | 40..=48 | 58 | 90..=107)))
}

#[test]
fn no_color_means_no_colour_at_all() {
    let home = Home::empty();
    let walk = |variables: &[(&str, &str)]| {
        let arguments = [&MODELS[..], &["--theme", "nord"]].concat();
        let mut screen = Screen::open_with(&home, 120, 30, &arguments, variables);
        screen.wait_for("Ready");
        screen.send("Where?\r");
        screen.wait_until(|text| text.contains("It is London.") && text.contains("✗ failed"));
        // Each of these has colours of its own otherwise: details, palette, picker of themes, keys.
        for (key, shown) in [("\to", "Details"), ("\x10", "Commands"), ("\x1bOS", "Themes"), ("?", "Keys")] {
            screen.send(key);
            screen.wait_for(shown);
            screen.send("\x1b");
            screen.wait_until(|text| !text.contains(&format!("▸{shown}")));
        }
        let raw = screen.raw();
        assert_eq!(screen.quit(), 0);
        sgr(&raw)
    };
    assert!(walk(&[]).iter().any(|parameters| is_colour(parameters)), "this test can tell colours");
    let plain = walk(&[("NO_COLOR", "1")]);
    assert_eq!(plain.iter().filter(|parameters| is_colour(parameters)).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(plain.iter().any(|parameters| parameters == "1"), "bold is left: {plain:?}");
    assert!(walk(&[("NO_COLOR", "")]).iter().any(|parameters| is_colour(parameters)), "an empty one means nothing");
}

/// An editor that does as its name says.
fn editor(home: &Home, script: &str) -> String {
    let path = home.path().join("editor");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
    format!("sh {}", path.display())
}

#[test]
fn the_users_own_editor_has_the_terminal_and_gives_it_back() {
    let home = Home::empty();
    let script = "echo \"$(ls -l \"$1\" | cut -c1-10) $1\" > seen; cat \"$1\" >> seen; printf 'EDITING '; read line; echo \"$line\" >> \"$1\"";
    let command = editor(&home, script);
    let mut screen = Screen::open_with(&home, 100, 30, &MODELS[..2], &[("EDITOR", &command)]);
    screen.wait_for("Ready");
    screen.send("first line\n\x05");
    screen.wait_until(|text| text.contains("EDITING") && !text.contains("Ready"));
    let raw = screen.raw();
    let last = |needle: &[u8]| raw.windows(needle.len()).rposition(|window| window == needle);
    assert!(last(b"\x1b[?1049l") > last(b"\x1b[?1049h"), "the alternate screen was left");
    assert!(last(b"\x1b[?2004l") > last(b"\x1b[?2004h"), "and pasting is the editor's own");
    // Ctrl-C is for whatever has the terminal; a line is read as a shell reads it, so the terminal is no longer raw.
    screen.send("from outside\r");
    screen.wait_until(|text| text.contains("Ready") && text.contains("first line") && text.contains("from outside"));
    let seen = fs::read_to_string(home.path().join("seen")).expect("what the editor saw");
    let (about, text) = seen.split_once('\n').expect("two lines");
    let (mode, path) = about.split_once(' ').expect("mode and path");
    assert_eq!((mode, text), ("-rw-------", "first line\n"));
    assert!(!std::path::Path::new(path).exists(), "the file is gone: {path}");
    screen.send("\r");
    screen.wait_until(|text| text.contains("❯ first line") && text.contains("It is London."));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let home = Home::empty();
    let command = editor(&home, "echo changed > \"$1\"; exit 3");
    let variables = [("VISUAL", command.as_str()), ("EDITOR", "true")];
    let mut screen = Screen::open_with(&home, 100, 30, &MODELS[..2], &variables);
    screen.wait_for("Ready");
    screen.send("my question\x05");
    screen.wait_until(|text| text.contains("failed (exit status: 3)") && text.contains("my question"));
    assert_eq!(screen.quit(), 0);
    let mut screen = Screen::open(&home, 100, 30, &MODELS[..2]);
    screen.wait_for("Ready");
    screen.send("my question\x05");
    screen.wait_until(|text| text.contains("Set VISUAL or EDITOR") && text.contains("my question"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn answers_that_arrive_while_somebody_edits_are_kept() {
    let home = Home::empty();
    let command = editor(&home, "printf 'EDITING '; read line");
    let slow = "test:slow,rate=0,ttft=600,text=It came meanwhile.";
    let mut screen = Screen::open_with(&home, 100, 30, &["-m", slow], &[("EDITOR", &command)]);
    screen.wait_for("Ready");
    screen.send("Where?\r\x05");
    screen.wait_for("EDITING");
    let saved = || {
        let files = fs::read_dir(home.sessions()).into_iter().flatten().flatten();
        files.filter_map(|file| fs::read_to_string(file.path()).ok()).collect::<String>()
    };
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !saved().contains("It came meanwhile.") {
        assert!(std::time::Instant::now() < end, "saved so far: {}", saved());
        std::thread::yield_now();
    }
    // The interrupt key is for the editor, whose end it is; the workbench goes on.
    screen.send("\x03");
    screen.wait_until(|text| text.contains("It came meanwhile.") && text.contains("nothing was changed"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn themes_of_ones_own_are_found_and_their_mistakes_are_told() {
    let home = Home::with_config("theme = \"mine\"\n");
    let folder = home.path().join("config/llmbench/themes");
    fs::create_dir_all(&folder).expect("a folder");
    let nord = include_str!("../themes/nord.toml").replace("name = \"nord\"\n", "");
    fs::write(folder.join("mine.toml"), nord.replace("#2e3440", "#010203")).expect("a theme");
    let check = run(&home, &["config", "check"], "");
    assert_eq!(check.code, Some(0), "{check:?}");
    fs::write(folder.join("other.toml"), nord.replace("heading", "headng")).expect("a theme");
    let check = run(&home, &["config", "check"], "");
    let told = [
        "other.toml:1:1: the theme says nothing of heading",
        "other.toml:17:1: unknown key \"headng\" in the theme, did you mean \"heading\"?",
    ];
    assert!(check.code == Some(2) && told.iter().all(|wanted| check.stderr.contains(wanted)), "{check:?}");

    let screen = Screen::open(&home, 160, 30, &MODELS[..2]);
    screen.wait_until(|text| {
        text.contains("Ready") && text.contains("other.toml:1:1: the theme says nothing of heading")
    });
    screen.wait_for_ground(10, 60, vt100::Color::Rgb(1, 2, 3));
    assert_eq!(screen.quit(), 0);

    let unknown = run(&home, &["--theme", "mien"], "");
    assert_eq!(unknown.code, Some(2), "{unknown:?}");
    assert!(unknown.stderr.contains("there is no theme \"mien\", did you mean \"mine\"?"), "{unknown:?}");
}

#[test]
fn a_theme_is_chosen_by_looking_at_it() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 30, &MODELS[..2]);
    screen.wait_for("Ready");
    let (dark, light) = (vt100::Color::Rgb(0x16, 0x18, 0x1d), vt100::Color::Rgb(0xfb, 0xfa, 0xf7));
    screen.wait_for_ground(26, 150, dark);
    screen.send("\x1bOSlight");
    screen.wait_for_ground(26, 150, light);
    screen.send("\x1b");
    screen.wait_for_ground(26, 150, dark);
    screen.send("\x1bOSlight\r");
    screen.wait_for("write theme = \"light\" into");
    screen.wait_for_ground(26, 150, light);
    assert_eq!(screen.quit(), 0);
}
