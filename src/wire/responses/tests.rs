use serde_json::{Value, json};

use crate::catalog::{InterfaceKind, profile};
use crate::message::{FinishReason, ModelMessage, ModelRequest, ModelResponse, ResponsePart, ToolArgs, ToolCall};
use crate::settings::{OutputSpec, Settings};
use crate::wire::testing::{decoded, encoded, failure, stream, tokens};
use crate::wire::{Call, ErrorKind, ModelError, interface};

const KIND: InterfaceKind = InterfaceKind::Responses;
const TEXT: &str =
    r#"{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hello wor"}"#;
const COMPLETED: &str = r#"{"type":"response.completed","response":{"id":"r","status":"completed"}}"#;

fn streamed(data: &[&str]) -> ModelResponse {
    let (response, error) = decoded(KIND, true, &stream(data));
    assert_eq!(error, None);
    response
}

#[test]
fn without_its_end_a_stream_is_truncated() {
    let (response, error) = decoded(KIND, true, &stream(&[TEXT, "[DONE]"]));
    let message = "the stream ended before the model did (no response.completed was seen)";
    assert_eq!(error, Some(ModelError::new(ErrorKind::Truncated, message)));
    assert_eq!((response.text(), response.finish_reason), ("Hello wor".to_owned(), None));
}

#[test]
fn servers_may_leave_out_what_names_an_item() {
    let response = streamed(&[
        r#"{"type":"response.output_item.added","item":{"type":"message"}}"#,
        r#"{"type":"response.output_text.delta","delta":"Hello "}"#,
        r#"{"type":"response.output_text.delta","delta":null}"#,
        r#"{"type":"response.output_text.delta","delta":"w\u00f6rld"}"#,
        r#"{"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":"Hello wörld"}]}}"#,
        r#"{"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":"Hello wörld"}]}}"#,
        r#"{"type":"response.completed"}"#,
        TEXT,
    ]);
    assert_eq!(response.text(), "Hello wörld");
    assert_eq!(response.finish_reason, Some(FinishReason::Stop));
}

#[test]
fn a_whole_item_tells_what_did_not_come_in_pieces() {
    let call = |args: &str| {
        ResponsePart::ToolCall(ToolCall {
            tool_name: "f".to_owned(),
            args: Some(ToolArgs::Json(args.to_owned())),
            tool_call_id: "c".to_owned(),
            id: Some("i".to_owned()),
            provider_name: Some("openai".to_owned()),
            ..ToolCall::default()
        })
    };
    let added = r#"{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":""}}"#;
    let delta = r#"{"type":"response.function_call_arguments.delta","item_id":"i","output_index":0,"delta":"{\"a\""}"#;
    let done = r#"{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":"{\"a\":1}"}}"#;
    let whole = [call("{\"a\":1}")];
    assert_eq!(streamed(&[added, delta, done, COMPLETED]).parts, whole);
    assert_eq!(streamed(&[added, done, done, COMPLETED]).parts, whole);
    assert_eq!(streamed(&[delta, done, COMPLETED]).parts, whole);
    let other = done.replace("{\\\"a\\\":1}", "{\\\"b\\\":1}");
    assert_eq!(streamed(&[added, delta, &other, COMPLETED]).parts, [call("{\"a\"")]);
    let output = r#"{"type":"response.completed","response":{"output":[{"type":"function_call","id":"i","call_id":"c","name":"f","arguments":{"a":1}},{"type":"function_call"}]}}"#;
    assert_eq!(streamed(&[output]).parts, whole);
}

#[test]
fn items_under_one_identifier_are_all_read() {
    let message =
        |text: &str| json!({"type": "message", "id": "m", "content": [{"type": "output_text", "text": text}]});
    let document = json!({"status": "completed", "output": [message("One, "), message("two.")]});
    let done = |text: &str, index: u64| json!({"type": "response.output_item.done", "output_index": index, "item": message(text)});
    assert_eq!(decoded(KIND, false, &document.to_string()).0.text(), "One, two.");
    let twice = [done("One.", 0).to_string(), done("One.", 0).to_string()];
    assert_eq!(streamed(&[&twice[0], &twice[1], COMPLETED]).text(), "One.");
}

