//! The workbench in a real pty, walked as a user walks it, with the offline models.

mod support;

use std::fs;

use support::program::{Home, run};
use support::pty::Screen;

/// Two models that answer fast, so that a test waits for what the screen shows and for little else.
const MODELS: [&str; 4] =
    ["-m", "test:ann,rate=0,ttft=0,text=London **is** the answer", "-m", "test:bob,rate=0,ttft=0,text=Paris"];

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

/// Where the last `on` or `off` of a terminal mode stands, and whether it is the `off`.
fn ends_off(raw: &[u8], on: &[u8], off: &[u8]) -> bool {
    let last = |needle: &[u8]| raw.windows(needle.len()).rposition(|window| window == needle);
    last(off) >= last(on)
}

#[test]
fn open_pick_type_send_watch_copy_quit_and_reopen() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &MODELS[..2]);
    screen.wait_for("test:ann");
    screen.send("\x0f");
    screen.wait_for("Pick models");
    screen.send("test:bob,rate=0,ttft=0,text=Paris\r");
    screen.wait_until(|text| !text.contains("Pick models") && text.contains("test:bob"));
    screen.send("Where were the olympics held?\r");
    screen.wait_until(|text| text.contains("London is the answer") && text.contains("Paris"));
    screen.wait_until(|text| text.matches('✓').count() >= 2 && text.contains("saved"));
    screen.send("\ty");
    screen.wait_for("Copied the answer of");
    let raw = screen.raw();
    // OSC 52 with the answer in base64, exactly as it came.
    assert!(
        contains(&raw, b"\x1b]52;c;TG9uZG9uICoqaXMqKiB0aGUgYW5zd2Vy"),
        "the answer went to the terminal's clipboard"
    );
    let mut quitting = screen;
    quitting.send("\x03\x03");
    assert_eq!(quitting.wait_for_end(), 0);
    let raw = quitting.raw();
    for mode in ["?1049", "?2004", "?1000", "?1002", "?1003", "?1006"] {
        let (on, off) = (format!("\x1b[{mode}h"), format!("\x1b[{mode}l"));
        assert!(ends_off(&raw, on.as_bytes(), off.as_bytes()), "{mode} is left on");
    }
    assert!(ends_off(&raw, b"\x1b[?25l", b"\x1b[?25h"), "the cursor is left hidden");

    let files: Vec<_> =
        fs::read_dir(home.sessions()).expect("sessions").map(|entry| entry.expect("an entry").path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let id = files[0].file_stem().expect("a name").to_string_lossy().into_owned();
    let mut again = Screen::open(&home, 160, 45, &[&id]);
    again.wait_until(|text| text.contains("London is the answer") && text.contains("Paris"));
    again.send("In French?\r");
    again.wait_until(|text| text.contains("In French?") && text.matches('✓').count() >= 2);
    assert_eq!(again.quit(), 0);
}

