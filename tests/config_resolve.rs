//! What a provider becomes: the configuration over the built-in row, the environment beneath.

use std::time::Duration;

use llmbench::auth::{Address, KeySource, Places, Secret};
use llmbench::catalog::{AuthScheme, InterfaceKind};
use llmbench::config::{Config, Environment, Limits, ResolvedKey, ResolvedProvider};
use llmbench::model::{ErrorKind, Overrides, Registry};

fn config(text: &str) -> Config {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    Config::load(Some(file.path()), &Environment::default()).unwrap_or_else(|error| panic!("{error:?}"))
}

fn resolve<const N: usize>(text: &str, name: &str, variables: [(&str, &str); N]) -> ResolvedProvider {
    config(text).provider(name, &Environment::from(variables)).unwrap_or_else(|error| panic!("{error:?}"))
}

fn variable(name: &str, value: &str, scheme: AuthScheme) -> ResolvedKey {
    let source = KeySource::Variable { name: name.to_owned(), value: Secret::new(value) };
    ResolvedKey { source, scheme }
}

fn literal(key: &str, scheme: AuthScheme) -> ResolvedKey {
    ResolvedKey { source: KeySource::Literal(Secret::new(key)), scheme }
}

#[test]
fn a_built_in_provider_needs_no_configuration() {
    let expected = ResolvedProvider {
        name: "openai".to_owned(),
        interface: InterfaceKind::OpenAi,
        dialect: "openai",
        base_url: Address::new("https://api.openai.com/v1"),
        base_url_source: "built in".to_owned(),
        key: Some(variable("OPENAI_API_KEY", "sk-1", AuthScheme::Bearer)),
        path_prefix: String::new(),
        short_prefix: None,
        query: Vec::new(),
        places: Places::default(),
        sign_in: None,
        missing_key: None,
        headers: vec![("OpenAI-Organization".to_owned(), Secret::new("org"))],
        limits: Limits::default(),
        retries: None,
        proxy: None,
        direct: false,
        ca_file: None,
        http_version: None,
        command: None,
        concurrency: None,
    };
    assert_eq!(resolve("", "openai", [("OPENAI_API_KEY", "sk-1"), ("OPENAI_ORG_ID", "org")]), expected);
}

#[test]
fn the_configuration_holds_over_the_environment() {
    let openai = resolve(
        "[providers.openai]\nbase_url = 'http://h/v1/'\napi_key = 'own'\norganization = 'mine'\n\
         headers = { 'openai-project' = 'p' }\ntimeout = 30\nretries = 5\nproxy = 'http://proxy:8080'",
        "openai",
        [
            ("OPENAI_API_KEY", "env"),
            ("OPENAI_BASE_URL", "http://env/v1"),
            ("OPENAI_ORG_ID", "env"),
            ("OPENAI_PROJECT_ID", "env"),
        ],
    );
    assert_eq!((openai.base_url.expose(), openai.base_url_source.as_str()), ("http://h/v1", "the configuration"));
    assert_eq!(openai.key, Some(literal("own", AuthScheme::Bearer)));
    let headers = [("OpenAI-Organization", "mine"), ("openai-project", "p")];
    assert_eq!(openai.headers, headers.map(|(name, value)| (name.to_owned(), Secret::new(value))));
    assert_eq!(openai.limits, Limits { total: Some(Duration::from_secs(30)), ..Limits::default() });
    assert_eq!((openai.retries, openai.proxy), (Some(5), Some(Address::new("http://proxy:8080"))));
}

#[test]
fn the_first_key_that_is_set_is_used_with_its_own_scheme() {
    let anthropic = |variables| resolve("", "anthropic", variables).key;
    let both = [("ANTHROPIC_API_KEY", "a"), ("ANTHROPIC_AUTH_TOKEN", "b")];
    assert_eq!(anthropic(both), Some(variable("ANTHROPIC_API_KEY", "a", AuthScheme::XApiKey)));
    let token = [("ANTHROPIC_API_KEY", ""), ("ANTHROPIC_AUTH_TOKEN", "b")];
    assert_eq!(anthropic(token), Some(variable("ANTHROPIC_AUTH_TOKEN", "b", AuthScheme::Bearer)));
    let gemini = resolve("", "google-gla", [("GOOGLE_API_KEY", "b"), ("GEMINI_API_KEY", "a")]);
    assert_eq!(gemini.key, Some(variable("GEMINI_API_KEY", "a", AuthScheme::XGoogApiKey)));
}

#[test]
fn the_environment_tells_addresses() {
    let table = [
        ("openai", "OPENAI_BASE_URL", "http://h:1/v1/", "http://h:1/v1"),
        ("anthropic", "ANTHROPIC_BASE_URL", "http://h:1", "http://h:1"),
        ("ollama", "OLLAMA_BASE_URL", "http://h:1/v1", "http://h:1/v1"),
        ("ollama", "OLLAMA_HOST", "0.0.0.0", "http://127.0.0.1:11434/v1"),
        ("ollama", "OLLAMA_HOST", "box:1", "http://box:1/v1"),
        ("ollama", "OLLAMA_HOST", "https://box:1/", "https://box:1/v1"),
    ];
    for (name, variable, value, expected) in table {
        let provider = resolve("", name, [(variable, value)]);
        assert_eq!((provider.base_url.expose(), provider.base_url_source.as_str()), (expected, variable), "{value}");
    }
}

