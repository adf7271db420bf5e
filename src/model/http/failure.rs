//! What a failed exchange means, in one sentence, and what to do about it.

use std::error::Error;
use std::time::Duration;

use jiff::{Timestamp, Zoned};
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, LOCATION};
use serde_json::Value;

use super::retry_after;
use super::send::Call;
use crate::auth::Address;
use crate::catalog;
use crate::config::{BUILT_IN, ResolvedProvider};
use crate::wire::{self, ErrorKind, ModelError};

/// A status of 400 or above. `known` are the names of the provider's models that are known.
pub fn status(call: &Call<'_>, status: u16, headers: &HeaderMap, body: &[u8], known: &[String]) -> ModelError {
    let error = match call.model {
        Some(model) => wire::http_error(status, model, body),
        None => wire::http_error_without_model(status, body),
    };
    let retry_after_s = retry_after::read(headers, Timestamp::now()).or(error.retry_after_s);
    ModelError {
        retry_after_s,
        should_retry: should_retry(headers, &error),
        hint: hint(call, &error, retry_after_s, known),
        ..error
    }
}

/// A failure that the provider reports inside a 200, with what to do about it.
pub fn reported(call: &Call<'_>, error: ModelError, known: &[String]) -> ModelError {
    let hint = error.hint.clone().or_else(|| hint(call, &error, error.retry_after_s, known));
    ModelError { hint, ..error }
}

/// What the provider itself says about trying again. A quota that is used up doesn't come back within seconds: the
/// official SDKs do try again, to no avail (<https://platform.openai.com/docs/guides/error-codes>).
fn should_retry(headers: &HeaderMap, error: &ModelError) -> Option<bool> {
    let code = error.body.as_ref().and_then(|body| body.pointer("/error/code").or_else(|| body.pointer("/code")));
    if code.and_then(Value::as_str) == Some("insufficient_quota") {
        return Some(false);
    }
    header(headers, "x-should-retry").and_then(|word| word.parse().ok())
}

/// What to do about a status.
fn hint(call: &Call<'_>, error: &ModelError, retry_after: Option<f64>, known: &[String]) -> Option<String> {
    // An error inside a 200 that stands for no status is judged by its words.
    match (error.status.unwrap_or(400), call.model) {
        (401 | 403, model) => Some(not_let_in(call, model.is_some())),
        (status, Some(model)) if wire::rejects_model(status, error.body.as_ref()) => {
            Some(unknown_model(call.provider, model, known))
        }
        (404 | 405, None) => {
            let ResolvedProvider { name, base_url_source, .. } = call.provider;
            Some(format!("is base_url of [providers.{name}] right? it comes from {base_url_source}"))
        }
        (429, _) => Some(match retry_after {
            Some(seconds) => format!("it asks to wait {}", retry_after::told(seconds, &Zoned::now())),
            None => "too many requests, or no quota left: wait, or look at the account's limits".to_owned(),
        }),
        _ => None,
    }
}

fn not_let_in(call: &Call<'_>, asks_a_model: bool) -> String {
    let what = if asks_a_model { "use this model" } else { "list the models" };
    match (&call.provider.key, call.connection.signed_in_with()) {
        (Some(key), _) => format!("the key came from {}; is it right and still valid?", key.source.describe()),
        (None, Some(credentials)) => format!("signed in with {credentials}; may they {what}?"),
        (None, None) => format!("no key was sent: set api_key in [providers.{}]", call.provider.name),
    }
}

/// The closest name that is known; of one that is known itself, how to get it.
fn unknown_model(provider: &ResolvedProvider, model: &str, known: &[String]) -> String {
    let others = known.iter().map(String::as_str).filter(|name| *name != model);
    let is_known = known.iter().any(|name| name == model);
    let to_get_it = catalog::provider(provider.dialect).and_then(|row| row.when_unknown.as_deref());
    match (to_get_it, catalog::closest(model, others)) {
        (Some(hint), None) => hint.replace("{model}", model),
        (Some(hint), Some(_)) if is_known => hint.replace("{model}", model),
        (Some(hint), Some(name)) => {
            format!("did you mean {}:{name}? else {}", provider.name, hint.replace("{model}", model))
        }
        (None, Some(name)) if !is_known => format!("did you mean {}:{name}?", provider.name),
        (None, _) => "check the model's name and base_url".to_owned(),
    }
}

