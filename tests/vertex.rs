//! Vertex AI over loopback: signing in with every kind of credentials, tokens that serve all lanes, addresses.
#![cfg(feature = "vertex")]

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use lanes::{ask, finish, start, text_of};
use llmbench::config::{Config, Environment};
use llmbench::model::{ErrorKind, ModelError, Outcome, Overrides, Registry};
use llmbench::run::LaneRecord;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};
use server::Server;
use tempfile::TempDir;

/// A key that was made for tests and opens nothing.
const THROWAWAY: &str = include_str!("data/google/throwaway_service_account.json");
const FLASH: &str = "google-vertex:gemini-2.5-flash";
const FLASH_PATH: &str =
    "/v1beta1/projects/test-project/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent";

/// A folder with credentials, and a provider that gives tokens and answers.
struct Google {
    folder: TempDir,
    server: Server,
}

impl Google {
    /// One that gives tokens `t1`, `t2`, … for an hour, and answers whoever shows one.
    fn usual() -> Self {
        Self::granting(|_| 3599, |_| server::json(200, &hello()))
    }

    /// Tokens that count for so many seconds, by their number from 1; answers by the request.
    fn granting(
        lifetime: impl Fn(usize) -> i64 + Send + Sync + 'static,
        answer: impl Fn(&str) -> String + Send + Sync + 'static,
    ) -> Self {
        let given = AtomicUsize::new(0);
        Self::answering(move |request| {
            if !path(request).ends_with("token") {
                return answer(request);
            }
            let number = given.fetch_add(1, Ordering::Relaxed) + 1;
            let token = format!("t{number}");
            let granted = json!({
                "access_token": token, "expires_in": lifetime(number), "token_type": "Bearer",
                "issued_token_type": "urn:ietf:params:oauth:token-type:access_token",
            });
            server::json(200, &granted.to_string())
        })
    }

    fn answering(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), server: Server::answering(answer) }
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes the throw-away account, with this server as its `token_uri`; its path.
    fn account(&self) -> String {
        let mut account: Value = serde_json::from_str(THROWAWAY).expect("JSON");
        account["token_uri"] = json!(format!("{}/token", self.server.url));
        self.file("account.json", &account.to_string())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// A registry with these keys of the provider and these variables.
    fn registry(&self, keys: &str, variables: &[(&str, &str)]) -> Registry {
        let url = &self.server.url;
        let toml = format!("[providers.google-vertex]\nbase_url = {url:?}\nretries = 0\n{keys}\n");
        let file = self.file("config.toml", &toml);
        let environment: Environment =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let config = Config::load(Some(Path::new(&file)), &environment).unwrap_or_else(|error| panic!("{error:?}"));
        Registry::new(config.into(), environment.into(), Overrides::default())
    }

    /// A registry with the throw-away account.
    fn with_account(&self) -> Registry {
        self.registry(&format!("service_account_file = {:?}", self.account()), &[])
    }

    /// The requests for a token, and all others.
    fn requests(&self) -> (Vec<String>, Vec<String>) {
        self.server.requests().into_iter().partition(|request| path(request).ends_with("token"))
    }

    /// What each request but those for a token showed to get in.
    fn shown(&self) -> Vec<String> {
        self.requests().1.iter().map(|request| header(request, "authorization").to_owned()).collect()
    }
}

fn hello() -> String {
    let content = json!({"role": "model", "parts": [{"text": "Hello"}]});
    json!({"candidates": [{"content": content, "finishReason": "STOP"}]}).to_string()
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).expect("a path")
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").expect("a body").1
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let pairs = request.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
}

/// A form's fields.
fn form(request: &str) -> Vec<(String, String)> {
    let url = reqwest::Url::parse(&format!("http://h/?{}", body(request))).expect("a form");
    url.query_pairs().into_owned().collect()
}

async fn asked(registry: &Registry, model: &str) -> LaneRecord {
    ask(registry.model(model).expect("a model"), false).await
}

