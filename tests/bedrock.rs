//! Amazon Bedrock over loopback: signatures that are checked as AWS checks them, credentials from everywhere.
//!
//! AWS's own crate reads the process's environment, so each lookup is that of a program with an environment of its own.
#![cfg(feature = "bedrock")]

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use program::{Done, Home, run_with};
use serde_json::{Value, json};
use server::Server;

const NOVA: &str = "bedrock:us.amazon.nova-lite-v1:0";
const ARN: &str = "bedrock:arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-lite-v1:0";
/// The made-up keys of AWS's own documentation.
const ID: &str = "AKIDEXAMPLE";
const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==";
const KEYS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", ID), ("AWS_SECRET_ACCESS_KEY", SECRET)];
const STREAM: &[u8] = include_bytes!("data/wire/bedrock-thinking-tools.eventstream");

/// A home, and a provider on loopback.
struct Aws {
    home: Home,
    server: Server,
}

impl Aws {
    /// A provider that answers everybody.
    fn usual() -> Self {
        Self::answering("", |_| hello())
    }

    /// One with these keys of its configuration, where `{url}` stands for its address.
    fn configured(keys: &str) -> Self {
        Self::answering(keys, |_| hello())
    }

    fn answering<A: Into<Vec<u8>>>(keys: &str, answer: impl Fn(&str) -> A + Send + Sync + 'static) -> Self {
        let server = Server::answering(answer);
        let base_url = if keys.contains("base_url") { "" } else { "base_url = \"{url}\"\n" };
        let toml = format!("[providers.bedrock]\nretries = 0\n{base_url}{keys}\n").replace("{url}", &server.url);
        Self { home: Home::with_config(&toml), server }
    }

    /// Writes a file into the home; its path.
    fn file(&self, name: &str, text: &str) -> String {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, text.replace("{url}", &self.server.url)).expect("written");
        path.display().to_string()
    }

    /// What is there of a file.
    fn lines(&self, name: &str) -> usize {
        std::fs::read_to_string(self.home.path().join(name)).unwrap_or_default().lines().count()
    }

    /// A program that gives out credentials, and writes a line each time.
    fn credential_process(&self) -> String {
        let given = json!({"Version": 1, "AccessKeyId": ID, "SecretAccessKey": SECRET, "SessionToken": TOKEN});
        let counter = self.home.path().join("asked").display().to_string();
        format!("sh {}", self.file("give.sh", &format!("echo asked >> '{counter}'\necho '{given}'\n")))
    }

    /// Asks models, in a region unless the variables name another, and never the machine that the test runs on.
    fn ask(&self, models: &[&str], variables: &[(&str, &str)]) -> Done {
        let usual = [("AWS_EC2_METADATA_DISABLED", "true")];
        let models = models.iter().flat_map(|model| ["-m", model]);
        let arguments: Vec<&str> =
            ["run", "--format", "json", "--no-stream"].into_iter().chain(models).chain(["Hi"]).collect();
        let variables: Vec<_> = usual.into_iter().chain(variables.iter().copied()).collect();
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| (*name, value.replace("{url}", &self.server.url))).collect();
        let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, &value[..])).collect();
        run_with(&self.home, &arguments, "", &variables)
    }

    /// Asks, and is answered.
    #[track_caller]
    fn hello(&self, models: &[&str], variables: &[(&str, &str)]) {
        let done = self.ask(models, variables);
        let texts: Vec<_> = runs(&done).iter().map(|run| run["response"]["parts"][0]["content"].clone()).collect();
        assert_eq!(texts, vec![json!("Hello"); models.len()], "{done:?}");
    }

    /// Asks, and fails: the error.
    #[track_caller]
    fn failure(&self, model: &str, variables: &[(&str, &str)]) -> Value {
        let done = self.ask(&[model], variables);
        let error = runs(&done)[0]["error"].clone();
        assert!(error.is_object(), "{done:?}");
        error
    }

    /// What was asked of models, without what was asked for credentials.
    fn requests(&self) -> Vec<String> {
        self.server.requests().into_iter().filter(|request| path(request).contains("/model/")).collect()
    }
}

#[track_caller]
fn runs(done: &Done) -> Vec<Value> {
    let document: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}: {done:?}"));
    document["runs"].as_array().cloned().expect("runs")
}

