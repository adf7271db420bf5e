//! Models that are functions, models that a registry was given, and the offline model's structured output.

#[path = "support/lanes.rs"]
mod lanes;
#[allow(dead_code)] // Each test uses its own part of it.
#[path = "support/program.rs"]
mod program;

use std::sync::Arc;

use futures_util::stream;
use jiff::Timestamp;
use lanes::{ask, test_model, text_of, trace};
use llmbench::config::{Config, ModelEntry};
use llmbench::message::{FinishReason, ModelResponse, ResponsePart, Usage};
use llmbench::model::{
    Delta, ErrorKind, FunctionModel, Model, ModelError, Outcome, Overrides, Registry, Request, Verdict,
};
use llmbench::run::{Lane, Run};
use llmbench::settings::{OutputSpec, Settings};
use program::{Home, run};
use serde_json::json;

fn tokens(input: u64, output: u64) -> Usage {
    Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() }
}

fn call(number: u64, name: Option<&str>, json_args: Option<&str>) -> Delta {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Delta::ToolCall { number, name: owned(name), json_args: owned(json_args), tool_call_id: Some(format!("c{number}")) }
}

#[tokio::test]
async fn a_function_answers_both_kinds_of_request() {
    for stream in [true, false] {
        let lane = ask(Arc::new(FunctionModel::new("hello", |_: &Request| "Hello, world!")), stream).await;
        assert_eq!(
            (lane.outcome(), text_of(&lane), lane.usage()),
            (Outcome::Completed, "Hello, world!".to_owned(), &tokens(51, 2))
        );
        let later = FunctionModel::asynchronous("later", |request: Request| async move { Ok(request.prompt()) });
        assert_eq!(text_of(&ask(Arc::new(later), stream).await), "Hi");
        let words = FunctionModel::streaming("words", |_| stream::iter(["one ", "two"]));
        let lane = ask(Arc::new(words), stream).await;
        assert_eq!((text_of(&lane), lane.marks.len(), lane.usage()), ("one two".to_owned(), 2, &tokens(50, 2)));
        assert_eq!((lane.response().finish_reason, lane.model.as_str()), (None, "lane"));
    }
    let both = FunctionModel::new("both", |_: &Request| "whole").with_stream(|_| stream::iter(["streamed"]));
    let both: Arc<dyn Model> = Arc::new(both);
    assert_eq!(text_of(&ask(Arc::clone(&both), true).await), "streamed");
    assert_eq!(text_of(&ask(both, false).await), "whole");
}

#[tokio::test]
async fn a_function_streams_thinking_and_calls() {
    let thinking = |content: Option<&str>, signature: Option<&str>| Delta::Thinking {
        number: 0,
        content: content.map(str::to_owned),
        signature: signature.map(str::to_owned),
    };
    let deltas = [
        thinking(Some("Hm"), None),
        thinking(Some("m."), Some("sig")),
        call(0, Some("f"), None),
        call(1, Some("g"), Some("[")),
        call(0, None, Some("{}")),
        call(1, None, Some("]")),
        Delta::Usage(tokens(7, 9)),
    ];
    let lane = ask(Arc::new(FunctionModel::streaming("all", move |_| stream::iter(deltas.clone()))), true).await;
    let part = |part: &ResponsePart| match part {
        ResponsePart::Text(text) => text.content.clone(),
        ResponsePart::Thinking(part) => format!("{} {:?}", part.content, part.signature),
        ResponsePart::ToolCall(call) => format!("{} {} {}", call.tool_call_id, call.tool_name, call.args_json()),
        ResponsePart::Other(part) => part.to_string(),
    };
    let parts: Vec<_> = lane.response().parts.iter().map(part).collect();
    assert_eq!(parts, ["Hmm. Some(\"sig\")", "c0 f {}", "c1 g []"]);
    assert_eq!(lane.usage(), &tokens(7, 9), "what is told is not estimated");
}

#[tokio::test]
async fn a_functions_failure_is_its_lanes() {
    let no = || ModelError::new(ErrorKind::Provider, "no");
    let fails = FunctionModel::new("fails", move |_: &Request| Err::<String, _>(no()));
    assert_eq!(ask(Arc::new(fails), true).await.error, Some(no()));
    let breaks = FunctionModel::streaming("breaks", move |_| stream::iter([Ok("some"), Err(no())]));
    let lane = ask(Arc::new(breaks), true).await;
    assert_eq!((lane.outcome(), text_of(&lane), lane.error.clone()), (Outcome::Failed, "some".to_owned(), Some(no())));
    let empty = FunctionModel::streaming("empty", |_| stream::iter([""; 0]));
    let message = ask(Arc::new(empty), true).await.error.map(|error| error.message);
    assert_eq!(message.as_deref(), Some("Stream function must return at least one item"));
    let panics = FunctionModel::new("panics", |_: &Request| -> String { panic!("told to") });
    let message = ask(Arc::new(panics), true).await.error.map(|error| error.message);
    assert_eq!(message.as_deref(), Some("the model panicked"));
}