#[track_caller]
fn failure(lane: &LaneRecord) -> &ModelError {
    lane.error.as_ref().unwrap_or_else(|| panic!("no failure: {lane:?}"))
}

#[track_caller]
fn assert_hello(lane: &LaneRecord) {
    assert_eq!((lane.outcome(), text_of(lane)), (Outcome::Completed, "Hello".to_owned()), "{:?}", lane.error);
}

/// The claims of an assertion whose signature the throw-away key made.
fn verified(assertion: &str) -> (Value, Value) {
    let account: Value = serde_json::from_str(THROWAWAY).expect("JSON");
    let pem = account["public_key_for_checking"].as_str().expect("a key");
    let der: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(der).expect("base64");
    // Behind the 24 bytes that say "RSA, 2048 bits" stands the key itself.
    let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &der[24..]);
    let (signed, signature) = assertion.rsplit_once('.').expect("a signature");
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).expect("base64");
    key.verify(signed.as_bytes(), &decoded(signature)).expect("the account's signature");
    let (header, claims) = signed.split_once('.').expect("two parts");
    let json = |text| serde_json::from_slice(&decoded(text)).expect("JSON");
    (json(header), json(claims))
}

#[tokio::test]
async fn a_service_accounts_assertion_is_exchanged_for_the_token_that_is_shown() {
    let google = Google::usual();
    let before = Timestamp::now().as_second();
    assert_hello(&asked(&google.with_account(), FLASH).await);
    let (tokens, requests) = google.requests();

    let [exchange] = &tokens[..] else { panic!("one exchange: {tokens:?}") };
    assert!(exchange.starts_with("POST /token "), "{exchange}");
    assert_eq!(header(exchange, "content-type"), "application/x-www-form-urlencoded");
    let [grant_type, assertion] = &form(exchange)[..] else { panic!("two fields: {exchange}") };
    assert_eq!(grant_type.1, "urn:ietf:params:oauth:grant-type:jwt-bearer");
    assert_eq!(assertion.0, "assertion");
    let (head, claims) = verified(&assertion.1);
    assert_eq!(head, json!({"typ": "JWT", "alg": "RS256", "kid": "throwaway0000"}));
    let issued = claims["iat"].as_i64().expect("a time");
    assert!((before..=Timestamp::now().as_second()).contains(&issued), "{issued}");
    let expected = json!({
        "iss": "throwaway@test-project.iam.gserviceaccount.com",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "aud": "https://oauth2.googleapis.com/token",
        "iat": issued,
        "exp": issued + 3600,
    });
    assert_eq!(claims, expected);

    let [request] = &requests[..] else { panic!("one request: {requests:?}") };
    assert_eq!((path(request), header(request, "authorization")), (FLASH_PATH, "Bearer t1"));
}

#[tokio::test]
async fn an_account_may_stand_in_the_configuration_as_a_table_or_as_text() {
    let google = Google::usual();
    let account = std::fs::read_to_string(google.account()).expect("an account");
    let table: toml::Table = serde_json::from_str(&account).expect("a table");
    let table = format!("[providers.google-vertex.service_account_info]\n{table}");
    for keys in [format!("service_account_info = '''{account}'''"), table] {
        assert_hello(&asked(&google.registry(&keys, &[]), FLASH).await);
    }
}

#[tokio::test]
async fn an_accounts_file_is_looked_for_beside_the_configuration() {
    let google = Google::usual();
    google.account();
    assert_hello(&asked(&google.registry("service_account_file = 'account.json'", &[]), FLASH).await);
    let lane = asked(&google.registry("service_account_file = 'missing.json'", &[]), FLASH).await;
    let sentence =
        format!("service_account_file names {}, which can't be read: ", google.folder().join("missing.json").display());
    assert!(failure(&lane).message.starts_with(&sentence), "{}", failure(&lane));
}

