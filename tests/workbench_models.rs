//! Models of one's own in the workbench: typed into the picker, answered by a program or a saved session; and that no
//! program outlives llmbench.
#![cfg(unix)]

mod support;

use std::fs::{self, File};
use std::io::Read;
use std::process::Command;
use std::thread::JoinHandle;

use support::program::{Home, LLMBENCH, run};
use support::pty::Screen;

/// A home whose `mine:ANY` is this script.
fn home(script: &str) -> Home {
    Home::with_config(&format!(
        "[providers.mine]\ninterface = \"command\"\ncommand = [\"sh\", \"-c\", '''{script}''']\n"
    ))
}

#[test]
fn a_program_and_a_saved_session_answer_side_by_side() {
    let home = home(r#"printf '{"text":"from the program","usage":{"output_tokens":3},"finish":"stop"}\n'"#);
    let saved = run(&home, &["run", "--save", "-m", "test:x,rate=0,text=from the session", "Where?"], "");
    assert_eq!(saved.code, Some(0), "{saved:?}");
    let entry = fs::read_dir(home.sessions()).expect("sessions").next().expect("a session").expect("an entry");
    let recorded = format!("recorded:{}", entry.path().file_stem().expect("a name").to_string_lossy());
    let mut screen = Screen::open(&home, 160, 45, &["-m", &recorded]);
    screen.wait_for("recorded:");
    screen.send("\x0f");
    screen.wait_for("Pick models");
    screen.send("mine:anything\r");
    screen.wait_until(|text| !text.contains("Pick models") && text.contains("mine:anything"));
    screen.send("Where?\r");
    screen.wait_until(|text| text.contains("from the program") && text.contains("from the session"));
    screen.wait_until(|text| text.matches('✓').count() >= 2);
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_name_that_cant_work_says_why_in_its_pane() {
    let home = home("exit 3");
    let mut screen = Screen::open(&home, 160, 45, &["-m", "recorded:zzz", "-m", "mine:x", "-m", "command:x"]);
    screen.wait_for("recorded:zzz");
    screen.send("Where?\r");
    screen.wait_until(|text| {
        ["No session \"zzz\"", "The program \"sh\" failed", "Provider \"command\" has"]
            .iter()
            .all(|why| text.contains(why))
    });
    assert_eq!(screen.quit(), 0);
}

/// A home whose program has a child and never ends; and what waits until nobody of them is left.
fn endless() -> (Home, JoinHandle<usize>) {
    let home = home("exec 3>pipe; sleep 1000 & echo '{\"text\":\"begun\"}'; sleep 1000");
    let pipe = home.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let waits = std::thread::spawn(move || {
        File::open(pipe).expect("a pipe").read_to_end(&mut Vec::new()).expect("nothing is written to it")
    });
    (home, waits)
}

#[test]
fn quitting_ends_the_programs() {
    let (home, waits) = endless();
    let mut screen = Screen::open(&home, 120, 30, &["-m", "mine:x"]);
    screen.wait_for("mine:x");
    screen.send("Go\r");
    screen.wait_for("begun");
    screen.signal("TERM");
    assert_eq!(screen.wait_for_end(), 0);
    assert_eq!(waits.join().expect("no panic"), 0);
}

#[test]
fn a_reader_that_goes_away_ends_the_programs() {
    let (home, waits) = endless();
    let script = format!("'{LLMBENCH}' run -m mine:x -m test:storyteller --format jsonl Go | head -n 3");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env_clear()
        .envs(home.environment())
        .current_dir(home.path())
        .output()
        .expect("a shell");
    assert!(String::from_utf8_lossy(&output.stdout).lines().count() == 3, "{output:?}");
    assert_eq!(waits.join().expect("no panic"), 0);
}
