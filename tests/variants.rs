//! A model named with settings of its own, `NAME+KEY=VALUE`: what is sent, and who it is.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;
#[path = "support/server.rs"]
mod server;

use program::{Done, Home, run};
use serde_json::{Value, json};
use server::{Server, json as refusal, openai_stream};

const CHAINS: &str = "[models.cold]\nmodel = 'lab:m'\nsettings = { temperature = 0, top_p = 0.5 }\n\
                      [models.safe]\nfallback = ['lab:a+seed=1', 'cold+temperature=0.5']\n";

fn asked(server: &Server) -> Vec<Value> {
    let body = |request: &String| {
        let body: Value = serde_json::from_str(request.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
        json!([body["model"], body["temperature"], body["top_p"], body["seed"]])
    };
    server.requests().iter().map(body).collect()
}

fn document(done: &Done) -> Value {
    serde_json::from_str(&done.stdout).unwrap_or_else(|error| panic!("{error}\n{done:?}"))
}

#[test]
fn the_same_model_answers_side_by_side_with_other_settings() {
    let server = Server::start(vec![openai_stream(&["Hi"])]);
    let home = Home::with_config(&format!("{}{CHAINS}", server.config()));
    let models = ["-m", "lab:m+temperature=1", "-m", "cold+seed=7", "-m", "cold"];
    let more = ["--set", "temperature=0.3", "--format", "json", "Hi"];
    let done = run(&home, &[&["run"], &models[..], &more[..]].concat(), "");
    let names: Vec<_> =
        document(&done)["runs"].as_array().expect("runs").iter().map(|run| run["model"].clone()).collect();
    assert_eq!((done.code, names), (Some(0), vec!["lab:m+temperature=1".into(), "cold+seed=7".into(), "cold".into()]));
    let mut asked = asked(&server);
    asked.sort_by_key(ToString::to_string);
    let expected = [json!(["m", 0.3, 0.5, 7]), json!(["m", 0.3, 0.5, null]), json!(["m", 1.0, null, null])];
    assert_eq!(asked, expected, "its own settings are over those of the run");
}

#[test]
fn a_member_of_a_chain_may_have_its_own() {
    let server = Server::start(vec![refusal(500, "{}"), openai_stream(&["Hi"])]);
    let home = Home::with_config(&format!("{}{CHAINS}", server.config()));
    let done = run(&home, &["run", "-m", "safe", "--format", "json", "Hi"], "");
    let attempts = document(&done)["runs"][0]["attempts"].clone();
    assert_eq!(
        (&attempts[0]["model"], &attempts[1]["model"]),
        (&json!("lab:a+seed=1"), &json!("cold+temperature=0.5"))
    );
    assert_eq!(asked(&server), [json!(["a", null, null, 1]), json!(["m", 0.5, 0.5, null])]);
}

#[test]
fn a_wrong_setting_is_told_before_anything_is_sent() {
    let told = |model: &str| {
        let done = run(&Home::empty(), &["run", "-m", model, "Hi"], "");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done.stderr
    };
    let typo = told("test:brief+temprature=1");
    assert!(
        typo.starts_with("error: \"test:brief+temprature=1\": unknown setting \"temprature\" (did you mean"),
        "{typo}"
    );
    assert!(told("test:brief+seed=x").starts_with("error: \"test:brief+seed=x\": seed can't be \"x\": "));
}
