//! Nothing is ignored in silence: what can't be done is refused or told.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use program::{Done, Home, run};
use serde_json::Value;
use server::{Server, json, openai_stream};

const HELLO: &str = "test:brief,ttft=0,rate=100000,text=Hello";

#[track_caller]
fn assert_ended(done: &Done, code: i32, stdout: &str, stderr: &str) {
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(code), stdout, stderr), "{done:?}");
}

#[test]
fn theme_and_keys_are_checked_with_their_places() {
    let text = "theme = \"drak\"\n[keys]\nzom = \"f\"\nzoom = \"Hyper-x\"\nthinking = \"j\"\n";
    let home = Home::with_config(text);
    let path = home.config_path().display().to_string();
    let problems = [
        "1:9: there is no theme \"drak\"; there are default, light, contrast, contrast-light, catppuccin-mocha, catppuccin-latte, \
         gruvbox-dark, gruvbox-light, nord, solarized-dark, solarized-light, tokyo-night, terminal",
        "3:1: unknown action \"zom\" in [keys], did you mean \"zoom\"?",
        "4:8: zoom in [keys]: \"Hyper-x\" is no key: write Ctrl-o, Alt-Enter, G, Space or F1",
        "5:12: thinking in [keys]: j is already the key of scroll-down, which needs another one",
    ];
    let stderr = problems.map(|what| format!("error: {path}:{what}\n")).concat();
    assert_ended(&run(&home, &["config", "check"], ""), 2, "", &stderr);
    let doctor = run(&home, &["doctor"], "");
    assert!(doctor.code == Some(2) && doctor.stdout.contains("error: ") && doctor.stdout.contains(problems[3]));
    let lihgt = Home::with_config("theme = 'lihgt'");
    assert!(run(&lihgt, &["config", "check"], "").stderr.contains("no theme \"lihgt\", did you mean \"light\"?"));
    let right = Home::with_config("theme = 'light'\n[keys]\nzoom = 'f'");
    assert_eq!(run(&right, &["config", "check"], "").code, Some(0));
}

#[test]
fn a_session_before_replay_and_a_wrong_speed_are_refused() {
    let home = Home::empty();
    let twice = run(&home, &["one", "replay", "two"], "");
    let stderr = "error: \"one\" before replay means nothing: \"two\" is what would be played\n\
                  hint: write llmbench replay SESSION\n";
    assert_ended(&twice, 2, "", stderr);
    for speed in ["nan", "-1", "inf", "1e-18", "fast"] {
        let done = run(&home, &["replay", "x", "--speed", speed], "");
        let told = done.stderr.contains("write a number above 0 (0.001 or more), or 0 for at once");
        assert!(done.code == Some(2) && told, "{done:?}");
    }
}

#[test]
fn a_lane_is_for_a_history_alone() {
    let home = Home::empty();
    let id = run(&home, &["run", "-m", HELLO, "--save", "Hi"], "").stderr.replace("saved as session ", "");
    for format in ["json", "md"] {
        let done = run(&home, &["sessions", "export", id.trim(), "--format", format, "--lane", HELLO], "");
        assert!(done.code == Some(2) && done.stderr.starts_with("error: --lane is for --format pydantic"), "{done:?}");
    }
}

#[test]
fn retries_of_a_chain_and_warnings_are_told_once() {
    let home = Home::with_config(
        "[providers.openai]\napi_key = 'k'\n[models.hello]\nmodel = 'test:brief,ttft=0,rate=100000,text=Hello'\n\
         [models.safe]\nfallback = ['hello']\n[models.alias]\nmodel = 'safe'",
    );
    home.open_to_others();
    let path = home.config_path().display().to_string();
    let warnings = format!("warning: {path}:1:12: a key is written here and others can read the file: chmod 600 it\n");
    assert_ended(&run(&home, &["run", "-m", "hello", "--retries", "1", "Hi"], ""), 0, "Hello\n", &warnings);
    let note = "alias: --retries is not for chains, which ask their next model instead\n";
    let done = run(&home, &["run", "-m", "alias", "--retries", "1", "Hi"], "");
    assert_ended(&done, 0, "Hello\n", &format!("{warnings}{note}"));
}

