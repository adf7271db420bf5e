//! The README says what is so: its table of keys is the program's own, its commands exist, its pictures are there.
//! `UPDATE_README=1 cargo test --test readme` writes the table anew.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use llmbench::tui::keymap::{Context, Keymap};
use support::program::{Home, run};

const BEGIN: &str = "<!-- keys: written by tests/readme.rs -->\n";
const END: &str = "<!-- end of keys -->";
fn readme() -> String {
    fs::read_to_string(path()).expect("the README")
}

fn path() -> impl AsRef<Path> {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")
}

fn table() -> String {
    let keymap = Keymap::default();
    let mut table = "| where | keys | what | name in `[keys]` |\n|---|---|---|---|\n".to_owned();
    for context in Context::ALL {
        for row in keymap.rows(context) {
            let keys: Vec<_> = row.chords.iter().map(|chord| format!("`{chord}`")).collect();
            let _ = writeln!(table, "| {} | {} | {} | `{}` |", context.title(), keys.join(" "), row.help, row.name);
        }
    }
    table
}

#[test]
fn its_keys_are_the_programs_keys() {
    let readme = readme();
    let (before, rest) = readme.split_once(BEGIN).expect("the beginning of the keys");
    let (written, after) = rest.split_once(END).expect("the end of the keys");
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(path(), format!("{before}{BEGIN}{}{END}{after}", table())).expect("the README is written");
    } else {
        assert_eq!(written, table(), "UPDATE_README=1 cargo test --test readme writes it anew");
    }
}

#[test]
fn its_pictures_and_links_are_there() {
    let readme = readme();
    let targets = readme.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    for target in targets.filter(|target| !target.starts_with("http") && !target.starts_with('#')) {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(target);
        assert!(path.exists(), "{target} is not there");
    }
}

#[test]
fn its_configuration_is_right() {
    let readme = readme();
    let example = readme.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let done = run(&Home::with_config(example), &["config", "check"], "");
    assert_eq!(done.code, Some(0), "{done:?}");
}

#[test]
fn its_offline_commands_run() {
    let readme = readme();
    let lines = readme.lines().filter_map(|line| line.strip_prefix("llmbench ")).filter(|line| line.contains("test:"));
    let mut count = 0;
    for line in lines {
        let line = line.split(" #").next().unwrap_or_default().split(" |").next().unwrap_or_default();
        let words: Vec<_> = words(line).into_iter().map(at_once).collect();
        let arguments: Vec<_> = words.iter().map(String::as_str).collect();
        let done = run(&Home::empty(), &arguments, "");
        assert_eq!(done.code, Some(0), "{done:?}");
        count += 1;
    }
    assert!(count >= 2, "{count} commands with offline models");
}

/// The offline models at full speed: their pace is for people.
fn at_once(word: String) -> String {
    if word.starts_with("test:") { word + ",rate=0,ttft=0" } else { word }
}

/// A command line's words; those in double quotes hold together.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, piece) in line.split('"').enumerate() {
        if at % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            words.extend(piece.split_whitespace().map(str::to_owned));
        }
    }
    words
}
