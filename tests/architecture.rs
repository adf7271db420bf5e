//! The dependency rule: each part uses only the parts before it, and `cli` and `tui` never each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The parts, lowest first. Parts in one row stand side by side and don't use each other.
const ORDER: &[&[&str]] = &[
    &["text", "message"],
    &["settings"],
    &["catalog"],
    &["wire"],
    &["auth"],
    &["config"],
    &["model"],
    &["run"],
    &["session"],
    &["drill"],
    &["cli", "tui"],
];

fn level(part: &str) -> Option<usize> {
    ORDER.iter().position(|row| row.contains(&part))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        // A part's own tests may look at it from above.
        if path.file_stem().is_some_and(|name| name == "tests" || name == "testing") {
            continue;
        }
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    files
}

/// The parts that a source file names: `crate::PART…`, and each of `crate::{PART…, PART…}`.
fn parts_used(source: &str) -> BTreeSet<String> {
    let name = |text: &str| text.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut used = BTreeSet::new();
    for rest in source.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let list = list.split(';').next().unwrap_or_default();
                used.extend(list.split(',').map(name).filter(|part| level(part).is_some()));
            }
            None => {
                used.insert(name(rest));
            }
        }
    }
    used
}

#[test]
fn every_part_uses_only_what_lies_below_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (own_level, part) in ORDER.iter().enumerate().flat_map(|(at, row)| row.iter().map(move |part| (at, *part))) {
        for file in sources(&src.join(part)) {
            let source = fs::read_to_string(&file).expect("UTF-8");
            for used in parts_used(&source).into_iter().filter(|used| used != part) {
                if level(&used).is_some_and(|used_level| used_level >= own_level) {
                    wrong.push(format!("{} uses crate::{used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the one direction:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_has_its_place_in_the_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = fs::read_dir(src).expect("src").map(|entry| entry.expect("an entry").path()).filter(|p| p.is_dir());
    let names: BTreeSet<_> =
        folders.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    let known: BTreeSet<_> = ORDER.iter().flat_map(|row| row.iter().map(|part| (*part).to_owned())).collect();
    assert_eq!(names, known);
}

#[test]
fn what_must_do_no_io_does_none() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let forbidden = [
        ("message", &["tokio", "reqwest", "std::fs", "std::env", "Timestamp::now"][..]),
        ("catalog", &["tokio", "reqwest", "std::fs", "std::env", "std::net"]),
        ("wire", &["tokio", "reqwest", "std::fs", "std::env", "Instant", "crossterm", "ratatui"]),
        ("tui/update", &["tokio", "std::fs", "std::env", "reqwest", "std::thread"]),
        ("tui/view", &["tokio", "std::fs", "std::env", "reqwest", "Instant::now"]),
    ];
    let mut wrong = Vec::new();
    for (part, words) in forbidden {
        for file in sources(&src.join(part)) {
            let source = fs::read_to_string(&file).expect("UTF-8");
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in lines {
                wrong.extend(
                    words.iter().filter(|word| line.contains(*word)).map(|word| format!("{}: {word}", file.display())),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "I/O where there must be none:\n{}", wrong.join("\n"));
}
