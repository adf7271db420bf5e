//! What a server on loopback answers: a whole answer in each interface's own wire format, or one of the faults. Bytes
//! alone, no I/O.

mod frame;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::Fault;
use crate::catalog::InterfaceKind;

/// The wait that a 429 asks for: long enough to be seen in a report, short enough that clients wait for it.
const RETRY_AFTER: &str = "retry-after: 5\r\n";
/// What the first visible token says, in a stream and in one piece.
const FIRST: &str = "All is ";
/// What no interface allows, in whatever framing it is awaited.
const MALFORMED: &str = "data: this is no answer of any interface\n\n";

/// The pieces of a whole answer of one interface.
#[derive(Deserialize)]
struct Pieces {
    /// Events before the first visible token.
    before: Vec<String>,
    /// The event that brings it.
    token: Vec<String>,
    /// The others, to the interface's own end.
    rest: Vec<String>,
    /// The same answer in one piece.
    whole: String,
}

static PIECES: LazyLock<HashMap<String, Pieces>> =
    LazyLock::new(|| toml::from_str(include_str!("answer/answers.toml")).expect("answers.toml is right"));

/// How a server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The wire format.
    pub interface: InterfaceKind,
    /// Whether the answer streams.
    pub stream: bool,
    /// What goes wrong; `None`: nothing.
    pub fault: Option<Fault>,
}

impl Answer {
    /// Head and body, after which the connection closes; `None`: silence.
    #[must_use]
    pub fn bytes(self) -> Option<Vec<u8>> {
        let (status, more) = match self.fault {
            Some(Fault::Timeout) => return None,
            Some(Fault::TooMany) => ("429 Too Many Requests", RETRY_AFTER),
            Some(Fault::Broken) => ("500 Internal Server Error", ""),
            _ => ("200 OK", ""),
        };
        let body = self.body();
        let length = self.length(&body);
        let kind = self.content_type();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{more}{length}connection: close\r\n\r\n");
        Some([head.into_bytes(), body].concat())
    }

    /// The body, as far as it comes.
    #[must_use]
    pub fn body(self) -> Vec<u8> {
        match self.fault {
            Some(Fault::TooMany | Fault::Broken | Fault::Timeout) => {
                br#"{"error":{"message":"a fault that the drill plays"},"message":"a fault that the drill plays"}"#
                    .to_vec()
            }
            Some(Fault::Malformed) => MALFORMED.into(),
            _ if self.stream => self.streamed(),
            _ => self.whole(),
        }
    }

    fn pieces(self) -> Option<&'static Pieces> {
        PIECES.get(self.interface.as_str())
    }

    fn streamed(self) -> Vec<u8> {
        let Some(pieces) = self.pieces() else { return Vec::new() };
        let events = match self.fault {
            Some(Fault::CutBefore) => vec![&pieces.before],
            Some(Fault::CutAfter) => vec![&pieces.before, &pieces.token],
            _ => vec![&pieces.before, &pieces.token, &pieces.rest],
        };
        events.into_iter().flatten().flat_map(|event| self.framed(event)).collect()
    }

    /// One piece, cut around its first token: what a stream would have shown by then.
    fn whole(self) -> Vec<u8> {
        let whole = self.pieces().map_or("", |pieces| &pieces.whole);
        let first = whole.find(FIRST).unwrap_or_default();
        let end = match self.fault {
            Some(Fault::CutBefore) => first,
            Some(Fault::CutAfter) => first + FIRST.len(),
            _ => whole.len(),
        };
        whole[..end].into()
    }

    /// An event in the interface's own framing.
    fn framed(self, event: &str) -> Vec<u8> {
        let json: Value = serde_json::from_str(event).unwrap_or_default();
        if self.interface == InterfaceKind::Bedrock {
            let named = json.as_object().into_iter().flatten();
            return named.flat_map(|(name, payload)| frame::event(name, payload.to_string().as_bytes())).collect();
        }
        let name = json["type"].as_str().map(|name| format!("event: {name}\n")).unwrap_or_default();
        format!("{name}data: {event}\n\n").into_bytes()
    }

    fn content_type(self) -> &'static str {
        match self.fault {
            Some(Fault::TooMany | Fault::Broken) => "application/json",
            _ if !self.stream => "application/json",
            _ if self.interface == InterfaceKind::Bedrock => "application/vnd.amazon.eventstream",
            _ => "text/event-stream",
        }
    }

    /// What is told of the body's length. In one piece it is that of the whole answer, also of one that is cut.
    fn length(self, body: &[u8]) -> String {
        let length = match self.fault {
            Some(Fault::CutBefore | Fault::CutAfter) => self.pieces().map_or(0, |pieces| pieces.whole.len()),
            _ => body.len(),
        };
        let is_told = !self.stream || self.content_type() == "application/json";
        if is_told { format!("content-length: {length}\r\n") } else { String::new() }
    }
}
