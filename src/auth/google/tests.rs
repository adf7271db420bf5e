//! The assertion of a service account, what is wrong with credentials, and how long a token counts.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::account::Account;
use super::credentials::Credentials;
use super::exchange::{Token, granted};
use super::{Defaults, ServiceAccount, Settings, ToldProject};
use crate::auth::Secret;
use crate::wire::ErrorKind;

/// A key that was made for tests and opens nothing.
const THROWAWAY: &str = include_str!("../../../tests/data/google/throwaway_service_account.json");

/// What google-auth for Python signs with that key at 1440938160. RS256 gives the same bytes every time.
const SIGNED: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiIsImtpZCI6InRocm93YXdheTAwMDAifQ.\
    eyJpc3MiOiJ0aHJvd2F3YXlAdGVzdC1wcm9qZWN0LmlhbS5nc2VydmljZWFjY291bnQuY29tIiwic2NvcGUiOiJodHRwczovL3d3dy5nb29nbGVh\
    cGlzLmNvbS9hdXRoL2Nsb3VkLXBsYXRmb3JtIiwiYXVkIjoiaHR0cHM6Ly9vYXV0aDIuZ29vZ2xlYXBpcy5jb20vdG9rZW4iLCJpYXQiOjE0NDA5\
    MzgxNjAsImV4cCI6MTQ0MDk0MTc2MH0.\
    PthlbRVLFay3tw5rDgl6_MFFAP2HGFsDSjqBKKahxLxHKxO_U9ZCOirjEC_URoGnltiny0RC1u_6j6vlD0oQdU6UvShIbelbzG9oeWUiWzW19l2K\
    g4oPhhwLkmxF7iA6UE30u5J52l3D9fStHEP1WaVoGesrCF743H2ubgZlitrjZo83PDJj9ksY92Qnr57ldDdqnXH95GIWHEsfSGXUaNP03Fbbk9EI\
    Vdz2j2Pi7OO7Q-UNcak5MlyFkpMLdId3FnAQYX4QnxHfxTIl_VotR3HxcGfEs7-eWds8g5pLK8IbvhwHpyrgTGpd3GrsQ8lPbHMNWHZxi8bRABCm\
    3pOQ2g";

fn throwaway() -> Value {
    serde_json::from_str(THROWAWAY).expect("JSON")
}

/// The account without, or with another value of, a field.
fn altered(name: &str, value: Value) -> Value {
    let mut account = throwaway();
    account[name] = value;
    account
}

fn written(info: &Value) -> Settings {
    let service_account = Some(ServiceAccount::Info(Secret::new(&info.to_string())));
    Settings { provider: "google-vertex".to_owned(), service_account, ..Settings::default() }
}

/// Default credentials in a file.
fn defaults(text: &str) -> (tempfile::NamedTempFile, Settings) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), text).expect("written");
    let defaults = Defaults { file: Some(file.path().to_owned()), ..Defaults::default() };
    (file, Settings { defaults, ..Settings::default() })
}

fn problem(settings: &Settings) -> String {
    match Credentials::find(settings) {
        Ok(_) => panic!("credentials were found"),
        Err(error) => error.message,
    }
}