#[test]
fn find_copy_a_block_and_drag_the_side_bar() {
    let home = Home::empty();
    let code = "test:cat,rate=0,ttft=0,text=London\n```sh\necho one\n```\nor\n```sh\necho two\n```\n";
    let mut screen = Screen::open(&home, 160, 45, &["-m", MODELS[1], "-m", code]);
    screen.wait_for("Prompt");
    screen.send("hello\r");
    screen.wait_until(|text| text.contains("echo two") && text.matches('✓').count() >= 2);
    screen.send("\x06lon");
    screen.wait_for("find in all ❯ lon");
    screen.send("\r");
    screen.wait_for("1 of 2");
    screen.send("n");
    screen.wait_for("2 of 2");
    screen.send("\x1b");
    screen.wait_until(|text| !text.contains("2 of 2"));
    screen.send("c2");
    screen.wait_for("Copied block 2 of");
    // OSC 52 with the block in base64, without its fences.
    assert!(contains(&screen.raw(), b"\x1b]52;c;ZWNobyB0d28K"));
    let edge = |column: u16| {
        move |text: &str| text.lines().nth(1).is_some_and(|row| row.chars().nth(usize::from(column)) == Some('╮'))
    };
    screen.wait_until(edge(25));
    // The mouse as terminals report it, counted from 1: the edge is taken, drawn to the right, and let go of.
    screen.send("\x1b[<0;26;10M\x1b[<32;41;10M\x1b[<0;41;10m");
    screen.wait_until(edge(40));
    screen.send("\x02");
    screen.wait_until(|text| !text.contains("History"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn without_configuration_several_offline_models_answer_side_by_side() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &[]);
    screen.wait_for("OPENAI_API_KEY");
    screen.send("What is a terminal?\r");
    screen.wait_until(|text| text.matches("tok/s").count() >= 2 || text.matches("ttft").count() >= 2);
    assert_eq!(screen.quit(), 0);
}

#[test]
fn it_fits_a_small_terminal_and_any_resize() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 80, 24, &MODELS);
    screen.wait_for("Prompt");
    screen.send("hello\r");
    screen.wait_for("London is the answer");
    for (columns, rows) in [(1, 1), (20, 5), (250, 70), (60, 16), (160, 45)] {
        screen.resize(columns, rows);
    }
    screen.wait_until(|text| text.contains("London is the answer") && text.contains("Paris"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_failing_lane_says_why_and_the_other_answers() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &["-m", "openai:gpt-4o", "-m", MODELS[3]]);
    screen.wait_for("openai:gpt-4o");
    screen.send("hello\r");
    screen.wait_until(|text| text.contains("OPENAI_API_KEY") && text.contains("Paris"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn pasted_lines_stay_in_the_prompt() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &MODELS);
    screen.wait_for("Prompt");
    screen.send("\x1b[200~first line\nsecond line\x1b[201~");
    screen.wait_until(|text| text.contains("first line") && text.contains("second line"));
    assert!(!screen.text().contains("completed"), "nothing was sent");
    assert_eq!(screen.quit(), 0);
}

#[test]
fn an_unreadable_session_is_told_and_nothing_is_lost() {
    let home = Home::empty();
    let path = home.path().join("broken.json");
    fs::write(&path, "{ \"format\": \"llmbench.session\", ").expect("a file");
    let screen = Screen::open(&home, 160, 45, &["-m", MODELS[1], "broken.json"]);
    screen.wait_for("broken.json");
    assert_eq!(screen.quit(), 0);
    assert_eq!(fs::read_to_string(&path).expect("still there"), "{ \"format\": \"llmbench.session\", ");
}

#[test]
fn a_session_replays() {
    let home = Home::empty();
    let saved = run(&home, &[&["run", "--save", "--format", "json"][..], &MODELS, &["hello"]].concat(), "");
    assert_eq!(saved.code, Some(0), "{saved:?}");
    let screen = Screen::open(&home, 160, 45, &["replay", "last"]);
    screen.wait_until(|text| text.contains("London is the answer") && text.contains("Paris"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn without_a_terminal_it_says_so() {
    let done = run(&Home::empty(), &[], "");
    assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
    assert!(done.stderr.contains("llmbench run"), "{done:?}");
}

#[test]
fn bad_input_is_told_in_the_pane_and_the_other_lane_goes_on() {
    let home = Home::with_config(
        "[providers.lab]\ninterface = \"openai\"\nbase_url = \"http://127.0.0.1:9/v1\"\nretries = 0\n",
    );
    let lanes = ["-m", "lab:m", "-m", "opnai:gpt-4o", "-m", "nonsense", "-m", MODELS[3]];
    let mut screen = Screen::open(&home, 200, 45, &lanes);
    screen.wait_for("Ready");
    screen.send("hello\r");
    let told = ["127.0.0.1:9", "did you mean \"openai\"?", "PROVIDER:MODEL", "✓"];
    screen.wait_until(|text| told.iter().all(|wanted| text.contains(wanted)));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_broken_configuration_is_told_before_the_screen_is_taken() {
    let home = Home::with_config("[providers.openai]\napi_kee = \"x\"\n");
    let done = run(&home, &[], "");
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(done.stderr.contains("config.toml:2:1") && done.stderr.contains("api_key"), "{done:?}");
}

#[test]
fn turns_follow_each_other_and_zoom_shows_one_answer() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 160, 45, &MODELS);
    screen.wait_for("Ready");
    screen.send("first question\r");
    screen.wait_until(|text| text.matches('✓').count() == 2);
    screen.send("second question\r");
    screen.wait_until(|text| text.contains("❯ second question") && text.matches('✓').count() == 2);
    screen.send("\tz");
    screen.wait_until(|text| text.contains("London is the answer") && text.contains("‹ 1 of 2 ›"));
    screen.send("z\t\t\tj");
    screen.wait_for("❯ first question");
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_terminated_workbench_saves_and_gives_the_terminal_back() {
    let home = Home::empty();
    let mut screen = Screen::open(&home, 120, 30, &["-m", "test:storyteller"]);
    screen.wait_for("Ready");
    screen.send("tell me\r");
    screen.wait_for("answering");
    screen.signal("TERM");
    assert_eq!(screen.wait_for_end(), 0);
    assert!(ends_off(&screen.raw(), b"\x1b[?1049h", b"\x1b[?1049l"));
    let listed = run(&home, &["sessions"], "");
    assert!(listed.stdout.contains("tell me"), "{listed:?}");
}

#[test]
fn two_instances_on_one_session_lose_nothing() {
    let home = Home::empty();
    let saved = run(&home, &[&["run", "--save"][..], &MODELS[..2], &["the beginning"]].concat(), "");
    assert_eq!(saved.code, Some(0), "{saved:?}");
    let open = || Screen::open(&home, 160, 45, &["last"]);
    let (mut first, mut second) = (open(), open());
    for (screen, prompt) in [(&mut first, "from the first"), (&mut second, "from the second")] {
        screen.wait_for("London is the answer");
        screen.send(&format!("{prompt}\r"));
        screen.wait_until(|text| text.contains(&format!("❯ {prompt}")) && text.contains('✓'));
        screen.wait_until(|text| text.contains("● saved") || text.contains("goes on as a copy"));
    }
    second.wait_for("goes on as a copy");
    assert_eq!((first.quit(), second.quit()), (0, 0));
    let files = fs::read_dir(home.sessions()).expect("sessions").map(|entry| entry.expect("an entry").path());
    let all: String = files.map(|path| fs::read_to_string(path).expect("a session")).collect();
    assert!(all.contains("from the first") && all.contains("from the second"));
}

#[test]
fn a_save_that_fails_is_told_on_the_screen_and_at_the_end() {
    let home = Home::empty();
    fs::create_dir_all(home.path().join("data/llmbench")).expect("a folder");
    fs::write(home.sessions(), "a file in the place of the folder").expect("a file");
    let mut screen = Screen::open(&home, 160, 45, &MODELS);
    screen.wait_for("Ready");
    screen.send("hello\r");
    screen.wait_for("✗ not saved");
    screen.send("\x03\x03");
    assert_eq!(screen.wait_for_end(), 1);
    let raw = String::from_utf8_lossy(&screen.raw()).into_owned();
    let after = raw.rsplit("\x1b[?1049l").next().unwrap_or_default().to_owned();
    assert!(after.contains("\"hello\" is not saved"), "{after}");
}

/// A chain whose first model fails and whose second one answers.
const CHAIN: &str = r#"
[models.main]
model = "test:main,fail=503,ttft=0"

[models.safe]
fallback = ["main", "test:brief,rate=0,ttft=0,text=London"]
"#;

#[test]
fn a_chain_tells_what_it_tried_and_its_details_tell_all() {
    let home = Home::with_config(CHAIN);
    let mut screen = Screen::open(&home, 100, 40, &["-m", "safe"]);
    screen.wait_for("Ready");
    screen.send("Where?\r");
    screen.wait_until(|text| text.contains("✗ main 503 +") && text.contains("✓ completed"));
    screen.send("\to");
    screen.wait_until(|text| text.contains("Details · 1 safe") && text.contains("1 ✗ main · failed · HTTP 503"));
    screen.wait_until(|text| text.contains("of the last attempt") && text.contains("began at "));
    screen.send("\x1b");
    screen.wait_until(|text| !text.contains("Details ·") && text.contains("London"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn a_wait_before_the_next_attempt_is_counted_down_and_skipped() {
    // Nobody listens at port 9: every attempt fails at once, and the third one waits for a second or so.
    let home = Home::with_config(
        "[providers.lab]\ninterface = \"openai\"\nbase_url = \"http://127.0.0.1:9/v1\"\nretries = 6\n",
    );
    let mut screen = Screen::open(&home, 100, 40, &["-m", "lab:m"]);
    screen.wait_for("Ready");
    screen.send("Where?\r\t");
    for attempts in 1..=6 {
        screen.wait_until(|text| text.matches("✗ lab:m").count() == attempts && text.contains("· n now · x cancel"));
        screen.send("n");
    }
    screen.wait_until(|text| text.contains("✗ failed"));
    assert_eq!(screen.quit(), 0);
}

#[test]
fn answers_are_held_to_the_schema_that_is_chosen() {
    let home = Home::empty();
    let schema = r#"{"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}}"#;
    fs::write(home.path().join("city.json"), schema).expect("a schema");
    fs::write(home.path().join("other.json"), "[1, 2]").expect("a file");
    let lanes =
        ["-m", "test:ann,rate=0,ttft=0,args={\"city\": \"Rome\"}", "-m", "test:bob,rate=0,ttft=0,args={\"city\": 3}"];
    let mut screen = Screen::open(&home, 160, 45, &lanes);
    screen.wait_for("Ready");
    screen.send("\x07");
    screen.wait_until(|text| text.contains("1 schema") && text.contains("city.json"));
    screen.send("other.json\r");
    screen.wait_for("other.json:1:1: the schema is no JSON object");
    screen.send(&"\x7f".repeat("other.json".len()));
    screen.wait_until(|text| text.contains("none  answers are free text"));
    screen.send("\x1b[B\r");
    screen.wait_for("schema: city");
    screen.send("Where?\r");
    screen.wait_until(|text| text.contains("✓ fits the schema") && text.contains("\"city\": \"Rome\""));
    screen.wait_until(|text| text.contains("✗ does not fit: /city: 3 is not of type \"string\""));
    assert_eq!(screen.quit(), 0);
}