#[tokio::test]
async fn lanes_share_one_exchange_and_nothing_is_exchanged_before() {
    let google = Google::usual();
    let registry = google.with_account();
    let models = [FLASH, "google-vertex:gemini-2.5-pro", FLASH].map(|model| registry.model(model).expect("a model"));
    assert_eq!(google.requests(), (vec![], vec![]));
    for lane in &finish(&mut start(&models, false)).await {
        assert_hello(lane);
    }
    assert_hello(&asked(&registry, FLASH).await);
    assert_eq!(google.shown(), ["Bearer t1"; 4]);
    assert_eq!(google.requests().0.len(), 1);
}

#[tokio::test]
async fn a_token_that_has_expired_is_exchanged_again() {
    let google = Google::granting(|number| if number == 1 { 0 } else { 3600 }, |_| server::json(200, &hello()));
    let registry = google.with_account();
    assert_hello(&asked(&registry, FLASH).await);
    assert_hello(&asked(&registry, FLASH).await);
    assert_eq!(google.shown(), ["Bearer t2"; 2]);
    assert_eq!(google.requests().0.len(), 2);
}

#[tokio::test]
async fn a_token_that_was_refused_is_exchanged_again() {
    let refusal = json!({"error": {"code": 401, "message": "t1 has expired", "status": "UNAUTHENTICATED"}}).to_string();
    let google = Google::granting(
        |_| 3600,
        move |request| match header(request, "authorization") {
            "Bearer t1" => server::json(401, &refusal),
            _ => server::json(200, &hello()),
        },
    );
    let registry = google.with_account();
    let lane = asked(&registry, FLASH).await;
    let error = failure(&lane);
    assert_eq!((error.kind, error.status), (ErrorKind::Http, Some(401)));
    let account = google.folder().join("account.json");
    let hint = format!("signed in with service account {}; may they use this model?", account.display());
    assert_eq!(error.hint.as_deref(), Some(&hint[..]));
    assert_hello(&asked(&registry, FLASH).await);
    assert_eq!(google.shown(), ["Bearer t1", "Bearer t2"]);
}

#[tokio::test]
async fn the_token_endpoints_own_words_are_told_once_for_all_lanes() {
    let words = r#"{"error": "invalid_grant", "error_description": "Invalid JWT Signature."}"#;
    let google = Google::answering(move |_| server::json(400, words));
    let registry = google.with_account();
    let models = [FLASH, FLASH].map(|model| registry.model(model).expect("a model"));
    for lane in &finish(&mut start(&models, false)).await {
        let error = failure(lane);
        let (url, account) = (&google.server.url, google.folder().join("account.json"));
        let expected = format!(
            "{url}/token gave no token for the service account in {}: invalid_grant: Invalid JWT Signature. (400 Bad \
             Request)",
            account.display()
        );
        assert_eq!((error.kind, error.status, &error.message), (ErrorKind::Auth, None, &expected));
        assert!(error.hint.as_deref().is_some_and(|hint| hint.contains("gcloud auth application-default login")));
    }
    assert_eq!(google.server.requests().len(), 1);
}

#[tokio::test]
async fn a_token_endpoint_in_trouble_is_told_as_such() {
    for (answer, kind, status) in [
        (server::json(503, "busy"), ErrorKind::Http, Some(503)),
        (server::json(200, "<html>"), ErrorKind::Auth, None),
        (String::new(), ErrorKind::Connect, None),
    ] {
        let google = Google::answering(move |_| answer.clone());
        let lane = asked(&google.with_account(), FLASH).await;
        let error = failure(&lane);
        assert_eq!((error.kind, error.status), (kind, status), "{}", error.message);
        assert!(error.message.contains(&format!("{}/token", google.server.url)), "{}", error.message);
    }
}

