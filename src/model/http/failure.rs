//! What a failed exchange means, in one sentence, and what to do about it.

use std::error::Error;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap, LOCATION};
use serde_json::Value;

use super::send::Call;
use crate::auth::Address;
use crate::catalog;
use crate::config::ResolvedProvider;
use crate::wire::{self, ErrorKind, ModelError};

/// A status of 400 or above.
pub fn status(call: &Call<'_>, status: u16, headers: &HeaderMap, body: &[u8]) -> ModelError {
    let error = wire::http_error(status, call.model, body);
    let retry_after_s = retry_after(headers, Timestamp::now()).or(error.retry_after_s);
    ModelError {
        retry_after_s,
        should_retry: should_retry(headers, &error),
        hint: hint(call, status, retry_after_s),
        ..error
    }
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
fn hint(call: &Call<'_>, status: u16, retry_after: Option<f64>) -> Option<String> {
    let provider = call.provider;
    match status {
        401 | 403 => Some(match (&provider.key, call.connection.signed_in_with()) {
            (Some(key), _) => format!("the key came from {}; is it right and still valid?", key.source.describe()),
            (None, Some(credentials)) => format!("signed in with {credentials}; may they use this model?"),
            (None, None) => format!("no key was sent: set api_key in [providers.{}]", provider.name),
        }),
        404 => {
            let known = catalog::provider(&provider.name).map_or(&[][..], |row| &row.models[..]);
            let closest = catalog::closest(call.model, known.iter().map(String::as_str));
            let closest = closest.filter(|name| *name != call.model);
            Some(closest.map_or_else(
                || "check the model's name and base_url".to_owned(),
                |name| format!("did you mean {}:{name}?", provider.name),
            ))
        }
        429 => Some(match retry_after {
            Some(seconds) => format!("it asks to wait {seconds:.0} s before the next request"),
            None => "too many requests, or no quota left: wait, or look at the account's limits".to_owned(),
        }),
        _ => None,
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
    if cause_is::<rustls::Error>(error) || cause.contains("certificate") {
        return ModelError::new(ErrorKind::Tls, format!("no safe connection to {place}: {cause}"))
            .with_hint(format!("if its certificate is your own, set ca_file in [providers.{}]", provider.name));
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
        (None, "built in") => format!("is there a network, or does it need a proxy? set proxy in [providers.{name}]"),
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

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// The wait that the provider asks for, in seconds: `retry-after-ms`, then `retry-after` in seconds or as a date.
/// A date in the past, or nonsense, counts as none (RFC 9110, 10.2.3).
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<f64> {
    let positive = |seconds: f64| (seconds.is_finite() && seconds > 0.0).then_some(seconds);
    if let Some(ms) = header(headers, "retry-after-ms").and_then(|text| text.trim().parse::<f64>().ok()) {
        return positive(ms / 1_000.0);
    }
    let text = header(headers, "retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return positive(seconds);
    }
    let date = rfc2822::parse(text).ok()?.timestamp();
    positive(date.duration_since(now).as_secs_f64())
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

fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        cause = error.source();
    }
    None
}

/// Like [`find`], also inside of what an `io::Error` wraps.
fn cause_is<T: Error + 'static>(error: &(dyn Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if error.is::<T>() || wrapped.is_some_and(<dyn Error + Send + Sync>::is::<T>) {
            return true;
        }
        cause = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(&'static str, &'static str)]) -> Option<f64> {
        let headers = pairs.iter().map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value")));
        retry_after(&headers.collect(), "2027-12-31T23:59:00Z".parse().expect("a timestamp"))
    }

    #[test]
    fn the_wait_is_read_in_every_form() {
        assert_eq!(wait(&[("retry-after", "2")]), Some(2.0));
        assert_eq!(wait(&[("retry-after", "60"), ("retry-after-ms", "250")]), Some(0.25));
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 2027 23:59:59 GMT")]), Some(59.0));
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
        assert_eq!(wait(&[("retry-after", "-3")]), None);
    }
}