#[test]
fn what_is_no_count_is_unknown() {
    let usage = |json: &str| {
        let completed = format!(r#"{{"type":"response.completed","response":{{"usage":{json}}}}}"#);
        streamed(&[&completed]).usage
    };
    assert_eq!(usage(r#"{"input_tokens":-5,"output_tokens":"23","total_tokens":1.5}"#), tokens(None, None));
    assert_eq!(usage(r#"{"input_tokens":17,"input_tokens_details":[]}"#), tokens(Some(17), None));
    assert_eq!(usage("7"), tokens(None, None));
    assert_eq!(usage("null"), tokens(None, None));
}

#[test]
fn the_vendors_words_for_the_end_have_ours() {
    let finish = |response: Value| {
        let document = json!({"id": "r", "output": []});
        let document: Value = [document, response].into_iter().fold(json!({}), |mut all, one| {
            all.as_object_mut().expect("an object").extend(one.as_object().expect("an object").clone());
            all
        });
        let (response, error) = decoded(KIND, false, &document.to_string());
        assert_eq!(error, None);
        (response.finish_reason, response.provider_details.map(|details| details["finish_reason"].clone()))
    };
    let incomplete = |reason: &str| json!({"status": "incomplete", "incomplete_details": {"reason": reason}});
    assert_eq!(finish(json!({"status": "completed"})), (Some(FinishReason::Stop), Some("completed".into())));
    assert_eq!(finish(incomplete("max_output_tokens")), (Some(FinishReason::Length), Some("max_output_tokens".into())));
    assert_eq!(
        finish(incomplete("content_filter")),
        (Some(FinishReason::ContentFilter), Some("content_filter".into()))
    );
    assert_eq!(finish(incomplete("steered")), (None, Some("steered".into())));
    assert_eq!(finish(json!({"status": "cancelled"})), (Some(FinishReason::Error), Some("cancelled".into())));
    assert_eq!(finish(json!({"status": 7, "incomplete_details": "odd"})), (None, None));
}

#[test]
fn failures_are_told_in_the_vendors_words() {
    let event = r#"{"type":"error","code":"server_error","message":"Broke.","param":null}"#;
    let expected = ModelError {
        status: Some(500),
        ..ModelError::new(ErrorKind::Provider, "Broke.").with_body(serde_json::from_str(event).expect("JSON"))
    };
    assert_eq!(decoded(KIND, true, &stream(&[TEXT, event])).1, Some(expected));
    for (nested, status) in [
        (r#"{"type":"error","error":{"type":"rate_limit_error","message":"Slow."}}"#, Some(429)),
        (r#"{"error":{"message":"Slow."}}"#, None),
        (
            r#"{"type":"response.failed","response":{"error":{"code":"server_is_overloaded","message":"Slow."}}}"#,
            Some(503),
        ),
        (r#"{"type":"response.completed","response":{"error":{"code":"no","message":"Slow."}}}"#, None),
    ] {
        let error = decoded(KIND, true, &stream(&[nested])).1.expect(nested);
        assert_eq!(
            (error.kind, error.message.as_str(), error.status),
            (ErrorKind::Provider, "Slow.", status),
            "{nested}"
        );
    }
    let silent = "the provider reported an error without a message".to_owned();
    assert_eq!(failure(KIND, true, &stream(&[r#"{"type":"response.failed"}"#])), (ErrorKind::Provider, silent.clone()));
    assert_eq!(failure(KIND, false, r#"{"status":"failed","error":null,"output":[]}"#), (ErrorKind::Provider, silent));
    assert_eq!(failure(KIND, false, r#"{"error":{"message":"No."}}"#), (ErrorKind::Provider, "No.".to_owned()));
}

#[test]
fn what_is_no_answer_is_told() {
    let message = "the answer came before the model had ended (its status is queued)".to_owned();
    assert_eq!(failure(KIND, false, r#"{"status":"queued","output":[]}"#), (ErrorKind::Truncated, message));
    assert_eq!(failure(KIND, false, r#"{"id":"x"}"#), (ErrorKind::Protocol, "the answer has no output".to_owned()));
    let odd = r#"{"type":"response.output_text.delta","delta":7}"#;
    assert_eq!(failure(KIND, true, &stream(&[odd])).0, ErrorKind::Protocol);
    let odd = r#"{"output":[{"type":"message","content":"text"}]}"#;
    assert_eq!(failure(KIND, false, odd).0, ErrorKind::Protocol);
}

/// The history whose input PydanticAI 2.68 was watched to send, to models that reason and to others.
fn history() -> Value {
    let own = |mut part: Value| {
        part["provider_name"] = "openai".into();
        part
    };
    json!([
        {"kind": "request", "instructions": "No longer.", "parts": [
            {"part_kind": "system-prompt", "content": "Be brief."},
            {"part_kind": "user-prompt", "content": ["One", {"kind": "text-content", "content": "two"}]}]},
        {"kind": "response", "provider_name": "openai", "parts": [
            own(json!({"part_kind": "thinking", "content": "First.", "id": "rs_1", "signature": "s"})),
            own(json!({"part_kind": "thinking", "content": "Second.", "id": "rs_1"})),
            own(json!({"part_kind": "thinking", "content": "", "id": "rs_2", "signature": "t"})),
            own(json!({"part_kind": "thinking", "content": "", "id": "rs_3", "provider_details": {"raw_content": ["Hm."]}})),
            {"part_kind": "thinking", "content": "Theirs.", "signature": "g", "provider_name": "google"},
            own(json!({"part_kind": "thinking", "content": "Chat.", "id": "reasoning"})),
            own(json!({"part_kind": "text", "content": "A", "id": "msg_1", "provider_details":
                {"phase": "commentary", "citations": [{"type": "file_citation", "file_id": "f", "index": 1}]}})),
            own(json!({"part_kind": "text", "content": "B", "id": "msg_1"})),
            {"part_kind": "text", "content": "C"}, {"part_kind": "text", "content": ""},
            {"part_kind": "builtin-tool-call", "args": {}},
            own(json!({"part_kind": "tool-call", "tool_name": "f", "args": "{\"a\":", "tool_call_id": "c", "id": "fc_1",
                "provider_details": {"namespace": "n"}})),
            {"part_kind": "tool-call", "tool_name": "g", "args": {"b": 1}, "tool_call_id": "d|fc_2"}]},
        {"kind": "request", "instructions": "In French.", "parts": [
            {"part_kind": "tool-return", "tool_name": "f", "content": {"x": 1}, "tool_call_id": "c"},
            {"part_kind": "retry-prompt", "content": "bad", "tool_name": "g", "tool_call_id": "d|fc_2"}]},
    ])
}

/// What a model is told of the requests, around the answer.
fn input(answer: Value) -> Value {
    let before = json!([
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "input_text", "text": "One"}, {"type": "input_text", "text": "two"}]},
    ]);
    let after = json!([
        {"type": "function_call_output", "call_id": "c", "output": "{\"x\":1}"},
        {"type": "function_call_output", "call_id": "d", "output": "{\"error\":\"bad\"}"},
    ]);
    let lists = [before, answer, after].into_iter().flat_map(|list| list.as_array().cloned().expect("a list"));
    lists.collect()
}

#[test]
fn a_model_that_reasons_gets_its_items_back() {
    let request = encoded(KIND, "gpt-5.4", &history(), &json!({}));
    let answer = json!([
        {"type": "reasoning", "id": "rs_1", "encrypted_content": "s", "summary": [
            {"type": "summary_text", "text": "First."}, {"type": "summary_text", "text": "Second."}]},
        {"type": "reasoning", "id": "rs_2", "encrypted_content": "t", "summary": []},
        {"type": "reasoning", "id": "rs_3", "encrypted_content": null, "summary": [],
            "content": [{"type": "reasoning_text", "text": "Hm."}]},
        {"role": "assistant", "content": "<think>\nTheirs.\n</think>"},
        {"role": "assistant", "content": "<think>\nChat.\n</think>"},
        {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "phase": "commentary", "content": [
            {"type": "output_text", "text": "A", "annotations": [{"type": "file_citation", "file_id": "f", "index": 1}]},
            {"type": "output_text", "text": "B", "annotations": []}]},
        {"role": "assistant", "content": "C"},
        {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "f", "namespace": "n",
            "arguments": "{\"INVALID_JSON\":\"{\\\"a\\\":\"}"},
        {"type": "function_call", "id": "fc_2", "call_id": "d", "name": "g", "arguments": "{\"b\":1}"},
    ]);
    let expected = json!({
        "model": "gpt-5.4", "stream": false, "instructions": "In French.", "input": input(answer),
        "include": ["reasoning.encrypted_content"], "reasoning": {"context": "all_turns"},
    });
    assert_eq!(request.body, expected);
}

#[test]
fn a_model_that_does_not_reason_gets_plain_messages() {
    let said = |content: &str| json!({"role": "assistant", "content": content});
    let request = encoded(KIND, "gpt-4o", &history(), &json!({"extra_body": {"store": false}}));
    let answer = json!([
        said("<think>\nFirst.\n</think>"), said("<think>\nSecond.\n</think>"),
        {"type": "reasoning", "id": "rs_3", "encrypted_content": null, "summary": [],
            "content": [{"type": "reasoning_text", "text": "Hm."}]},
        said("<think>\nTheirs.\n</think>"), said("<think>\nChat.\n</think>"), said("A"), said("B"), said("C"),
        {"type": "function_call", "call_id": "c", "name": "f", "namespace": "n",
            "arguments": "{\"INVALID_JSON\":\"{\\\"a\\\":\"}"},
        {"type": "function_call", "call_id": "d", "name": "g", "arguments": "{\"b\":1}"},
    ]);
    let expected = json!({
        "model": "gpt-4o", "stream": false, "instructions": "In French.", "input": input(answer), "store": false,
    });
    assert_eq!(request.body, expected);
}

#[test]
fn reasoning_is_asked_for_at_an_effort_that_the_family_knows() {
    let asked = |model: &str, thinking: Value| {
        let request = encoded(KIND, model, &json!([]), &json!({"temperature": 0.5, "thinking": thinking}));
        (request.body["reasoning"].clone(), request.omitted)
    };
    let effort = |word: &str| json!({"effort": word});
    assert_eq!(asked("gpt-4o", json!("high")), (Value::Null, vec!["thinking"]));
    assert_eq!(asked("o3", json!("minimal")), (effort("low"), vec!["temperature"]));
    assert_eq!(asked("gpt-5", json!(true)), (effort("medium"), vec!["temperature"]));
    assert_eq!(asked("gpt-5", json!(false)), (effort("minimal"), vec!["temperature"]));
    assert_eq!(asked("gpt-5-pro", json!("low")), (effort("high"), vec!["temperature"]));
    assert_eq!(asked("gpt-5.2", json!(false)), (effort("none"), vec![]));
    assert_eq!(asked("gpt-5.2-pro", json!(false)), (effort("medium"), vec!["temperature"]));
    assert_eq!(
        asked("gpt-5.4", json!("xhigh")),
        (json!({"effort": "xhigh", "context": "all_turns"}), vec!["temperature"])
    );
}

/// The request for output in a mode, with instructions and a system prompt beside it.
fn with_output(model: &str, mode: &str) -> Value {
    let schema = json!({"type": "object", "title": "City", "description": "A city", "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 9}}});
    let mode = serde_json::from_value(mode.into()).expect("a mode");
    let output = OutputSpec::new(schema.as_object().expect("an object"), Some(mode));
    let request =
        ModelRequest { instructions: Some("In French.".to_owned()), ..ModelRequest::user("Hi", Some("Go."), None) };
    let (settings, profile) = (Settings::default(), profile("openai-responses", KIND, model));
    let messages = [ModelMessage::Request(request)];
    let call = Call {
        model,
        messages: &messages,
        settings: &settings,
        output: Some(&output),
        stream: true,
        profile: &profile,
    };
    interface(KIND).expect("a wire format").encode(&call).expect("can be said").body
}

#[test]
fn output_is_asked_for_in_every_mode() {
    let schema = json!({"additionalProperties": false, "type": "object", "required": ["name"],
        "properties": {"name": {"type": "string", "maxLength": 9}}});
    let messages = json!([{"role": "system", "content": "Go."}, {"role": "user", "content": "Hi"}]);
    let plain = json!({"model": "gpt-4o", "stream": true, "instructions": "In French.", "input": messages});
    let mut native = plain.clone();
    native["text"] = json!({"format": {
        "type": "json_schema", "name": "City", "description": "A city", "strict": true, "schema": schema}});
    assert_eq!(with_output("gpt-4o", "native"), native);
    let mut tool = plain;
    tool["tools"] = json!([{"type": "function", "name": "final_result", "strict": true, "parameters": schema,
        "description": "A city. The final response which ends this conversation"}]);
    tool["tool_choice"] = "required".into();
    assert_eq!(with_output("gpt-4o", "tool"), tool);
    let strict = &with_output("ft:gpt-4o:me::1", "tool")["tools"][0]["strict"];
    assert_eq!(strict, false, "a limit on a text's length is not in the subset of fine-tuned models");
}

#[test]
fn the_word_json_stands_among_the_messages() {
    let body = with_output("gpt-4o", "prompted");
    let instructions = body["input"][1]["content"].as_str().expect("instructions");
    assert!(instructions.starts_with("In French.\n\n\nAlways respond with a JSON object"), "{instructions}");
    assert!(instructions.ends_with("before or after."), "{instructions}");
    let roles: Vec<&Value> = body["input"].as_array().expect("a list").iter().map(|item| &item["role"]).collect();
    assert_eq!(roles, ["system", "system", "user"]);
    assert_eq!((body.get("instructions"), &body["text"]), (None, &json!({"format": {"type": "json_object"}})));
}

#[test]
fn there_is_always_some_input() {
    let request = encoded(KIND, "gpt-4o", &json!([]), &json!({}));
    assert_eq!(request.body, json!({"model": "gpt-4o", "stream": false, "input": [{"role": "user", "content": ""}]}));
}
