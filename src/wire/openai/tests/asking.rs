//! Requests are written.

use serde_json::{Value, json};

use crate::catalog::{InterfaceKind, profile};
use crate::message::history_from_json;
use crate::settings::{OutputMode, OutputSpec, Settings};
use crate::wire::testing::encoded;
use crate::wire::{Call, ErrorKind, HttpRequest, ModelError, interface};

const KIND: InterfaceKind = InterfaceKind::OpenAi;

fn history() -> Value {
    json!([
        {"kind": "request", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."},
            {"part_kind": "user-prompt", "content": ["One", {"kind": "text-content", "content": "two"}]}]},
        {"kind": "response", "parts": [
            {"part_kind": "thinking", "content": "Mine.", "id": "reasoning_content"},
            {"part_kind": "thinking", "content": "Theirs.", "signature": "x"},
            {"part_kind": "text", "content": "A"}, {"part_kind": "file", "content": {}},
            {"part_kind": "tool-call", "tool_name": "f", "args": "{\"a\":", "tool_call_id": "c"}]},
        {"kind": "request", "instructions": "Now in French.", "parts": [
            {"part_kind": "retry-prompt", "content": "bad", "tool_name": "f", "tool_call_id": "c"},
            {"part_kind": "retry-prompt", "content": "worse"}]},
        {"kind": "response", "parts": []},
    ])
}

