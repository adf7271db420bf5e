//! Where requests go, for every provider and every form of a base URL: what PydanticAI asks, llmbench asks.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;
mod wire_support;

use std::path::Path;

use lanes::ask;
use llmbench::config::{Config, Environment};
use llmbench::model::{Overrides, Registry};
use serde_json::Value;
use server::Server;
use wire_support::kit;

/// Variables that tell what base URLs don't.
const VARIABLES: [(&str, &str); 3] = [
    ("GOOGLE_CLOUD_PROJECT", "test-project"),
    ("GOOGLE_CLOUD_LOCATION", "us-central1"),
    ("OPENAI_API_VERSION", "2024-12-01-preview"),
];

/// A server that gives a token to whoever wants one, and fails every other request.
fn server() -> Server {
    Server::answering(|request| {
        let is_exchange = request.starts_with("POST /token ");
        let granted = r#"{"access_token": "t", "expires_in": 3600}"#;
        if is_exchange { server::json(200, granted) } else { server::json(400, "{}") }
    })
}

/// The throw-away account with that server's token endpoint.
fn account(folder: &Path, server: &Server) -> String {
    let text = include_str!("data/google/throwaway_service_account.json");
    let mut account: Value = serde_json::from_str(text).expect("JSON");
    account["token_uri"] = format!("{}/token", server.url).into();
    let path = folder.join("account.json");
    std::fs::write(&path, account.to_string()).expect("written");
    path.display().to_string()
}

/// The method and the address that are asked.
async fn asked(provider: &str, model: &str, base_url: &str, stream: bool) -> String {
    let server = server();
    let folder = tempfile::tempdir().expect("a folder");
    let base_url = base_url.replace("{origin}", &server.url);
    let key = match provider {
        "google-vertex" => "",
        "bedrock" => "region = 'us-east-1'\naws_access_key_id = 'AKIATEST'\naws_secret_access_key = 'secret'",
        _ => "api_key = 'fake'",
    };
    let path = folder.path().join("config.toml");
    std::fs::write(&path, format!("[providers.{provider}]\nretries = 0\nbase_url = {base_url:?}\n{key}\n"))
        .expect("written");
    let account = account(folder.path(), &server);
    let variables = VARIABLES.into_iter().chain([("GOOGLE_APPLICATION_CREDENTIALS", &account[..])]);
    let environment: Environment = variables.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let config = Config::load(Some(&path), &environment).unwrap_or_else(|error| panic!("{error:?}"));
    let registry = Registry::new(config.into(), environment.into(), Overrides::default());
    ask(registry.model(&format!("{provider}:{model}")).unwrap_or_else(|error| panic!("{error:?}")), stream).await;
    let last = server.requests().pop().unwrap_or_default();
    let line: Vec<_> = last.split(' ').take(2).collect();
    line.join(" ").replace(' ', " {origin}")
}

#[tokio::test]
async fn a_base_url_means_what_it_means_to_pydantic_ai() {
    let Some(requests) = kit("requests") else { return };
    let read = |path: &str| -> Value {
        let text = std::fs::read_to_string(requests.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        serde_json::from_str(&text).expect("JSON")
    };
    let only = std::env::var("WIRE_ONLY").ok();
    for row in read("base_urls.json").as_array().expect("rows") {
        let text = |name: &str| row[name].as_str().unwrap_or_else(|| panic!("{name} of {row}"));
        let provider = text("provider");
        if only.as_deref().is_some_and(|only| only != provider) || !is_built(provider) {
            continue;
        }
        let plain = read(&format!("{provider}/plain.json"));
        let model = plain["model"].as_str().expect("a model");
        for (stream, expected) in [(false, text("plain")), (true, text("stream"))] {
            let got = asked(provider, model, text("base_url"), stream).await;
            assert_eq!(got, format!("POST {expected}"), "{provider} at {}", text("base_url"));
        }
    }
}

/// Whether this build can sign in with it and write its requests.
fn is_built(provider: &str) -> bool {
    match provider {
        "google-vertex" => cfg!(feature = "vertex"),
        "bedrock" | "cohere" | "mistral" => false,
        _ => true,
    }
}
