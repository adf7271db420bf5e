//! `models --refresh`: asks providers for their own lists, keeps them, and what is made of them.

#[path = "support/server.rs"]
mod server;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use server::Server;
use support::program::{Done, Home, run};
use support::pty::Screen;

/// A provider that answers each request by its request line, and any other with 404.
fn provider(answers: &'static [(&'static str, &'static str)]) -> Server {
    Server::answering(move |request| {
        let target = request.split(' ').nth(1).unwrap_or_default();
        let answer = answers.iter().find(|(known, _)| *known == target);
        server::json(answer.map_or(404, |_| 200), answer.map_or("", |(_, body)| body))
    })
}

macro_rules! data {
    ($file:literal) => {
        include_str!(concat!("data/models/", $file))
    };
}

/// A home whose configuration sends this built-in provider to the server.
fn home(provider: &str, base_url: &str) -> Home {
    Home::with_config(&format!("[providers.{provider}]\nbase_url = {base_url:?}\napi_key = 'sk-secret-1'\n"))
}

fn refresh(home: &Home, provider: &str) -> Done {
    run(home, &["models", provider, "--refresh"], "")
}

fn kept(home: &Home, provider: &str) -> std::path::PathBuf {
    home.path().join(format!("cache/llmbench/models/{provider}.json"))
}

fn file(home: &Home, provider: &str) -> Value {
    serde_json::from_slice(&std::fs::read(kept(home, provider)).expect("a kept list")).expect("JSON")
}

/// The targets of all requests, which are GETs with the key and without a body.
fn targets(server: &Server, key: &str) -> Vec<String> {
    let target = |request: &String| {
        assert!(request.starts_with("GET ") && request.ends_with("\r\n\r\n"), "{request}");
        assert!(request.to_lowercase().contains(key), "{request}");
        assert!(!request.to_lowercase().contains("content-type"), "{request}");
        request.split(' ').nth(1).unwrap_or_default().to_owned()
    };
    server.requests().iter().map(target).collect()
}

#[test]
fn a_list_is_asked_for_kept_and_shown_with_the_well_known() {
    let server = provider(&[("/v1/models", data!("openai.json"))]);
    let home = home("openai", &format!("{}/v1", server.url));
    let done = refresh(&home, "openai");
    let told = format!("openai: 2 models, kept in {}\n", kept(&home, "openai").display());
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), told.as_str()), "{done:?}");
    assert!(done.stdout.starts_with("openai:gpt-4o\nopenai:gpt-4o-mini\n"), "{done:?}");
    assert_eq!(targets(&server, "authorization: bearer sk-secret-1"), ["/v1/models"]);
    let file = file(&home, "openai");
    assert_eq!(file["base_url"], json!(format!("{}/v1", server.url)));
    assert_eq!(file["models"], json!([{ "name": "gpt-4o" }, { "name": "gpt-5" }]));
}

#[test]
fn every_page_is_read() {
    let gemini = provider(&[
        ("/v1beta/models?pageSize=1000", data!("gemini-1.json")),
        ("/v1beta/models?pageSize=1000&pageToken=Cg%2Fa%3D", data!("gemini-2.json")),
    ]);
    let home = home("google-gla", &gemini.url);
    let done = refresh(&home, "google-gla");
    assert!(done.stderr.starts_with("google-gla: 3 models, kept in "), "{done:?}");
    assert_eq!(targets(&gemini, "x-goog-api-key: sk-secret-1").len(), 2);

    let anthropic = provider(&[
        ("/v1/models?limit=1000", data!("anthropic-1.json")),
        ("/v1/models?limit=1000&after_id=claude%2Dsonnet%2D4%2D5%2D20250929", data!("anthropic-2.json")),
    ]);
    let home = self::home("anthropic", &anthropic.url);
    let done = refresh(&home, "anthropic");
    assert!(done.stdout.ends_with("\nanthropic:claude-3-5-haiku-20241022\n"), "{done:?}");
    assert_eq!(targets(&anthropic, "anthropic-version: 2023-06-01").len(), 2);
    assert_eq!(targets(&anthropic, "x-api-key: sk-secret-1").len(), 2);
}