#[test]
fn every_part_of_a_history_is_said() {
    let request = encoded(KIND, "m", &history(), &json!({"extra_body": {"model": "mine", "user": "u"}}));
    let expected = json!({
        "model": "mine", "stream": false, "user": "u",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "system", "content": "Now in French."},
            {"role": "user", "content": [{"type": "text", "text": "One"}, {"type": "text", "text": "two"}]},
            {"role": "assistant", "reasoning_content": "Mine.", "content": "<think>\nTheirs.\n</think>\n\nA",
                "tool_calls": [{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{\"a\":"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "{\"error\":\"bad\"}"},
            {"role": "user", "content": "Your previous response failed the application's validation (this is automated feedback, not a message from the user):\n<pyai:retry_feedback>\nworse\n</pyai:retry_feedback>"},
        ],
    });
    assert_eq!(request.body, expected);
}

#[test]
fn the_profile_decides_what_is_asked_and_the_rest_is_named() {
    let asked = |model: &str, settings: Value| {
        let request = encoded(KIND, model, &json!([]), &settings);
        let sampling = request.body.get("temperature").cloned();
        (request.body.get("reasoning_effort").cloned(), sampling, request.omitted)
    };
    let all = |thinking: Value| json!({"temperature": 0.5, "thinking": thinking});
    assert_eq!(asked("o3", all(json!("minimal"))), (Some("low".into()), None, vec!["temperature"]));
    assert_eq!(asked("o3", all(json!(false))), (Some("low".into()), None, vec!["temperature"]));
    assert_eq!(asked("gpt-5", all(json!(true))), (Some("medium".into()), None, vec!["temperature"]));
    assert_eq!(asked("gpt-5.2", all(json!("xhigh"))), (Some("xhigh".into()), None, vec!["temperature"]));
    assert_eq!(asked("gpt-5.2", all(json!(false))), (Some("none".into()), Some(json!(0.5)), vec![]));
    assert_eq!(asked("gpt-4o", all(json!("high"))), (None, Some(json!(0.5)), vec!["thinking"]));
}

/// What a model of a provider is asked with these settings and this mode of output.
fn asked(provider: &str, model: &str, settings: Value, mode: Option<OutputMode>) -> Result<HttpRequest, ModelError> {
    let messages = history_from_json(b"[]").expect("a history");
    let settings: Settings = serde_json::from_value(settings).expect("settings");
    let schema = json!({"title": "T", "description": "A thing.", "type": "object", "properties": {"a": {"$ref": "#/$defs/A"}},
        "required": ["a"], "$defs": {"A": {"type": "string"}}});
    let output = OutputSpec::new(schema.as_object().expect("an object"), mode);
    let output = mode.map(|_| &output);
    let profile = &profile(provider, KIND, model);
    let call = Call { model, messages: &messages, settings: &settings, output, stream: true, profile };
    interface(KIND).expect("a wire format").encode(&call)
}

/// The fields that a request has besides those that all have.
fn fields(request: HttpRequest) -> Value {
    let Value::Object(mut fields) = request.body else { panic!("{:?} is no object", request.body) };
    for common in ["model", "messages", "stream", "stream_options"] {
        fields.shift_remove(common);
    }
    Value::Object(fields)
}

fn thinking(provider: &str, model: &str, thinking: &Value) -> (Value, Vec<&'static str>) {
    let request = asked(provider, model, json!({"thinking": thinking}), None).expect("can be said");
    let omitted = request.omitted.clone();
    (fields(request), omitted)
}

#[test]
fn every_service_is_asked_to_think_in_its_own_way() {
    let rows = [
        ("azure", "gpt-5", json!("low"), json!({"reasoning_effort": "low"})),
        (
            "openrouter",
            "anthropic/claude-sonnet-4.5",
            json!(true),
            json!({"reasoning": {"enabled": true, "effort": "medium"}}),
        ),
        ("openrouter", "anthropic/claude-sonnet-4.5", json!(false), json!({"reasoning": {"effort": "none"}})),
        ("openrouter", "openai/gpt-5", json!(false), json!({"reasoning": {"effort": "low"}})),
        (
            "groq",
            "openai/gpt-oss-120b",
            json!("xhigh"),
            json!({"reasoning_format": "parsed", "reasoning_effort": "high"}),
        ),
        ("groq", "openai/gpt-oss-120b", json!(false), json!({"reasoning_format": "hidden", "reasoning_effort": "low"})),
        ("groq", "qwen/qwen3-32b", json!("high"), json!({"reasoning_format": "parsed"})),
        ("groq", "qwen/qwen3-32b", json!(false), json!({"reasoning_effort": "none"})),
        ("deepseek", "deepseek-v4-pro", json!(false), json!({"reasoning_effort": "none"})),
        ("moonshot", "kimi-k2.5", json!(false), json!({"thinking": {"type": "disabled"}})),
        ("moonshot", "kimi-k2.5", json!("high"), json!({"reasoning_effort": "high"})),
        ("zai", "glm-4.6", json!(true), json!({"thinking": {"clear_thinking": false, "type": "enabled"}})),
        ("zai", "glm-4.6", json!(false), json!({"thinking": {"clear_thinking": false, "type": "disabled"}})),
        ("cerebras", "zai-glm-4.7", json!(false), json!({"clear_thinking": false, "reasoning_effort": "none"})),
    ];
    for (provider, model, asked, expected) in rows {
        assert_eq!(thinking(provider, model, &asked), (expected, vec![]), "{provider} {model} {asked}");
    }
}

#[test]
fn what_a_service_has_no_way_for_is_named() {
    let rows = [
        ("ollama", "qwen3:8b", json!("high")),
        ("groq", "deepseek-r1-distill-llama-70b", json!(false)),
        ("deepseek", "deepseek-reasoner", json!(false)),
        ("cerebras", "gpt-oss-120b", json!("high")),
    ];
    for (provider, model, asked) in rows {
        let told = thinking(provider, model, &asked);
        assert_eq!(told, (json!({}), vec!["thinking"]), "{provider} {model} {asked}");
    }
}

#[test]
fn a_model_that_thinks_of_itself_takes_no_sampling_settings() {
    let sampled = |settings: Value| fields(asked("openai", "gpt-5.5", settings, None).expect("can be said"));
    assert_eq!(sampled(json!({"temperature": 0.5})), json!({}));
    let off = json!({"temperature": 0.5, "thinking": false});
    assert_eq!(sampled(off), json!({"temperature": 0.5, "reasoning_effort": "none"}));
}

#[test]
fn tokens_in_streams_are_asked_for_where_they_must_be() {
    let options = |provider| {
        let request = asked(provider, "llama-3.3-70b-versatile", json!({"max_tokens": 9}), None).expect("can be said");
        (request.body.get("stream_options").cloned(), fields(request))
    };
    assert_eq!(options("groq"), (None, json!({"max_tokens": 9})));
    assert_eq!(options("fireworks"), (Some(json!({"include_usage": true})), json!({"max_completion_tokens": 9})));
}

#[test]
fn output_comes_in_the_way_that_was_chosen() {
    let output = |provider, model, mode| fields(asked(provider, model, json!({}), Some(mode)).expect("can be said"));
    let description = "A thing.. The final response which ends this conversation";
    let bare = json!({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "title": "T"});
    let tool =
        |parameters: &Value| json!({"name": "final_result", "description": description, "parameters": parameters});
    let call = |function: Value, choice: &str| json!({"tools": [{"type": "function", "function": function}], "tool_choice": choice});
    assert_eq!(output("ollama", "llama3.2", OutputMode::Tool), call(tool(&bare), "required"));
    let mut closed = json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "required": ["a"],
        "$defs": {"A": {"type": "string"}}, "additionalProperties": false});
    let mut strict = tool(&closed);
    strict["strict"] = true.into();
    assert_eq!(output("deepseek", "deepseek-chat", OutputMode::Tool), call(strict.clone(), "required"));
    assert_eq!(output("deepseek", "deepseek-v4-pro", OutputMode::Tool), call(strict, "auto"));
    let format = json!({"type": "json_schema", "json_schema":
        {"name": "T", "description": "A thing.", "schema": closed.take(), "strict": true}});
    assert_eq!(output("azure", "gpt-4o", OutputMode::Native), json!({"response_format": format}));
    let json_object = json!({"response_format": {"type": "json_object"}});
    assert_eq!(output("zai", "glm-4-32b", OutputMode::Prompted), json_object);
    assert_eq!(output("together", "meta-llama/Llama-3.3-70B-Instruct-Turbo", OutputMode::Prompted), json!({}));
    let refused = asked("deepseek", "deepseek-chat", json!({}), Some(OutputMode::Native)).expect_err("refused");
    assert_eq!(refused.kind, ErrorKind::Config);
}

