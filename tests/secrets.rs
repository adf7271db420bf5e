//! No password, token or key is told: neither by an error nor by a configuration, nor by what is kept of a run.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use llmbench::config::{Config, ConfigError, Environment};
use program::{Done, Home, run};
use server::{Server, json, openai_stream};

const KEY: &str = "sk-secret-1";

/// Everything that a run with this configuration tells and keeps.
fn told(config: &str, format: &str) -> (Done, String) {
    let home = Home::with_config(config);
    let done = run(&home, &["run", "-m", "lab:m", "--retries", "0", "--save", "--format", format, "Hi"], "");
    let kept: String = std::fs::read_dir(home.sessions())
        .map(|entries| entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect())
        .unwrap_or_default();
    (done, kept)
}

#[track_caller]
fn assert_untold(config: &str, secrets: &[&str], reason: &str) {
    for format in ["text", "json", "jsonl"] {
        let (done, kept) = told(config, format);
        let all = format!("{done:?}{kept}");
        assert!(secrets.iter().all(|secret| !all.contains(secret)), "{all}");
        assert!(all.contains(reason), "{reason:?} lacks in {all}");
    }
}

/// An answer with status 200 and this body, streamed.
fn streamed(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n{body}")
}

#[test]
fn a_key_that_a_provider_quotes_is_masked_wherever_it_quotes_it() {
    let quoted = format!(r#"{{"error":{{"message":"bad {KEY}","{KEY}":["{KEY}"]}}}}"#);
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: http://h/{KEY}\r\ncontent-length: 0\r\n\r\n");
    for (answer, reason) in [
        (json(401, &quoted), "bad •••"),
        (json(200, &quoted), "bad •••"),
        (streamed(&format!("data: {quoted}\n\n")), "bad •••"),
        (streamed(&format!("data: {{not json {KEY}\n\n")), "failed"),
        (json(200, &format!("<html>{KEY}")), "failed"),
        (redirect, "http://h/•••"),
    ] {
        let server = Server::start(vec![answer]);
        assert_untold(&server.config().replace("sk-lab", KEY), &[KEY], reason);
    }
}

#[test]
fn what_a_configured_header_shows_is_masked_too() {
    let body = r#"{"error":{"message":"team-blue may not: Bearer hidden-1, hidden-1, hidden-2"}}"#;
    let server = Server::start(vec![json(403, body)]);
    let headers = r#"headers = { Authorization = "Bearer hidden-1", X-Api-Token = "hidden-2", X-Team = "team-blue" }"#;
    let config = format!("{}{headers}\n", server.config());
    assert_untold(&config, &["hidden-1", "hidden-2"], "team-blue may not: •••, •••, •••");
}

#[test]
fn a_password_in_an_address_is_neither_shown_nor_kept() {
    let server = Server::start(vec![openai_stream(&["Hi"])]);
    let place = |url: &str| {
        let url = url.replace("http://", "http://me:hidden-1@");
        format!("[providers.lab]\ninterface = \"openai\"\nbase_url = \"{url}/v1?token=hidden-2\"\n")
    };
    assert_untold(&place(&server.url), &["hidden-1", "hidden-2", "me:"], "Hi");
    let request = server.requests().concat();
    assert!(request.starts_with("POST /v1/chat/completions?token=hidden-2 HTTP/1.1"), "{request}");
    for (url, reason) in [
        ("http://127.0.0.1:1", "no connection to lab (http://127.0.0.1:1/v1?token=•••)"),
        ("http://127.0.0.1:99999", "http://127.0.0.1:99999/v1?token=••• is no address for lab"),
    ] {
        assert_untold(&place(url), &["hidden-1", "hidden-2", "me:"], reason);
    }
    let doctor = run(&Home::with_config(&place("http://h")), &["doctor"], "").stdout;
    assert!(doctor.contains("at http://h/v1?token=••• (the configuration)") && !doctor.contains("hidden"), "{doctor}");
}

#[test]
fn a_proxys_password_is_not_shown() {
    let lab = "[providers.lab]\ninterface = \"openai\"\nbase_url = \"http://h/v1\"\n";
    for (proxy, reason) in [
        ("http://me:hidden-1@:x", "[providers.lab] proxy http://:x can't be used"),
        ("http://me:hidden-1@127.0.0.1:1", "no connection to lab (http://h/v1)"),
    ] {
        assert_untold(&format!("{lab}proxy = \"{proxy}\"\n"), &["hidden-1"], reason);
    }
}

#[test]
fn no_secret_is_in_a_sentence_about_the_configuration() {
    let found = problems("[providers.openai]\napi_key = { env = 'sk-secret', command = ['sk-secret'] }");
    assert!(!found.contains("sk-secret"), "{found:?}");
    for line in [
        "api_key = 1234567",
        "api_key = [1234567]",
        "headers = { Authorization = 1234567 }",
        "proxy = 1234567",
        "base_url = 1234567",
    ] {
        let found = problems(&format!("[providers.openai]\n{line}"));
        assert!(!found.contains("1234567") && found.contains(", not a"), "{line}: {found}");
    }
    let config = read(
        "[providers.openai]\napi_key = 'sk-secret'\nheaders = { Authorization = 'Bearer sk-secret' }\n\
         base_url = 'http://me:sk-secret@h/v1?key=sk-secret'\nproxy = 'http://me:sk-secret@h'",
    )
    .expect("right");
    let resolved = config.provider("openai", &Environment::default()).expect("known");
    let debug = format!("{config:?}{resolved:?}");
    assert!(!debug.contains("sk-secret") && debug.contains("http://h/v1?key=•••"), "{debug}");
}

fn read(text: &str) -> Result<Config, ConfigError> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    Config::load(Some(file.path()), &Environment::default())
}

fn problems(text: &str) -> String {
    let error = read(text).expect_err(text);
    [vec![error.message], error.more].concat().join("\n")
}
