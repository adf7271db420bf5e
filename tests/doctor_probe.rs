//! `doctor --probe`: what answers, and what exactly is wrong with what doesn't.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::net::TcpListener;

use program::{Done, Home, run, run_with};
use server::{Part, Server};

/// A provider of one's own that speaks OpenAI's interface.
fn lab(name: &str, url: &str) -> String {
    format!(
        "[providers.{name}]\ninterface = 'openai'\nbase_url = '{url}/v1'\napi_key = 'sk-secret-1'\nconnect_timeout = 2\n"
    )
}

/// The address of a server that talks before it is asked, and not in TLS.
fn without_tls() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that has gone away needs no answer.
            let _ = stream.expect("a connection").write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    url
}

/// The lines of one provider's answer, with `MS` for how long it took.
fn answer(done: &Done, name: &str) -> String {
    let (_, answers) = done.stdout.split_once("\nAnswers\n").unwrap_or_else(|| panic!("{done:?}"));
    let lines = answers.lines().skip_while(|line| !line.contains(&format!(" {name}: ")));
    let mut own: Vec<_> = lines.take(1).map(str::to_owned).collect();
    let hints = answers.lines().skip_while(|line| !line.contains(&format!(" {name}: "))).skip(1);
    own.extend(hints.take_while(|line| line.starts_with("    ")).map(str::to_owned));
    without_time(&own.join("\n"))
}

fn without_time(text: &str) -> String {
    let words = text.split(' ').collect::<Vec<_>>();
    let is_time = |at: usize| words.get(at + 1).is_some_and(|next| next.starts_with("ms"));
    let word = |(at, word): (usize, &&str)| if is_time(at) { "MS".to_owned() } else { (*word).to_owned() };
    words.iter().enumerate().map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_answers_is_told_with_its_models_and_its_time() {
    let server = Server::start(vec![server::json(200, r#"{"data":[{"id":"a"},{"id":"b"}]}"#)]);
    let home = Home::with_config(&lab("one", &server.url));
    let done = run(&home, &["doctor", "--probe"], "");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    assert_eq!(answer(&done, "one"), "  ✓ one: 2 models, HTTP/1.1, MS ms");
    assert_eq!(answer(&done, "test"), "  – test: not asked, it is offline");
    let requests = server.requests();
    assert!(requests.len() == 1 && requests[0].starts_with("GET /v1/models "), "{requests:?}");
}

#[test]
fn each_provider_has_its_own_problem_and_no_secret_is_shown() {
    let refusing = Server::start(vec![server::json(401, r#"{"error":{"message":"no such key: sk-secret-1"}}"#)]);
    let silent = Server::scripted(vec![vec![Part::Pause(60_000)]]);
    let plain = Server::start(vec!["not HTTP at all\r\n\r\n".to_owned()]);
    let well = Server::start(vec![server::json(200, r#"{"data":[]}"#)]);
    let config = [
        lab("refusing", &refusing.url),
        lab("silent", &silent.url) + "first_byte_timeout = 0.2\n",
        lab("plain", &plain.url),
        lab("tls", &without_tls()),
        lab("gone", "http://127.0.0.1:1"),
        lab("nowhere", "http://no.such.host.invalid"),
        lab("well", &well.url),
        "[providers.keyless]\ninterface = 'openai'\nbase_url = 'http://127.0.0.1:1'\napi_key = { env = 'NO_SUCH_KEY' }\n"
            .to_owned(),
        "[providers.mine]\ninterface = 'command'\ncommand = ['true']\n".to_owned(),
    ];
    let home = Home::with_config(&config.concat());
    let done = run(&home, &["doctor", "--probe"], "");
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), ""), "{done:?}");
    assert!(!done.stdout.contains("sk-secret-1"), "{done:?}");
    assert_eq!(
        answer(&done, "refusing"),
        "  ✗ refusing: status_code: 401, no such key: ••• (http, MS ms)\n    \
         the key came from the configuration; is it right and still valid?"
    );
    assert_eq!(
        answer(&done, "silent"),
        "  ✗ silent: silent did not begin to answer within 200ms (timeout, MS ms)\n    \
         set first_byte_timeout in [providers.silent] for a slower model"
    );
    assert!(answer(&done, "plain").contains("does not speak HTTP as expected"), "{done:?}");
    let tls = answer(&done, "tls");
    assert!(tls.starts_with("  ✗ tls: no safe connection to tls (https://"), "{done:?}");
    assert!(tls.ends_with("(tls, MS ms)\n    does it speak TLS? write http:// in base_url if it doesn't"), "{done:?}");
    let gone = answer(&done, "gone");
    assert!(
        gone.starts_with("  ✗ gone: no connection to gone (http://127.0.0.1:1/v1): Connection refused"),
        "{done:?}"
    );
    assert!(
        gone.ends_with("\n    is it running? base_url of [providers.gone] comes from the configuration"),
        "{done:?}"
    );
    assert!(
        answer(&done, "nowhere")
            .starts_with("  ✗ nowhere: no connection to nowhere (http://no.such.host.invalid/v1): ")
    );
    assert_eq!(answer(&done, "well"), "  ✓ well: 0 models, HTTP/1.1, MS ms");
    assert_eq!(
        answer(&done, "keyless"),
        "  ✗ keyless: no key for keyless: set NO_SUCH_KEY, which api_key in [providers.keyless] names (auth, MS ms)"
    );
    assert_eq!(answer(&done, "mine"), "  – mine: not asked, it is a program of yours");
}

#[test]
fn who_tells_no_list_is_asked_for_a_few_tokens() {
    let completion = r#"{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"length"}]}"#;
    let server = Server::start(vec![server::json(200, completion)]);
    let home = Home::with_config(&format!("[providers.perplexity]\nbase_url = '{}'\napi_key = 'k'\n", server.url));
    let done = run(&home, &["doctor", "--probe"], "");
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(answer(&done, "perplexity"), "  ✓ perplexity: sonar answered, MS ms");
    let requests = server.requests();
    assert!(requests.len() == 1 && requests[0].contains(r#"_tokens":16"#), "{requests:?}");
}

#[test]
fn a_deployment_that_is_not_there_is_an_answer() {
    let missing =
        r#"{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist."}}"#;
    let server = Server::start(vec![server::json(404, missing)]);
    let variables =
        [("AZURE_OPENAI_ENDPOINT", server.url.as_str()), ("AZURE_OPENAI_API_KEY", "k"), ("OPENAI_API_VERSION", "1")];
    let done = run_with(&Home::empty(), &["doctor", "--probe"], "", &variables);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(answer(&done, "azure"), "  ✓ azure: answers, but has no gpt-4o, MS ms");
}

#[test]
fn a_local_server_that_was_named_and_does_not_run_is_a_failure() {
    let done = run_with(&Home::empty(), &["doctor", "--probe"], "", &[("OLLAMA_HOST", "127.0.0.1:1")]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(
        answer(&done, "ollama")
            .ends_with("    start Ollama with `ollama serve`, or set base_url in [providers.ollama]")
    );
}
