//! A form for a token: the exchange that all of Google's token endpoints share (RFC 6749, 5).

use std::error::Error;
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::auth::Secret;
use crate::wire::{ErrorKind, ModelError};

/// The longest wait for a token.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// A token is exchanged anew so long before it expires: an answer may be long in coming.
const MARGIN: Duration = Duration::from_mins(5);
/// How long a token counts when nobody says.
const USUAL_LIFETIME: f64 = 3600.0;

/// A token, and how long it is good to show.
#[derive(Clone, Debug)]
pub struct Token {
    /// The token itself.
    pub secret: Secret,
    fresh_until: Instant,
}

impl Token {
    /// A token that counts for so long from now. One that is short-lived is good for half of that.
    pub fn lasting(secret: Secret, lifetime: Duration) -> Self {
        Self { secret, fresh_until: Instant::now() + lifetime.saturating_sub(MARGIN.min(lifetime / 2)) }
    }

    /// Whether it is good to show at `now`.
    pub fn is_fresh(&self, now: Instant) -> bool {
        now < self.fresh_until
    }
}

/// What a token endpoint answers.
#[derive(Deserialize)]
struct Granted {
    access_token: String,
    #[serde(default)]
    expires_in: Value,
}

/// Exchanges a form for a token. `whose` says whose credentials these are.
///
/// # Errors
/// No connection, or the endpoint refuses: its own words.
pub async fn exchange(
    client: &Client,
    token_uri: &str,
    form: &[(&'static str, Secret)],
    whose: &str,
) -> Result<Token, ModelError> {
    let body: Vec<_> = form.iter().map(|(name, value)| format!("{name}={}", escaped(value.expose()))).collect();
    let request = client.post(token_uri).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body.join("&"));
    let answer = request.timeout(PATIENCE).send().await.map_err(|error| unanswered(token_uri, error))?;
    let status = answer.status();
    let text = text(answer, token_uri).await?;
    if status.is_success() {
        return granted(&text).ok_or_else(|| no_token(token_uri, status));
    }
    let mask = |text: String| form.iter().skip(1).fold(text, |text, (_, secret)| secret.mask(&text));
    Err(refused(token_uri, status, &mask(text), whose))
}

/// The token of an answer.
pub fn granted(text: &str) -> Option<Token> {
    let granted: Granted = serde_json::from_str(text).ok()?;
    let secret = Secret::new(&granted.access_token);
    let told = granted.expires_in.as_f64().or_else(|| granted.expires_in.as_str()?.parse().ok());
    let lifetime = Duration::try_from_secs_f64(told.unwrap_or(USUAL_LIFETIME)).unwrap_or_default();
    (!secret.is_empty()).then(|| Token::lasting(secret, lifetime.min(Duration::from_hours(24))))
}

/// What an answer says.
pub async fn text(answer: Response, place: &str) -> Result<String, ModelError> {
    answer.text().await.map_err(|error| unanswered(place, error))
}

/// Nobody answered there.
pub fn unanswered(place: &str, error: reqwest::Error) -> ModelError {
    let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Connect };
    ModelError::new(kind, format!("no token from {place}: {}", innermost(&error.without_url())))
}

/// The cause at the bottom, without the layers above it.
pub fn innermost(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// The endpoint said no, in its own words. What it can't help at the moment may be tried again.
fn refused(token_uri: &str, status: StatusCode, text: &str, whose: &str) -> ModelError {
    let body: Value = serde_json::from_str(text).unwrap_or_default();
    let word = |name: &str| body[name].as_str().filter(|word| !word.is_empty());
    let words: Vec<_> = [word("error"), word("error_description")].into_iter().flatten().collect();
    let words = if words.is_empty() { status.to_string() } else { format!("{} ({status})", words.join(": ")) };
    let message = format!("{token_uri} gave no token for {whose}: {words}");
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        return ModelError { status: Some(status.as_u16()), ..ModelError::new(ErrorKind::Http, message) };
    }
    ModelError::new(ErrorKind::Auth, message).with_hint(if word("error") == Some("invalid_grant") {
        "the credentials no longer count, or this machine's clock is wrong: get new ones (of one's own: run `gcloud auth \
         application-default login`)"
    } else {
        "are these credentials right, and is token_uri?"
    })
}

/// What came is no token.
pub fn no_token(place: &str, status: StatusCode) -> ModelError {
    ModelError::new(ErrorKind::Auth, format!("what {place} answered ({status}) holds no access_token"))
}

fn escaped(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}
