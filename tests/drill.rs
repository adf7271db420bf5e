//! `llmbench drill`: what a chain does when servers fail, without asking any.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use program::{Done, Home, run, run_with};
use serde_json::{Value, json};
use server::Server;

/// One provider of each interface, where nobody answers.
const LABS: &str = "
[providers.chat]
interface = 'openai'
base_url = 'http://192.0.2.1/v1'
[providers.responses]
interface = 'openai-responses'
base_url = 'http://192.0.2.1/v1'
[providers.claude]
interface = 'anthropic'
base_url = 'http://192.0.2.1'
[providers.gem]
interface = 'gemini'
base_url = 'http://192.0.2.1'
[providers.mis]
interface = 'mistral'
base_url = 'http://192.0.2.1'
[providers.co]
interface = 'cohere'
base_url = 'http://192.0.2.1'
[providers.rock]
interface = 'bedrock'
base_url = 'http://192.0.2.1'
";

fn document(done: &Done) -> Value {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"))
}

fn drill(home: &Home, arguments: &[&str]) -> (Option<i32>, Value) {
    let done = run(home, &[&["drill", "--format", "json"], arguments].concat(), "");
    (done.code, document(&done))
}

/// A scenario in short: fault, place, ending, who answered, and of each attempt the model with its status or kind.
fn short(scenario: &Value) -> Value {
    let attempts = scenario["attempts"].as_array().expect("attempts").iter().map(|attempt| {
        let error = &attempt["error"];
        let cause = if error["status"].is_null() { error["kind"].clone() } else { error["status"].clone() };
        json!([attempt["model"], cause])
    });
    json!([
        scenario["fault"],
        scenario["at"],
        scenario["outcome"],
        scenario["survived"],
        scenario["answered_by"],
        attempts.collect::<Vec<_>>()
    ])
}

fn all(report: &Value) -> Vec<Value> {
    report["scenarios"].as_array().expect("scenarios").iter().map(short).collect()
}

#[test]
fn a_chain_that_says_nothing_survives_statuses_alone() {
    let home = Home::with_config(LABS);
    let (code, report) = drill(&home, &["fallback:chat:a,claude:b"]);
    let (a, b) = ("chat:a", "claude:b");
    let expected = [
        json!(["429", "first", "completed", true, b, [[a, 429], [b, null]]]),
        json!(["429", "every", "failed", null, null, [[a, 429], [b, 429]]]),
        json!(["500", "first", "completed", true, b, [[a, 500], [b, null]]]),
        json!(["500", "every", "failed", null, null, [[a, 500], [b, 500]]]),
        json!(["timeout", "first", "failed", false, null, [[a, "timeout"]]]),
        json!(["timeout", "every", "failed", null, null, [[a, "timeout"]]]),
        json!(["cut-before", "first", "failed", false, null, [[a, "truncated"]]]),
        json!(["cut-before", "every", "failed", null, null, [[a, "truncated"]]]),
        json!(["cut-after", "first", "interrupted", null, null, [[a, "truncated"]]]),
        json!(["cut-after", "every", "interrupted", null, null, [[a, "truncated"]]]),
        json!(["malformed", "first", "failed", false, null, [[a, "protocol"]]]),
        json!(["malformed", "every", "failed", null, null, [[a, "protocol"]]]),
    ];
    assert_eq!((code, all(&report)), (Some(1), expected.to_vec()));
    let hints: Vec<_> =
        report["hints"].as_array().expect("hints").iter().map(|hint| json!([hint["fault"], hint["add"]])).collect();
    let words = [
        json!(["timeout", ["timeout", "api"]]),
        json!(["cut-before", ["truncated"]]),
        json!(["cut-after", []]),
        json!(["malformed", ["protocol"]]),
    ];
    assert_eq!(hints, words);
    let kinds = report["scenarios"][1]["error"]["errors"].as_array().expect("every failure");
    assert_eq!((kinds.len(), &report["scenarios"][4]["error"]["kind"]), (2, &"timeout".into()));
}