fn hello() -> String {
    let message = json!({"role": "assistant", "content": [{"text": "Hello"}]});
    let usage = json!({"inputTokens": 1, "outputTokens": 1, "totalTokens": 2});
    server::json(200, &json!({"output": {"message": message}, "stopReason": "end_turn", "usage": usage}).to_string())
}

/// A refusal with AWS's name for it.
fn refusal(status: u16, name: &str, sentence: &str) -> String {
    let answer = server::json(status, &json!({"message": sentence}).to_string());
    answer.replacen("\r\n", &format!("\r\nx-amzn-errortype: {name}:http://internal.amazon.com/coral/\r\n"), 1)
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).expect("a path")
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let pairs = request.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
}

/// Credentials as AWS's services give them out.
fn given(expiration: &str) -> String {
    let given = json!({
        "Code": "Success", "AccessKeyId": ID, "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": expiration,
    });
    server::json(200, &given.to_string())
}

/// The Authorization header that botocore makes for each of these requests; `None`, and a word about it, when it isn't
/// there.
fn botocore(requests: &[String], secret: &str) -> Option<Vec<String>> {
    let Some(python) = std::env::var_os("LLMBENCH_TEST_PYTHON") else {
        println!("skipped: LLMBENCH_TEST_PYTHON names no Python with botocore");
        return None;
    };
    let one = |request: &String| {
        let (head, body) = request.split_once("\r\n\r\n").expect("a body");
        let signed = header(head, "authorization").split("SignedHeaders=").nth(1)?.split(',').next()?;
        let names = signed.split(';').chain(["authorization"]);
        let headers: serde_json::Map<_, _> =
            names.map(|name| (name.to_owned(), Value::from(header(head, name)))).collect();
        let url = format!("http://{}{}", header(head, "host"), path(head));
        Some(json!({"method": head.split(' ').next(), "url": url, "headers": headers, "body": body}))
    };
    let asked: Vec<Value> = requests.iter().map(|request| one(request).expect("a signed request")).collect();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/aws/botocore_signatures.py");
    let mut child =
        Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python");
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(json!({"secret": secret, "requests": asked}).to_string().as_bytes()).expect("asked");
    drop(input);
    let output = child.wait_with_output().expect("an answer");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

/// Every request is signed as botocore signs it.
#[track_caller]
fn assert_signed(requests: &[String]) {
    assert!(!requests.is_empty());
    if let Some(wanted) = botocore(requests, SECRET) {
        let shown: Vec<_> = requests.iter().map(|request| header(request, "authorization")).collect();
        assert_eq!(shown, wanted);
    }
}

#[test]
fn requests_are_signed_as_botocore_signs_them() {
    let aws = Aws::usual();
    let in_region = |region| [&KEYS[..], &[("AWS_REGION", region)]].concat();
    aws.hello(&[NOVA, ARN], &in_region("us-east-1"));
    aws.hello(&[NOVA], &[&in_region("eu-west-1")[..], &[("AWS_SESSION_TOKEN", TOKEN)]].concat());
    let requests = aws.requests();
    assert_signed(&requests);
    let mut paths: Vec<_> = requests.iter().map(|request| path(request)).collect();
    paths.sort_unstable();
    let nova = "/model/us.amazon.nova-lite-v1%3A0/converse";
    let arn = "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A123456789012%3Ainference-profile\
        %2Feu.amazon.nova-lite-v1%3A0/converse";
    assert_eq!(paths, [arn, nova, nova]);
    let last = &requests[2];
    assert_eq!(header(last, "x-amz-security-token"), TOKEN);
    assert!(header(last, "authorization").contains("/eu-west-1/bedrock/aws4_request"), "{last}");
    assert!(header(last, "authorization").contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token"));
}

#[test]
fn a_stream_is_read_frame_by_frame() {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.amazon.eventstream\r\nx-amzn-requestid: r-1\r\n\
        connection: close\r\n\r\n";
    let aws = Aws::answering("", move |_| [head.as_bytes(), STREAM].concat());
    let variables = [&KEYS[..], &[("AWS_REGION", "us-east-1")]].concat();
    let done = run_with(&aws.home, &["run", "--format", "json", "-m", NOVA, "Hi"], "", &variables);
    let response = &runs(&done)[0]["response"];
    let told = ["model_name", "provider_response_id", "finish_reason"].map(|name| &response[name]);
    assert_eq!(told, ["us.amazon.nova-lite-v1:0", "r-1", "tool_call"], "{done:?}");
    assert_eq!(response["parts"][1]["content"], "Let me look. 👋");
    assert_eq!(path(&aws.requests()[0]), "/model/us.amazon.nova-lite-v1%3A0/converse-stream");
    assert_signed(&aws.requests());
}

/// What AWS says to a request: it signs it again with the secret that it knows.
fn checked(request: &str) -> String {
    let request = [request.to_owned()];
    match botocore(&request, SECRET) {
        Some(wanted) if wanted[0] == header(&request[0], "authorization") => hello(),
        _ => refusal(403, "InvalidSignatureException", "The signature we calculated does not match."),
    }
}

#[test]
fn a_wrong_key_is_refused_and_told() {
    let with_secret = |secret: &str| {
        let keys = format!("aws_access_key_id = \"{ID}\"\naws_secret_access_key = \"{secret}\"");
        Aws::answering(&keys, checked)
    };
    let region = [("AWS_REGION", "us-east-1")];
    let error = with_secret("wrong").failure(NOVA, &region);
    let expected = json!({
        "kind": "http", "status": 403,
        "message": "status_code: 403, model_name: us.amazon.nova-lite-v1:0, The signature we calculated does not match. \
            (InvalidSignatureException)",
        "hint": "signed in with aws_access_key_id in [providers.bedrock]; are they right and still valid, and is this \
            machine's clock right?",
        "body": {"message": "The signature we calculated does not match."}, "retry_after_s": null,
    });
    assert_eq!(error, expected);
    if std::env::var_os("LLMBENCH_TEST_PYTHON").is_some() {
        with_secret(SECRET).hello(&[NOVA], &region);
    }
}

#[test]
fn a_model_that_may_not_be_used_is_told() {
    let aws = Aws::answering("", |_| refusal(403, "AccessDeniedException", "You don't have access."));
    let error = aws.failure(NOVA, &[&KEYS[..], &[("AWS_REGION", "us-east-1")]].concat());
    assert_eq!(error["hint"], "signed in with AWS_ACCESS_KEY_ID; may they use this model?");
}

#[test]
fn what_was_shown_is_not_told() {
    let aws = Aws::answering("", |request| {
        let shown = ["authorization", "x-amz-security-token", "x-amz-date"].map(|name| header(request, name));
        refusal(403, "InvalidSignatureException", &format!("Shown were {}", shown.join(", ")))
    });
    let variables = [&KEYS[..], &[("AWS_REGION", "us-east-1"), ("AWS_SESSION_TOKEN", TOKEN)]].concat();
    let error = aws.failure(NOVA, &variables);
    let date = header(&aws.requests()[0], "x-amz-date").to_owned();
    assert_eq!(error["body"]["message"], format!("Shown were •••, •••, {date}"));
    assert!(!error.to_string().contains(TOKEN) && !error.to_string().contains(SECRET), "{error}");
}

#[test]
fn credentials_in_the_configuration_come_first() {
    let keys = format!(
        "region = \"us-west-2\"\naws_access_key_id = \"{ID}\"\naws_secret_access_key = \"{SECRET}\"\n\
         aws_session_token = \"{TOKEN}\""
    );
    let aws = Aws::configured(&keys);
    let others = [
        ("AWS_ACCESS_KEY_ID", "OTHER"),
        ("AWS_SECRET_ACCESS_KEY", "other"),
        ("AWS_BEARER_TOKEN_BEDROCK", "other"),
        ("AWS_REGION", "us-east-1"),
    ];
    aws.hello(&[NOVA], &others);
    assert_signed(&aws.requests());
    let request = &aws.requests()[0];
    assert!(header(request, "authorization").contains(&format!("Credential={ID}/")), "{request}");
    assert!(header(request, "authorization").contains("/us-west-2/"), "{request}");
}

#[test]
fn a_bearer_key_needs_no_credentials() {
    for (keys, variables) in [
        ("", &[("AWS_BEARER_TOKEN_BEDROCK", "bearer-1"), ("AWS_REGION", "us-east-1"), KEYS[0], KEYS[1]][..]),
        ("api_key = \"bearer-1\"", &[("AWS_BEARER_TOKEN_BEDROCK", "other")]),
    ] {
        let aws = Aws::configured(keys);
        aws.hello(&[NOVA], variables);
        let request = &aws.requests()[0];
        let shown = ["authorization", "x-amz-date", "x-amz-security-token"].map(|name| header(request, name));
        assert_eq!(shown, ["Bearer bearer-1", "", ""]);
    }
    // Only the region is looked for, where the address wants one.
    let aws = Aws::configured("api_key = \"bearer-1\"\nbase_url = \"{url}/{region}\"");
    aws.file(".aws/config", "[default]\nregion = eu-central-1\ncredential_process = false\n");
    aws.hello(&[NOVA], &[]);
    assert_eq!(path(&aws.requests()[0]), "/eu-central-1/model/us.amazon.nova-lite-v1%3A0/converse");
}

#[test]
fn an_endpoint_of_the_environment_is_asked() {
    let aws = Aws::usual();
    aws.file("config/llmbench/config.toml", "");
    let variables =
        [&KEYS[..], &[("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "{url}/vpce")]].concat();
    aws.hello(&[NOVA], &variables);
    assert_eq!(path(&aws.requests()[0]), "/vpce/model/us.amazon.nova-lite-v1%3A0/converse");
    assert_signed(&aws.requests());
}

#[test]
fn two_lanes_share_one_lookup_and_nothing_is_looked_up_before() {
    let aws = Aws::configured("profile = \"lab\"");
    let config = format!("[profile lab]\nregion = eu-west-1\ncredential_process = {}\n", aws.credential_process());
    aws.file(".aws/config", &config);
    let doctor = run_with(&aws.home, &["doctor"], "", &[]);
    assert!(doctor.stdout.contains("signs in with AWS profile \"lab\""), "{doctor:?}");
    assert_eq!(aws.lines("asked"), 0);
    // The keys of the environment are not those of the profile.
    aws.hello(&[NOVA, ARN], &[("AWS_ACCESS_KEY_ID", "OTHER"), ("AWS_SECRET_ACCESS_KEY", "other")]);
    assert_eq!((aws.lines("asked"), aws.requests().len()), (1, 2));
    assert_signed(&aws.requests());
    assert!(header(&aws.requests()[0], "authorization").contains("/eu-west-1/"));
}

#[test]
fn credentials_that_were_refused_are_looked_up_again() {
    for (status, name, asked) in [(403, "ExpiredTokenException", 2), (500, "InternalServerException", 1)] {
        let number = AtomicUsize::new(0);
        let aws = Aws::answering("profile = \"lab\"", move |_| match number.fetch_add(1, Ordering::Relaxed) {
            0 => refusal(status, name, "no"),
            _ => hello(),
        });
        let config = format!("[profile lab]\nregion = eu-west-1\ncredential_process = {}\n", aws.credential_process());
        aws.file(".aws/config", &config);
        aws.hello(&[&format!("fallback:{NOVA},{NOVA}")], &[]);
        assert_eq!(aws.lines("asked"), asked, "{name}");
    }
}

#[test]
fn a_container_gives_its_role_and_gives_it_again_before_it_expires() {
    // Lasting credentials are asked for once, expired ones for every request.
    for (expiration, is_asked_again) in [("2099-01-01T00:00:00Z", false), ("2020-01-01T00:00:00Z", true)] {
        let number = AtomicUsize::new(0);
        let aws = Aws::answering("region = \"us-east-1\"", move |request| match path(request) {
            "/role" => given(expiration),
            _ if number.fetch_add(1, Ordering::Relaxed) == 0 => refusal(500, "InternalServerException", "no"),
            _ => hello(),
        });
        let variables = [
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "{url}/role"),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic shown"),
        ];
        aws.hello(&[&format!("fallback:{NOVA},{NOVA}")], &variables);
        assert_signed(&aws.requests());
        let asked: Vec<_> = aws.server.requests().into_iter().filter(|request| path(request) == "/role").collect();
        assert_eq!(header(&asked[0], "authorization"), "Basic shown");
        assert_eq!(asked.len() > 1, is_asked_again, "{}", asked.len());
    }
}

#[test]
fn an_instance_has_a_role_of_its_own() {
    let aws = Aws::answering("region = \"us-east-1\"", |request| {
        let roles = "/latest/meta-data/iam/security-credentials/";
        let text = |text: &str| {
            format!(
                "HTTP/1.1 200 OK\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\nconnection: close\r\n\
                 content-length: {}\r\n\r\n{text}",
                text.len()
            )
        };
        let extended = roles.replace("security-credentials", "security-credentials-extended");
        match path(request) {
            "/latest/api/token" => text("imds-token"),
            asked if asked.starts_with(&extended) => server::json(404, ""),
            asked if asked == roles => text("bench"),
            asked if asked == format!("{roles}bench") => given("2099-01-01T00:00:00Z"),
            _ => hello(),
        }
    });
    let variables = [("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "{url}")];
    aws.hello(&[NOVA], &variables);
    assert_signed(&aws.requests());
    assert_eq!(header(&aws.requests()[0], "x-amz-security-token"), TOKEN);
    let asked = aws.server.requests();
    let role = asked.iter().find(|request| path(request).ends_with("/bench")).expect("the role's credentials");
    assert_eq!(header(role, "x-aws-ec2-metadata-token"), "imds-token");
}

#[test]
fn profiles_have_keys_and_regions_and_roles() {
    let aws = Aws::answering("", |request| {
        if path(request).contains("/model/") {
            return hello();
        }
        let given = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
             <AccessKeyId>{ID}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>\
             <SessionToken>{TOKEN}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>"
        );
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/xml\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{given}",
            given.len()
        )
    });
    aws.file(".aws/credentials", &format!("[default]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"));
    let role = "role_arn = arn:aws:iam::123456789012:role/bench\nsource_profile = default";
    aws.file(".aws/config", &format!("[default]\nregion = us-west-1\n[profile role]\nregion = us-west-2\n{role}\n"));
    aws.hello(&[NOVA], &[]);
    aws.hello(&[NOVA], &[("AWS_PROFILE", "role"), ("AWS_ENDPOINT_URL_STS", "{url}")]);
    let requests = aws.requests();
    assert_signed(&requests);
    let shown = requests.iter().map(|request| header(request, "authorization").split('/').nth(2));
    assert_eq!(shown.collect::<Vec<_>>(), [Some("us-west-1"), Some("us-west-2")]);
    assert_eq!(header(&requests[1], "x-amz-security-token"), TOKEN);
}

/// A profile that signs in by single sign-on, and the token that was kept of it.
fn single_sign_on(aws: &Aws, expires: &str) {
    let session = "[sso-session dev]\nsso_region = us-east-1\nsso_start_url = https://sso.example/start\n";
    let profile = "sso_session = dev\nsso_account_id = 123456789012\nsso_role_name = bench\n";
    let role = "[profile role]\nregion = us-east-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = bench\n";
    aws.file(".aws/config", &format!("[profile bench]\nregion = us-east-1\n{profile}{role}{session}"));
    let url = "https://sso.example/start";
    let token = json!({"accessToken": "sso-token", "expiresAt": expires, "region": "us-east-1", "startUrl": url});
    // The file is named by the SHA-1 of the session's name.
    aws.file(".aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json", &token.to_string());
}

#[test]
fn single_sign_on_gives_credentials_until_it_expires() {
    let expiration = 4_070_908_800_000_i64;
    let role = json!({"accessKeyId": ID, "secretAccessKey": SECRET, "sessionToken": TOKEN, "expiration": expiration});
    let role = Arc::new(json!({"roleCredentials": role}).to_string());
    let answer = move |request: &str| {
        if path(request).contains("/federation/credentials") { server::json(200, &role) } else { hello() }
    };
    let aws = Aws::answering("profile = \"bench\"", answer);
    single_sign_on(&aws, "2099-01-01T00:00:00Z");
    aws.hello(&[NOVA], &[("AWS_ENDPOINT_URL_SSO", "{url}")]);
    assert_signed(&aws.requests());
    // Where there is no way but by a proxy, it is taken.
    let proxied = [("HTTP_PROXY", "{url}"), ("NO_PROXY", "127.0.0.1"), ("AWS_ENDPOINT_URL_SSO", "http://sso.invalid")];
    aws.hello(&[NOVA], &proxied);
    let asked: Vec<_> =
        aws.server.requests().into_iter().filter(|request| path(request).contains("/federation/")).collect();
    let shown: Vec<_> = asked.iter().map(|request| header(request, "x-amz-sso_bearer_token")).collect();
    assert_eq!(shown, ["sso-token"; 2]);
    assert!(path(&asked[1]).starts_with("http://sso.invalid/"), "{}", asked[1]);

    let aws = Aws::configured("");
    single_sign_on(&aws, "2020-01-01T00:00:00Z");
    // The second one builds upon the first.
    for profile in ["bench", "role"] {
        let error = aws.failure(NOVA, &[("AWS_PROFILE", profile)]);
        let told = ["kind", "message", "hint"].map(|name| error[name].clone());
        let expected = [
            "auth",
            "no AWS credentials for bedrock: the SSO token has expired and cannot be refreshed",
            "run `aws sso login --profile bench`",
        ];
        assert_eq!(told, expected);
    }
    assert_eq!(aws.server.requests(), Vec::<String>::new());
}

#[test]
fn a_role_that_may_not_be_taken_is_told() {
    let words = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not you.</Message></Error></ErrorResponse>";
    let aws = Aws::answering("profile = \"role\"", move |_| {
        format!("HTTP/1.1 403 X\r\ncontent-type: text/xml\r\ncontent-length: {}\r\n\r\n{words}", words.len())
    });
    aws.file(".aws/credentials", &format!("[base]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"));
    let role = "role_arn = arn:aws:iam::123456789012:role/bench\nsource_profile = base";
    aws.file(".aws/config", &format!("[profile role]\nregion = us-west-2\n{role}\n"));
    let error = aws.failure(NOVA, &[("AWS_ENDPOINT_URL_STS", "{url}")]);
    let told = ["kind", "message", "hint"].map(|name| error[name].clone());
    let expected = [
        "auth",
        "no AWS credentials for bedrock: AccessDenied: Not you.",
        "see whether `aws sts get-caller-identity --profile role` works",
    ];
    assert_eq!(told, expected);
}

#[test]
fn without_credentials_it_is_told_where_they_were_looked_for() {
    let hint = "run `aws configure`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_BEARER_TOKEN_BEDROCK, or \
        profile in [providers.bedrock]";
    let nowhere = "they are neither in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, nor in AWS profile \"default\", \
        nor has this machine or container a role";
    let table = [
        ("", nowhere, hint),
        ("profile = \"lab\"", "there is no AWS profile \"lab\"", "did you mean the profile \"lap\"?"),
        ("profile = \"lap\"", "AWS profile \"lap\" has none", hint),
    ];
    for (keys, why, hint) in table {
        let aws = Aws::configured(keys);
        aws.file(".aws/config", "[profile lap]\nregion = us-east-1\n");
        let error = aws.failure(NOVA, &[("AWS_REGION", "us-east-1")]);
        let told = ["kind", "message", "hint"].map(|name| error[name].clone());
        assert_eq!(told, ["auth", &format!("no AWS credentials for bedrock: {why}"), hint]);
        assert_eq!(aws.server.requests(), Vec::<String>::new());
    }
    let aws = Aws::configured("profile = \"lab\"");
    aws.file(
        ".aws/config",
        "[profile lab]\nregion = us-east-1\ncredential_process = sh -c 'echo locked >&2; exit 3'\n",
    );
    let error = aws.failure(NOVA, &[]);
    let message = error["message"].as_str().expect("a message");
    assert!(message.starts_with("no AWS credentials for bedrock: ") && message.contains("locked"), "{message}");
}

#[test]
fn without_a_region_it_is_told_where_to_set_one() {
    let aws = Aws::usual();
    let error = aws.failure(NOVA, &KEYS);
    let told = ["kind", "message", "hint"].map(|name| error[name].clone());
    let hint = "set AWS_REGION, region in [providers.bedrock], or region in AWS profile \"default\"";
    assert_eq!(told, ["auth", "no region for bedrock", hint]);
    let error = aws.failure(NOVA, &[&KEYS[..], &[("AWS_PROFILE", "lab")]].concat());
    assert_eq!(error["message"], "no region for bedrock: there is no AWS profile \"lab\"");
    aws.file(".aws/config", "[broken\n");
    let error = aws.failure(NOVA, &KEYS);
    assert!(error["message"].as_str().expect("a message").starts_with("no region for bedrock: "), "{error}");
}
