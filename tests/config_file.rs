//! The configuration file: what is read from it, and every sentence that is said of a wrong one.

use std::path::PathBuf;
use std::time::Duration;

use llmbench::auth::{Address, Secret};
use llmbench::config::{ApiKey, Config, Environment, FallbackOn, Located, ModelEntry, ProviderEntry, Ui};
use llmbench::settings::{Effort, Settings, Thinking};
use serde_json::json;

/// Reads a text; sentences say FILE instead of its path.
fn read(text: &str) -> Result<Config, Vec<String>> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    std::fs::write(&path, text).expect("written");
    #[cfg(unix)]
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("private");
    let name = path.display().to_string();
    let told = |sentence: String| sentence.replace(&name, "FILE");
    match Config::load(Some(&path), &Environment::default()) {
        Ok(config) => {
            assert_eq!(config.path.as_deref(), Some(&*path));
            let warnings = config.warnings.into_iter().map(told).collect();
            let located = |text: Located<String>| Located::new(text.value, told(text.place));
            let theme = config.theme.map(located);
            let keys = config.keys.into_iter().map(|(name, chords)| (located(name), located(chords))).collect();
            Ok(Config { path: None, warnings, theme, keys, ..config })
        }
        Err(error) => Err(std::iter::once(error.message).chain(error.more).map(told).collect()),
    }
}

fn problems(text: &str) -> Vec<String> {
    read(text).expect_err(text)
}

#[test]
fn a_whole_file_is_read() {
    let config = read(
        r#"
        theme = "dark"
        keys = { send = "ctrl-s" }
        [defaults]
        temperature = 0
        thinking = "high"
        extra_body = { user = "me" }
        [providers.openai]
        api_key = { env = "LAB_KEY" }
        organization = "org"
        connect_timeout = 0.5
        retries = 0
        [providers.lab]
        interface = "openai"
        base_url = "http://10.0.0.7:8000/v1"
        api_key = "sk-1"
        headers = { "X-Team" = "bench" }
        concurrency = 1
        ca_file = "/etc/ca.pem"
        [models.fast]
        model = "openai:gpt-4o-mini"
        settings = { max_tokens = 5, stop_sequences = ["END"] }
        [models.safe]
        fallback = ["fast", "lab:m"]
        fallback_on = ["api", 429, "5xx"]
        [ui]
        selected = ["fast", "safe"]
        [sessions]
        dir = "/var/sessions"
        "#,
    );
    let lab = ProviderEntry {
        interface: llmbench::catalog::provider("openai"),
        base_url: Some(Address::new("http://10.0.0.7:8000/v1")),
        api_key: Some(ApiKey::Literal(Secret::new("sk-1"))),
        headers: vec![("X-Team".to_owned(), Secret::new("bench"))],
        concurrency: Some(1),
        ca_file: Some(PathBuf::from("/etc/ca.pem")),
        ..ProviderEntry::default()
    };
    let openai = ProviderEntry {
        api_key: Some(ApiKey::Variable("LAB_KEY".to_owned())),
        organization: Some("org".to_owned()),
        connect_timeout: Some(Duration::from_millis(500)),
        retries: Some(0),
        ..ProviderEntry::default()
    };
    let fast = ModelEntry::Alias {
        model: "openai:gpt-4o-mini".to_owned(),
        settings: Settings { max_tokens: Some(5), stop_sequences: Some(vec!["END".to_owned()]), ..Settings::default() },
    };
    let safe = ModelEntry::Fallback {
        models: vec!["fast".to_owned(), "lab:m".to_owned()],
        on: vec![FallbackOn::Api, FallbackOn::Status(429), FallbackOn::StatusClass(5)],
        settings: Settings::default(),
    };
    let expected = Config {
        theme: Some(Located::new("dark".to_owned(), "FILE:2:17")),
        defaults: Settings {
            temperature: Some(0.0),
            thinking: Some(Thinking::Effort(Effort::High)),
            extra_body: json!({ "user": "me" }).as_object().cloned().unwrap_or_default(),
            ..Settings::default()
        },
        providers: vec![("openai".to_owned(), openai), ("lab".to_owned(), lab)],
        models: vec![("fast".to_owned(), fast), ("safe".to_owned(), safe)],
        ui: Ui { selected: vec!["fast".to_owned(), "safe".to_owned()] },
        keys: vec![(Located::new("send".to_owned(), "FILE:3:18"), Located::new("ctrl-s".to_owned(), "FILE:3:25"))],
        sessions_dir: Some(PathBuf::from("/var/sessions")),
        ..Config::default()
    };
    assert_eq!(read_ok(config), expected);
}