#[test]
fn no_number_is_too_large_to_be_told() {
    let told = |config: &str, arguments: &[&str]| {
        let done = run(&Home::with_config(config), &[&["run"], arguments, &["Hi"]].concat(), "");
        assert!(done.code == Some(2) && !done.stderr.contains("panic"), "{done:?}");
        done.stderr
    };
    let seconds = "a number of seconds above 0, at most 1e9";
    assert_eq!(told("", &["-m", HELLO, "--timeout", "1e19"]), format!("error: --timeout must be {seconds}\n"));
    assert!(told("", &["-m", HELLO, "--set", "timeout=1e19"]).contains(seconds));
    assert!(told("[defaults]\ntimeout = 1e19", &["-m", HELLO]).contains(seconds));
    assert!(told("[providers.openai]\nidle_timeout = 1e19", &["-m", HELLO]).contains(seconds));
    assert!(told("", &["-m", "test:x,tokens=3000000000"]).contains("tokens wants a whole number up to 1000000"));
    let lab = "[providers.lab]\ninterface = 'openai'\nbase_url = 'http://127.0.0.1:1'\nretries = 0\n\
               concurrency = 9223372036854775807\nidle_timeout = 1e9\nfirst_byte_timeout = 1e9\nconnect_timeout = 1e9";
    let done = run(&Home::with_config(lab), &["run", "-m", "lab:m", "--timeout", "1e9", "Hi"], "");
    assert!(done.code == Some(1) && done.stderr.contains("no connection to lab"), "{done:?}");
    let most = run(&Home::empty(), &["run", "-m", HELLO, "--timeout", "1e9", "Hi"], "");
    assert_ended(&most, 0, "Hello\n", "");
}

#[test]
fn a_request_that_was_not_sent_is_none() {
    let requests = |home: &Home, model: &str| {
        let done = run(home, &["run", "-m", model, "--format", "json", "Hi"], "");
        let document: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"));
        document["runs"][0]["usage"]["requests"].clone()
    };
    assert_eq!(requests(&Home::empty(), "openai:gpt-4o"), 0);
    assert_eq!(requests(&Home::empty(), "fallback:openai:gpt-4o,test:brief"), 0);
    assert_eq!(requests(&Home::empty(), HELLO), 1);
    let refused = Server::start(vec![json(401, "{}")]);
    assert_eq!(requests(&Home::with_config(&refused.config()), "lab:m"), 1);
}

#[test]
fn an_answer_that_ended_with_an_error_is_told() {
    let stream = openai_stream(&["Hal"]).replace("\"stop\"", "\"error\"");
    let server = Server::start(vec![stream]);
    let done = run(&Home::with_config(&server.config()), &["run", "-m", "lab:m", "Hi"], "");
    assert_ended(&done, 0, "Hal\n", "lab:m: the provider ended the answer with an error (error)\n");
}

#[test]
fn nothing_is_tried_again_beyond_the_limit_on_the_whole_answer() {
    let busy = json(503, "{}").replace("\r\n\r\n", "\r\nretry-after: 1\r\n\r\n");
    let server = Server::start(vec![busy]);
    let home = Home::with_config(&format!("{}timeout = 0.5\n", server.config()));
    let done = run(&home, &["run", "-m", "lab:m", "--retries", "5", "Hi"], "");
    assert!(done.code == Some(1) && done.stderr.starts_with("lab:m: failed: status_code: 503"), "{done:?}");
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn only_a_sessions_id_is_looked_for_before_the_workbench_opens() {
    let home = Home::empty();
    for (session, reason) in [("last", "needs a terminal"), ("a/b.json", "needs a terminal"), ("x", "no session \"x\"")]
    {
        let done = run(&home, &["replay", session], "");
        assert!(done.code == Some(2) && done.stderr.contains(reason), "{done:?}");
    }
}

#[cfg(unix)]
#[test]
fn what_could_not_be_saved_is_told_once() {
    let home = Home::empty();
    let folder = home.sessions();
    // The folder can be written to when the run begins, and is a file when the answer is there.
    let command = format!("rm -r '{0}'; touch '{0}'; echo sk", folder.display());
    let server = Server::start(vec![openai_stream(&["Hi"])]);
    let key = format!("api_key = {{ command = [\"sh\", \"-c\", \"{command}\"] }}\n");
    std::fs::create_dir_all(home.config_path().parent().expect("a folder")).expect("made");
    std::fs::write(home.config_path(), server.config().replace("api_key = \"sk-lab\"\n", &key)).expect("written");
    let done = run(&home, &["run", "-m", "lab:m", "--save", "Hi"], "");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "Hi\n"), "{done:?}");
    assert!(done.stderr.starts_with("not saved: ") && done.stderr.matches("not saved").count() == 1, "{done:?}");
    assert!(!done.stderr.contains("saved as session"), "{done:?}");
}

#[test]
fn a_run_is_not_kept_without_the_history_it_follows() {
    let home = Home::empty();
    let history = home.path().join("history.json");
    std::fs::write(&history, "[]").expect("written");
    let path = history.display().to_string();
    let done = run(&home, &["run", "-m", "test:brief", "--history", &path, "--save", "Hi"], "");
    let told = "error: --save keeps the prompt and its answers, and not the history they follow\n\
                hint: leave out --save or --history\n";
    assert_ended(&done, 2, "", told);
}
