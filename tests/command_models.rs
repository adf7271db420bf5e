//! Programs of the user's as models: what they answer, every way in which they fail, and that none outlives its lane.
#![cfg(unix)]

#[path = "support/lanes.rs"]
mod lanes;
#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use lanes::{ask, finish, next, start, text_of, trace};
use llmbench::catalog;
use llmbench::config::{Config, Environment, ProviderEntry};
use llmbench::model::{ErrorKind, LaneEvent, Model, Outcome, Overrides, Registry, Request};
use llmbench::run::{Lane, LaneRecord, Run};
use program::{Home, run};
use serde_json::{Value, json};

/// A provider that runs this script.
fn shell(script: &str) -> ProviderEntry {
    let command = ["sh", "-c", script].map(str::to_owned).to_vec();
    ProviderEntry { interface: catalog::provider("command"), command: Some(command), ..ProviderEntry::default() }
}

fn registry(entry: ProviderEntry) -> Registry {
    let config = Config { providers: vec![("mine".to_owned(), entry)], ..Config::default() };
    Registry::new(config.into(), Environment::default().into(), Overrides::default())
}

fn model(entry: ProviderEntry) -> Arc<dyn Model> {
    registry(entry).model("mine:m").expect("a model")
}

/// Outcome, text, and the failure's kind and message.
fn seen(lane: &LaneRecord) -> (Outcome, String, Option<(ErrorKind, &str)>) {
    (lane.outcome(), text_of(lane), lane.error.as_ref().map(|error| (error.kind, error.message.as_str())))
}

const SAYS_A: &str = r#"echo '{"text":"a"}'"#;
const FINISHES: &str = r#"echo '{"finish":"stop"}'"#;

#[tokio::test]
async fn the_request_is_one_line_of_json() {
    let echoes = r#"read -r line; printf '%s\n' "$line" >&2; exit 9"#;
    let mut request = Request::user("Where?", Some("Be brief."));
    request.settings.temperature = Some(0.5);
    let schema = json!({"type": "object"});
    request.output = Some(Arc::new(llmbench::settings::OutputSpec::new(schema.as_object().expect("an object"), None)));
    let lane = Run::to_end(vec![Lane::new(model(shell(echoes)), request.clone())]).await.remove(0);
    let body = lane.error.and_then(|error| error.body).expect("its words");
    let read: Value = serde_json::from_str(body.as_str().expect("a text")).expect("JSON");
    let expected = json!({
        "format": "llmbench.request", "version": 1, "model": "m", "prompt": "Where?",
        "messages": request.messages, "settings": {"temperature": 0.5}, "stream": true,
        "output": {"mode": "tool", "tool_name": "final_result", "schema": {"type": "object"}},
    });
    assert_eq!(read, expected);
}

#[tokio::test]
async fn an_answer_is_whole_with_finish_and_status_0() {
    let lane = ask(model(shell(&format!("{SAYS_A}; {FINISHES}"))), true).await;
    assert_eq!(seen(&lane), (Outcome::Completed, "a".to_owned(), None));
    assert_eq!(lane.response().provider_name.as_deref(), Some("mine"));
    assert!(lane.timing().ttfb_ms.is_some() && lane.timing().ttft_ms.is_some(), "{:?}", lane.timing());
    // A character cut between two reads.
    let cut = r#"printf '{"text":"gr\303'; sleep 0.05; printf '\274n"}\n'"#;
    let lane = ask(model(shell(&format!("{cut}; {FINISHES}"))), true).await;
    assert_eq!(seen(&lane), (Outcome::Completed, "grün".to_owned(), None));
}

#[tokio::test]
async fn every_failure_says_what_happened() {
    let table = [
        (
            format!("{SAYS_A}; echo one >&2; echo two >&2; exit 3"),
            Outcome::Failed,
            ErrorKind::Provider,
            "the program \"sh\" failed (exit status: 3): two",
        ),
        (
            format!("{SAYS_A}; {FINISHES}; exit 4"),
            Outcome::Failed,
            ErrorKind::Provider,
            "the program \"sh\" failed (exit status: 4)",
        ),
        (
            SAYS_A.to_owned(),
            Outcome::Interrupted,
            ErrorKind::Truncated,
            "the program ended before its answer did (no finish was seen)",
        ),
        (
            format!("{SAYS_A}; kill -9 $$"),
            Outcome::Interrupted,
            ErrorKind::Truncated,
            "the program \"sh\" was ended (signal: 9 (SIGKILL))",
        ),
        (
            format!("{SAYS_A}; echo just talking; sleep 1000"),
            Outcome::Interrupted,
            ErrorKind::Protocol,
            "line 2 of the program's output: no JSON object: just talking",
        ),
        (
            format!("{SAYS_A}; echo '{{\"error\":\"too hot\"}}'; exit 5"),
            Outcome::Failed,
            ErrorKind::Provider,
            "too hot",
        ),
    ];
    for (script, outcome, kind, message) in table {
        let lane = ask(model(shell(&script)), true).await;
        assert_eq!(seen(&lane), (outcome, "a".to_owned(), Some((kind, message))), "{script}");
    }
    let lane = ask(model(shell("true")), true).await;
    let nothing = Some((ErrorKind::Truncated, "the program wrote nothing"));
    assert_eq!(seen(&lane), (Outcome::Failed, String::new(), nothing));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_matter_of_configuration() {
    let entry = ProviderEntry { command: Some(vec!["/no/such/program".to_owned()]), ..shell("") };
    let error = ask(model(entry), true).await.error.expect("a failure");
    let message = "the program \"/no/such/program\" can't be started: No such file or directory (os error 2)";
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Config, message));
    assert!(error.hint.is_some_and(|hint| hint.contains("[providers.mine]")));
    let none = registry(ProviderEntry { command: None, ..shell("") }).model("mine:m").map(|_| ()).expect_err("none");
    assert_eq!((none.kind, none.message.as_str()), (ErrorKind::Config, "provider \"mine\" has no program"));
}