#[test]
fn the_document_says_what_was_drilled() {
    let config = format!(
        "{LABS}first_byte_timeout = 30\n[models.safe]\nfallback = ['rock:a', 'chat:b']\nfallback_on = ['5xx', 429]\n"
    );
    let (code, report) = drill(&Home::with_config(&config), &["safe", "--fault", "500"]);
    let head = json!({
        "format": report["format"], "version": report["version"], "model": report["model"], "stream": report["stream"],
        "fallback_on": report["fallback_on"], "members": report["members"], "hints": report["hints"],
    });
    let expected = json!({
        "format": "llmbench.drill", "version": 1, "model": "safe", "stream": true, "fallback_on": ["5xx", "429"],
        "members": [
            {"model": "rock:a", "interface": "bedrock", "drilled": true, "patience_ms": 30_000.0},
            {"model": "chat:b", "interface": "openai", "drilled": true, "patience_ms": 600_000.0},
        ],
        "hints": [],
    });
    assert_eq!((code, head), (Some(0), expected));
}

/// Does it for each of them at the same time: most of a drill is waiting.
fn each<T: Send>(items: impl IntoIterator<Item = T>, check: impl Fn(T) + Sync) {
    let check = &check;
    std::thread::scope(|scope| {
        for item in items {
            scope.spawn(move || check(item));
        }
    });
}

#[test]
fn every_interface_answers_and_fails_in_its_own_way() {
    let names = ["chat", "responses", "claude", "gem", "mis", "co", "rock"];
    each(names.into_iter().flat_map(|name| [(name, true), (name, false)]), |(name, stream)| {
        let (bad, well) = (format!("{name}:a"), format!("{name}:b"));
        let chain = format!("[models.safe]\nfallback = ['{bad}', '{well}']\nfallback_on = ['any']\n");
        let arguments = if stream { &["safe"][..] } else { &["safe", "--no-stream"] };
        let (code, report) = drill(&Home::with_config(&format!("{LABS}{chain}")), arguments);
        let first: Vec<_> = all(&report).into_iter().filter(|scenario| scenario[1] == "first").collect();
        let after = |cause: Value| json!([[bad, cause], [well, null]]);
        let whole = |fault: &str, cause: Value| json!([fault, "first", "completed", true, well, after(cause)]);
        let cut = json!(["cut-after", "first", "interrupted", null, null, [[bad, "truncated"]]]);
        let expected = [
            whole("429", 429.into()),
            whole("500", 500.into()),
            whole("timeout", "timeout".into()),
            whole("cut-before", "truncated".into()),
            if stream { cut } else { whole("cut-after", "truncated".into()) },
            whole("malformed", "protocol".into()),
        ];
        assert_eq!(first, expected, "{name}, stream: {stream}");
        assert_eq!(code, Some(0), "{name}, stream: {stream}: what was shown stays, and counts neither way");
    });
}

#[test]
fn a_word_that_is_advised_helps() {
    let (_, report) = drill(&Home::with_config(LABS), &["fallback:chat:a,claude:b", "--no-stream"]);
    let hints = report["hints"].as_array().expect("hints");
    assert_eq!(hints.len(), 4, "{hints:?}");
    let words = |hint: &Value| hint["add"].as_array().expect("words").clone();
    let advised = hints.iter().flat_map(|hint| words(hint).into_iter().map(move |word| (hint, word)));
    each(advised, |(hint, word)| {
        let chain = format!("[models.safe]\nfallback = ['chat:a', 'claude:b']\nfallback_on = ['http', {word}]\n");
        let fault = hint["fault"].as_str().expect("a name");
        let home = Home::with_config(&format!("{LABS}{chain}"));
        let (code, report) = drill(&home, &["safe", "--no-stream", "--fault", fault]);
        assert_eq!((code, &report["hints"]), (Some(0), &json!([])), "{hint}");
    });
}

#[test]
fn a_model_alone_shows_its_retries_and_the_waits_it_would_make() {
    let (code, report) = drill(&Home::with_config(LABS), &["chat:a", "--fault", "429"]);
    let three = [["chat:a", "429"]; 3].map(|_| json!(["chat:a", 429]));
    assert_eq!((code, all(&report)), (Some(0), vec![json!(["429", "every", "failed", null, null, three])]));
    let waits = json!([{"after_attempt": 1, "delay_ms": 5000.0}, {"after_attempt": 2, "delay_ms": 5000.0}]);
    assert_eq!((&report["scenarios"][0]["waits"], &report["fallback_on"]), (&waits, &json!([])));
}

