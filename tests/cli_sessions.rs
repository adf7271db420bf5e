//! `run --save` and `sessions`: a run is kept, listed, shown, exported and deleted.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use program::{Done, Home, run};
use serde_json::Value;

const HELLO: &str = "test:brief,ttft=0,rate=100000,text=Hello";

/// Keeps a run; its ID.
fn saved(home: &Home, models: &[&str]) -> String {
    let models = models.iter().flat_map(|model| ["-m", model]);
    let arguments: Vec<_> = ["run", "--save", "-s", "Be brief"].into_iter().chain(models).chain(["Hi"]).collect();
    let done = run(home, &arguments, "");
    let id = done.stderr.strip_prefix("saved as session ").map(|id| id.trim_end().to_owned());
    id.unwrap_or_else(|| panic!("{done:?}"))
}

#[track_caller]
fn assert_ended(done: &Done, code: i32, stdout: &str, stderr: &str) {
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(code), stdout, stderr), "{done:?}");
}

#[test]
fn a_run_is_kept_listed_and_deleted() {
    let home = Home::empty();
    let none = "there are no sessions yet; the workbench saves by itself, and `run` does with --save\n";
    assert_ended(&run(&home, &["sessions"], ""), 0, "", none);
    let folder = format!("{}\n", home.sessions().display());
    assert_ended(&run(&home, &["sessions", "path"], ""), 0, &folder, "");
    let id = saved(&home, &[HELLO]);
    let list = run(&home, &["sessions", "list"], "");
    assert!(list.stdout.starts_with(&id) && list.stdout.ends_with(&format!("  1 turn  Hi  [{HELLO}]\n")), "{list:?}");
    assert!(run(&home, &["sessions", "show", &id], "").stdout.contains("Hello"));
    assert_eq!(run(&home, &["sessions", "delete", &id], "").code, Some(0));
    assert_ended(&run(&home, &["sessions"], ""), 0, "", none);
    let gone = run(&home, &["sessions", "show", &id], "");
    assert!(gone.code == Some(2) && gone.stderr.starts_with(&format!("error: no session {id:?} in ")), "{gone:?}");
}

#[test]
fn a_session_is_exported_as_it_is_and_as_a_history() {
    let home = Home::empty();
    let id = saved(&home, &[HELLO]);
    let export = |format: &str| run(&home, &["sessions", "export", &id, "--format", format], "");
    let session: Value = serde_json::from_str(&export("json").stdout).expect("JSON");
    assert_eq!((&session["format"], &session["id"]), (&"llmbench.session".into(), &id.as_str().into()));
    let lane = &session["turns"][0]["runs"][0];
    assert_eq!((&lane["status"], &lane["response"]["kind"]), (&"completed".into(), &"response".into()), "{lane}");
    let history: Value = serde_json::from_str(&export("pydantic").stdout).expect("JSON");
    let kinds: Vec<_> = history.as_array().expect("a list").iter().map(|message| message["kind"].clone()).collect();
    assert_eq!(kinds, ["request", "response"]);
    for format in ["md", "html", "csv"] {
        let done = export(format);
        assert!(done.code == Some(0) && done.stderr.is_empty() && done.stdout.contains("Hello"), "{done:?}");
    }
    let promptfoo = export("promptfoo");
    let config: Value = serde_json::from_str(&promptfoo.stdout).expect("JSON");
    assert_eq!(config["tests"][0]["vars"]["prompt"], "Hi", "{config}");
    let told = format!("promptfoo can't ask {HELLO}: left out (promptfoo eval -r PROVIDER names another)\n");
    assert_eq!(promptfoo.stderr, told);
}

#[test]
fn a_history_of_several_models_needs_one_to_be_named() {
    let home = Home::empty();
    let id = saved(&home, &[HELLO, "test:poet,ttft=0,rate=100000"]);
    let which = run(&home, &["sessions", "export", &id, "--format", "pydantic"], "");
    assert!(which.code == Some(2) && which.stderr.contains("hint: add --lane MODEL, one of "), "{which:?}");
    let lane = run(&home, &["sessions", "export", &id, "--format", "pydantic", "--lane", HELLO], "");
    let path = home.path().join("h.json");
    std::fs::write(&path, &lane.stdout).expect("written");
    let again = run(&home, &["run", "-m", HELLO, "--history", "h.json", "More?"], "");
    assert_ended(&again, 0, "Hello\n", "");
}

#[test]
fn a_file_of_another_program_becomes_a_session() {
    let home = Home::empty();
    std::fs::write(home.path().join("prompts.json"), r#"{"prompts": ["Hi {{a}}"], "tests": [{"vars": {"a": "Zoë"}}]}"#)
        .expect("written");
    let done = run(&home, &["sessions", "import", "prompts.json"], "");
    let id = done.stdout.trim_end();
    assert_ended(&done, 0, &format!("{id}\n"), "");
    let list = run(&home, &["sessions"], "");
    assert!(list.stdout.starts_with(id) && list.stdout.ends_with("  1 turn  Hi Zoë  []\n"), "{list:?}");
    let piped = run(&home, &["sessions", "import", "-"], "[\"One?\"]");
    assert_eq!((piped.code, run(&home, &["sessions"], "").stdout.lines().count()), (Some(0), 2), "{piped:?}");
    let error = "error: gone.json can't be read: No such file or directory (os error 2)\n";
    assert_ended(&run(&home, &["sessions", "import", "gone.json"], ""), 2, "", error);
    let error = "error: - can't be imported: it is no JSON: expected value at line 1 column 1\n";
    assert_ended(&run(&home, &["sessions", "import", "-"], "prompts:"), 2, "", error);
}
