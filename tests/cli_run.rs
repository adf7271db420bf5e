//! `llmbench run` as scripts use it: exit statuses, where the prompt comes from, formats, failures.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use program::{Done, Home, LLMBENCH, run, run_with};
use serde_json::Value;
use server::{Part, STREAM, Server, json, openai_chunk, openai_stream};

/// A model that answers at once with this text.
const HELLO: &str = "test:brief,ttft=0,rate=100000,text=Hello";

fn document(done: &Done) -> Value {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"))
}

#[track_caller]
fn assert_ended(done: &Done, code: i32, stdout: &str, stderr: &str) {
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(code), stdout, stderr), "{done:?}");
}

#[test]
fn one_model_prints_its_answer_alone() {
    assert_ended(&run(&Home::empty(), &["run", "-m", HELLO, "Hi"], ""), 0, "Hello\n", "");
}

#[test]
fn several_models_print_under_their_names() {
    let done = run(&Home::empty(), &["run", "-m", HELLO, "-m", HELLO, "Hi"], "");
    let block = format!("── {HELLO} ──\nHello\n");
    assert_ended(&done, 0, &format!("{block}\n{block}"), "");
}

#[test]
fn json_is_one_document() {
    let done = run(&Home::empty(), &["run", "-m", HELLO, "-s", "Be brief", "--format", "json", "Hi"], "");
    let document = document(&done);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(document["format"], "llmbench.run");
    assert_eq!((&document["prompt"], &document["system"]), (&"Hi".into(), &"Be brief".into()));
    let lane = &document["runs"][0];
    assert_eq!((&lane["model"], &lane["status"]), (&HELLO.into(), &"completed".into()));
    assert_eq!((&lane["response"]["kind"], &lane["error"]), (&"response".into(), &Value::Null));
    assert_eq!(lane["response"]["parts"][0]["content"], "Hello");
    assert_eq!(lane["attempts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn jsonl_is_a_line_for_each_event() {
    let done = run(&Home::empty(), &["run", "-m", HELLO, "--format", "jsonl", "Hi"], "");
    let lines: Vec<Value> = done.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let names: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap_or_default()).collect();
    assert_eq!(names.first(), Some(&"attempt_started"), "{done:?}");
    assert_eq!(names.last(), Some(&"lane_ended"), "{done:?}");
    assert!(lines.iter().all(|line| line["model"] == HELLO && line["at_ms"].is_number()), "{done:?}");
}

#[test]
fn the_prompt_comes_from_argument_and_standard_input() {
    let home = Home::empty();
    let prompt = |arguments: &[&str], stdin: &str| {
        let done = run(&home, &[&["run", "-m", HELLO, "--format", "json"], arguments].concat(), stdin);
        document(&done)["prompt"].as_str().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(prompt(&["Hi"], ""), "Hi");
    assert_eq!(prompt(&["-"], "from a pipe\n"), "from a pipe");
    assert_eq!(prompt(&["Sum up:"], "one\ntwo\n"), "Sum up:\n\none\ntwo");
    assert_eq!(prompt(&[], "from a pipe"), "from a pipe");
}

#[test]
fn nothing_to_ask_is_bad_usage() {
    let hint = "hint: write llmbench run -m MODEL \"PROMPT\", or pipe it in with -\n";
    let refused = |arguments: &[&str]| run(&Home::empty(), &[&["run", "-m", HELLO], arguments].concat(), "");
    assert_ended(&refused(&[]), 2, "", &format!("error: there is no prompt\n{hint}"));
    assert_ended(&refused(&["-"]), 2, "", &format!("error: there is no prompt on standard input\n{hint}"));
    assert_ended(&refused(&[" "]), 2, "", &format!("error: the prompt is empty\n{hint}"));
}

#[test]
fn a_history_is_sent_before_the_prompt() {
    let server = Server::start(vec![openai_stream(&["Paris"])]);
    let home = Home::with_config(&server.config());
    let history = r#"[{"kind":"request","parts":[{"part_kind":"user-prompt","content":"Capital of Italy?"}]},
        {"kind":"response","parts":[{"part_kind":"text","content":"Rome"}]},
        {"kind":"request","parts":[{"part_kind":"user-prompt","content":"And of France?"}]}]"#;
    std::fs::write(home.path().join("h.json"), history).expect("written");
    let arguments = ["run", "-m", "lab:m", "--history", "h.json", "-s", "Be brief", "--format", "json"];
    let done = run(&home, &arguments, "");
    assert_eq!(document(&done)["prompt"], "And of France?", "{done:?}");
    let request = server.requests().concat();
    let body: Value = serde_json::from_str(request.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    let said: Vec<_> =
        body["messages"].as_array().expect("messages").iter().map(|message| &message["content"]).collect();
    assert_eq!(said, ["Be brief", "Capital of Italy?", "Rome", "And of France?"]);
}

#[test]
fn a_wrong_history_is_told() {
    let home = Home::empty();
    std::fs::write(home.path().join("h.json"), "{}").expect("written");
    let told = |file: &str| run(&home, &["run", "-m", HELLO, "--history", file, "Hi"], "");
    let (wrong, missing) = (told("h.json"), told("none.json"));
    assert_eq!((wrong.code, missing.code), (Some(2), Some(2)));
    assert!(wrong.stderr.starts_with("error: the history h.json is no list of PydanticAI's messages: "), "{wrong:?}");
    assert!(missing.stderr.starts_with("error: the history none.json can't be read: No such file"), "{missing:?}");
}

#[test]
fn a_wrong_name_is_told_before_anything_is_sent() {
    let server = Server::start(vec![openai_stream(&["Hi"])]);
    let home = Home::with_config(&format!("{}[models.fast]\nmodel = \"lab:m\"", server.config()));
    let table = [
        ("opnai:gpt-4o", "error: unknown provider \"opnai\"\nhint: did you mean \"openai\"?\n"),
        ("fats", "error: unknown model \"fats\"\nhint: did you mean \"fast\"?\n"),
    ];
    for (name, stderr) in table {
        assert_ended(&run(&home, &["run", "-m", "lab:m", "-m", name, "Hi"], ""), 2, "", stderr);
    }
    assert!(server.requests().is_empty());
}

#[test]
fn a_missing_key_fails_its_own_lane_only() {
    let arguments = ["run", "-m", "openai:gpt-4o", "-m", HELLO, "--format", "json", "Hi"];
    let done = run(&Home::empty(), &arguments, "");
    let runs = &document(&done)["runs"];
    let message = "no key for openai: set OPENAI_API_KEY or api_key in [providers.openai]";
    assert_eq!(done.code, Some(1), "{done:?}");
    assert_eq!((&runs[0]["status"], &runs[1]["status"]), (&"failed".into(), &"completed".into()));
    assert_eq!((&runs[0]["error"]["kind"], &runs[0]["error"]["message"]), (&"auth".into(), &message.into()));
    assert_eq!(done.stderr, format!("openai:gpt-4o: failed: {message}\n"));
}

#[test]
fn wrong_options_are_told() {
    let home = Home::empty();
    let told = |arguments: &[&str]| {
        let done = run(&home, &[&["run", "-m", HELLO], arguments, &["Hi"]].concat(), "");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done.stderr
    };
    let known = "known are temperature, max_tokens, top_p, seed, stop_sequences, presence_penalty, frequency_penalty, \
                 timeout, thinking and extra_body.NAME\n";
    assert_eq!(
        told(&["--set", "temprature=1"]),
        format!("error: unknown setting \"temprature\" (did you mean \"temperature\"?); {known}")
    );
    for option in ["--connect-timeout", "--first-byte-timeout", "--idle-timeout"] {
        for wrong in ["0", "-1", "soon", "1e10", "NaN"] {
            let error = told(&[option, wrong]);
            assert!(
                error.contains(option) && error.contains("write a number of seconds above 0, at most 1e9"),
                "{error}"
            );
        }
    }
    assert_eq!(told(&["--timeout", "0"]), "error: --timeout must be a number of seconds above 0, at most 1e9\n");
    let alone = "error: --output-mode is for --schema\nhint: add --schema FILE\n";
    assert_eq!(told(&["--output-mode", "native"]), alone);
    assert!(told(&["--format", "xml"]).contains("invalid value 'xml'"));
    assert!(told(&["--modle", "x"]).contains("--model"));
}

#[test]
fn without_a_model_the_configured_ones_are_asked() {
    let none = run(&Home::empty(), &["run", "Hi"], "");
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.stderr.starts_with("error: no model is named\nhint: add -m PROVIDER:MODEL"), "{none:?}");
    let home = Home::with_config(&format!("[ui]\nselected = [\"{HELLO}\"]"));
    assert_ended(&run(&home, &["run", "Hi"], ""), 0, "Hello\n", "");
}

#[test]
fn a_broken_configuration_is_told_with_its_place() {
    let home = Home::with_config("[defaults]\ntemprature = 1\n\n[uii]\n");
    let path = home.config_path().display().to_string();
    let stderr = format!(
        "error: {path}:2:1: unknown key \"temprature\" in [defaults], did you mean \"temperature\"?\n\
         error: {path}:4:2: unknown key \"uii\" at the top level, did you mean \"ui\"?\n"
    );
    assert_ended(&run(&home, &["run", "-m", HELLO, "Hi"], ""), 2, "", &stderr);
}

#[test]
fn a_failure_is_tried_again_and_told() {
    let overloaded =
        json(503, r#"{"error":{"message":"overloaded"}}"#).replace("\r\n\r\n", "\r\nretry-after-ms: 1\r\n\r\n");
    let server = Server::start(vec![overloaded, openai_stream(&["Hel", "lo"])]);
    let done = run(&Home::with_config(&server.config()), &["run", "-m", "lab:m", "Hi"], "");
    assert_eq!((done.code, done.stdout.as_str()), (Some(0), "Hello\n"), "{done:?}");
    assert!(done.stderr.starts_with("lab:m: trying again in 0.0 s after: "), "{done:?}");
    assert!(server.requests().iter().all(|request| request.contains("authorization: Bearer sk-lab")));
}

#[test]
fn a_streamed_chain_is_told_that_it_takes_whole_answers_as_they_are() {
    let chain = |on: &str| format!("[models.safe]\nfallback = ['{HELLO}', 'test:b']\nfallback_on = {on}\n");
    let told = |on: &str, options: &[&str]| {
        let done = run(&Home::with_config(&chain(on)), &[&["run", "-m", "safe", "Hi"], options].concat(), "");
        assert_eq!(done.code, Some(0), "{done:?}");
        done.stderr
    };
    let note = "safe: length, empty in fallback_on holds with --no-stream only: a stream is taken as it is\n";
    assert_eq!(told("['http', 'length', 'empty']", &[]), note);
    assert_eq!(told("['http', 'length', 'empty']", &["--no-stream"]), "");
    assert_eq!(told("['any', 'content_filter']", &[]), "", "they mean failures as well");
}

#[test]
fn a_runs_limits_are_over_the_providers_own() {
    let silent = vec![Part::Pause(700), Part::Bytes(openai_stream(&["late"]))];
    let broken_off = vec![Part::Bytes(STREAM.to_owned() + &openai_chunk("Once")), Part::Pause(700)];
    let server = Server::scripted(vec![silent.clone(), broken_off, silent]);
    let config = format!("{}retries = 0\nfirst_byte_timeout = 60\nidle_timeout = 60\n", server.config());
    let told = |options: &[&str]| {
        let done = run(&Home::with_config(&config), &[&["run", "-m", "lab:m", "Hi"], options].concat(), "");
        (done.code, done.stdout, done.stderr.lines().next().map(str::to_owned).unwrap_or_default())
    };
    let first = "lab:m: failed: lab did not begin to answer within 100ms".to_owned();
    assert_eq!(told(&["--first-byte-timeout", "0.1"]), (Some(1), String::new(), first));
    let idle = "lab:m: interrupted: nothing arrived for 0.1 s".to_owned();
    assert_eq!(told(&["--idle-timeout", "0.1"]), (Some(1), "Once\n".to_owned(), idle));
    // Neither of the others ends an answer that only begins late.
    assert_eq!(
        told(&["--idle-timeout", "0.1", "--connect-timeout", "0.1"]),
        (Some(0), "late\n".to_owned(), String::new())
    );
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn no_retries_and_settings_reach_the_request() {
    let server = Server::start(vec![json(500, "{}")]);
    let home = Home::with_config(&format!(
        "{}[models.cold]\nmodel = \"lab:m\"\nsettings = {{ temperature = 0 }}",
        server.config()
    ));
    let arguments = ["run", "-m", "cold", "--retries", "0", "--set", "max_tokens=5", "--no-stream", "Hi"];
    let done = run(&home, &arguments, "");
    assert_eq!(done.code, Some(1), "{done:?}");
    let requests = server.requests();
    assert_eq!(requests.len(), 1, "{requests:?}");
    let body: Value = serde_json::from_str(requests[0].split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    assert_eq!((body["temperature"].as_f64(), &body["max_completion_tokens"]), (Some(0.0), &5.into()), "{body}");
    assert_ne!(body["stream"], true);
}

#[test]
fn a_setting_that_the_model_does_not_take_is_left_out_and_told() {
    let server = Server::start(vec![openai_stream(&["Hello"]), openai_stream(&["Hello"])]);
    let home = Home::with_config(&server.config());
    let asked = ["run", "-m", "lab:o3-mini", "--set", "temperature=0.3", "--set", "max_tokens=50", "Hi"];
    assert_ended(&run(&home, &asked, ""), 0, "Hello\n", "lab:o3-mini: does not take temperature, left out\n");
    let told = document(&run(&home, &[&asked[..], &["--format", "json"]].concat(), ""));
    assert_eq!(told["runs"][0]["settings_omitted"], Value::from(vec!["temperature"]));
    for request in server.requests() {
        let body: Value = serde_json::from_str(request.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        assert_eq!((&body["temperature"], &body["max_completion_tokens"]), (&Value::Null, &50.into()), "{body}");
    }
}

#[test]
fn no_key_is_printed() {
    let body = r#"{"error":{"message":"bad key sk-secret-1"}}"#;
    let server = Server::start(vec![json(401, body)]);
    let home = Home::with_config(&server.config().replace("sk-lab", "sk-secret-1"));
    for format in ["text", "json", "jsonl"] {
        let done = run(&home, &["run", "-m", "lab:m", "--format", format, "Hi"], "");
        assert_eq!(done.code, Some(1), "{done:?}");
        assert!(!format!("{done:?}").contains("sk-secret-1"), "{done:?}");
    }
    let doctor = run_with(&home, &["doctor"], "", &[("OPENAI_API_KEY", "sk-secret-2")]);
    assert!(!doctor.stdout.contains("sk-secret"), "{doctor:?}");
    assert!(doctor.stdout.contains("key from OPENAI_API_KEY") && doctor.stdout.contains("key from the configuration"));
}

#[test]
fn a_pipe_gets_the_exact_bytes() {
    let server = Server::start(vec![openai_stream(&["\u{1b}[31mred\u{1b}[0m\t", "Zoë\n"])]);
    let done = run(&Home::with_config(&server.config()), &["run", "-m", "lab:m", "Hi"], "");
    assert_ended(&done, 0, "\u{1b}[31mred\u{1b}[0m\tZoë\n", "");
}

#[cfg(unix)]
mod unix {
    use std::io::Read;
    use std::process::{Child, Command, Stdio};

    use super::*;

    const SLOW: &str = "test:storyteller,ttft=0,rate=20";

    fn spawn(home: &Home, arguments: &[&str]) -> Child {
        let mut command = Command::new(LLMBENCH);
        command.args(arguments).env_clear().envs(home.environment()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let home = Home::empty();
        let mut child = spawn(&home, &["run", "-m", "test:storyteller,ttft=0,rate=200", "Hi"]);
        let mut first = [0; 1];
        child.stdout.take().expect("a pipe").read_exact(&mut first).expect("a byte");
        let output = child.wait_with_output().expect("it ends");
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    }

    fn signal(child: &Child, name: &str) {
        let kill = format!("kill -s {name} {}", child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().expect("a shell").success(), "{kill}");
    }

    #[test]
    fn a_terminated_run_keeps_what_came() {
        let home = Home::empty();
        let mut child = spawn(&home, &["run", "-m", SLOW, "--save", "Hi"]);
        let mut first = [0; 1];
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut first).expect("a byte");
        signal(&child, "TERM");
        stdout.read_to_end(&mut Vec::new()).expect("the rest");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        let shown = run(&home, &["sessions", "show", "last"], "");
        assert!(shown.stdout.contains("**cancelled, incomplete**"), "{shown:?}");
    }

    #[test]
    fn ctrl_c_prints_what_came_and_ends_with_130() {
        let home = Home::empty();
        let mut child = spawn(&home, &["run", "-m", SLOW, "--format", "jsonl", "Hi"]);
        let mut stdout = child.stdout.take().expect("a pipe");
        let mut seen = Vec::new();
        while !String::from_utf8_lossy(&seen).contains("part_delta") {
            let mut byte = [0; 1];
            stdout.read_exact(&mut byte).expect("the stream goes on");
            seen.push(byte[0]);
        }
        signal(&child, "INT");
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).expect("the rest");
        assert_eq!(child.wait().expect("it ends").code(), Some(130));
        let last: Value = serde_json::from_str(rest.lines().last().expect("a line")).expect("JSON");
        assert_eq!((&last["event"], &last["status"]), (&"lane_ended".into(), &"cancelled".into()));
    }
}
