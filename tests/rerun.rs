//! `rerun`: a saved session asked again, with what was said before it, and compared.

#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use jiff::Timestamp;
use llmbench::message::{ModelMessage, ModelResponse, RequestPart, ResponsePart, ToolArgs, ToolCall};
use llmbench::run::LaneReport;
use llmbench::session::{AgainLane, Session, Store, is_same_answer, lanes_again, messages_again};
use program::{Done, Home, run};
use serde_json::Value;

fn config(ann: &str) -> String {
    format!(
        "[models.ann]\nmodel = 'test:ann,ttft=0,rate=0,text={ann}'\n[models.bob]\nmodel = 'test:bob,ttft=0,rate=0,text=Paris'\n\
         [models.broken]\nmodel = 'test:x,fail=503,ttft=0'\n"
    )
}

/// A home with a session in which both were asked, and whose first model answers otherwise now.
fn home() -> Home {
    let home = Home::with_config(&config("London"));
    let done = run(&home, &["run", "--save", "-m", "ann", "-m", "bob", "Where were\nthe games?"], "");
    assert_eq!(done.code, Some(0), "{done:?}");
    std::fs::write(home.config_path(), config("In London")).expect("written");
    home
}

/// Without what differs each time.
fn steady(done: &Done) -> String {
    let cell = |word: &str| if word.parse::<f64>().is_ok() { "N".to_owned() } else { word.to_owned() };
    let line = |line: &str| match line.strip_prefix("    ") {
        Some(figures) => format!("    {}\n", figures.split_whitespace().map(cell).collect::<Vec<_>>().join(" ")),
        None => format!("{line}\n"),
    };
    done.stdout.lines().map(line).collect()
}

#[test]
fn then_and_now_stand_side_by_side() {
    let home = home();
    let done = run(&home, &["rerun", "last"], "");
    assert_eq!((done.code, done.stderr.as_str()), (Some(0), ""), "{done:?}");
    insta::assert_snapshot!("rerun_text", steady(&done));
    let done = run(&home, &["rerun", "last", "-m", "bob", "-m", "broken"], "");
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.starts_with("broken: failed: "), "{done:?}");
    insta::assert_snapshot!("rerun_other_models", steady(&done));
}

#[test]
fn a_document_tells_all_that_is_known() {
    let done = run(&home(), &["rerun", "last", "--format", "json"], "");
    let json: Value = serde_json::from_str(&done.stdout).expect("JSON");
    assert_eq!((&json["format"], &json["version"]), (&"llmbench.rerun".into(), &1.into()));
    let lanes = json["turns"][0]["lanes"].as_array().expect("lanes");
    let told = |lane: &Value| {
        let text = |when: &str| lane[when]["response"]["parts"][0]["content"].as_str().expect("a text").to_owned();
        (lane["model"].as_str().expect("a name").to_owned(), lane["same"].as_bool(), text("then"), text("now"))
    };
    let expected = [
        ("ann".to_owned(), Some(false), "London".to_owned(), "In London".to_owned()),
        ("bob".to_owned(), Some(true), "Paris".to_owned(), "Paris".to_owned()),
    ];
    assert_eq!(lanes.iter().map(told).collect::<Vec<_>>(), expected);
}

#[test]
fn what_cannot_be_asked_is_told_before_anything_is() {
    let home = home();
    let told = |arguments: &[&str]| {
        let done = run(&home, &[&["rerun"], arguments].concat(), "");
        assert_eq!((done.code, done.stdout.as_str()), (Some(2), ""), "{done:?}");
        done.stderr
    };
    assert!(told(&["nothing"]).starts_with("error: no session \"nothing\" in "));
    assert!(told(&["last", "-m", "opnai:x"]).contains("did you mean \"openai\"?"));
    let prompts = run(&home, &["sessions", "import", "-"], "[\"One?\"]").stdout;
    let expected = "error: nobody was asked in this session\nhint: name who shall be: add -m MODEL\n";
    assert_eq!(told(&[prompts.trim()]), expected);
    let asked = run(&home, &["rerun", prompts.trim(), "-m", "bob"], "");
    assert!(asked.stdout.contains("bob: nothing to compare with") && asked.code == Some(0), "{asked:?}");
}

fn answer(text: &str) -> LaneReport {
    report(vec![ResponsePart::text(text)])
}

fn report(parts: Vec<ResponsePart>) -> LaneReport {
    LaneReport::from_elsewhere("a", ModelResponse { parts, ..ModelResponse::default() })
}

