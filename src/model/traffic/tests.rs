//! What is kept of an exchange, and what never is.

use std::time::Duration;

use super::*;
use crate::auth::Secret;
use crate::config::{Config, Environment};
use crate::model::http::Mask;

const KEY: &str = "sk-proj-0123456789";

fn sent(headers: &[(&str, &str)], body: &str) -> SentRequest {
    let provider = Config::default().provider("openai", &Environment::default()).expect("built in");
    let mask = Mask::new(&provider, [Secret::new(KEY)]);
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    SentRequest::new("POST", "http://h/v1", headers, body.as_bytes(), "OPENAI_API_KEY".to_owned(), mask)
}

fn head(headers: &[(&str, &str)]) -> AnswerHead {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    AnswerHead { version: "HTTP/1.1".to_owned(), status: 200, headers }
}

#[test]
fn a_command_has_a_variable_in_the_place_of_the_key() {
    let bearer = format!("Bearer {KEY}");
    let headers = [("content-type", "application/json"), ("authorization", &bearer), ("x-note", "it's $1")];
    let command = sent(&headers, r#"{"content":"it's $HOME `x`"}"#).curl();
    let expected = r#"curl -N -X POST 'http://h/v1' \
  -H 'content-type: application/json' \
  -H "authorization: Bearer ${OPENAI_API_KEY}" \
  -H 'x-note: it'\''s $1' \
  --data-raw '{"content":"it'\''s $HOME `x`"}'"#;
    assert_eq!(command, expected);
    let odd = sent(&[("x-api-key", &format!("\"$`\\{KEY}"))], "").curl();
    assert_eq!(odd, "curl -N -X POST 'http://h/v1' \\\n  -H \"x-api-key: \\\"\\$\\`\\\\${OPENAI_API_KEY}\"");
}

#[test]
fn a_header_whose_name_tells_a_secret_is_never_kept() {
    let request = sent(&[("x-session-token", "abc"), ("x-tokens", KEY), ("accept", "a")], "");
    let values: Vec<_> = request.headers.iter().map(|(_, value)| value.as_str()).collect();
    assert_eq!(values, ["•••", "•••", "a"]);
}

#[test]
fn a_key_that_two_arrivals_share_is_not_shown() {
    let mut exchange = HttpExchange::new(sent(&[], &format!(r#"{{"a":"{KEY}"}}"#)), Duration::ZERO);
    let told = [("content-type", "text/event-stream"), ("set-cookie", "a=b"), ("x-ratelimit-tokens", "7"), ("x", KEY)];
    exchange.begin(Duration::ZERO, head(&told));
    let (first, second) = KEY.split_at(9);
    exchange.body.push(Duration::from_millis(1), format!("data: {first}").as_bytes());
    exchange.body.push(Duration::from_millis(2), format!("{second}\n").as_bytes());
    assert_eq!(exchange.line(0), Some((Duration::from_millis(2), "data: •••".to_owned())));
    assert_eq!((exchange.line(1), exchange.text()), (None, "data: •••\n".to_owned()));
    assert_eq!(exchange.request.lines, ["{", "  \"a\": \"•••\"", "}"]);
    let values: Vec<_> = exchange.head.iter().flat_map(|(_, head)| &head.headers).map(|(_, value)| value).collect();
    assert_eq!(values, ["text/event-stream", "•••", "7", "•••"]);
    assert!(!format!("{exchange:?}").contains("sk-proj-0123456789"), "the key's type prints none of it");
}