#[tokio::test]
async fn limits_hold() {
    let limit = Some(Duration::from_millis(300));
    let entry = ProviderEntry { first_byte_timeout: limit, ..shell("sleep 1000") };
    let lane = ask(model(entry), true).await;
    let silent = Some((ErrorKind::Timeout, "the program wrote nothing within 300.0ms"));
    assert_eq!(seen(&lane), (Outcome::Failed, String::new(), silent));
    let entry = ProviderEntry { idle_timeout: limit, ..shell(&format!("{SAYS_A}; sleep 1000")) };
    let lane = ask(model(entry), true).await;
    let idle = Some((ErrorKind::Timeout, "nothing arrived for 300.0ms"));
    assert_eq!(seen(&lane), (Outcome::Interrupted, "a".to_owned(), idle));
    let entry = ProviderEntry { timeout: limit, ..shell(&format!("{SAYS_A}; sleep 1000")) };
    let lane = ask(model(entry), true).await;
    let total = Some((ErrorKind::Timeout, "the answer was not whole within 300ms"));
    assert_eq!(seen(&lane), (Outcome::Interrupted, "a".to_owned(), total));
}

#[tokio::test]
async fn output_without_end_is_bounded() {
    let no_line = ask(model(shell("cat /dev/zero")), true).await;
    let long = Some((ErrorKind::Protocol, "line 1 of the program's output is over 16 MiB"));
    assert_eq!(seen(&no_line), (Outcome::Failed, String::new(), long));
    let script = r"while :; do head -c 16000000 /dev/zero | tr '\0' ' '; echo; done";
    let no_end = ask(model(shell(script)), true).await;
    let all = Some((ErrorKind::Protocol, "the answer is over 64 MiB and has not ended"));
    assert_eq!(seen(&no_end), (Outcome::Failed, String::new(), all));
}

#[tokio::test]
async fn neither_an_unread_request_nor_a_flood_of_complaints_blocks() {
    let flood = "head -c 3000000 /dev/zero | tr '\\0' e >&2";
    let script = format!("exec <&-; {flood}; {SAYS_A}; {FINISHES}");
    let request = Request::user(&"long ".repeat(400_000), None);
    let lane = Run::to_end(vec![Lane::new(model(shell(&script)), request)]).await.remove(0);
    assert_eq!(seen(&lane), (Outcome::Completed, "a".to_owned(), None));
    let error = ask(model(shell(&format!("{flood}; exit 1"))), true).await.error.expect("a failure");
    let kept = error.body.and_then(|body| body.as_str().map(str::len));
    assert_eq!((kept, error.message.len() < 400), (Some(8 * 1024), true));
}

/// Tells when nobody holds the pipe any more that a script opened as its descriptor 3.
fn released(folder: &Path) -> (String, JoinHandle<usize>) {
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let opens = format!("exec 3>'{}'", pipe.display());
    let waits = std::thread::spawn(move || {
        File::open(pipe).expect("a pipe").read_to_end(&mut Vec::new()).expect("nothing is written to it")
    });
    (opens, waits)
}

#[tokio::test]
async fn a_cancelled_program_is_killed_with_its_children() {
    let folder = tempfile::tempdir().expect("a folder");
    let (opens, waits) = released(folder.path());
    let script = format!("{opens}; sleep 1000 & {SAYS_A}; trap '' TERM; sleep 1000");
    let mut run = start(&[model(shell(&script))], true);
    while !matches!(next(&mut run).await.event, LaneEvent::Arrived(_)) {}
    run.cancel_all();
    let lanes = finish(&mut run).await;
    assert_eq!(lanes[0].outcome(), Outcome::Cancelled);
    assert_eq!(tokio::task::spawn_blocking(|| waits.join().expect("no panic")).await.expect("no panic"), 0);
}

#[tokio::test]
async fn a_program_that_was_too_slow_is_killed_with_its_children() {
    let folder = tempfile::tempdir().expect("a folder");
    let (opens, waits) = released(folder.path());
    let entry = shell(&format!("{opens}; sleep 1000 & {SAYS_A}; sleep 1000"));
    let lane = ask(model(ProviderEntry { idle_timeout: Some(Duration::from_millis(300)), ..entry }), true).await;
    assert_eq!(lane.error.map(|error| error.kind), Some(ErrorKind::Timeout));
    assert_eq!(tokio::task::spawn_blocking(|| waits.join().expect("no panic")).await.expect("no panic"), 0);
}

