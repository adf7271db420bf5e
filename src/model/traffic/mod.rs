//! What goes over the wire in an attempt, kept for who watches it: see [`EventSink::watched`](super::EventSink::watched).
//!
//! Requests and headers are kept without their secrets. What a body says is freed of them when it is read, because two
//! arrivals may share one.

mod body;
mod curl;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

pub use self::body::Body;
use super::http::Mask;

/// The most lines of a request's body that are laid out.
const MOST_LINES: usize = 5_000;

/// A request as it goes out, without its secrets.
#[derive(Clone, Debug, PartialEq)]
pub struct SentRequest {
    /// `POST`.
    pub method: String,
    /// Where it goes.
    pub url: String,
    /// Names and values, in the order in which they go out.
    pub headers: Vec<(String, String)>,
    /// The body as JSON laid out, a line each.
    pub lines: Vec<String>,
    body: String,
    /// The variable that stands for the key in a command.
    variable: String,
    mask: Arc<Mask>,
}

/// What comes before an answer's body.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerHead {
    /// `HTTP/1.1`.
    pub version: String,
    /// The status.
    pub status: u16,
    /// Names and values, in their order.
    pub headers: Vec<(String, String)>,
}

/// A request and its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct HttpExchange {
    /// What was sent.
    pub request: SentRequest,
    /// When, since the lane began.
    pub sent: Duration,
    /// What came before the answer's body, and when.
    pub head: Option<(Duration, AnswerHead)>,
    /// The answer's body, as far as it came.
    pub body: Body,
}

impl SentRequest {
    /// A request that goes out, with what its headers and its body must not tell. `variable`: the name of the one that
    /// holds the key, for [`Self::curl`].
    #[must_use]
    pub(crate) fn new(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (String, String)>,
        body: &[u8],
        variable: String,
        mask: Mask,
    ) -> Self {
        let headers = headers.into_iter().map(|(name, value)| {
            let value = mask.header(&name, &value);
            (name, value)
        });
        let body = mask.text(&String::from_utf8_lossy(body));
        Self {
            method: method.to_owned(),
            url: mask.text(url),
            headers: headers.collect(),
            lines: laid_out(&body).lines().take(MOST_LINES).map(str::to_owned).collect(),
            body,
            variable,
            mask: Arc::new(mask),
        }
    }

    /// A request without headers and secrets.
    #[cfg(test)]
    pub(crate) fn plain(url: &str, body: &str) -> Self {
        let provider = crate::config::Config::default().provider("openai", &crate::config::Environment::default());
        let mask = Mask::new(&provider.expect("built in"), []);
        Self::new("POST", url, [], body.as_bytes(), "KEY".to_owned(), mask)
    }

    /// The same request as a command, in which a variable stands for the key.
    #[must_use]
    pub fn curl(&self) -> String {
        curl::command(self)
    }

    /// An answer's head without the secrets.
    fn masked(&self, mut head: AnswerHead) -> AnswerHead {
        head.headers.iter_mut().for_each(|(name, value)| *value = self.mask.answer_header(name, value));
        head
    }
}

impl HttpExchange {
    /// A request that goes out now, since the lane began.
    #[must_use]
    pub fn new(request: SentRequest, sent: Duration) -> Self {
        Self { request, sent, head: None, body: Body::default() }
    }

    /// The answer begins.
    pub fn begin(&mut self, at: Duration, head: AnswerHead) {
        let content_type = head.headers.iter().find(|(name, _)| name == "content-type");
        self.body = Body::of_type(content_type.map_or("", |(_, value)| value));
        self.head = Some((at, self.request.masked(head)));
    }

    /// A line of the answer's body: when it was whole, and what it says.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<(Duration, String)> {
        let (at, text) = self.body.line(number)?;
        Some((at, self.request.mask.text(&text)))
    }

    /// The answer's body, as far as it was kept.
    #[must_use]
    pub fn text(&self) -> String {
        self.request.mask.text(&self.body.text())
    }
}

/// JSON with a line for each of its values; any other text as it is.
fn laid_out(text: &str) -> String {
    let json = serde_json::from_str::<serde_json::Value>(text).ok();
    json.and_then(|json| serde_json::to_string_pretty(&json).ok()).unwrap_or_else(|| text.to_owned())
}
