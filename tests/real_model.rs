//! A real small language model behind an OpenAI-compatible server. Runs when `LLMBENCH_REAL_MODEL` names the server's
//! address (`http://127.0.0.1:PORT`), else says that it was skipped.

mod support;

use std::time::Duration;

use serde_json::Value;
use support::program::{Home, run};
use support::pty::Screen;

/// The server's address, or nothing.
fn server() -> Option<String> {
    let url = std::env::var("LLMBENCH_REAL_MODEL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("skipped: LLMBENCH_REAL_MODEL is not set");
    }
    url
}

/// A home with the server as provider `local`, one that refuses connections as `down`, and a chain over both.
fn home(url: &str) -> Home {
    Home::with_config(&format!(
        r#"
[providers.local]
interface = "openai"
base_url = "{url}/v1"

[providers.down]
interface = "openai"
base_url = "http://127.0.0.1:9/v1"

[models.one]
model = "local:smollm2-135m-instruct"
settings = {{ max_tokens = 24, temperature = 0 }}

[models.two]
model = "local:smollm2-135m-instruct"
settings = {{ max_tokens = 32, temperature = 0 }}

[models.long]
model = "local:smollm2-135m-instruct"
settings = {{ max_tokens = 500, temperature = 0 }}

[models.safe]
fallback = ["down:any", "one"]
fallback_on = ["api"]
"#
    ))
}

fn document(home: &Home, arguments: &[&str]) -> Value {
    let done = run(home, &[&["run", "--format", "json"], arguments].concat(), "");
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"))
}

#[test]
fn an_answer_comes_with_true_usage() {
    let Some(url) = server() else { return };
    let document = document(&home(&url), &["-m", "one", "Name the capital of France."]);
    let run = &document["runs"][0];
    assert_eq!(run["status"], "completed", "{document:#}");
    let usage = &run["usage"];
    assert!(usage["input_tokens"].as_u64().is_some_and(|tokens| tokens > 5), "{usage}");
    assert!(usage["output_tokens"].as_u64().is_some_and(|tokens| (1..=24).contains(&tokens)), "{usage}");
    let timing = &run["timing"];
    let ms = |name: &str| timing[name].as_f64().unwrap_or_else(|| panic!("{name} in {timing}"));
    assert!(ms("ttfb_ms") <= ms("ttft_ms") && ms("ttft_ms") <= ms("total_ms") && ms("total_ms") <= ms("close_ms"));
}

#[test]
fn two_lanes_answer_at_once() {
    let Some(url) = server() else { return };
    let document = document(&home(&url), &["-m", "one", "-m", "two", "Say hello."]);
    let runs = document["runs"].as_array().expect("runs");
    let statuses: Vec<_> = runs.iter().map(|run| run["status"].as_str().unwrap_or_default()).collect();
    assert_eq!(statuses, ["completed", "completed"], "{document:#}");
}

#[test]
fn a_chain_passes_over_a_refused_connection() {
    let Some(url) = server() else { return };
    let document = document(&home(&url), &["-m", "safe", "Say hello."]);
    let run = &document["runs"][0];
    assert_eq!(run["status"], "completed", "{document:#}");
    let trace: Vec<_> = run["attempts"]
        .as_array()
        .expect("attempts")
        .iter()
        .map(|attempt| {
            (
                attempt["model"].as_str().unwrap_or_default(),
                attempt["outcome"].as_str().unwrap_or_default(),
                attempt["error"]["kind"].as_str(),
            )
        })
        .collect();
    assert_eq!(trace, [("down:any", "failed", Some("connect")), ("one", "completed", None)], "{document:#}");
}

#[test]
fn the_workbench_streams_and_cancels_one_lane() {
    let Some(url) = server() else { return };
    let home = home(&url);
    let mut screen = Screen::open(&home, 160, 45, &["-m", "one", "-m", "long"]);
    screen.wait_for("Prompt");
    screen.send("Tell me a long story.\r");
    screen.wait_for_within(Duration::from_mins(1), |text| text.matches("tok").count() > 0);
    screen.send("\t\t");
    screen.send("x");
    screen.wait_for_within(Duration::from_secs(90), |text| text.contains("cancelled") && text.contains("token limit"));
    screen.quit();
}

/// The example of PydanticAI's documentation: Ollama, and where the Olympics were.
#[test]
fn city_location_by_ollama() {
    let Some(url) = server() else { return };
    let home = Home::with_config(&format!(
        "[providers.ollama]\nbase_url = '{url}/v1'\n\
         [models.city]\nmodel = 'ollama:smollm2-135m-instruct'\nsettings = {{ max_tokens = 60, temperature = 0 }}\n"
    ));
    let schema = home.path().join("city.json");
    let city = r#"{"title": "CityLocation", "type": "object", "required": ["city", "country"],
        "properties": {"city": {"type": "string"}, "country": {"type": "string"}}}"#;
    std::fs::write(&schema, city).expect("written");
    let file = schema.to_str().expect("UTF-8");
    let question = "Where were the olympics held in 2012?";
    let ask = |options: &[&str]| {
        let done = run(&home, &[&["run", "-m", "city", "--schema", file, "--format", "json"], options].concat(), "");
        let document: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"));
        (done.code, document["runs"][0].clone())
    };
    for stream in [true, false] {
        let options = if stream {
            vec!["--output-mode", "native", question]
        } else {
            vec!["--output-mode", "native", "--no-stream", question]
        };
        let (code, lane) = ask(&options);
        assert_eq!((code, &lane["status"]), (Some(0), &"completed".into()), "{lane:#}");
        let output = &lane["output"];
        assert!(output["city"].is_string() && output["country"].is_string(), "{lane:#}");
    }
    // So small a model calls no tool; that is told, with what it said instead, once for each time it was asked.
    let (code, lane) = ask(&["--output-mode", "tool", "--output-retries", "1", question]);
    assert_eq!((code, &lane["error"]["kind"]), (Some(1), &"invalid_output".into()), "{lane:#}");
    assert_eq!(lane["attempts"].as_array().map(Vec::len), Some(2), "{lane:#}");
    assert!(!lane["response"]["parts"][0]["content"].as_str().unwrap_or_default().is_empty(), "{lane:#}");
}
