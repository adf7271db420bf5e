//! Azure AI Foundry over loopback: every form of address, keys and Entra ID tokens.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use lanes::ask;
use llmbench::catalog::AuthScheme;
use llmbench::config::{Config, ConfigError, Environment, ResolvedProvider};
use llmbench::model::{ErrorKind, Outcome, Overrides, Registry};
use llmbench::run::LaneRecord;
use server::Server;

const KEY: &str = "AZURE_OPENAI_API_KEY";
const TOKEN: &str = "AZURE_OPENAI_AD_TOKEN";
const ENDPOINT: &str = "AZURE_OPENAI_ENDPOINT";
const VERSION: &str = "OPENAI_API_VERSION";

fn load(toml: &str) -> Result<Config, ConfigError> {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), toml).expect("written");
    Config::load(Some(file.path()), &Environment::default())
}

fn resolved<const N: usize>(keys: &str, variables: [(&str, &str); N]) -> Result<ResolvedProvider, ConfigError> {
    let config = load(&format!("[providers.azure]\n{keys}\n")).unwrap_or_else(|error| panic!("{error:?}"));
    config.provider("azure", &Environment::from(variables))
}

/// Asks the deployment of this name; `{url}` in the keys is the server's address.
async fn asked<const N: usize>(
    server: &Server,
    keys: &str,
    variables: [(&str, &str); N],
    deployment: &str,
) -> LaneRecord {
    let keys = keys.replace("{url}", &server.url);
    let config = load(&format!("[providers.azure]\nretries = 0\n{keys}\n")).unwrap_or_else(|error| panic!("{error:?}"));
    let registry = Registry::new(config.into(), Environment::from(variables).into(), Overrides::default());
    ask(registry.model(&format!("azure:{deployment}")).expect("a model"), false).await
}

fn answer() -> String {
    let choice = r#"{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}"#;
    server::json(
        200,
        &format!(r#"{{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{choice}]}}"#),
    )
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).expect("a path")
}

/// The headers that let a request in: `api-key` and `authorization`.
fn shown(request: &str) -> [&str; 2] {
    ["api-key", "authorization"].map(|name| {
        let pairs = request.lines().filter_map(|line| line.split_once(": "));
        pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
    })
}

#[tokio::test]
async fn every_form_of_an_address_is_asked_in_its_own_way() {
    let dated = "api_key = 'k'\napi_version = '2024-10-21'\nazure_endpoint = '{url}";
    let plain = "api_key = 'k'\nazure_endpoint = '{url}";
    let deployment = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    let table = [
        (format!("{dated}'"), deployment, ["k", ""]),
        (format!("{dated}/'"), deployment, ["k", ""]),
        (format!("{dated}/openai'"), deployment, ["k", ""]),
        (format!("{dated}/openai/'"), deployment, ["k", ""]),
        (
            format!("{dated}/proxy'"),
            "/proxy/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
            ["k", ""],
        ),
        (format!("{plain}/openai/v1'"), "/openai/v1/chat/completions", ["", "Bearer k"]),
        (format!("{plain}/openai/v1/'"), "/openai/v1/chat/completions", ["", "Bearer k"]),
    ];
    for (keys, expected, credentials) in table {
        let server = Server::start(vec![answer()]);
        let lane = asked(&server, &keys, [], "gpt-4o").await;
        assert_eq!(lane.outcome(), Outcome::Completed, "{keys}: {:?}", lane.error);
        let requests = server.requests();
        assert_eq!((path(&requests[0]), shown(&requests[0])), (expected, credentials), "{keys}");
    }
}

#[tokio::test]
async fn the_environment_alone_is_enough() {
    let server = Server::start(vec![answer()]);
    let variables = [(KEY, "k"), (ENDPOINT, &server.url), (VERSION, "2025-01-01-preview")];
    assert_eq!(asked(&server, "", variables, "gpt-4o").await.outcome(), Outcome::Completed);
    let expected = "/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview";
    assert_eq!(path(&server.requests()[0]), expected);
}

#[tokio::test]
async fn a_deployment_may_have_any_name() {
    let table = [
        ("my deployment.v2", "my%20deployment.v2"),
        ("team/gpt-4o", "team%2Fgpt-4o"),
        ("gpt?x=1#y", "gpt%3Fx%3D1%23y"),
        ("größe-你好", "gr%C3%B6%C3%9Fe-%E4%BD%A0%E5%A5%BD"),
        ("100%", "100%25"),
    ];
    for (name, escaped) in table {
        let server = Server::start(vec![answer()]);
        asked(&server, "azure_endpoint = '{url}'\napi_version = 'v'\napi_key = 'k'", [], name).await;
        let expected = format!("/openai/deployments/{escaped}/chat/completions?api-version=v");
        assert_eq!(path(&server.requests()[0]), expected, "{name}");
    }
}

