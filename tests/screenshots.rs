//! Pictures of the running program, for the README. `screenshots/make` asks for them; else this says it was skipped.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use support::program::Home;
use support::pty::Screen;
use support::svg;

const PROMPT: &str = "How does a terminal draw a page?";

fn folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("LLMBENCH_SCREENSHOTS").map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    if folder.is_none() {
        eprintln!("skipped: screenshots/make asks for the pictures");
    }
    folder
}

fn picture(screen: &Screen, name: &str) {
    let Some(folder) = folder() else { return };
    fs::write(folder.join(name), screen.with_terminal(svg::draw)).expect("the picture is written");
}

#[test]
fn side_by_side() {
    if folder().is_none() {
        return;
    }
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &[]);
    screen.wait_for("Ready");
    screen.send(&format!("{PROMPT}\r"));
    screen.wait_until(|text| text.contains("```") || text.contains("small.") && text.contains("Look at"));
    picture(&screen, "streaming.svg");
    screen.quit();
}

#[test]
fn a_chain_and_a_failure() {
    if folder().is_none() {
        return;
    }
    let home = Home::with_config(
        r#"
[models.main]
model = "test:main,fail=503,ttft=400"

[models.safe]
fallback = ["main", "test:brief"]

[models.strict]
model = "test:busy,fail=429,ttft=150"
"#,
    );
    let mut screen = Screen::open(&home, 160, 32, &["-m", "safe", "-m", "strict", "-m", "test:brief"]);
    screen.wait_for("Ready");
    screen.send(&format!("{PROMPT}\r"));
    screen.wait_until(|text| text.matches("completed").count() == 2 && text.contains("failed"));
    picture(&screen, "fallback.svg");
    screen.quit();
}

#[test]
fn a_narrow_terminal_and_the_help() {
    if folder().is_none() {
        return;
    }
    let home = Home::empty();
    let mut screen =
        Screen::open(&home, 80, 24, &["-m", "test:brief", "-m", "test:thinker,rate=0", "--theme", "light"]);
    screen.wait_for("Ready");
    screen.send(&format!("{PROMPT}\r"));
    screen.wait_until(|text| text.matches("completed").count() == 2);
    picture(&screen, "narrow.svg");
    screen.send("\x1bOP");
    screen.wait_for("Send the prompt to every picked model");
    picture(&screen, "keys.svg");
    screen.quit();
}