#[test]
fn a_model_that_does_not_see_its_schema_is_told_it() {
    let request = asked("vllm", "my-model", json!({}), Some(OutputMode::Native)).expect("can be said");
    let instructions = request.body["messages"][0]["content"].as_str().expect("instructions").to_owned();
    assert!(instructions.contains("\"title\": \"T\""), "{instructions}");
    assert_eq!(fields(request)["response_format"]["json_schema"]["name"], "T");
    let unseen = asked("ollama", "my-model", json!({}), Some(OutputMode::Native)).expect("can be said");
    assert_eq!(unseen.body["messages"], json!([]));
}

/// The messages that a model of a provider is sent of this history.
fn sent(provider: &str, model: &str, history: &Value, settings: Value) -> Value {
    let messages = history_from_json(history.to_string().as_bytes()).expect("a history");
    let settings: Settings = serde_json::from_value(settings).expect("settings");
    let profile = &profile(provider, KIND, model);
    let call = Call { model, messages: &messages, settings: &settings, output: None, stream: false, profile };
    interface(KIND).expect("a wire format").encode(&call).expect("can be said").body["messages"].take()
}

#[test]
fn system_prompts_are_said_by_whom_and_as_often_as_the_family_takes_them() {
    let history = json!([{"kind": "request", "instructions": "In French.", "parts": [
        {"part_kind": "system-prompt", "content": "Be brief."}, {"part_kind": "user-prompt", "content": "Hi"}]}]);
    let hi = json!({"role": "user", "content": "Hi"});
    let say = |role: &str, text: &str| json!({"role": role, "content": text});
    let apart = |role| json!([say(role, "Be brief."), say(role, "In French."), hi]);
    assert_eq!(sent("openai", "gpt-4o", &history, json!({})), apart("system"));
    assert_eq!(sent("openai", "o1-mini", &history, json!({})), apart("user"));
    let one = json!([say("system", "Be brief.\n\nIn French."), hi]);
    assert_eq!(sent("vllm", "Qwen/Qwen3-8B", &history, json!({})), one);
}

#[test]
fn thinking_goes_back_as_the_service_wants_it() {
    let call = json!({"part_kind": "tool-call", "tool_name": "f", "args": {}, "tool_call_id": "c"});
    let thought = json!({"part_kind": "thinking", "content": "Hm.", "id": "reasoning"});
    let history = |parts: Value| json!([{"kind": "response", "parts": parts}]);
    let calls = json!([{"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]);
    let assistant = |content: Value, extra: Value| {
        let mut message = json!({"role": "assistant", "content": content, "tool_calls": calls});
        message.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
        json!([message])
    };
    let both = history(json!([thought, call]));
    let one = |provider, model| sent(provider, model, &both, json!({}));
    assert_eq!(one("ollama", "qwen3:8b"), assistant(Value::Null, json!({"reasoning": "Hm."})));
    assert_eq!(one("deepseek", "deepseek-chat"), assistant(Value::Null, json!({"reasoning_content": "Hm."})));
    assert_eq!(one("openrouter", "x-ai/grok-4"), assistant(Value::Null, json!({"reasoning": "Hm."})));
    assert_eq!(one("cerebras", "zai-glm-4.7"), assistant(json!("<think>\nHm.\n</think>"), json!({})));
    // Without thinking: DeepSeek wants the field from a model that thinks, the others don't.
    let alone = history(json!([call]));
    let deepseek = |model, settings| sent("deepseek", model, &alone, settings);
    assert_eq!(deepseek("deepseek-chat", json!({})), assistant(Value::Null, json!({})));
    assert_eq!(deepseek("deepseek-reasoner", json!({})), assistant(Value::Null, json!({"reasoning_content": ""})));
    assert_eq!(deepseek("deepseek-v4-pro", json!({"thinking": false})), assistant(Value::Null, json!({})));
    assert_eq!(sent("openrouter", "x-ai/grok-4", &alone, json!({})), assistant(Value::Null, json!({})));
}
