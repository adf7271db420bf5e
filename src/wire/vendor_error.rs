//! What vendors say of a failure, made into one readable sentence and kept whole beside it.
//!
//! Shapes: OpenAI and compatible `{"error": {"message", "type", "code"}}`
//! (<https://platform.openai.com/docs/guides/error-codes>), Anthropic `{"type": "error", "error": {"type", "message"}}`
//! (<https://docs.anthropic.com/en/api/errors>), Google `{"error": {"code", "message", "details"}}`, alone or in an array
//! (<https://cloud.google.com/apis/design/errors>), OpenRouter's with another vendor's error inside, and the plain
//! `{"message"}` and `{"detail"}` of others, in which a list of what is wrong may stand in the sentence's place (Mistral's
//! 422).

use serde_json::{Map, Value};

use super::{ErrorKind, ModelError};

/// How much of a body is read and kept: 64 KiB.
const MAX_BODY: usize = 64 * 1024;
/// The longest sentence in a message; the body holds the rest.
const MAX_SENTENCE: usize = 1_000;
/// What some vendors call the field that holds their sentence.
const SENTENCE_FIELDS: [&str; 5] = ["message", "Message", "detail", "error_description", "msg"];

/// The vendor's sentence in an error body, and the body: JSON where it is JSON, else text. Both bounded.
/// No sentence for HTML and other text that was not written for such a place.
#[must_use]
pub fn error_message(body: &[u8]) -> (Option<String>, Option<Value>) {
    let body = &body[..body.len().min(MAX_BODY)];
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        return (sentence(&value), Some(value));
    }
    let text = String::from_utf8_lossy(body);
    let text = text.trim();
    if text.is_empty() {
        return (None, None);
    }
    let readable = !text.starts_with(['<', '{', '[']) && text.chars().count() <= MAX_SENTENCE;
    (readable.then(|| one_line(text)), Some(Value::from(excerpt(text))))
}

/// A failure by HTTP status. `retry_after_s` is the body's own (Google's `RetryInfo`), if it has one: headers are for
/// the caller to read.
#[must_use]
pub fn http_error(status: u16, model: &str, body: &[u8]) -> ModelError {
    by_status(status, &format!("status_code: {status}, model_name: {model}"), body)
}

/// The same for a request that asks no model: for the provider's list of models.
#[must_use]
pub fn http_error_without_model(status: u16, body: &[u8]) -> ModelError {
    by_status(status, &format!("status_code: {status}"), body)
}

fn by_status(status: u16, what: &str, body: &[u8]) -> ModelError {
    let (sentence, body) = error_message(body);
    let reason = || http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let sentence = sentence.unwrap_or_else(|| reason().unwrap_or("the provider gave no reason").to_owned());
    ModelError {
        status: Some(status),
        retry_after_s: body.as_ref().and_then(retry_delay),
        body,
        ..ModelError::new(ErrorKind::Http, format!("{what}, {sentence}"))
    }
}

/// A failure that a vendor reports inside a 200. `error` is the error object, or whatever stands in its place.
#[must_use]
pub fn provider_error(error: Value) -> ModelError {
    let message = sentence(&error).unwrap_or_else(|| "the provider reported an error without a message".to_owned());
    ModelError {
        status: status(&error),
        retry_after_s: retry_delay(&error),
        ..ModelError::new(ErrorKind::Provider, message).with_body(error)
    }
}

/// [`provider_error`] for an error object that is not parsed yet.
#[must_use]
pub fn provider_error_text(json: &str) -> ModelError {
    let (_, body) = error_message(json.as_bytes());
    provider_error(body.unwrap_or(Value::Null))
}

/// Text cut to what an error may carry, at a character's end.
#[must_use]
pub fn excerpt(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BODY)]
}

fn sentence(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(one_line(text)).filter(|text| !text.is_empty()),
        Value::Array(items) => items.first().and_then(sentence),
        Value::Object(object) => {
            let inner = object.get("error").filter(|inner| !inner.is_null()).and_then(sentence);
            inner.or_else(|| own_sentence(object))
        }
        _ => None,
    }
}