#[tokio::test]
async fn an_entra_token_is_a_bearer_whatever_the_key_is() {
    let address = "azure_endpoint = '{url}'\napi_version = 'v'\n";
    let command = "azure_ad_token = { command = ['printf', 'ran'] }";
    let table = [
        ("azure_ad_token = 'written'", [(KEY, "k"), (TOKEN, "t")], ["", "Bearer written"]),
        ("azure_ad_token = { env = 'OWN' }", [(KEY, "k"), ("OWN", "mine")], ["", "Bearer mine"]),
        (command, [(KEY, "k"), (TOKEN, "t")], ["", "Bearer ran"]),
        ("", [(KEY, "k"), (TOKEN, "t")], ["", "Bearer t"]),
        ("", [(KEY, "k"), (TOKEN, "")], ["k", ""]),
        ("api_key = 'own'", [(KEY, "k"), (TOKEN, "t")], ["own", ""]),
    ];
    for (keys, variables, expected) in table {
        let server = Server::start(vec![answer()]);
        asked(&server, &format!("{address}{keys}"), variables, "gpt-4o").await;
        assert_eq!(shown(&server.requests()[0]), expected, "{keys}");
    }
}

#[tokio::test]
async fn a_commands_token_is_asked_for_again_after_a_401() {
    let refusal = server::json(401, r#"{"error":{"code":"401","message":"token expired"}}"#);
    let server = Server::start(vec![refusal, answer()]);
    let folder = tempfile::tempdir().expect("a folder");
    let count = folder.path().join("count");
    let script = format!("echo x >> {0}; printf token-%s $(wc -l < {0})", count.display());
    let keys = format!(
        "azure_endpoint = {:?}\napi_version = 'v'\nretries = 0\nazure_ad_token = {{ command = ['sh', '-c', {script:?}] }}",
        server.url
    );
    let config = load(&format!("[providers.azure]\n{keys}\n")).expect("a configuration");
    let registry = Registry::new(config.into(), Environment::default().into(), Overrides::default());
    let model = registry.model("azure:gpt-4o").expect("a model");
    let lane = ask(model.clone(), false).await;
    let error = lane.error.as_ref().expect("a refusal");
    assert_eq!((error.kind, error.status), (ErrorKind::Http, Some(401)));
    assert_eq!(ask(model, false).await.outcome(), Outcome::Completed);
    let requests = server.requests();
    let shown: Vec<_> = requests.iter().map(|request| shown(request)[1]).collect();
    assert_eq!(shown, ["Bearer token-1", "Bearer token-2"]);
}

#[test]
fn a_serverless_endpoint_speaks_openais_own_form() {
    for endpoint in ["https://m.eastus2.models.ai.azure.com", "https://m.eastus2.models.ai.azure.com/v1/"] {
        let azure = resolved("", [(KEY, "k"), (ENDPOINT, endpoint), (VERSION, "v")]).expect("a provider");
        assert_eq!(azure.base_url.expose(), "https://m.eastus2.models.ai.azure.com/v1");
        assert_eq!((&azure.path_prefix[..], &azure.query[..]), ("", &[][..]));
        assert_eq!(azure.key.map(|key| key.scheme), Some(AuthScheme::Bearer));
    }
}

#[test]
fn what_is_missing_or_too_much_is_told() {
    let endpoint = "azure_endpoint = 'https://a.openai.azure.com'";
    let told = |keys: &str| resolved(keys, [(KEY, "k")]).map(|azure| azure.base_url).expect_err("a problem");
    let expected = ConfigError::new("provider \"azure\" needs api-version").with_hint(
        "set api_version in [providers.azure], or OPENAI_API_VERSION; an address that ends in /v1 needs none",
    );
    assert_eq!(told(endpoint), expected);
    let expected = ConfigError::new("provider \"azure\" has no address")
        .with_hint("set base_url in [providers.azure], or AZURE_OPENAI_ENDPOINT");
    assert_eq!(told("api_version = 'v'"), expected);
    let expected = ConfigError::new("api_version in [providers.azure] is for other addresses")
        .with_hint("leave it out: an address that ends in /v1 takes none");
    assert_eq!(told("api_version = 'v'\nbase_url = 'https://a.openai.azure.com/openai/v1'"), expected);
    let error = load("[providers.azure]\napi_key = 'k'\nazure_ad_token = 't'\n").expect_err("a problem");
    assert!(error.message.ends_with("api_key and azure_ad_token in [providers.azure] exclude each other"), "{error}");
}