fn read_ok(config: Result<Config, Vec<String>>) -> Config {
    config.unwrap_or_else(|problems| panic!("{problems:#?}"))
}

#[test]
fn every_unknown_key_has_its_place_and_the_closest_known_one() {
    let table = [
        ("thme = 'x'", r#"FILE:1:1: unknown key "thme" at the top level, did you mean "theme"?"#),
        (
            "[defaults]\n\n  temprature = 1",
            r#"FILE:3:3: unknown key "temprature" in [defaults], did you mean "temperature"?"#,
        ),
        (
            "[providers.openai]\nbase_ulr = 'http://h'",
            r#"FILE:2:1: unknown key "base_ulr" in [providers.openai], did you mean "base_url"?"#,
        ),
        (
            "[providers.openai]\napi_key = { envv = 'X' }",
            r#"FILE:2:13: unknown key "envv" in api_key in [providers.openai], did you mean "env"?"#,
        ),
        (
            "[models.a]\nmodel = 'test:x'\nsetings = {}",
            r#"FILE:3:1: unknown key "setings" in [models.a], did you mean "settings"?"#,
        ),
        (
            "[models.a]\nmodel = 'test:x'\nsettings = { topp = 1 }",
            r#"FILE:3:14: unknown key "topp" in settings of [models.a], did you mean "top_p"?"#,
        ),
        ("[ui]\nzzz = 1", r#"FILE:2:1: unknown key "zzz" in [ui]; known are selected"#),
        ("[sessions]\ndirr = 'x'", r#"FILE:2:1: unknown key "dirr" in [sessions], did you mean "dir"?"#),
    ];
    for (text, expected) in table {
        assert_eq!(problems(text)[0], expected, "{text}");
    }
}

#[test]
fn every_wrong_value_is_named_with_what_it_must_be() {
    let table = [
        ("theme = 3", "FILE:1:9: theme at the top level must be a string that is not empty, not 3"),
        ("providers = 3", "FILE:1:13: providers at the top level must be a table, not 3"),
        ("[providers]\nx = 3", "FILE:2:1: providers.x must be a table [providers.x], not an integer"),
        ("[defaults]\ntemperature = 'hot'", "FILE:2:15: temperature in [defaults] must be a number, not a string"),
        ("[defaults]\ntop_p = nan", "FILE:2:9: top_p in [defaults] must be a number, not nan"),
        ("[defaults]\nmax_tokens = -1", "FILE:2:14: max_tokens in [defaults] must be a whole number above 0, not -1"),
        (
            "[providers.openai]\nbase_url = 'localhost:80'",
            "FILE:2:12: base_url in [providers.openai] must be an address such as \"https://host/v1\", not a string",
        ),
        (
            "[providers.openai]\nidle_timeout = 0",
            "FILE:2:16: idle_timeout in [providers.openai] must be a number of seconds above 0, at most 1e9, not 0",
        ),
        (
            "[defaults]\ntimeout = 1e19",
            "FILE:2:11: timeout in [defaults] must be a number of seconds above 0, at most 1e9, not 1e19",
        ),
        (
            "[providers.openai]\nconcurrency = 0",
            "FILE:2:15: concurrency in [providers.openai] must be a whole number above 0, not 0",
        ),
        (
            "[providers.openai]\napi_key = ''",
            "FILE:2:11: api_key in [providers.openai] must be a string that is not empty, { env = \"VARIABLE\" } or \
             { command = [\"program\", \"argument\"] }, not an empty string",
        ),
        (
            "[providers.openai]\napi_key = { keyring = 'x' }",
            "FILE:2:11: api_key in [providers.openai]: keyring is not supported in this build, use env or command",
        ),
        (
            "[providers.openai]\nheaders = { 'a b' = 'c' }",
            "FILE:2:13: \"a b\" in headers in [providers.openai] is no name of a header: letters, digits and - only",
        ),
        (
            "[providers.lab]\nbase_url = 'http://h'",
            "FILE:1:12: interface lacking in [providers.lab]: \"lab\" is no built-in provider",
        ),
        (
            "[providers.opnai]",
            "FILE:1:12: interface and base_url lacking in [providers.opnai]: \"opnai\" is no built-in provider \
             (did you mean \"openai\"?)",
        ),
        (
            "[providers.lab]\ninterface = 'opennai'\nbase_url = 'http://h'",
            "FILE:2:13: unknown interface \"opennai\" in [providers.lab], did you mean \"openai\"?",
        ),
        ("[models.a]", "FILE:1:9: model = \"PROVIDER:MODEL\" or fallback = [\"A\", \"B\"] lacking in [models.a]"),
        (
            "[models.a]\nmodel = 'test:x'\nfallback = ['test:x']",
            "FILE:1:9: model and fallback in [models.a] exclude each other",
        ),
        ("[models.a]\nfallback = []", "FILE:1:9: fallback in [models.a] must name a model, not be empty"),
        (
            "[models.a]\nfallback = ['test:x']\nfallback_on = []",
            "FILE:3:1: fallback_on in [models.a] must not be empty: leave it out for [\"http\"]",
        ),
        (
            "[models.a]\nfallback = ['test:x']\nfallback_on = [true]",
            "FILE:3:16: fallback_on in [models.a]: an item must be a string or a status",
        ),
        (
            "[models.'a:b']\nmodel = 'test:x'",
            "FILE:1:9: \"a:b\" can't be a model's name: it may hold neither \":\" nor \",\"",
        ),
        ("[keys]\nsend = 1", "FILE:2:8: send in [keys] must be a string that is not empty, not 1"),
    ];
    for (text, expected) in table {
        assert_eq!(problems(text), [expected], "{text}");
    }
}

#[test]
fn names_that_lead_nowhere_or_back_are_told() {
    let table = [
        ("[models.a]\nmodel = 'opnai:x'", "FILE:1:9: [models.a]: unknown provider \"opnai\", did you mean \"openai\"?"),
        (
            "[models.fast]\nmodel = 'test:x'\n[models.b]\nfallback = ['fst']",
            "FILE:3:9: [models.b]: \"fst\" is neither PROVIDER:MODEL nor a [models.NAME], did you mean \"fast\"?",
        ),
        (
            "[ui]\nselected = ['quick']",
            "FILE:1:2: selected in [ui]: \"quick\" is neither PROVIDER:MODEL nor a [models.NAME]",
        ),
        ("[models.a]\nmodel = 'a'", "FILE:1:9: [models.a] refers to itself: a → a"),
        ("[models.a]\nmodel = 'a+seed=1'", "FILE:1:9: [models.a] refers to itself: a → a"),
        (
            "[ui]\nselected = ['test:x+seed=one']",
            "FILE:1:2: selected in [ui]: \"test:x+seed=one\": seed can't be \"one\": invalid type: string \"one\", expected i64",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(problems(text), [expected], "{text}");
    }
    let circle = problems("[models.a]\nmodel = 'b'\n[models.b]\nfallback = ['test:x', 'fallback:test:y,a']");
    assert_eq!(
        circle,
        ["FILE:1:9: [models.a] refers to itself: a → b → a", "FILE:3:9: [models.b] refers to itself: b → a → b"]
    );
}

#[test]
fn broken_toml_has_its_place() {
    let table = [
        ("theme = \"dark", "FILE:1:14: this is not TOML: "),
        ("a = 1\n[defaults", "FILE:2:10: this is not TOML: "),
        ("theme = 'a'\ntheme = 'b'", "FILE:2:1: this is not TOML: duplicate key"),
    ];
    for (text, expected) in table {
        let found = problems(text);
        assert!(found[0].starts_with(expected) && !found[0].contains('\n'), "{text}: {found:?}");
    }
}

#[test]
fn all_problems_are_told_at_once_in_the_files_order() {
    let found = problems("thme = 'x'\n[defaults]\nseed = 'é'\n[models.'é']\nmodel = 1");
    assert_eq!(
        found,
        [
            "FILE:1:1: unknown key \"thme\" at the top level, did you mean \"theme\"?",
            "FILE:3:8: seed in [defaults] must be a whole number, not a string",
            "FILE:5:9: model in [models.é] must be a string that is not empty, not 1",
        ]
    );
}

#[test]
fn what_makes_no_sense_together_is_told() {
    let told = |text: &str| read(text).expect_err("wrong");
    let table = [
        (
            "[providers.bedrock]\naws_access_key_id = 'a'",
            "2:1: aws_access_key_id in [providers.bedrock] needs aws_secret_access_key beside it",
        ),
        (
            "[providers.azure]\nbase_url = 'http://h'\nazure_endpoint = 'http://h'",
            "3:1: base_url and azure_endpoint in [providers.azure] exclude each other",
        ),
        (
            "[providers.mine]\ninterface = 'command'",
            "1:12: command lacking in [providers.mine]: the program and its arguments",
        ),
        (
            "[providers.openai]\nhttp_version = 3",
            "2:16: http_version in [providers.openai] must be \"1.1\" or \"2\", not 3",
        ),
    ];
    for (text, expected) in table {
        assert_eq!(told(text), [format!("FILE:{expected}")]);
    }
}

#[test]
fn an_interface_may_be_named_by_a_provider_that_speaks_it() {
    let text = "[providers.a]\ninterface = 'gemini'\nbase_url = 'http://h'\n[providers.b]\ninterface = 'groq'\n\
                base_url = 'http://h'\n[providers.c]\ninterface = 'google-vertex'";
    let rows =
        read_ok(read(text)).providers.into_iter().map(|(_, entry)| entry.interface.expect("a row").name.as_str());
    assert_eq!(rows.collect::<Vec<_>>(), ["google-gla", "groq", "google-vertex"]);
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.toml");
    std::fs::write(&path, "[providers.openai]\napi_key = 'k'").expect("written");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o644)).expect("open to others");
    let config = Config::load(Some(&path), &Environment::default()).expect("read");
    let place = path.display();
    assert_eq!(
        config.warnings,
        [format!("{place}:1:12: a key is written here and others can read the file: chmod 600 it")]
    );
}

#[test]
fn the_file_is_looked_for_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(&path, format!("theme = '{name}'")).expect("written");
        path
    };
    let (explicit, variable) = (write("explicit.toml"), write("variable.toml"));
    write("llmbench/config.toml");
    let home = folder.path().display().to_string();
    let platform = Environment::from([("XDG_CONFIG_HOME", home.as_str())]);
    let both =
        Environment::from([("XDG_CONFIG_HOME", home.as_str()), ("LLMBENCH_CONFIG", variable.to_str().expect("UTF-8"))]);
    let theme = |explicit, environment: &Environment| {
        Config::load(explicit, environment).expect("read").theme.map(|theme| theme.value)
    };
    assert_eq!(theme(Some(explicit.as_path()), &both).as_deref(), Some("explicit.toml"));
    assert_eq!(theme(None, &both).as_deref(), Some("variable.toml"));
    assert_eq!(theme(None, &platform).as_deref(), Some("llmbench/config.toml"));
    let empty = Environment::from([("XDG_CONFIG_HOME", "/nowhere/at/all")]);
    assert_eq!(Config::load(None, &empty), Ok(Config::default()));
}

#[test]
fn a_named_file_must_be_there_and_be_text() {
    let missing = Config::load(Some(std::path::Path::new("/nowhere/c.toml")), &Environment::default());
    let message = missing.expect_err("missing").message;
    assert!(message.starts_with("the configuration /nowhere/c.toml can't be read: No such file"), "{message}");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("c.toml");
    std::fs::write(&path, b"a = '\xff'").expect("written");
    let message = Config::load(Some(&path), &Environment::default()).expect_err("no text").message;
    assert!(message.ends_with("can't be read: byte 6 is not UTF-8"), "{message}");
}
