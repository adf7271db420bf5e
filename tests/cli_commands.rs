//! The commands without a model: config, doctor, models, sessions, completions, man.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use program::{Done, Home, run, run_with};

#[track_caller]
fn assert_ended(done: &Done, code: i32, stdout: &str, stderr: &str) {
    assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(code), stdout, stderr), "{done:?}");
}

#[test]
fn version_and_help_need_nothing() {
    let home = Home::with_config("broken");
    let version = concat!("llmbench ", env!("CARGO_PKG_VERSION"), "\n");
    assert_ended(&run(&home, &["--version"], ""), 0, version, "");
    let help = run(&home, &["--help"], "");
    assert_eq!((help.code, help.stderr.as_str()), (Some(0), ""));
    for command in ["run", "replay", "rerun", "sessions", "drill", "models", "doctor", "config", "completions", "man"] {
        assert!(help.stdout.contains(&format!("\n  {command} ")), "{command} lacks in {help:?}");
    }
}

#[test]
fn an_example_is_written_once_and_for_the_user_alone() {
    let home = Home::empty();
    let path = home.config_path().display().to_string();
    assert_ended(&run(&home, &["config", "path"], ""), 0, &format!("{path}\n"), "");
    let absent = format!("{path} is not there, and none is needed\n");
    assert_ended(&run(&home, &["config", "check"], ""), 0, &absent, "");
    assert_ended(&run(&home, &["config", "init"], ""), 0, &format!("{path}\n"), "");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("written").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert_ended(&run(&home, &["config", "check"], ""), 0, &format!("{path} is right\n"), "");
    std::fs::write(&path, "theme = 'mine'").expect("written");
    let again = run(&home, &["config", "init"], "");
    assert_eq!(again.code, Some(2), "{again:?}");
    assert!(again.stderr.starts_with(&format!("error: {path} is there already and was left alone\nhint: ")));
    assert_eq!(std::fs::read_to_string(&path).expect("there"), "theme = 'mine'");
}

#[test]
fn a_check_tells_warnings_and_problems() {
    let home = Home::with_config("[providers.openai]\napi_key = 'k'");
    home.open_to_others();
    let path = home.config_path().display().to_string();
    let warnings = format!("warning: {path}:1:12: a key is written here and others can read the file: chmod 600 it\n");
    assert_ended(&run(&home, &["config", "check"], ""), 0, &format!("{path} is right\n"), &warnings);
    std::fs::write(&path, "theme = [").expect("written");
    let broken = run(&home, &["config", "check"], "");
    assert_eq!(broken.code, Some(2), "{broken:?}");
    assert!(broken.stderr.starts_with(&format!("error: {path}:1:")), "{broken:?}");
}

#[test]
fn doctor_tells_which_key_is_used_and_which_disagree() {
    let keys = [("ANTHROPIC_API_KEY", "a"), ("ANTHROPIC_AUTH_TOKEN", "b"), ("OLLAMA_HOST", "0.0.0.0:1")];
    let done = run_with(&Home::empty(), &["doctor"], "", &keys);
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    for line in [
        "  – openai: speaks openai at https://api.openai.com/v1 (built in)\n    no key for openai: set OPENAI_API_KEY",
        "  ✓ anthropic: speaks anthropic at https://api.anthropic.com (built in)\n    key from ANTHROPIC_API_KEY\n",
        "  ✓ ollama: speaks openai at http://127.0.0.1:1/v1 (OLLAMA_HOST)\n    no key set, none needed\n",
        "  warning: ANTHROPIC_API_KEY and ANTHROPIC_AUTH_TOKEN hold different keys: anthropic uses ANTHROPIC_API_KEY\n",
        "data/llmbench/sessions (not there yet)\n",
        "TERM=xterm-256color, COLORTERM=truecolor",
    ] {
        assert!(done.stdout.contains(line), "{line:?} lacks in {done:?}");
    }
    let broken = run(&Home::with_config("x = 1"), &["doctor"], "");
    assert_eq!(broken.code, Some(2));
    assert!(broken.stdout.contains("  error: ") && broken.stdout.contains("Providers"), "{broken:?}");
}

#[test]
fn models_are_plain_lines() {
    let home = Home::with_config("[providers.lab]\ninterface = 'openai'\nbase_url = 'http://h'");
    let test = run(&home, &["models", "test"], "");
    assert_ended(&test, 0, "test:storyteller\ntest:poet\ntest:thinker\ntest:brief\n", "");
    let all = run(&home, &["models"], "");
    assert!(all.stdout.starts_with("openai:gpt-4o\n") && all.stdout.ends_with(&test.stdout), "{all:?}");
    let lab = "no models of lab are known here; any can be named: lab:MODEL\n";
    assert_ended(&run(&home, &["models", "lab"], ""), 0, "", lab);
    let wrong = "error: unknown provider \"opnai\"\nhint: did you mean \"openai\"?\n";
    assert_ended(&run(&home, &["models", "opnai"], ""), 2, "", wrong);
}

#[test]
fn what_is_generated_is_there() {
    let home = Home::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let done = run(&home, &["completions", shell], "");
        assert!(done.code == Some(0) && done.stdout.contains("llmbench"), "{done:?}");
    }
    assert!(run(&home, &["man"], "").stdout.contains(".TH llmbench 1"));
}

#[test]
fn misplaced_options_are_told() {
    let done = run(&Home::empty(), &["-m", "test:brief", "run", "Hi"], "");
    assert_eq!(done.code, Some(2), "{done:?}");
    assert!(
        done.stderr.starts_with("error: -m, --theme, --plain and SESSION before a command belong to the workbench")
    );
}