/// No answer came: no connection, or one that broke before the headers.
pub fn unanswered(provider: &ResolvedProvider, error: reqwest::Error) -> ModelError {
    let place = place(provider);
    let error = &error.without_url();
    let cause = innermost(error);
    if error.is_timeout() {
        let message = format!("no connection to {place} within {:?}", provider.limits.connect);
        return ModelError::new(ErrorKind::Timeout, message);
    }
    let tls = find::<rustls::Error>(error);
    if tls.is_some() || cause.contains("certificate") {
        let hint = match tls {
            Some(rustls::Error::InvalidMessage(_)) => {
                "does it speak TLS? write http:// in base_url if it doesn't".to_owned()
            }
            _ => format!("if its certificate is your own, set ca_file in [providers.{}]", provider.name),
        };
        return ModelError::new(ErrorKind::Tls, format!("no safe connection to {place}: {cause}")).with_hint(hint);
    }
    if error.is_connect() {
        let failure = ModelError::new(ErrorKind::Connect, format!("no connection to {place}: {cause}"));
        return failure.with_hint(unreachable_hint(provider));
    }
    if find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        return ModelError::new(ErrorKind::Protocol, format!("{place} does not speak HTTP as expected: {cause}"));
    }
    ModelError::new(ErrorKind::Connect, format!("{place} closed the connection before it answered: {cause}"))
}

/// What to do about an address that nobody answers at.
fn unreachable_hint(provider: &ResolvedProvider) -> String {
    let name = &provider.name;
    match (catalog::provider(name).and_then(|row| row.when_refused.clone()), &provider.base_url_source[..]) {
        (Some(hint), _) => hint,
        (None, BUILT_IN) => format!("is there a network, or does it need a proxy? set proxy in [providers.{name}]"),
        (None, source) => format!("is it running? base_url of [providers.{name}] comes from {source}"),
    }
}

/// The headers did not come in time.
pub fn first_byte(provider: &str, limit: Duration) -> ModelError {
    ModelError::new(ErrorKind::Timeout, format!("{provider} did not begin to answer within {limit:?}"))
        .with_hint(format!("set first_byte_timeout in [providers.{provider}] for a slower model"))
}

/// Nothing came for too long.
pub fn idle(limit: Duration) -> ModelError {
    ModelError::new(ErrorKind::Timeout, format!("nothing arrived for {} s", tenths(limit)))
}

/// Seconds, to the tenth.
fn tenths(time: Duration) -> f64 {
    (time.as_secs_f64() * 10.0).round() / 10.0
}

/// The connection broke in mid-answer.
pub fn broken(error: reqwest::Error) -> ModelError {
    ModelError::new(ErrorKind::Truncated, format!("the connection broke in mid-answer: {}", cause(error)))
}

/// A body in an encoding that was not asked for: compression would change when bytes arrive, so none ever is.
pub fn compressed(headers: &HeaderMap) -> Option<ModelError> {
    let encoding = header(headers, CONTENT_ENCODING.as_str()).filter(|encoding| *encoding != "identity")?;
    let message = format!("the answer is encoded as {encoding:?}, which was not asked for");
    Some(ModelError::new(ErrorKind::Protocol, message).with_hint("is there a proxy that compresses?"))
}

/// A page for people came where an answer was awaited.
pub fn page(provider: &ResolvedProvider, error: ModelError) -> ModelError {
    let message = format!("a web page came from {} instead of an answer", place(provider));
    let hint =
        format!("is base_url of [providers.{}] right? it comes from {}", provider.name, provider.base_url_source);
    ModelError { message, ..error }.with_hint(hint)
}

/// A redirect that may not be followed.
pub fn redirected(response: &Response) -> ModelError {
    let target = Address::new(header(response.headers(), LOCATION.as_str()).unwrap_or("nowhere"));
    let status = response.status();
    let message = format!("the provider redirects ({status}) to {target}, and a key never follows it there");
    ModelError { status: Some(status.as_u16()), ..ModelError::new(ErrorKind::Protocol, message) }
        .with_hint("set base_url to where it points, if you trust that place")
}

fn place(provider: &ResolvedProvider) -> String {
    format!("{} ({})", provider.name, provider.base_url)
}

/// A header as text.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What went wrong at the bottom, without the address.
pub fn cause(error: reqwest::Error) -> String {
    innermost(&error.without_url())
}

/// The cause at the bottom: `Connection refused (os error 111)` rather than the layers above it.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// The cause of that type, also inside of what an `io::Error` wraps.
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        cause = wrapped.map(|wrapped| wrapped as &dyn Error).or_else(|| error.source());
    }
    None
}
