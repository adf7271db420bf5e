//! The signature that AWS's own library makes, and how long credentials count.

use std::path::Path;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use reqwest::Url;
use serde_json::Value;
use tokio::time::Instant;

use super::credentials::until;
use super::signature;
use crate::auth::Outgoing;

const VECTORS: &str = include_str!("../../../tests/data/aws/sigv4.json");

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} in {value}"))
}

fn time(stamp: &str) -> SystemTime {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", stamp).expect("a time").to_zoned(TimeZone::UTC).expect("a time");
    time.timestamp().into()
}

/// The headers that sign a case's request, by name.
fn signed(case: &Value, keys: &Value) -> Vec<(String, String)> {
    let token = case["session_token"].as_str().map(str::to_owned);
    let (id, secret) = (text(keys, "access_key_id"), text(keys, "secret_access_key"));
    let credentials = Credentials::new(id, secret, token, None, "test");
    let headers = [
        (http::header::CONTENT_TYPE, "application/json"),
        // Of these proxies may make what they like.
        (http::header::ACCEPT, "*/*"),
        (http::header::USER_AGENT, "llmbench"),
    ];
    let headers: HeaderMap = headers.map(|(name, value)| (name, HeaderValue::from_static(value))).into_iter().collect();
    let url = Url::parse(text(case, "url")).expect("an address");
    let request = Outgoing { method: &Method::POST, url: &url, headers: &headers, body: text(case, "body").as_bytes() };
    let made = signature::headers(request, &credentials, text(case, "region"), time(text(case, "timestamp")));
    let mut made: Vec<_> = made
        .expect("a signature")
        .into_iter()
        .map(|(name, value)| (name.as_str().to_owned(), value.expose().to_owned()))
        .collect();
    made.sort();
    made
}

fn assert_signed(case: &Value, keys: &Value) {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let mut expected =
        vec![pair("authorization", text(case, "authorization")), pair("x-amz-date", text(case, "timestamp"))];
    expected.extend(case["session_token"].as_str().map(|token| pair("x-amz-security-token", token)));
    assert_eq!(signed(case, keys), expected, "{}", case["case"]);
}

#[test]
fn a_request_is_signed_as_aws_own_library_signs_it() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("JSON");
    let cases = vectors["cases"].as_array().expect("cases");
    assert_eq!(cases.len(), 5);
    for case in cases {
        assert_signed(case, &vectors);
    }
}

#[test]
fn every_vector_of_the_kit_is_signed_alike() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/wire/sigv4.json");
    let Ok(text) = std::fs::read_to_string(path) else { return println!("skipped: ../shared/wire is not here") };
    let vectors: Value = serde_json::from_str(&text).expect("JSON");
    for case in vectors["cases"].as_array().expect("cases") {
        assert_signed(case, case);
    }
}

#[test]
fn who_logs_in_at_a_gateway_is_not_signed() {
    let vectors: Value = serde_json::from_str(VECTORS).expect("JSON");
    let mut case = vectors["cases"][4].clone();
    case["url"] = text(&case, "url").replace("http://", "http://me:pw@").into();
    assert_signed(&case, &vectors);
}

#[tokio::test(start_paused = true)]
async fn credentials_are_looked_up_again_before_they_expire() {
    let now: SystemTime = Timestamp::UNIX_EPOCH.into();
    // How long they last, and for how long of it they are shown, in seconds.
    for (lasting, shown) in [(3600, 3300), (600, 300), (120, 60), (1, 0), (0, 0)] {
        let until = until(now + Duration::from_secs(lasting), now).expect("a time");
        assert_eq!((until - Instant::now()).as_secs(), shown, "{lasting}");
    }
    let long_ago = now - Duration::from_secs(1);
    assert_eq!(until(long_ago, now), Some(Instant::now()));
}