#[tokio::test]
async fn a_functions_response_is_kept_as_it_is() {
    let response = ModelResponse {
        parts: vec![ResponsePart::thinking("Hm"), ResponsePart::text("Yes")],
        usage: tokens(1, 2),
        finish_reason: Some(FinishReason::Length),
        provider_response_id: Some("r1".to_owned()),
        ..ModelResponse::default()
    };
    let told = response.clone();
    let lane = ask(Arc::new(FunctionModel::new("told", move |_: &Request| told.clone())), false).await;
    let expected = ModelResponse {
        model_name: Some("function:told".to_owned()),
        timestamp: Some(Timestamp::UNIX_EPOCH),
        ..response
    };
    assert_eq!(ModelResponse { timestamp: expected.timestamp, ..lane.response().clone() }, expected);
}

#[tokio::test]
async fn a_registry_makes_what_it_was_given_a_maker_for() {
    let settings = Settings { max_tokens: Some(2), ..Settings::default() };
    let alias = ModelEntry::Alias { model: "function:shout".to_owned(), settings };
    let config = Config { models: vec![("loud".to_owned(), alias)], ..Config::default() };
    let registry = Registry::new(config.into(), Arc::default(), Overrides::default());
    let registry = registry.with_maker("function", |id, name| match name {
        "shout" => Ok(Arc::new(FunctionModel::new(name, |request: &Request| {
            format!("{} {:?}", request.prompt().to_uppercase(), request.settings.max_tokens)
        }))),
        _ => Err(ModelError::new(ErrorKind::Config, format!("{id} is no function"))),
    });
    assert_eq!(text_of(&ask(registry.model("loud").expect("a model"), true).await), "HI Some(2)");
    let chain = registry.model("fallback:function:shout,test:test").expect("a chain");
    assert_eq!(trace(&ask(chain, true).await)[0].0, "function:shout");
    let unknown = registry.model("function:sing").map(|_| ()).expect_err("unknown");
    assert_eq!(unknown.message, "function:sing is no function");
}

#[test]
fn the_offline_model_fits_a_schema_on_the_command_line() {
    let home = Home::empty();
    let schema = r#"{"type": "object", "required": ["city", "people"],
        "properties": {"city": {"type": "string", "minLength": 2}, "people": {"type": "integer", "minimum": 1}}}"#;
    std::fs::write(home.path().join("city.json"), schema).expect("the schema");
    let asks = |model: &str, more: &[&str]| {
        run(&home, &[&["run", "-m", model, "--schema", "city.json"], more, &["Where?"]].concat(), "")
    };
    for mode in ["tool", "native", "prompted"] {
        for model in ["test:test", "test:brief,rate=0", "test:poet,rate=0,chunk=1"] {
            let done = asks(model, &["--output-mode", mode]);
            let printed = "{\"city\":\"aa\",\"people\":1}\n";
            assert_eq!((done.code, done.stdout.as_str(), done.stderr.as_str()), (Some(0), printed, ""), "{done:?}");
        }
    }
    assert_eq!(asks("test:test,seed=2", &[]).stdout, "{\"city\":\"cc\",\"people\":3}\n");
    assert_eq!(asks("test:test", &["--set", "seed=1"]).stdout, "{\"city\":\"bb\",\"people\":2}\n");
    let told = "{\"city\":\"Rome\",\"people\":3}";
    assert_eq!(asks(&format!("test:test,args={told}"), &[]).stdout, format!("{told}\n"));
    assert_eq!(asks(&format!("test:x,rate=0,text={told}"), &["--output-mode", "native"]).code, Some(0));
    let refused = asks("test:test,text=Rome", &[]);
    let message = "test:test,text=Rome: failed: Plain response not allowed, but `custom_output_text` is set.\n";
    assert!(refused.code == Some(1) && refused.stderr.starts_with(message), "{refused:?}");
}

#[tokio::test(start_paused = true)]
async fn a_voice_streams_its_output_at_its_own_pace() {
    let schema =
        json!({"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 60}}});
    let output = Some(Arc::new(OutputSpec::new(schema.as_object().expect("an object"), None)));
    let asking = Request { output, ..Request::user("Write", None) };
    let lane = Run::to_end(vec![Lane::new(test_model("poet"), asking.clone())]).await.remove(0);
    assert_eq!((lane.outcome(), lane.timing().ttft_ms), (Outcome::Completed, Some(800.0)));
    assert!(lane.marks.len() > 5, "{:?}", lane.marks);
    assert_eq!(lane.output, Some(Verdict::Fits(json!({"text": "a".repeat(60)}))));
    let broken = Run::to_end(vec![Lane::new(test_model("poet,fail=cut"), asking)]).await.remove(0);
    assert_eq!((broken.outcome(), broken.output), (Outcome::Interrupted, None));
}