#[tokio::test]
async fn a_user_signs_in_with_gclouds_own_file() {
    let google = Google::usual();
    let user = json!({
        "type": "authorized_user", "client_id": "id", "client_secret": "se+cret", "refresh_token": "1//re fresh",
        "quota_project_id": "billed", "token_uri": format!("{}/token", google.server.url),
    });
    google.file("gcloud/application_default_credentials.json", &user.to_string());
    google.file("gcloud/configurations/config_default", "[core]\nproject = test-project\n");
    let gcloud = google.folder().join("gcloud").display().to_string();
    assert_hello(&asked(&google.registry("", &[("CLOUDSDK_CONFIG", &gcloud)]), FLASH).await);
    let (tokens, requests) = google.requests();
    let expected = [
        ("grant_type", "refresh_token"),
        ("client_id", "id"),
        ("client_secret", "se+cret"),
        ("refresh_token", "1//re fresh"),
    ];
    assert_eq!(form(&tokens[0]), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let headers = ["authorization", "x-goog-user-project"].map(|name| header(&requests[0], name));
    assert_eq!((path(&requests[0]), headers), (FLASH_PATH, ["Bearer t1", "billed"]));
}

#[tokio::test]
async fn googles_machines_have_a_metadata_server() {
    let google = Google::granting(
        |_| 3600,
        |request| match path(request) {
            "/computeMetadata/v1/project/project-id" => {
                "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\ntest-project\n".to_owned()
            }
            _ => server::json(200, &hello()),
        },
    );
    let host = google.server.url.strip_prefix("http://").expect("an address").to_owned();
    assert_hello(&asked(&google.registry("", &[("GCE_METADATA_HOST", &host)]), FLASH).await);
    let (tokens, requests) = google.requests();
    assert_eq!(path(&tokens[0]), "/computeMetadata/v1/instance/service-accounts/default/token");
    assert_eq!([&tokens[0], &requests[0]].map(|request| header(request, "metadata-flavor")), ["Google"; 2]);
    assert_eq!((path(&requests[1]), header(&requests[1], "authorization")), (FLASH_PATH, "Bearer t1"));
}

#[tokio::test]
async fn a_metadata_server_without_a_token_is_told() {
    let (theirs, ours) =
        ("HTTP/1.1 404 X\r\nconnection: close\r\n\r\n", "HTTP/1.1 404 X\r\nmetadata-flavor: Google\r\n");
    for (answer, kind, sentence) in [
        (theirs.to_owned(), ErrorKind::Connect, "what answers at {} is no metadata server of Google's"),
        (
            format!("{ours}connection: close\r\n\r\n"),
            ErrorKind::Auth,
            "Google's metadata server ({}) gave no token (404 Not Found)",
        ),
    ] {
        let google = Google::answering(move |_| answer.clone());
        let host = google.server.url.strip_prefix("http://").expect("an address").to_owned();
        let lane = asked(&google.registry("", &[("GCE_METADATA_HOST", &host)]), FLASH).await;
        let error = failure(&lane);
        assert_eq!((error.kind, &error.message), (kind, &sentence.replace("{}", &host)));
    }
}

#[tokio::test]
async fn an_identity_of_another_cloud_is_exchanged_by_googles_own_crate() {
    let google = Google::usual();
    let subject = google.file("subject", "their-token");
    let external = json!({
        "type": "external_account", "audience": "//iam.googleapis.com/pool",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "token_url": format!("{}/token", google.server.url), "credential_source": {"file": subject},
    });
    let file = google.file("external.json", &external.to_string());
    let variables = [("GOOGLE_APPLICATION_CREDENTIALS", &file[..]), ("GOOGLE_CLOUD_PROJECT", "test-project")];
    assert_hello(&asked(&google.registry("", &variables), FLASH).await);
    assert!(body(&google.requests().0[0]).contains("subject_token=their-token"));
    assert_eq!(google.shown(), ["Bearer t1"]);
}

#[tokio::test]
async fn a_project_of_another_account_is_refused_before_anything_is_sent() {
    let google = Google::usual();
    let keys = format!("service_account_file = {:?}\nproject_id = \"other\"", google.account());
    let lane = asked(&google.registry(&keys, &[]), FLASH).await;
    let error = failure(&lane);
    let expected = format!(
        "project_id in [providers.google-vertex] is \"other\", but the service account in {} is of \"test-project\"",
        google.folder().join("account.json").display()
    );
    assert_eq!((error.kind, &error.message), (ErrorKind::Config, &expected));
    assert_eq!(google.server.requests(), Vec::<String>::new());
}

/// The path that is asked with these keys, these variables and this model.
async fn asked_path(keys: &str, variables: &[(&str, &str)], model: &str) -> String {
    let google = Google::usual();
    let account = google.account();
    let variables = [variables, &[("GOOGLE_APPLICATION_CREDENTIALS", &account)]].concat();
    assert_hello(&asked(&google.registry(keys, &variables), &format!("google-vertex:{model}")).await);
    path(&google.requests().1[0]).to_owned()
}

#[tokio::test]
async fn project_region_and_model_make_the_path() {
    let usual = "/v1beta1/projects/test-project/locations/us-central1";
    let flash = "publishers/google/models/gemini-2.5-flash:generateContent";
    let table = [
        ("", &[][..], "gemini-2.5-flash", format!("{usual}/{flash}")),
        (
            "",
            &[("GOOGLE_CLOUD_PROJECT", "p"), ("GOOGLE_CLOUD_LOCATION", "global")],
            "gemini-2.5-flash",
            format!("/v1beta1/projects/p/locations/global/{flash}"),
        ),
        (
            "region = \"eu\"\nproject_id = \"test-project\"",
            &[("GOOGLE_CLOUD_PROJECT", "p"), ("GOOGLE_CLOUD_LOCATION", "us")],
            "gemini-2.5-flash",
            format!("/v1beta1/projects/test-project/locations/eu/{flash}"),
        ),
        ("", &[], "meta/llama-3.3", format!("{usual}/publishers/meta/models/llama-3.3:generateContent")),
        ("", &[], "publishers/google/models/m", format!("{usual}/publishers/google/models/m:generateContent")),
        (
            "",
            &[],
            "projects/p/locations/l/endpoints/1",
            "/v1beta1/projects/p/locations/l/endpoints/1:generateContent".to_owned(),
        ),
    ];
    for (keys, variables, model, expected) in table {
        assert_eq!(asked_path(keys, variables, model).await, expected);
    }
}

#[tokio::test]
async fn a_key_of_express_mode_needs_no_project() {
    let google = Google::usual();
    assert_hello(&asked(&google.registry("api_key = \"express\"", &[]), FLASH).await);
    let (tokens, requests) = google.requests();
    assert_eq!(tokens, Vec::<String>::new());
    assert_eq!(path(&requests[0]), "/v1beta1/publishers/google/models/gemini-2.5-flash:generateContent");
    assert_eq!(["x-goog-api-key", "authorization"].map(|name| header(&requests[0], name)), ["express", ""]);
}

#[test]
fn every_region_has_its_host() {
    let table = [
        (None, "https://us-central1-aiplatform.googleapis.com"),
        (Some("europe-west4"), "https://europe-west4-aiplatform.googleapis.com"),
        (Some("global"), "https://aiplatform.googleapis.com"),
        (Some("us"), "https://aiplatform.us.rep.googleapis.com"),
        (Some("eu"), "https://aiplatform.eu.rep.googleapis.com"),
    ];
    for (region, url) in table {
        let region = region.map(|region| ("GOOGLE_CLOUD_LOCATION".to_owned(), region.to_owned()));
        let provider = Config::default().provider("google-vertex", &region.into_iter().collect()).expect("a provider");
        assert_eq!(provider.base_url.expose(), url);
    }
}
