//! What a run has cost: from the prices that a provider's list tells.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use program::{Home, run};
use serde_json::{Value, json};
use server::Server;

/// OpenRouter: its list, and answers with counted tokens.
fn openrouter() -> Server {
    Server::answering(|request| {
        if request.contains("no/such") {
            return server::json(404, r#"{"error":{"message":"no such model"}}"#);
        }
        if request.starts_with("GET ") {
            return server::json(200, include_str!("data/models/openrouter.json"));
        }
        let choice =
            json!({ "index": 0, "message": { "role": "assistant", "content": "Hi" }, "finish_reason": "stop" });
        let usage = json!({ "prompt_tokens": 1_000, "completion_tokens": 100, "total_tokens": 1_100,
            "prompt_tokens_details": { "cached_tokens": 400 } });
        let answer = json!({ "id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage });
        server::json(200, &answer.to_string())
    })
}

/// The day on which the list was told.
fn day_of_list(home: &Home) -> String {
    let json = std::fs::read(home.path().join("cache/llmbench/models/openrouter.json")).expect("a kept list");
    let list: Value = serde_json::from_slice(&json).expect("JSON");
    list["told_at"].as_str().expect("a time")[..10].to_owned()
}

fn cost(home: &Home, arguments: &[&str]) -> (Value, Value) {
    let arguments = [&["run", "--no-stream", "--format", "json"], arguments, &["Hi"]].concat();
    let done = run(home, &arguments, "");
    let report: Value = serde_json::from_str(&done.stdout).unwrap_or_else(|_| panic!("{done:?}"));
    let lane = &report["runs"][0];
    (lane["cost"].clone(), lane["attempts"][0]["cost"].clone())
}

#[test]
fn what_a_list_says_of_prices_tells_what_a_run_has_cost() {
    let server = openrouter();
    let home = Home::with_config(&format!(
        "[providers.openrouter]\nbase_url = '{}/api/v1'\napi_key = 'k'\n[models.safe]\nfallback = ['openrouter:no/such', 'openrouter:openai/gpt-4o']\n",
        server.url
    ));
    let model = ["-m", "openrouter:openai/gpt-4o"];
    assert_eq!(cost(&home, &model), (Value::Null, Value::Null), "nobody has told it yet");
    let done = run(&home, &["models", "openrouter", "--refresh"], "");
    assert!(done.stderr.starts_with("openrouter: 7 models, 3 of them with a price, kept in "), "{done:?}");
    let date = day_of_list(&home);
    // 600 fresh tokens at 2.50, 400 cached ones at 1.25, 100 of the answer at 10 for a million.
    let told = json!({ "usd": 0.003, "price_source": format!("{}/api/v1", server.url), "price_date": date });
    assert_eq!(cost(&home, &model), (told.clone(), told.clone()));
    assert_eq!(cost(&home, &["-m", "safe"]), (told, Value::Null), "what was refused costs nothing");
    assert_eq!(cost(&home, &["-m", "openrouter:openrouter/auto"]).0, Value::Null);
    let cached_without_a_rate = ["-m", "openrouter:meta-llama/llama-3.3-70b-instruct:free"];
    assert_eq!(cost(&home, &cached_without_a_rate).0, Value::Null);
    assert_eq!(cost(&home, &[&model[..], &["--set", "extra_body.service_tier=\"flex\""]].concat()).0, Value::Null);
    assert_eq!(cost(&home, &["-m", "test:brief,rate=0,ttft=0"]).0, Value::Null);
    let lines = run(&home, &["models", "openrouter", "--prices"], "").stdout;
    let line = format!("openrouter:openai/gpt-4o\t2.5\t10\t1.25\t–\t{}/api/v1\t{date}\n", server.url);
    assert!(lines.starts_with(&line) && lines.contains("openrouter:silent/one\t–\t–\t–\t–\t–\t–\n"), "{lines}");
}