#[test]
fn thinking_and_the_order_of_keys_make_no_other_answer() {
    let call = |args: &str| {
        let args = Some(ToolArgs::Json(args.to_owned()));
        report(vec![ResponsePart::ToolCall(ToolCall { tool_name: "t".to_owned(), args, ..ToolCall::default() })])
    };
    let thought = report(vec![ResponsePart::thinking("hm"), ResponsePart::text("A")]);
    assert_eq!(is_same_answer(&answer("A"), &thought), Some(true));
    assert_eq!(is_same_answer(&answer("A"), &answer("A ")), Some(false));
    assert_eq!(is_same_answer(&call("{\"a\": 1, \"b\": 2}"), &call("{\"a\":1,\"b\":2}")), Some(true));
    assert_eq!(is_same_answer(&call("{\"a\": 1, \"b\": 2}"), &call("{\"b\":2,\"a\":1}")), Some(true));
    assert_eq!(is_same_answer(&call("{\"a\": 1}"), &call("{\"a\": 2}")), Some(false));
    let mut cut = answer("A");
    cut.status = llmbench::model::Outcome::Interrupted;
    assert_eq!(is_same_answer(&cut, &answer("A")), None, "an incomplete answer is compared with none");
}

/// A session of three turns: a and b answer the first two, the third is a's alone.
fn session() -> Session {
    let home =
        Home::with_config("[models.a]\nmodel = 'test:a,ttft=0,rate=0'\n[models.b]\nmodel = 'test:b,ttft=0,rate=0'\n");
    let done = run(&home, &["run", "--save", "-s", "Be brief.", "-m", "a", "-m", "b", "1"], "");
    assert_eq!(done.code, Some(0), "{done:?}");
    let mut session = Store::new(home.sessions()).load("last").expect("saved");
    let mut turn = session.turns[0].clone();
    for (prompt, lanes) in [("2", 2), ("3", 1)] {
        prompt.clone_into(&mut turn.prompt);
        turn.runs.truncate(lanes);
        session.turns.push(turn.clone());
    }
    session
}

#[test]
fn the_saved_lanes_are_asked_or_the_named_models_beside_them() {
    let session = session();
    let lanes = |turn: usize, models: &[&str]| {
        let models: Vec<_> = models.iter().map(|&model| model.to_owned()).collect();
        lanes_again(&session.turns[turn], &models).into_iter().map(|lane| (lane.model, lane.then)).collect::<Vec<_>>()
    };
    assert_eq!(lanes(0, &[]), [("a".to_owned(), Some(0)), ("b".to_owned(), Some(1))]);
    assert_eq!(lanes(0, &["b", "c"]), [("b".to_owned(), Some(1)), ("c".to_owned(), None)]);
    assert_eq!(lanes(2, &["c"]), [("c".to_owned(), Some(0))], "there is only one to compare with");
}

#[test]
fn a_lane_is_asked_what_it_was_asked_then() {
    let session = session();
    let asked = |model: &str, then, new: &[Option<ModelResponse>]| {
        let lane = AgainLane { model: model.to_owned(), then };
        let messages = messages_again(&session, 2, &lane, new, Timestamp::UNIX_EPOCH);
        messages.iter().map(said).collect::<Vec<_>>()
    };
    let before =
        |run: usize| said(&ModelMessage::Response(session.turns[0].runs[run].report.response.clone().expect("one")));
    let (a, b) = (before(0), before(1));
    assert_eq!(asked("a", Some(0), &[]), ["Be brief.|1".to_owned(), a.clone(), "2".into(), a, "3".into()]);
    assert_eq!(asked("b", None, &[]), ["Be brief.|1".to_owned(), b.clone(), "2".into(), b, "3".into()]);
    let new = ModelResponse { parts: vec![ResponsePart::text("new")], ..ModelResponse::default() };
    assert_eq!(asked("c", Some(0), &[None, Some(new)]), ["Be brief.|2", "new", "3"]);
}

fn said(message: &ModelMessage) -> String {
    match message {
        ModelMessage::Response(response) => response.text(),
        ModelMessage::Request(request) => {
            let texts = request.parts.iter().map(|part| match part {
                RequestPart::SystemPrompt(system) => system.content.clone(),
                RequestPart::UserPrompt(user) => user.content.texts().concat(),
                other => format!("{other:?}"),
            });
            texts.collect::<Vec<_>>().join("|")
        }
    }
}