#[test]
fn pages_without_end_are_no_list() {
    let server = Server::answering(|_| server::json(200, data!("cohere.json")));
    let home = home("cohere", &server.url);
    let done = refresh(&home, "cohere");
    let told = "error: cohere: the list of models of cohere repeats a page\n";
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), told), "{done:?}");
    assert!(!kept(&home, "cohere").exists(), "half a list is kept");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_list_has_its_bounds() {
    let told = AtomicUsize::new(0);
    let server = Server::answering(move |_| {
        let number = told.fetch_add(1, Ordering::Relaxed);
        server::json(200, &format!(r#"{{"models":[{{"name":"m{number}"}}],"next_page_token":"p{number}"}}"#))
    });
    let done = refresh(&home("cohere", &server.url), "cohere");
    assert_eq!(done.stderr, "error: cohere: the list of models of cohere has over 100 pages\n", "{done:?}");
    assert_eq!(server.requests().len(), 100);

    let server = Server::start(vec![server::json(200, &" ".repeat(16 * 1024 * 1024 + 1))]);
    let done = refresh(&home("cohere", &server.url), "cohere");
    assert_eq!(done.stderr, "error: cohere: the list of models of cohere has a page of over 16 MiB\n", "{done:?}");
}

#[test]
fn a_failure_is_told_without_the_key_and_what_was_kept_stays() {
    let server = provider(&[("/v1/models", data!("openai.json"))]);
    let home = home("openai", &format!("{}/v1", server.url));
    refresh(&home, "openai");
    let before = std::fs::read(kept(&home, "openai")).expect("kept");
    let table = [
        (
            server::json(401, r#"{"error":{"message":"bad key sk-secret-1"}}"#),
            "status_code: 401, bad key •••\nhint: the key came from the configuration; is it right and still valid?\n",
        ),
        (
            server::json(404, ""),
            "status_code: 404, Not Found\nhint: is base_url of [providers.openai] right? it comes from the configuration\n",
        ),
        (server::json(200, r#"{"error":{"message":"no room"}}"#), "no room\n"),
        (server::json(200, "{}"), "the list of models is not what was expected\n"),
        (
            "HTTP/1.1 302 Found\r\nlocation: https://elsewhere/v1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                .to_owned(),
            "the provider redirects (302 Found) to https://elsewhere/v1, and a key never follows it there\nhint: set base_url to where it points, if you trust that place\n",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>".to_owned(),
            "a web page came from openai (URL/v1) instead of an answer\nhint: is base_url of [providers.openai] right? it comes from the configuration\n",
        ),
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 99\r\nconnection: close\r\n\r\n{\"data\":[]}".to_owned(),
            "the connection broke in mid-answer: ",
        ),
    ];
    for (answer, expected) in table {
        let server = Server::start(vec![answer]);
        std::fs::write(
            home.config_path(),
            format!("[providers.openai]\nbase_url = '{}/v1'\napi_key = 'sk-secret-1'", server.url),
        )
        .expect("written");
        let done = refresh(&home, "openai");
        let expected = format!("error: openai: {}", expected.replace("URL", &server.url));
        assert!(done.code == Some(1) && done.stderr.starts_with(&expected), "{expected}{done:?}");
        assert!(!done.stderr.contains("sk-secret-1"), "{done:?}");
        assert_eq!(std::fs::read(kept(&home, "openai")).expect("kept"), before);
    }
}

#[test]
fn a_list_of_another_address_does_not_count() {
    let server = provider(&[("/v1/models", data!("openai.json"))]);
    let home = home("lab", &format!("{}/v1", server.url));
    let config = std::fs::read_to_string(home.config_path()).expect("read") + "interface = 'openai'\n";
    std::fs::write(home.config_path(), &config).expect("written");
    assert_eq!(refresh(&home, "lab").stdout, "lab:gpt-4o\nlab:gpt-5\nlab:text-embedding-3-small\n");
    assert_eq!(run(&home, &["models", "lab"], "").stdout, "lab:gpt-4o\nlab:gpt-5\nlab:text-embedding-3-small\n");
    assert!(run(&home, &["models"], "").stdout.ends_with("lab:gpt-4o\nlab:gpt-5\nlab:text-embedding-3-small\n"));
    std::fs::write(home.config_path(), config.replace("/v1", "/v2")).expect("written");
    assert_eq!(run(&home, &["models", "lab"], "").stdout, "");
}

#[test]
fn what_an_address_hides_is_not_kept() {
    let server = provider(&[("/v1/models?tenant=hidden-2", data!("openai.json"))]);
    let home = home("openai", &server.url.replace("http://", "http://me:hidden-1@"));
    let config = std::fs::read_to_string(home.config_path()).expect("read");
    std::fs::write(home.config_path(), config.replacen("\"\n", "/v1?tenant=hidden-2\"\n", 1)).expect("written");
    let done = refresh(&home, "openai");
    assert!(done.code == Some(0), "{done:?}");
    let file = file(&home, "openai");
    assert_eq!(file["base_url"], json!(format!("{}/v1?tenant=•••", server.url)));
    assert!(!file.to_string().contains("hidden"), "{file}");
}

#[test]
fn a_file_that_cannot_be_read_is_told_and_ignored() {
    let home = home("lab", "http://127.0.0.1:1/v1");
    let config = std::fs::read_to_string(home.config_path()).expect("read") + "interface = 'openai'\n";
    std::fs::write(home.config_path(), &config).expect("written");
    let path = kept(&home, "lab");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    let table = [
        ("{", "is damaged (EOF while parsing an object at line 1 column 1)"),
        (r#"{"format":"llmbench.session","version":1}"#, "is no list of models"),
        (r#"{"format":"llmbench.models","version":2}"#, "is of a newer llmbench (version 2)"),
        (r#"{"format":"llmbench.models","version":1}"#, "is damaged (missing field `provider` at line 1 column 40)"),
    ];
    for (json, what) in table {
        std::fs::write(&path, json).expect("written");
        let done = run(&home, &["models", "lab"], "");
        let warning =
            format!("warning: {} {what}: it is ignored, llmbench models --refresh writes it anew\n", path.display());
        assert!(done.code == Some(0) && done.stderr.starts_with(&warning), "{warning}{done:?}");
        assert!(run(&home, &["doctor"], "").stdout.contains(&format!("  {warning}")));
    }
}

#[test]
fn who_tells_no_list_says_so() {
    let home = Home::with_config("[providers.perplexity]\napi_key = 'k'\n[providers.openai]\n");
    let told = "error: perplexity: perplexity tells no list of its models where they are served\n";
    let done = refresh(&home, "perplexity");
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), told), "{done:?}");
    let told = "error: openai: no key for openai: set OPENAI_API_KEY or api_key in [providers.openai]\n";
    let done = refresh(&home, "openai");
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), told), "{done:?}");
}

#[test]
fn a_rejected_name_gets_the_closest_one_of_the_list() {
    let server = Server::answering(|request| {
        if request.starts_with("GET ") {
            return server::json(200, r#"{"data":[{"id":"granite-4-micro"},{"id":"olmo-3-7b"}]}"#);
        }
        server::json(400, r#"{"error":{"message":"granite-4-mikro is not a valid model ID","code":400}}"#)
    });
    let home = home("lab", &format!("{}/v1", server.url));
    let config = std::fs::read_to_string(home.config_path()).expect("read") + "interface = 'openai'\n";
    std::fs::write(home.config_path(), &config).expect("written");
    let hint = |model: &str| {
        let done = run(&home, &["run", "-m", model, "Hi"], "");
        done.stderr.lines().find(|line| line.starts_with("hint: ")).unwrap_or_default().to_owned()
    };
    assert_eq!(hint("lab:granite-4-mikro"), "hint: check the model's name and base_url");
    refresh(&home, "lab");
    assert_eq!(hint("lab:granite-4-mikro"), "hint: did you mean lab:granite-4-micro?");
    assert_eq!(hint("lab:zzz"), "hint: check the model's name and base_url");
}

#[test]
fn a_name_that_is_rejected_inside_a_200_gets_a_suggestion_too() {
    let event = r#"data: {"error":{"message":"The model `gpt-4oo` does not exist","code":"model_not_found"}}"#;
    let server = Server::start(vec![format!("{}{event}\n\n", server::STREAM)]);
    let home = home("openai", &format!("{}/v1", server.url));
    let done = run(&home, &["run", "-m", "openai:gpt-4oo", "Hi"], "");
    assert!(done.stderr.contains("hint: did you mean openai:gpt-4o?\n"), "{done:?}");
}

#[test]
fn a_model_that_ollama_lacks_can_be_pulled() {
    let server =
        Server::answering(|_| server::json(404, r#"{"error":"model \"llama3.2\" not found, try pulling it first"}"#));
    let home = home("ollama", &format!("{}/v1", server.url));
    let done = run(&home, &["run", "-m", "ollama:llama3.2", "Hi"], "");
    assert!(done.stderr.contains("hint: get it with `ollama pull llama3.2`\n"), "{done:?}");
    let done = run(&home, &["run", "-m", "ollama:lama3.2", "Hi"], "");
    assert!(
        done.stderr.contains("hint: did you mean ollama:llama3.2? else get it with `ollama pull lama3.2`\n"),
        "{done:?}"
    );
}

#[test]
fn the_picker_finds_what_was_told() {
    let server = provider(&[("/v1/models", r#"{"data":[{"id":"granite-4-micro"}]}"#)]);
    let home = home("openai", &format!("{}/v1", server.url));
    refresh(&home, "openai");
    let mut screen = Screen::open(&home, 120, 30, &[]);
    screen.wait_for("Ready");
    screen.send("\x0fgranite");
    screen.wait_for("openai:granite-4-micro");
    screen.send("\r");
    screen.wait_until(|text| !text.contains("Pick models"));
    screen.quit();
}