#[test]
fn a_member_retries_as_its_own_settings_say() {
    let config = format!("{LABS}retries = 1\n");
    let (code, report) = drill(&Home::with_config(&config), &["fallback:rock:a,chat:b", "--fault", "500"]);
    let expected = [
        json!(["500", "first", "completed", true, "chat:b", [["rock:a", 500], ["rock:a", 500], ["chat:b", null]]]),
        json!(["500", "every", "failed", null, null, [["rock:a", 500], ["rock:a", 500], ["chat:b", 500]]]),
    ];
    assert_eq!((code, all(&report)), (Some(0), expected.to_vec()));
}

#[test]
fn a_chain_in_the_chain_keeps_its_own_words() {
    let chains = "[models.inner]\nfallback = ['chat:a', 'chat:a']\nfallback_on = ['timeout']\n\
                  [models.outer]\nfallback = ['inner', 'gem:c']\nfallback_on = ['any']\n";
    let home = Home::with_config(&format!("{LABS}{chains}"));
    let (code, report) = drill(&home, &["outer", "--fault", "timeout", "--fault", "500"]);
    let expected = [
        json!(["timeout", "first", "completed", true, "chat:a", [["chat:a", "timeout"], ["chat:a", null]]]),
        json!([
            "timeout",
            "every",
            "failed",
            null,
            null,
            [["chat:a", "timeout"], ["chat:a", "timeout"], ["gem:c", "timeout"]]
        ]),
        json!(["500", "first", "completed", true, "gem:c", [["chat:a", 500], ["gem:c", null]]]),
        json!(["500", "every", "failed", null, null, [["chat:a", 500], ["gem:c", 500]]]),
    ];
    assert_eq!((code, all(&report)), (Some(0), expected.to_vec()), "the same model twice has two seats");
}

#[test]
fn what_is_asked_over_no_network_is_taken_as_healthy_and_not_run() {
    let home = Home::empty();
    let ran = home.path().join("ran");
    let config = format!(
        "{LABS}[providers.mine]\ninterface = 'command'\ncommand = ['touch', '{}']\n\
         [models.safe]\nfallback = ['chat:a', 'mine:x']\nfallback_on = ['api']\n",
        ran.display()
    );
    let home = Home::with_config(&config);
    let (code, report) = drill(&home, &["safe", "--fault", "timeout"]);
    let expected = json!(["timeout", "first", "completed", true, "mine:x", [["chat:a", "timeout"], ["mine:x", null]]]);
    assert_eq!((code, all(&report)), (Some(0), vec![expected]));
    let mine = json!({"model": "mine:x", "interface": "command", "drilled": false, "patience_ms": null});
    assert_eq!((&report["members"][1], ran.exists()), (&mine, false));
    for offline in ["recorded:last", "test:storyteller"] {
        let (code, report) = drill(&home, &[&format!("fallback:chat:a,{offline}"), "--fault", "500"]);
        assert_eq!((code, &report["scenarios"][0]["answered_by"]), (Some(0), &offline.into()));
    }
}

#[test]
fn nothing_goes_out_and_no_secret_is_read() {
    // The provider's own address, and the proxy of the environment: a request to either would be seen.
    let (provider, proxy) =
        (Server::start(vec![server::json(500, "{}")]), Server::start(vec![server::json(500, "{}")]));
    let home = Home::empty();
    let ran = home.path().join("ran");
    let config = format!(
        "[providers.lab]\ninterface = 'openai'\nbase_url = '{url}/v1'\napi_key = {{ command = ['touch', '{ran}'] }}\n\
         proxy = '{proxy}'\nca_file = '/no/such/file'\nhttp_version = '2'\nheaders = {{ 'X-Secret' = 'sk-secret' }}\n\
         [providers.keyless]\ninterface = 'anthropic'\nbase_url = '{url}'\napi_key = {{ env = 'NO_SUCH_KEY' }}\n\
         [providers.google-vertex]\nbase_url = '{url}'\nservice_account_file = '/no/such/account'\n\
         [providers.bedrock]\nbase_url = '{url}'\nprofile = 'none'\n\
         [providers.azure]\nazure_endpoint = '{url}'\napi_version = '1'\n\
         [models.safe]\nfallback = ['lab:a', 'keyless:b', 'google-vertex:c', 'bedrock:d', 'azure:e']\nfallback_on = ['any']\n",
        url = provider.url,
        ran = ran.display(),
        proxy = proxy.url,
    );
    let home = Home::with_config(&config);
    let variables =
        [("HTTP_PROXY", proxy.url.as_str()), ("http_proxy", &proxy.url), ("ALL_PROXY", &proxy.url), ("NO_PROXY", "")];
    let done = run_with(&home, &["drill", "safe", "--fault", "500", "--format", "json"], "", &variables);
    let report = document(&done);
    let every: Vec<_> = all(&report).into_iter().filter(|scenario| scenario[1] == "every").collect();
    let asked: Vec<_> = every[0][5].as_array().expect("attempts").iter().map(|attempt| attempt[0].clone()).collect();
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    assert_eq!(asked, ["lab:a", "keyless:b", "google-vertex:c", "bedrock:d", "azure:e"]);
    assert_eq!((provider.requests(), proxy.requests()), (Vec::new(), Vec::new()));
    assert!(!ran.exists() && !done.stdout.contains("sk-secret"), "{done:?}");
}

