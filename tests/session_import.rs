//! Sessions out of other programs' files, and the law that what is exported can be imported again.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use llmbench::message::{ModelMessage, ModelRequest, ModelResponse, ResponsePart, ResponseState, history_to_json};
use llmbench::model::Outcome;
use llmbench::run::LaneReport;
use llmbench::session::{
    Imported, Session, Turn, export_json, export_promptfoo, export_pydantic, import, records, replay,
};
use llmbench::settings::Settings;
use proptest::prelude::*;

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a timestamp")
}

fn imported(json: &str) -> Result<Imported, String> {
    import(json.as_bytes(), Path::new("x.json"), now()).map_err(|error| error.to_string())
}

/// A lane: model, status, text.
type Told = (String, Outcome, String);

/// Each turn's prompt with its lanes.
fn turns(session: &Session) -> Vec<(String, Vec<Told>)> {
    let lane = |run: &llmbench::session::SavedRun| {
        let text = run.report.response.as_ref().map(ModelResponse::text).unwrap_or_default();
        (run.report.model.clone(), run.report.status, text)
    };
    session.turns.iter().map(|turn| (turn.prompt.clone(), turn.runs.iter().map(lane).collect())).collect()
}

fn response(text: &str, model: Option<&str>, provider: Option<&str>) -> ModelResponse {
    ModelResponse {
        parts: vec![ResponsePart::text(text)],
        model_name: model.map(str::to_owned),
        provider_name: provider.map(str::to_owned),
        timestamp: Some(now()),
        ..ModelResponse::default()
    }
}

fn request(prompt: &str, system: Option<&str>) -> ModelMessage {
    ModelMessage::Request(ModelRequest::user(prompt, system, Some(now())))
}

fn json(messages: &[ModelMessage]) -> String {
    history_to_json(messages).expect("JSON")
}

#[test]
fn messages_become_a_turn_per_request_and_response() {
    let cut = ModelResponse { state: ResponseState::Interrupted, ..response("And", None, None) };
    let messages = [
        request("One?", Some("Be brief.")),
        ModelMessage::Response(response("1", Some("gpt-4o"), Some("openai"))),
        request("Two?", None),
        ModelMessage::Response(cut),
        request("Three?", None),
    ];
    let Imported { session, notes } = imported(&json(&messages)).expect("imported");
    assert_eq!((session.title.as_str(), session.system.as_deref(), notes), ("One?", Some("Be brief."), vec![]));
    let lane = |model: &str, status, text: &str| vec![(model.to_owned(), status, text.to_owned())];
    let expected = vec![
        ("One?".to_owned(), lane("openai:gpt-4o", Outcome::Completed, "1")),
        ("Two?".to_owned(), lane("imported", Outcome::Interrupted, "And")),
        ("Three?".to_owned(), vec![]),
    ];
    assert_eq!(turns(&session), expected);
}

#[test]
fn what_messages_hold_besides_text_is_told() {
    let messages = std::fs::read_to_string("tests/data/messages.json").expect("a file");
    let Imported { session, notes } = imported(&messages).expect("imported");
    insta::assert_snapshot!("import_messages_notes", notes.join("\n"));
    assert_eq!(session.system.as_deref(), Some("Answer in one sentence."));
    assert_eq!(session.turns[0].prompt, "Say hi to Zoë – 你好 👋\nWhat is this?\nA cat?");
}

/// Nobody knows when an imported answer came, also not after it was looked at and saved again.
#[test]
fn an_imported_answer_has_no_times_and_stays_as_it_is() {
    let whole = std::fs::read_to_string("tests/data/messages.json").expect("a file");
    let session = imported(&whole).expect("imported").session;
    for turn in &session.turns {
        let mut lanes = records(turn);
        for event in replay(turn) {
            lanes[event.lane].apply(event.at, &event.event);
        }
        for (lane, run) in lanes.iter().zip(&turn.runs) {
            let report = LaneReport::from(lane);
            assert_eq!((&report.timing, report.status), (&run.report.timing, run.report.status));
            assert_eq!(run.report.timing, llmbench::run::Timing::default());
        }
        let mut again: Turn = turn.clone();
        again.update(&lanes);
        assert_eq!(&again, turn, "nothing of it is lost");
    }
}

#[test]
fn a_configuration_of_promptfoo_becomes_prompts_to_ask() {
    let config = r#"{
        "description": "Capitals",
        "prompts": ["Capital of {{country}}?", {"label": "x", "raw": "Largest city of {{ country }}?"}],
        "providers": ["openai:gpt-4o"],
        "defaultTest": {"assert": [{"type": "is-json"}]},
        "tests": [{"vars": {"country": ["France", "Perú"]}}, {"vars": {"country": "{{no}} template"}}]
    }"#;
    let Imported { session, notes } = imported(config).expect("imported");
    let prompts: Vec<_> = session.turns.iter().map(|turn| turn.prompt.as_str()).collect();
    let expected = [
        "Capital of France?",
        "Capital of Perú?",
        "Capital of {{no}} template?",
        "Largest city of France?",
        "Largest city of Perú?",
        "Largest city of {{no}} template?",
    ];
    assert_eq!((session.title.as_str(), prompts), ("Capitals", expected.to_vec()));
    assert!(session.turns.iter().all(|turn| turn.runs.is_empty()));
    assert_eq!(notes, ["providers are left out: pick models to ask", "assertions are left out"]);
}

