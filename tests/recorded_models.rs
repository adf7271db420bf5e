//! Models that answer from saved sessions.

#[path = "support/lanes.rs"]
mod lanes;
#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use std::sync::Arc;

use jiff::Timestamp;
use lanes::{Scripted, Step, ask, test_model, text_of};
use llmbench::config::Environment;
use llmbench::message::ModelResponse;
use llmbench::model::{ErrorKind, Model, ModelError, Outcome, Overrides, Registry, Request, Verdict};
use llmbench::run::{Exchange, Lane, LaneRecord, Run, conversation};
use llmbench::session::{Session, Store, Turn, with_recorded};
use llmbench::settings::{OutputSpec, Settings};
use program::{Home, run};
use serde_json::json;

/// Asks these models one after the other in a session, and saves it; tells its ID.
async fn saved(store: &Store, turns: &[(&str, Vec<Arc<dyn Model>>)]) -> String {
    let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
    for (prompt, models) in turns {
        let lane = |model: &Arc<dyn Model>| Lane::new(Arc::clone(model), Request::user(prompt, None));
        let lanes: Vec<LaneRecord> = Run::to_end(models.iter().map(lane).collect()).await;
        session.turns.push(Turn::of(prompt, Timestamp::UNIX_EPOCH, &lanes));
    }
    store.save(&session).expect("it is saved");
    session.id.to_string()
}

/// A registry whose sessions lie in the store's folder.
fn replaying(store: &Store) -> Registry {
    let variables = Environment::from([("LLMBENCH_SESSIONS", store.dir().to_str().expect("UTF-8"))]);
    with_recorded(Registry::new(Arc::default(), variables.into(), Overrides::default()))
}

async fn asked(registry: &Registry, name: &str, request: Request) -> LaneRecord {
    let model = registry.model(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    Run::to_end(vec![Lane::new(model, request)]).await.remove(0)
}

/// The second request of a conversation.
fn second(prompt: &str) -> Request {
    let response = ModelResponse::default();
    let past = Exchange { prompt: "?", at: Timestamp::UNIX_EPOCH, response: &response };
    let messages = conversation(None, [past], Some((prompt, Timestamp::UNIX_EPOCH)));
    Request { messages, stream: true, ..Request::default() }
}

#[tokio::test(start_paused = true)]
async fn a_saved_answer_comes_again_with_its_timing() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    let before = ask(test_model("poet,tokens=30"), true).await;
    let id = saved(&store, &[("Hi", vec![test_model("poet,tokens=30")])]).await;
    for name in [format!("recorded:{id}"), format!("recorded:{}", &id[..13]), "recorded:last".to_owned()] {
        let again = asked(&replaying(&store), &name, Request::user("Hi", None)).await;
        assert_eq!(
            (again.outcome(), again.response().parts.clone()),
            (Outcome::Completed, before.response().parts.clone())
        );
        assert_eq!((again.timing(), again.usage()), (before.timing(), before.usage()), "{name}");
        assert_eq!(again.attempts[0].model, name);
    }
}

#[tokio::test(start_paused = true)]
async fn the_prompt_tells_the_answer_else_the_requests_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    let one = |text: &str| vec![test_model(&format!("x,rate=0,text={text}"))];
    let first = saved(&store, &[("Hi", one("first"))]).await;
    let mut session = store.load(&first).expect("a session");
    let model = session.turns[0].runs[0].report.model.clone();
    for (prompt, text) in [("Who?", "second"), ("Hi", "third")] {
        let lanes = Run::to_end(vec![Lane::new(one(text).remove(0), Request::user(prompt, None))]).await;
        let mut turn = Turn::of(prompt, Timestamp::UNIX_EPOCH, &lanes);
        turn.runs[0].report.model.clone_from(&model);
        session.turns.push(turn);
    }
    store.save(&session).expect("it is saved");
    let registry = replaying(&store);
    let name = format!("recorded:{first}");
    for (request, text) in [
        (Request::user("Hi", None), "first"),
        (Request::user("Who?", None), "second"),
        (Request::user("Another?", None), "first"),
        (second("Another?"), "second"),
        (second("Hi"), "first"),
    ] {
        let prompt = request.prompt();
        assert_eq!(text_of(&asked(&registry, &name, request).await), text, "{prompt}");
    }
    let fifth = Request { messages: [second("?").messages, second("?").messages].concat(), ..second("?") };
    let error = asked(&registry, &name, fifth).await.error.expect("no such answer");
    let message =
        format!("session {first} has no answer of {model} to this prompt, nor one to request 4 of a conversation");
    assert_eq!((error.kind, error.message), (ErrorKind::Config, message));
}