#[test]
fn the_limits_of_the_user_decide_which_one_passes() {
    let config = format!("{LABS}timeout = 20\nretries = 2\n");
    let (_, report) = drill(&Home::with_config(&config), &["fallback:rock:a,chat:b", "--fault", "timeout"]);
    let attempts = report["scenarios"][0]["attempts"].as_array().expect("attempts");
    let (patience, message) = (&report["members"][0]["patience_ms"], &attempts[0]["error"]["message"]);
    assert_eq!((patience, message), (&20_000.0.into(), &"the answer was not whole within 500ms".into()));
    assert_eq!(attempts.len(), 1, "no time is left to try again");
}

/// The report with `T.T` for every time that was measured.
fn without_times(text: &str) -> String {
    let is_time = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let word =
        |word: &str| if is_time(word) { word.replace(|c: char| c.is_ascii_digit(), "T") } else { word.to_owned() };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn people_get_a_page_of_80_columns() {
    let config = format!("{LABS}[models.safe]\nfallback = ['chat:a', 'claude:b']\nfallback_on = ['http']\n");
    let faults = ["--fault", "429", "--fault", "timeout", "--fault", "cut-after"];
    let done = run(&Home::with_config(&config), &[&["drill", "safe"], &faults[..]].concat(), "");
    let expected = "\
safe: chat:a → claude:b
falls back on http · streaming · played on loopback, no provider is asked

✓ 429 at the first: claude:b answers
  ✗ chat:a    429         T.T s
  ✓ claude:b              T.T s

✗ 429 at every one: nobody answers, all have failed
  ✗ chat:a    429         T.T s
  ✗ claude:b  429         T.T s

✗ timeout at the first: nobody answers, this failure ends the chain
  ✗ chat:a    timeout     T.T s instead of 600 s

✗ timeout at every one: nobody answers, this failure ends the chain
  ✗ chat:a    timeout     T.T s instead of 600 s

◐ cut-after at the first: a part of an answer stays, nobody takes over
  ◐ chat:a    truncated   T.T s

◐ cut-after at every one: a part of an answer stays, nobody takes over
  ◐ chat:a    truncated   T.T s

What the chain does not survive, though one of its models is healthy:
  ✗ timeout     fallback_on = [\"http\"] doesn't mean it: add \"timeout\" or \"api\"
  ◐ cut-after   no other model takes over once something was shown; without
                streaming (--no-stream) one can";
    assert_eq!((done.code, done.stderr.as_str()), (Some(1), ""), "{done:?}");
    assert_eq!(without_times(&done.stdout), expected, "{done:?}");
    assert!(done.stdout.lines().all(|line| line.chars().count() <= 80), "{done:?}");
}

#[test]
fn wrong_names_are_told_and_nothing_is_played() {
    let home = Home::with_config(&format!("{LABS}[models.safe]\nfallback = ['chat:a', 'chat:b']\n"));
    let told = |arguments: &[&str]| {
        let done = run(&home, &[&["drill"], arguments].concat(), "");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done.stderr
    };
    assert!(told(&["safe", "--fault", "timout"]).contains("a similar value exists: 'timeout'"));
    assert_eq!(told(&["saef"]), "error: unknown model \"saef\"\nhint: did you mean \"safe\"?\n");
    assert_eq!(told(&["opnai:a"]), "error: unknown provider \"opnai\"\nhint: did you mean \"openai\"?\n");
    let nothing = told(&["test:storyteller"]);
    let sentence =
        "error: nothing of \"test:storyteller\" can be drilled: none of its models is asked over HTTP\nhint: ";
    assert!(nothing.starts_with(sentence), "{nothing}");
    assert!(told(&[]).contains("<MODEL>"));
}
