//! Recorded answers are understood: whole, byte by byte, and cut at any offset, which must be told.

mod wire_support;

use base64::Engine;
use llmbench::catalog::InterfaceKind;
use llmbench::message::ResponsePart;
use llmbench::wire::{ErrorKind, http_error};
use proptest::prelude::*;
use serde_json::{Value, json};
use wire_support::{Decoded, cut_at, decode, documents, kind_of, kit, own_data, provider_of};

/// Bodies up to this size are cut at every offset, larger ones at some.
const SMALL: usize = 2_000;

struct Recording {
    name: String,
    kind: InterfaceKind,
    streaming: bool,
    body: Vec<u8>,
    json: Value,
}

impl Recording {
    fn has(&self, tag: &str) -> bool {
        self.json["tags"].as_array().expect("tags").iter().any(|own| own == tag)
    }

    fn decode(&self, pieces: &[&[u8]]) -> Decoded {
        decode(self.kind, self.streaming, pieces.iter().copied())
    }

    fn status(&self) -> u16 {
        self.json["response"]["status"].as_u64().and_then(|status| status.try_into().ok()).expect("a status")
    }
}

fn recordings() -> Vec<Recording> {
    let Some(root) = kit("recordings") else { return Vec::new() };
    let found = documents(&root).into_iter().map(|(provider, name, json)| {
        let body = json["response"]["body_b64"].as_str().expect("a body");
        Recording {
            name,
            kind: kind_of(&provider),
            streaming: json["stream"] == true,
            body: base64::engine::general_purpose::STANDARD.decode(body).expect("base64"),
            json,
        }
    });
    found.collect()
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

/// What a response means, as far as the kit compares it.
fn meaning(recording: &Recording, decoded: &Decoded) -> Value {
    let response = &decoded.response;
    let calls: Vec<Value> = response.parts.iter().filter_map(call).collect();
    let count = |count: Option<u64>| count.unwrap_or(0);
    let usage = &response.usage;
    let (text, thinking) = (response.text(), response.thinking());
    let mut told = json!({
        "text": text.trim(), "thinking": squeezed(&thinking), "tool_calls": calls,
        "model_name": model_name(recording, decoded), "finish_reason": response.finish_reason,
        "provider_finish_reason": response.provider_details.as_ref().map(|details| &details["finish_reason"]),
        "input_tokens": count(usage.input_tokens), "output_tokens": count(usage.output_tokens),
        "total_tokens": count(usage.input_tokens) + count(usage.output_tokens),
        "cache_read_tokens": count(usage.cache_read_tokens), "cache_write_tokens": count(usage.cache_write_tokens),
    });
    forget(recording, &mut told);
    told
}

/// The model that answered; the one that was asked where the interface doesn't tell.
fn model_name(recording: &Recording, decoded: &Decoded) -> Value {
    match recording.kind {
        InterfaceKind::Bedrock | InterfaceKind::Cohere => recording.json["model"].clone(),
        _ => json!(decoded.response.model_name),
    }
}

fn call(part: &ResponsePart) -> Option<Value> {
    let ResponsePart::ToolCall(call) = part else { return None };
    Some(json!([call.tool_name, call.args_object().expect("arguments")]))
}

fn expected(recording: &Recording) -> Value {
    let wanted = &recording.json["expect"];
    let calls = wanted["tool_calls"].as_array().expect("calls").iter().map(|call| {
        let args = match &call["args"] {
            Value::String(text) => serde_json::from_str(text).expect("arguments"),
            Value::Null => json!({}),
            args => args.clone(),
        };
        json!([call["name"], args])
    });
    let mut told = json!({
        "text": wanted["text"].as_str().expect("text").trim(),
        "thinking": squeezed(wanted["thinking"].as_str().expect("thinking")),
        "tool_calls": calls.collect::<Vec<_>>(),
        "model_name": wanted["model_name"], "finish_reason": wanted["finish_reason"],
        "provider_finish_reason": wanted["provider_finish_reason"],
    });
    for name in ["input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens"] {
        told[name] = wanted["usage"][name].clone();
    }
    forget(recording, &mut told);
    told
}

/// What the kit doesn't hold against a program.
fn forget(recording: &Recording, told: &mut Value) {
    let wanted = &recording.json["expect"];
    let fields = told.as_object_mut().expect("an object");
    if wanted["finish_reason"].is_null() {
        fields.remove("finish_reason");
    }
    if wanted["provider_finish_reason"].is_null() {
        fields.remove("provider_finish_reason");
    }
    if recording.has("refusal") {
        fields.remove("text");
    }
    if recording.has("vendor-total-differs") {
        fields.remove("total_tokens");
    }
    if recording.has("quirk-usage-summed") {
        fields.retain(|name, _| !name.ends_with("_tokens"));
    }
    // Taking tagged thinking out of the text is PydanticAI's choice.
    if recording.has("think-tags") {
        let thinking = fields.remove("thinking").expect("thinking");
        let both = [&thinking, &fields["text"]].map(|value| value.as_str().expect("text")).concat();
        fields["text"] = Value::from(squeezed(&both).replace("<think>", "").replace("</think>", ""));
    }
}

/// Every sentence of a vendor's error that the kit looks for stands in the message.
fn assert_told(recording: &Recording, error: &llmbench::wire::ModelError) {
    let wanted = &recording.json["expect"]["error"]["body"];
    let sentence = wanted["error"]["message"].as_str().or_else(|| wanted["message"].as_str());
    if let Some(sentence) = sentence {
        assert!(squeezed(&error.message).contains(&squeezed(sentence)), "{}: {error:?}", recording.name);
    }
}

/// PydanticAI makes an answer of what the model said in this error; reporting it is as right.
fn assert_reported(recording: &Recording) {
    let error = match recording.status() {
        status @ 400.. => http_error(status, "m", &recording.body),
        _ => recording.decode(&[&recording.body]).error.expect(&recording.name),
    };
    let body = error.body.clone().unwrap_or_default();
    let code = body.get("error").unwrap_or(&body)["code"].clone();
    assert_eq!((error.status, code), (Some(400), json!("tool_use_failed")), "{}: {error:?}", recording.name);
}

#[test]
fn recordings_mean_what_pydantic_ai_reads_in_them() {
    for recording in recordings() {
        if recording.has("quirk-groq-tool-use-failed") {
            assert_reported(&recording);
            continue;
        }
        if recording.status() >= 400 {
            let error = http_error(recording.status(), "m", &recording.body);
            assert_eq!(Some(u64::from(recording.status())), recording.json["expect"]["error"]["status"].as_u64());
            assert_told(&recording, &error);
            continue;
        }
        let decoded = recording.decode(&[&recording.body]);
        if recording.json["expect"]["outcome"] == "failed" {
            let error = decoded.error.expect(&recording.name);
            let kinds = [ErrorKind::Provider, ErrorKind::Protocol];
            assert!(kinds.contains(&error.kind), "{}: {error:?}", recording.name);
            assert_told(&recording, &error);
        } else {
            assert_eq!(decoded.error, None, "{}", recording.name);
            assert_eq!(meaning(&recording, &decoded), expected(&recording), "{}", recording.name);
        }
    }
}

#[test]
fn recordings_mean_the_same_byte_by_byte() {
    for recording in recordings().iter().filter(|recording| recording.status() < 400) {
        let bytes: Vec<&[u8]> = recording.body.chunks(1).collect();
        assert_eq!(recording.decode(&bytes), recording.decode(&[&recording.body]), "{}", recording.name);
    }
}

#[test]
fn recordings_mean_the_same_however_they_are_cut() {
    let recordings = recordings();
    let answers = || recordings.iter().filter(|recording| recording.status() < 400);
    let whole: Vec<Decoded> = answers().map(|recording| recording.decode(&[&recording.body])).collect();
    let cuts = prop::collection::vec(any::<usize>(), 0..40);
    let config = ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() };
    let law = proptest::test_runner::TestRunner::new(config).run(&cuts, |cuts| {
        for (recording, whole) in answers().zip(&whole) {
            let pieces = recording.decode(&cut_at(&recording.body, &cuts));
            prop_assert_eq!(&pieces, whole, "{}", recording.name);
        }
        Ok(())
    });
    law.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn a_cut_is_told_wherever_it_is() {
    for recording in recordings().iter().filter(|recording| recording.status() < 400) {
        let step = if recording.body.len() <= SMALL { 1 } else { recording.body.len() / 97 };
        for end in (0..recording.body.len()).step_by(step) {
            assert_cut(recording, end);
        }
    }
}

fn assert_cut(recording: &Recording, end: usize) {
    let cut = recording.decode(&[&recording.body[..end]]);
    let at = format!("{} cut at {end}", recording.name);
    match &cut.error {
        Some(error) if error.kind == ErrorKind::Truncated => {}
        Some(error) if recording.has("quirk-groq-tool-use-failed") => {
            assert_eq!(error.kind, ErrorKind::Provider, "{at}");
        }
        Some(error) => assert_eq!(recording.json["expect"]["outcome"], "failed", "{at}: {error:?}"),
        // The model's end was seen: nothing of the answer may be missing but its usage.
        None => {
            let whole = recording.decode(&[&recording.body]).response;
            assert_eq!((cut.response.parts, cut.response.finish_reason), (whole.parts, whole.finish_reason), "{at}");
        }
    }
}

/// The repository's own small recordings, written after the vendors' documentation; `UPDATE_EXPECT=1` writes what is
/// understood of them, to be read before it is committed: (name, interface, streaming, body).
fn own_recordings() -> Vec<(String, InterfaceKind, bool, Vec<u8>)> {
    let mut paths: Vec<_> =
        std::fs::read_dir(own_data()).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let bodies = paths.into_iter().filter(|path| !path.to_string_lossy().ends_with(".expect.json"));
    let found = bodies.map(|path| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let kind = kind_of(provider_of(&name));
        let streaming = path.extension().is_some_and(|extension| extension == "sse" || extension == "eventstream");
        (name, kind, streaming, std::fs::read(&path).expect("readable"))
    });
    found.collect()
}