#[tokio::test(start_paused = true)]
async fn of_several_lanes_one_is_named_or_numbered() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    let models = vec![test_model("x,rate=0,text=from x"), test_model("y,fail=503")];
    let id = saved(&store, &[("Hi", models)]).await;
    let registry = replaying(&store);
    let lane = async |lane: &str| asked(&registry, &format!("recorded:{id}{lane}"), Request::user("Hi", None)).await;
    for named in ["#1", "#test:x,rate=0,text=from x"] {
        assert_eq!(text_of(&lane(named).await), "from x");
    }
    let failed = lane("#2").await;
    assert_eq!((failed.outcome(), failed.error.and_then(|error| error.status)), (Outcome::Failed, Some(503)));
    let hint = "put the lane behind the session: #test:x,rate=0,text=from x (or #1), #test:y,fail=503 (or #2)";
    for (named, message) in
        [("", format!("session {id} has answers of several models")), ("#3", format!("session {id} has no lane \"3\""))]
    {
        let error = lane(named).await.error.expect("no lane");
        assert_eq!((error.message, error.hint.as_deref()), (message, Some(hint)));
    }
    let chain = asked(&registry, &format!("fallback:recorded:{id}#2,recorded:{id}#1"), Request::user("Hi", None)).await;
    assert_eq!((text_of(&chain), chain.attempts.len()), ("from x".to_owned(), 2));
}

#[tokio::test(start_paused = true)]
async fn what_broke_off_breaks_off_again_and_output_is_read_anew() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::new(folder.path().to_owned());
    let cut = ModelError::new(ErrorKind::Truncated, "the stream ended before its end (test)");
    let id = saved(&store, &[("Hi", vec![test_model("x,fail=cut,text=a b c d")])]).await;
    let again = asked(&replaying(&store), &format!("recorded:{id}"), Request::user("Hi", None)).await;
    assert_eq!((again.outcome(), text_of(&again), again.error), (Outcome::Interrupted, "a b".to_owned(), Some(cut)));

    let schema = json!({"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}});
    let output = Some(Arc::new(OutputSpec::new(schema.as_object().expect("an object"), None)));
    let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
    let asking = Request { output: output.clone(), ..Request::user("Where?", None) };
    let lanes = Run::to_end(vec![Lane::new(test_model("test"), asking.clone())]).await;
    session.turns.push(Turn::of("Where?", Timestamp::UNIX_EPOCH, &lanes));
    let says = Scripted::new("lane", vec![Step::Say("{\"city\": \"b\"}".to_owned())]);
    let said = Run::to_end(vec![Lane::new(says, Request::user("Text?", None))]).await;
    session.turns.push(Turn::of("Text?", Timestamp::UNIX_EPOCH, &said));
    store.save(&session).expect("it is saved");
    let registry = replaying(&store);
    let name = format!("recorded:{}#1", session.id);
    let fits = asked(&registry, &name, asking).await;
    assert_eq!(fits.output, Some(Verdict::Fits(json!({"city": "a"}))));
    let text = asked(&registry, &name, Request { output, ..Request::user("Text?", None) }).await;
    assert_eq!(text.output, Some(Verdict::Fits(json!({"city": "b"}))));
}

#[test]
fn sessions_answer_on_the_command_line() {
    let home = Home::empty();
    let asked = run(&home, &["run", "--save", "-m", "test:x,rate=0,text=Paris", "-m", "test:test", "Where?"], "");
    assert_eq!(asked.code, Some(0), "{asked:?}");
    for (name, printed) in [("recorded:last#1", "Paris\n"), ("recorded:last#test:test", "success (no tool calls)\n")] {
        let done = run(&home, &["run", "-m", name, "Where?"], "");
        assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), printed, ""), "{done:?}");
    }
    let none = run(&home, &["run", "-m", "recorded:zzz", "Where?"], "");
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.stderr.starts_with("error: no session \"zzz\" in "), "{none:?}");
    let doctor = run(&home, &["doctor"], "").stdout;
    assert!(doctor.contains("recorded: answers from saved sessions, as recorded:SESSION#LANE"), "{doctor}");
}