#[test]
fn an_assertion_is_the_one_that_googles_own_library_signs() {
    let account = Account::read(&throwaway(), "here").expect("an account");
    assert_eq!(account.assertion(1_440_938_160).as_deref(), Some(SIGNED));
    let form = account.form(1_440_938_160, "here").expect("a form");
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.expose())).collect();
    assert_eq!(form, [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", SIGNED)]);
}

#[test]
fn a_service_account_that_cannot_be_used_is_told() {
    let place = "service_account_info in [providers.google-vertex]";
    let table = [
        (altered("client_email", Value::Null), "they lack the field \"client_email\""),
        (altered("private_key", json!(" ")), "they lack the field \"private_key\""),
        (altered("private_key", json!("abc")), "its private_key is no RSA key in PEM"),
        (
            altered("type", json!("authorized_user")),
            "they are of the type \"authorized_user\", not a service account's",
        ),
    ];
    for (account, why) in table {
        assert_eq!(problem(&written(&account)), format!("the Google credentials in {place} can't be used: {why}"));
    }
}

#[test]
fn default_credentials_that_cannot_be_used_are_told() {
    let types = "service_account, authorized_user, external_account, impersonated_service_account";
    let table = [
        ("{", "they are no JSON object".to_owned()),
        ("[]", "they are no JSON object".to_owned()),
        ("{}", "they lack the field \"type\"".to_owned()),
        (r#"{"type": "other"}"#, format!("their type \"other\" is none of {types}")),
        (r#"{"type": "authorized_user", "client_id": "a"}"#, "they lack the field \"client_secret\"".to_owned()),
    ];
    for (text, why) in table {
        let (file, settings) = defaults(text);
        let place = file.path().display();
        assert_eq!(problem(&settings), format!("the Google credentials in {place} can't be used: {why}"));
    }
    let (file, settings) = defaults(r#"{"type": "external_account"}"#);
    let sentence = problem(&settings);
    assert!(sentence.starts_with(&format!("the Google credentials in {}", file.path().display())), "{sentence}");
    drop(file);
    let sentence = problem(&settings);
    assert!(sentence.starts_with("GOOGLE_APPLICATION_CREDENTIALS names "), "{sentence}");
    assert!(sentence.contains("which can't be read"), "{sentence}");
}

#[test]
fn without_any_credentials_the_way_to_get_some_is_told() {
    let defaults = Defaults { no_metadata: true, ..Defaults::default() };
    let settings = Settings { provider: "lab".to_owned(), defaults, ..Settings::default() };
    let Err(error) = Credentials::find(&settings) else { panic!("credentials were found") };
    assert_eq!(error.message, "no Google credentials for lab");
    assert_eq!(
        error.hint.as_deref(),
        Some(
            "run `gcloud auth application-default login`, or set GOOGLE_APPLICATION_CREDENTIALS, or \
             service_account_file in [providers.lab]"
        )
    );
}

#[test]
fn a_project_that_the_configuration_names_must_be_the_accounts() {
    let told = |id: &str, must_match| {
        let place = if must_match { "project_id in [providers.google-vertex]" } else { "GOOGLE_CLOUD_PROJECT" };
        Some(ToldProject { id: id.to_owned(), place: place.to_owned(), must_match })
    };
    let checked = |project| {
        let settings = Settings { project, ..written(&throwaway()) };
        Credentials::find(&settings).expect("credentials").check_project(&settings)
    };
    for project in [None, told("test-project", true), told("test-project", false), told("other", false)] {
        assert_eq!(checked(project), Ok(()));
    }
    let error = checked(told("other", true)).expect_err("a conflict");
    assert_eq!(
        (error.kind, &error.message[..]),
        (
            ErrorKind::Config,
            "project_id in [providers.google-vertex] is \"other\", but the service account in service_account_info in \
             [providers.google-vertex] is of \"test-project\""
        )
    );
}

#[tokio::test(start_paused = true)]
async fn a_token_is_exchanged_anew_before_it_expires() {
    // Lifetime in seconds, and for how many milliseconds of it the token is shown.
    for (lifetime, shown) in [(3600, 3_300_000), (600, 300_000), (120, 60_000), (1, 500)] {
        let token = Token::lasting(Secret::new("t"), Duration::from_secs(lifetime));
        let after = |ms| Instant::now() + Duration::from_millis(ms);
        assert_eq!([after(shown - 1), after(shown)].map(|at| token.is_fresh(at)), [true, false], "{lifetime}");
    }
    assert!(!Token::lasting(Secret::new("t"), Duration::ZERO).is_fresh(Instant::now()));
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_a_token_is_read_in_every_form() {
    let fresh_for = |text: &str| {
        let token = granted(text)?;
        let hours = [1, 100_000].map(|seconds| token.is_fresh(Instant::now() + Duration::from_secs(seconds)));
        Some((token.secret.expose().to_owned(), hours))
    };
    let good = Some(("t".to_owned(), [true, false]));
    assert_eq!(fresh_for(r#"{"access_token": "t", "expires_in": 3599, "token_type": "Bearer"}"#), good);
    assert_eq!(fresh_for(r#"{"access_token": "t", "expires_in": "3599"}"#), good);
    assert_eq!(fresh_for(r#"{"access_token": "t"}"#), good);
    assert_eq!(fresh_for(r#"{"access_token": "t", "expires_in": 1e300}"#), Some(("t".to_owned(), [false, false])));
    for nothing in ["", "null", "{}", r#"{"access_token": ""}"#, r#"{"access_token": 1}"#, "<html>"] {
        assert_eq!(fresh_for(nothing), None, "{nothing}");
    }
}