#[test]
fn own_recordings_are_understood() {
    let all = own_recordings();
    assert!(all.len() >= 6, "{} recordings in {}", all.len(), own_data().display());
    for (name, kind, streaming, body) in all {
        let decoded = decode(kind, streaming, [&body[..]]);
        let path = own_data().join(format!("{name}.expect.json"));
        let told = json!({"response": decoded.response, "error": decoded.error});
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            let text = serde_json::to_string_pretty(&told).expect("JSON");
            std::fs::write(&path, text + "\n").expect("writable");
        }
        let wanted: Value = serde_json::from_slice(&std::fs::read(&path).unwrap_or_default()).unwrap_or_default();
        assert_eq!(told, wanted, "{name}:\n{}", serde_json::to_string_pretty(&told).expect("JSON"));
    }
}

#[test]
fn own_recordings_cut_anywhere_are_truncated_or_complete() {
    for (name, kind, streaming, body) in own_recordings() {
        let whole = decode(kind, streaming, [&body[..]]);
        for end in 0..body.len() {
            let cut = decode(kind, streaming, [&body[..end]]);
            match cut.error {
                Some(error) if Some(&error) == whole.error.as_ref() => {}
                Some(error) => assert_eq!(error.kind, ErrorKind::Truncated, "{name} cut at {end}: {error:?}"),
                None => assert_eq!(cut.response.parts, whole.response.parts, "{name} cut at {end}"),
            }
        }
    }
}

proptest! {
    #[test]
    fn any_cutting_gives_the_same_events(cuts in prop::collection::vec(any::<usize>(), 0..12)) {
        for (name, kind, streaming, body) in own_recordings() {
            let whole = decode(kind, streaming, [&body[..]]);
            let pieces = decode(kind, streaming, cut_at(&body, &cuts));
            prop_assert_eq!(pieces, whole, "{}", name);
        }
    }

    #[test]
    fn no_bytes_make_a_decoder_panic(noise in prop::collection::vec(any::<u8>(), 0..8), at in any::<usize>(), cut in any::<usize>()) {
        for (_, kind, streaming, mut body) in own_recordings() {
            let at = at % (body.len() + 1);
            let end = (at + cut % 4).min(body.len());
            body.splice(at..end, noise.iter().copied());
            decode(kind, streaming, [&body[..]]);
        }
    }
}