fn own_sentence(object: &Map<String, Value>) -> Option<String> {
    let found = placed(object, SENTENCE_FIELDS.iter().find_map(|name| sentence(object.get(*name)?))?);
    Some(match upstream(object) {
        Some(reason) => format!("{found}: {reason}"),
        None => found,
    })
}

/// What the model's own vendor said, where a gateway's sentence is only that it failed (OpenRouter's `metadata.raw`,
/// <https://openrouter.ai/docs/api-reference/errors>).
fn upstream(error: &Map<String, Value>) -> Option<String> {
    let raw = error.get("metadata")?.get("raw")?.as_str()?;
    let reason = error_message(raw.as_bytes()).0?;
    let vendor = error["metadata"].get("provider_name").and_then(Value::as_str);
    Some(vendor.map_or_else(|| reason.clone(), |vendor| format!("{}: {reason}", one_line(vendor))))
}

/// A sentence with the field of the request that it is about, where the vendor names one (FastAPI's `loc`, as Mistral
/// sends it: <https://fastapi.tiangolo.com/tutorial/handling-errors/>).
fn placed(error: &Map<String, Value>, sentence: String) -> String {
    let Some(place) = error.get("loc").and_then(Value::as_array) else { return sentence };
    let steps: Vec<String> =
        place.iter().map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect();
    format!("{}: {sentence}", steps.join("."))
}

fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_SENTENCE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The HTTP status that an error object stands for: its number (Mistral's `raw_status_code`, since its codes are its own),
/// or what the vendors' pages on errors say of the word that is its code or its type.
fn status(error: &Value) -> Option<u16> {
    let number = |name: &str| error.get(name)?.as_u64();
    if let Some(code) = ["raw_status_code", "code", "status_code"].into_iter().find_map(number) {
        return u16::try_from(code).ok().filter(|code| (400..600).contains(code));
    }
    let word = |name: &str| error.get(name)?.as_str();
    word("code").and_then(status_of_code).or_else(|| word("type").and_then(status_of_type))
}

/// Codes of OpenAI's are the words of types and one more, which compatible servers write as the type of any failure.
fn status_of_code(word: &str) -> Option<u16> {
    if word == "server_error" { Some(500) } else { status_of_type(word) }
}

/// Words of Anthropic's page and of <https://platform.openai.com/docs/guides/error-codes>.
fn status_of_type(word: &str) -> Option<u16> {
    match word {
        "context_length_exceeded" => Some(400),
        "authentication_error" => Some(401),
        "billing_error" => Some(402),
        "permission_error" => Some(403),
        "not_found_error" => Some(404),
        "request_too_large" => Some(413),
        "rate_limit_error" | "rate_limit_exceeded" | "too_many_requests" | "insufficient_quota" => Some(429),
        "api_error" => Some(500),
        "service_unavailable" | "service_unavailable_error" | "server_is_overloaded" | "overloaded" => Some(503),
        "timeout_error" => Some(504),
        "overloaded_error" => Some(529),
        _ => None,
    }
}

/// Google's `RetryInfo` among the details: `"retryDelay": "3s"`.
fn retry_delay(body: &Value) -> Option<f64> {
    let body = body.get(0).unwrap_or(body);
    let details = body.get("error").unwrap_or(body).get("details")?.as_array()?;
    let delay = details.iter().find_map(|detail| detail.get("retryDelay")?.as_str())?;
    let seconds: f64 = delay.strip_suffix('s')?.parse().ok()?;
    (seconds.is_finite() && seconds >= 0.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(body: &str) -> Option<String> {
        error_message(body.as_bytes()).0
    }

    #[test]
    fn every_shape_of_sentence_is_found() {
        let same = |text: &str| Some(text.to_owned());
        assert_eq!(said(r#"{"error":{"message":"no\n such  key","code":"x"}}"#), same("no such key"));
        assert_eq!(
            said(r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#),
            same("Overloaded")
        );
        assert_eq!(said(r#"[{"error":{"code":429,"message":"Quota"}}]"#), same("Quota"));
        assert_eq!(said(r#"{"error":"model not found"}"#), same("model not found"));
        assert_eq!(said(r#"{"message":"Zoë"}"#), same("Zoë"));
        assert_eq!(said(r#"{"detail":"Not Found"}"#), same("Not Found"));
        assert_eq!(
            said(
                r#"{"object":"error","message":{"detail":[{"type":"missing","loc":["body","messages",0],"msg":"Field required"}]}}"#
            ),
            same("body.messages.0: Field required")
        );
        assert_eq!(said(r#"{"message":{"code":7},"detail":[]}"#), None);
        assert_eq!(said("upstream connect error"), same("upstream connect error"));
        let behind_a_gateway = json!({"error": {"code": 429, "message": "Provider returned error", "metadata":
            {"provider_name": "Google", "raw": "{\"error\":{\"message\":\"Try later\"}}"}}});
        assert_eq!(said(&behind_a_gateway.to_string()), same("Provider returned error: Google: Try later"));
        assert_eq!(said(r#"{"message":"No","metadata":{"raw":"<html>"}}"#), same("No"));
        assert_eq!(said("<html><title>502</title></html>"), None);
        assert_eq!(said(r#"{"error":null}"#), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn an_http_error_names_status_model_and_sentence() {
        let body = json!({"error": {"message": "Incorrect API key"}});
        let error = http_error(401, "gpt-4o", body.to_string().as_bytes());
        let expected = ModelError {
            status: Some(401),
            ..ModelError::new(ErrorKind::Http, "status_code: 401, model_name: gpt-4o, Incorrect API key")
                .with_body(body)
        };
        assert_eq!(error, expected);
        let of_list = http_error_without_model(401, br#"{"detail": "no key"}"#);
        assert_eq!((of_list.status, of_list.message.as_str()), (Some(401), "status_code: 401, no key"));
        assert_eq!(http_error(502, "m", b"<html>").message, "status_code: 502, model_name: m, Bad Gateway");
        assert_eq!(http_error(529, "m", b"").message, "status_code: 529, model_name: m, the provider gave no reason");
    }

    #[test]
    fn googles_delay_is_read_and_nonsense_is_none() {
        let delay = |text: &str| {
            let body = json!([{"error": {"code": 429, "message": "Quota", "details": [
                {"@type": "type.googleapis.com/google.rpc.Help"}, {"retryDelay": text}]}}]);
            http_error(429, "m", body.to_string().as_bytes()).retry_after_s
        };
        assert_eq!(delay("3s"), Some(3.0));
        assert_eq!(delay("1.5s"), Some(1.5));
        for nonsense in ["-1s", "infs", "soon", "3"] {
            assert_eq!(delay(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_body_is_bounded_at_a_characters_end() {
        let (sentence, body) = error_message("ä".repeat(MAX_BODY).as_bytes());
        assert_eq!(sentence, None);
        let kept = body.expect("a body");
        assert!(kept.as_str().is_some_and(|text| text.len() <= MAX_BODY + 3), "{}", kept.to_string().len());
    }

    #[test]
    fn an_error_inside_a_200_has_the_status_it_stands_for() {
        let status = |error: Value| provider_error(error).status;
        assert_eq!(status(json!({"code": 503})), Some(503));
        assert_eq!(status(json!({"code": 200})), None);
        assert_eq!(status(json!({"code": "429"})), None);
        assert_eq!(status(json!({"code": 3505, "raw_status_code": 429})), Some(429));
        assert_eq!(status(json!({"code": "tool_use_failed", "status_code": 400})), Some(400));
        assert_eq!(status(json!({"type": "overloaded_error"})), Some(529));
        assert_eq!(status(json!({"type": "error", "code": "server_error"})), Some(500));
        assert_eq!(status(json!({"type": "server_error", "code": null})), None);
        assert_eq!(status(json!({"type": "rate_limit_error", "code": "slow_down"})), Some(429));
        assert_eq!(status(json!("odd")), None);
    }
}
