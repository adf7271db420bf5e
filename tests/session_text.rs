//! What a session becomes for other eyes: the history of a lane, Markdown, PydanticAI's messages.

use std::time::Duration;

use jiff::Timestamp;
use llmbench::message::{ModelMessage, ModelRequest, ResponsePart, StreamEvent, Usage, history_from_json};
use llmbench::model::{ErrorKind, LaneEvent, ModelError, Outcome};
use llmbench::run::LaneRecord;
use llmbench::session::{Session, SessionError, export_json, export_markdown, export_pydantic, history};
use llmbench::settings::Settings;

fn now() -> Timestamp {
    "2026-11-22T08:00:00Z".parse().expect("a timestamp")
}

fn lane(model: &str, answer: &str, outcome: Outcome) -> LaneRecord {
    let mut record = LaneRecord::new(model, now());
    let error = (outcome != Outcome::Completed).then(|| ModelError::new(ErrorKind::Truncated, "cut ``` off"));
    let parts = [
        StreamEvent::part_start(0, ResponsePart::text(answer)),
        StreamEvent::usage(Usage { input_tokens: Some(5), ..Usage::default() }),
    ];
    for (ms, event) in [
        (0, LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::ZERO }),
        (250, LaneEvent::Arrived(parts.to_vec())),
        (300, LaneEvent::AttemptEnded { outcome, error: error.clone() }),
        (300, LaneEvent::Ended { outcome, error }),
    ] {
        record.apply(Duration::from_millis(ms), &event);
    }
    record
}

fn session() -> Session {
    let mut session = Session::new(now(), Some("Be brief.".to_owned()), Settings::default());
    let first = [lane("a", "", Outcome::Failed), lane("b", "B1", Outcome::Completed)];
    session.begin_turn("One?", now()).update(&first);
    let second = [lane("b", "B2", Outcome::Interrupted), lane("a", "````\nA2", Outcome::Completed)];
    let turn = session.begin_turn("Two?", now());
    turn.update(&second);
    turn.order = vec![1, 0];
    session
}

/// Prompts and answers; a system prompt in front of its request.
fn said(messages: &[ModelMessage]) -> Vec<String> {
    let text = |message: &ModelMessage| match message {
        ModelMessage::Request(request) if request.parts.len() == 2 => format!("system + {}", prompt(request)),
        ModelMessage::Request(request) => prompt(request),
        ModelMessage::Response(response) => response.text(),
    };
    messages.iter().map(text).collect()
}

fn prompt(request: &ModelRequest) -> String {
    let json = serde_json::to_value(request).expect("JSON");
    json["parts"].as_array().and_then(|parts| parts.last()).expect("a part")["content"]
        .as_str()
        .expect("text")
        .to_owned()
}

#[test]
fn each_lane_has_a_history_of_its_own() {
    let session = session();
    let of = |model: &str, lane| said(&history(&session.turns, session.system.as_deref(), model, lane));
    assert_eq!(of("b", 1), ["system + One?", "B1", "Two?", "B2"]);
    assert_eq!(of("a", 0), ["system + Two?", "````\nA2"]);
    assert_eq!(of("c", 0), [""; 0]);
}

#[test]
fn pydantic_messages_can_be_read_again() {
    let session = session();
    let json = export_pydantic(&session, "b").expect("a lane");
    let messages = history_from_json(json.as_bytes()).expect("messages");
    assert_eq!(messages, history(&session.turns, session.system.as_deref(), "b", 0));
    let error = export_pydantic(&session, "c").expect_err("unknown");
    assert_eq!(error, SessionError::UnknownLane { lane: "c".to_owned(), known: vec!["a".to_owned(), "b".to_owned()] });
    assert_eq!(error.to_string(), "no lane \"c\" in this session; it has a, b");
}

#[test]
fn json_is_the_file() {
    let session = session();
    let json = export_json(&session).expect("JSON");
    assert_eq!(Session::from_json(json.as_bytes(), "x.json".as_ref()), Ok(session));
}

#[test]
fn markdown_can_be_read_and_not_broken_out_of() {
    let expected = "\
# One?

2026-11-22T08:00:00Z

## System prompt

```text
Be brief.
```

## 1. Prompt

```text
One?
```

### a

**failed** · ttft – · total – · – · 5 tokens in, – out

Error:

````text
cut ``` off
````

### b

completed · ttft 250 ms · total 250 ms · – · 5 tokens in, – out

Answer:

```markdown
B1
```

## 2. Prompt

```text
Two?
```

### a

completed · ttft 250 ms · total 250 ms · – · 5 tokens in, – out

Answer:

`````markdown
````
A2
`````

### b

**interrupted, incomplete** · ttft 250 ms · total 250 ms · – · 5 tokens in, – out

Error:

````text
cut ``` off
````

Answer:

```markdown
B2
```
";
    assert_eq!(export_markdown(&session()), expected);
}