#[test]
fn a_provider_of_ones_own_shows_its_key_as_its_interface_does() {
    for (interface, scheme) in [
        ("openai", AuthScheme::Bearer),
        ("anthropic", AuthScheme::XApiKey),
        ("gemini", AuthScheme::XGoogApiKey),
        ("google-gla", AuthScheme::XGoogApiKey),
    ] {
        let text = format!("[providers.lab]\ninterface = '{interface}'\nbase_url = 'http://h'\n");
        assert_eq!(resolve(&format!("{text}api_key = 'k'"), "lab", []).key, Some(literal("k", scheme)));
        let open = resolve(&text, "lab", []);
        assert_eq!((open.key, open.missing_key), (None, None));
    }
}

#[test]
fn a_missing_key_is_told_with_where_it_could_come_from() {
    let missing = |text, name| resolve(text, name, []).missing_key;
    let openai = "no key for openai: set OPENAI_API_KEY or api_key in [providers.openai]";
    assert_eq!(missing("", "openai").as_deref(), Some(openai));
    let named = "no key for openai: set LAB_KEY, which api_key in [providers.openai] names";
    assert_eq!(missing("[providers.openai]\napi_key = { env = 'LAB_KEY' }", "openai").as_deref(), Some(named));
    assert_eq!(missing("[providers.openai]\nheaders = { Authorization = 'Bearer x' }", "openai"), None);
    assert_eq!(missing("", "ollama"), None);
    let registry = Registry::new(config("").into(), Environment::default().into(), Overrides::default());
    let error = registry.model("openai:gpt-4o").err().expect("no key");
    assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Auth, openai));
    assert!(registry.model("fallback:openai:gpt-4o,test:brief").is_ok(), "a chain may go on to the next one");
}

#[test]
fn an_unknown_provider_gets_the_closest_one_suggested() {
    let own = config("[providers.lab]\ninterface = 'openai'\nbase_url = 'http://h'");
    let told = |name: &str| {
        let error = own.provider(name, &Environment::default()).expect_err("unknown");
        (error.message, error.hint.unwrap_or_default())
    };
    let pair = |message: &str, hint: &str| (message.to_owned(), hint.to_owned());
    assert_eq!(told("opnai"), pair("unknown provider \"opnai\"", "did you mean \"openai\"?"));
    assert_eq!(told("labb"), pair("unknown provider \"labb\"", "did you mean \"lab\"?"));
    let (message, hint) = told("qqq");
    assert_eq!(message, "unknown provider \"qqq\"");
    assert!(hint.starts_with("known are openai, openai-responses, anthropic, "), "{hint}");
    assert!(hint.ends_with(", test, lab; one of your own needs [providers.qqq] with interface and base_url"), "{hint}");
}

#[test]
fn what_can_be_used_is_listed_with_the_offline_model_last() {
    let names = |text: &str, variables: &[(&str, &str)]| {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let usable = config(text).usable_providers(&environment);
        usable.into_iter().map(|provider| provider.name).collect::<Vec<_>>()
    };
    assert_eq!(names("", &[]), ["ollama", "test"]);
    let lab = "[providers.lab]\ninterface = 'openai'\nbase_url = 'http://h'\n[providers.anthropic]\napi_key = 'k'";
    assert_eq!(
        names(lab, &[("OPENAI_API_KEY", "k")]),
        ["openai", "openai-responses", "anthropic", "ollama", "lab", "test"]
    );
}

#[test]
fn variables_that_contradict_each_other_are_told() {
    let conflicts = |text: &str, google| {
        let environment = Environment::from([("GEMINI_API_KEY", "a"), ("GOOGLE_API_KEY", google)]);
        config(text).conflicts(&environment)
    };
    let sentence = "GEMINI_API_KEY and GOOGLE_API_KEY hold different keys: google-gla uses GEMINI_API_KEY";
    assert_eq!(conflicts("", "b"), [sentence]);
    assert!(conflicts("", "a").is_empty());
    assert!(conflicts("[providers.google-gla]\napi_key = 'k'", "b").is_empty());
}

#[test]
fn sessions_are_kept_where_the_user_says() {
    let dir = |text: &str, variables: &[(&str, &str)]| {
        let environment = variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        config(text).sessions_dir(&environment).expect("a folder").display().to_string()
    };
    let both = [("LLMBENCH_SESSIONS", "/env"), ("XDG_DATA_HOME", "/data")];
    assert_eq!(dir("[sessions]\ndir = '/own'", &both), "/env");
    assert_eq!(dir("[sessions]\ndir = '/own'", &both[1..]), "/own");
    assert_eq!(dir("", &both[1..]), "/data/llmbench/sessions");
}