#[tokio::test]
async fn a_program_that_lingers_is_ended_and_its_answer_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let (opens, waits) = released(folder.path());
    let lane = ask(model(shell(&format!("{opens}; {SAYS_A}; {FINISHES}; sleep 1000"))), true).await;
    assert_eq!(seen(&lane), (Outcome::Completed, "a".to_owned(), None));
    assert_eq!(tokio::task::spawn_blocking(|| waits.join().expect("no panic")).await.expect("no panic"), 0);
}

#[tokio::test]
async fn chains_and_retries_take_its_failures_for_what_they_are() {
    let busy = r#"echo '{"error":{"message":"busy","status":503}}'"#;
    let registry = registry(ProviderEntry { retries: Some(1), ..shell(busy) });
    let chain = registry.model("fallback:mine:m,test:test").expect("a chain");
    let lane = ask(chain, true).await;
    assert_eq!((lane.outcome(), text_of(&lane)), (Outcome::Completed, "success (no tool calls)".to_owned()));
    let failed = ("mine:m", Some(Outcome::Failed), Some(ErrorKind::Http));
    let answered = ("test:test", Some(Outcome::Completed), None);
    assert_eq!(trace(&lane), [failed, failed, answered]);
    let once = ask(model(shell(busy)), true).await;
    assert_eq!(trace(&once), [failed], "a program is asked once when nothing else is said");
}

/// The repository's example, as a user would configure it; without a Python nothing can be tried.
fn example(name: &str, python: &str) -> Option<Home> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    if Command::new(python).arg("--version").output().is_err() {
        eprintln!("skipped: there is no {python}");
        return None;
    }
    let home = Home::with_config(&format!(
        "[providers.mine]\ninterface = \"command\"\ncommand = [{python:?}, {:?}]\n",
        path.display().to_string()
    ));
    let city =
        r#"{"type": "object", "title": "City", "required": ["city"], "properties": {"city": {"type": "string"}}}"#;
    let text = r#"{"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}"#;
    std::fs::write(home.path().join("city.json"), city).expect("a schema");
    std::fs::write(home.path().join("text.json"), text).expect("a schema");
    Some(home)
}

fn lane(home: &Home, arguments: &[&str]) -> Value {
    let done = run(home, &[&["run", "--format", "json"], arguments].concat(), "");
    let document: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"));
    document["runs"][0].clone()
}

#[test]
fn the_example_of_a_few_lines_answers() {
    let Some(home) = example("echo_model.py", "python3") else { return };
    let done = run(&home, &["run", "-m", "mine:upper", "Hello there"], "");
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), "HELLO THERE \n", ""), "{done:?}");
    for mode in ["tool", "native", "prompted"] {
        let lane = lane(&home, &["-m", "mine:title", "--schema", "text.json", "--output-mode", mode, "one two"]);
        assert_eq!((&lane["status"], &lane["output"]), (&json!("completed"), &json!({"text": "One Two"})), "{lane}");
    }
    let misfit = lane(&home, &["-m", "mine:x", "--schema", "city.json", "one"]);
    assert_eq!(misfit["output_errors"], json!(["\"city\" is a required property"]));
    let doctor = run(&home, &["doctor"], "").stdout;
    assert!(doctor.contains("✓ mine: runs the program \"python3\""), "{doctor}");
}

#[test]
fn the_example_around_pydantic_ai_answers() {
    let Ok(python) = std::env::var("LLMBENCH_TEST_PYTHON") else {
        eprintln!("skipped: LLMBENCH_TEST_PYTHON names no Python with PydanticAI");
        return;
    };
    let Some(home) = example("pydantic_ai_model.py", &python) else { return };
    for stream in [&["Hi"][..], &["--no-stream", "Hi"]] {
        let lane = lane(&home, &[&["-m", "mine:test"], stream].concat());
        let parts = &lane["response"]["parts"];
        assert_eq!((&lane["status"], &parts[0]["content"]), (&json!("completed"), &json!("success (no tool calls)")));
        let usage = (&lane["usage"]["input_tokens"], &lane["usage"]["output_tokens"]);
        assert_eq!((usage, &lane["response"]["model_name"]), ((&json!(51), &json!(4)), &json!("test")), "{lane}");
        let structured = [&["-m", "mine:test", "--schema", "city.json"], stream].concat();
        assert_eq!(self::lane(&home, &structured)["output"], json!({"city": "a"}));
    }
    let counted = lane(&home, &["-m", "mine:count", "--set", "max_tokens=4", "Hi"]);
    assert_eq!(counted["response"]["parts"][0]["content"], json!("1 2 3 4 "), "{counted}");
    let failed = lane(&home, &["-m", "mine:nobody:nothing", "Hi"]);
    let message = failed["error"]["message"].as_str().unwrap_or_default();
    assert!(failed["status"] == "failed" && message.contains("nobody"), "{failed}");
}