#[test]
fn a_list_of_prompts_and_one_of_messages_are_read() {
    let of = |json: &str| {
        let session = imported(json).expect("imported").session;
        (session.system.clone(), session.turns.iter().map(|turn| turn.prompt.clone()).collect::<Vec<_>>())
    };
    assert_eq!(of(r#"["One?", "Two?"]"#), (None, vec!["One?".into(), "Two?".into()]));
    let chat = r#"{"prompts": "[{\"role\":\"system\",\"content\":\"{{s}}\"},{\"role\":\"user\",\"content\":\"{{q}}\"}]",
        "tests": [{"vars": {"s": "Be \"brief\".", "q": "a\nb"}}]}"#;
    assert_eq!(of(chat), (Some("Be \"brief\".".to_owned()), vec!["a\nb".into()]));
}

#[test]
fn what_cannot_be_imported_is_told_with_its_place() {
    let response = json(&[ModelMessage::Response(response("1", None, None))]);
    let table = [
        ("{", "it is no JSON: EOF while parsing an object at line 1 column 1"),
        ("7", "it holds neither messages nor prompts"),
        ("{}", "it holds neither messages nor \"prompts\""),
        ("[]", "there are no prompts in it"),
        (response.as_str(), "message 1 is a response to no request"),
        (
            "[{\"kind\":\"request\",\n\"parts\":[{\"part_kind\":\"user-prompt\"}]}]",
            "it is no list of PydanticAI's messages: missing field `content` at line 2 column 39",
        ),
        (r#"["a", 7]"#, "prompts[1] is no text, nor has it a text in \"raw\""),
        (r#"["file://secret.txt"]"#, "prompts[0] names a file, which is not read: put its text there"),
        (
            r#"{"prompts": ["{{a}}"], "tests": [{"vars": {"b": 1}}]}"#,
            "prompts[0] with tests[0]: there is no variable \"a\"",
        ),
        (r#"{"prompts": ["a"], "tests": "file://t.csv"}"#, "tests is no list: tests of another file are not read"),
        (r#"{"prompts": ["{% if x %}"]}"#, "prompts[0]: the template {% if x %} is not known"),
        (
            r#"["a", "[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q\"}]"]"#,
            "prompts[1]: it has another system prompt than the first, and a session has one: split the file",
        ),
    ];
    for (given, expected) in table {
        assert_eq!(imported(given), Err(format!("x.json can't be imported: {expected}")), "{given}");
    }
    let yaml = import(b"prompts: [a]", Path::new("p.yaml"), now()).expect_err("refused");
    assert_eq!(yaml.to_string(), "p.yaml can't be imported: YAML is not read, JSON is; convert it first");
}

#[test]
fn lists_that_multiply_are_refused_before_they_are_many() {
    let list: Vec<_> = (0..1_000).map(|n| n.to_string()).collect();
    let vars: serde_json::Map<_, _> = (0..9).map(|n| (format!("v{n}"), list.clone().into())).collect();
    let config = serde_json::json!({ "prompts": ["{{v0}}"], "tests": [{ "vars": vars }] });
    let expected = "x.json can't be imported: tests[0]: there are more than 1000 sets of variables";
    assert_eq!(imported(&config.to_string()), Err(expected.to_owned()));
}

/// A text as people and attackers write it; never blank, since a blank prompt isn't asked.
fn texts() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "{{ x }}",
        "{% y %}",
        "\"",
        "\\",
        "\n",
        "月",
        "{",
        "}}",
        "```",
        "<b>",
        "'",
        "=1",
        "{{prompt}}",
    ]);
    prop::collection::vec(word, 1..6).prop_map(|words| format!("x{}", words.concat()))
}

proptest! {
    #[test]
    fn messages_go_out_and_in_unchanged(
        said in prop::collection::vec((texts(), texts()), 1..5),
        system in prop::option::of(texts()),
    ) {
        let mut messages = Vec::new();
        for (number, (prompt, answer)) in said.iter().enumerate() {
            messages.push(request(prompt, system.as_deref().filter(|_| number == 0)));
            messages.push(ModelMessage::Response(response(answer, Some("m"), Some("openai"))));
        }
        let session = imported(&json(&messages)).expect("imported").session;
        prop_assert_eq!(export_pydantic(&session, "openai:m").expect("a lane"), json(&messages));
        let again = imported(&export_json(&session).expect("JSON")).expect("imported").session;
        prop_assert_ne!(again.id, session.id);
        prop_assert_eq!(again.turns, session.turns);
    }

    #[test]
    fn prompts_go_to_promptfoo_and_come_back(
        prompts in prop::collection::vec(texts(), 1..5),
        system in prop::option::of(texts()),
    ) {
        let mut session = Session::new(now(), system, Settings::default());
        for prompt in &prompts {
            session.begin_turn(prompt, now() + Duration::ZERO);
        }
        let again = imported(&export_promptfoo(&session).text).expect("imported").session;
        prop_assert_eq!(&again.title, &session.title);
        prop_assert_eq!((again.system, again.turns), (session.system, session.turns));
    }
}
