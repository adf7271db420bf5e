//! The two bodies an answer can come in: a stream of events, or one document. What their JSON means is for each
//! interface to say; when they begin, end and break off is decided here, alike for all.

use super::vendor_error::excerpt;
use super::{Decoder, ErrorKind, ModelError, SseDecoder};
use crate::message::StreamEvent;

/// The largest document that is accepted: 64 MiB.
const MAX_DOCUMENT: usize = 64 * 1024 * 1024;

/// What an interface makes of the JSON in its answers.
pub trait Reader: Default + Send + 'static {
    /// What tells that the model came to its end, for the message when it is missing.
    const END: &'static str;

    /// Takes in the data of one event.
    fn event(&mut self, data: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError>;

    /// Takes in a whole answer.
    fn document(&mut self, json: &str, out: &mut Vec<StreamEvent>) -> Result<(), ModelError>;

    /// Whether the interface's own end was seen.
    fn ended(&self) -> bool;
}

/// A decoder for a stream or a document.
pub fn decoder<R: Reader>(streaming: bool) -> Box<dyn Decoder> {
    if streaming { Box::new(Stream::<R>::default()) } else { Box::new(Document::<R>::default()) }
}

/// An answer as server-sent events.
#[derive(Default)]
struct Stream<R> {
    sse: SseDecoder,
    reader: R,
    /// Whether the body has brought anything.
    begun: bool,
}

impl<R: Reader> Decoder for Stream<R> {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.begun |= !bytes.is_empty();
        self.sse.push(bytes, &mut |event| self.reader.event(event.data, out))
    }

    fn finish(&mut self, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        match self.sse.finish(&mut |event| self.reader.event(event.data, out)) {
            // The last event was cut in the middle: that is for the end, or its absence, to judge.
            Err(error) if error.kind == ErrorKind::Protocol => {}
            result => result?,
        }
        if self.reader.ended() {
            return Ok(());
        }
        Err(if self.begun {
            truncated(format!("the stream ended before the model did (no {} was seen)", R::END))
        } else {
            truncated("the answer is empty")
        })
    }
}

/// An answer as one JSON document, read when it is whole.
#[derive(Default)]
struct Document<R> {
    body: Vec<u8>,
    reader: R,
}

impl<R: Reader> Decoder for Document<R> {
    fn push(&mut self, bytes: &[u8], _out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.body.len() + bytes.len() > MAX_DOCUMENT {
            return Err(ModelError::new(ErrorKind::Protocol, "the answer is over 64 MiB"));
        }
        self.body.extend_from_slice(bytes);
        Ok(())
    }

    fn finish(&mut self, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.body.trim_ascii().is_empty() {
            return Err(truncated("the answer is empty"));
        }
        let body = std::mem::take(&mut self.body);
        if let Some(what) = cut(&body) {
            return Err(truncated(what).with_body(excerpt(&String::from_utf8_lossy(&body)).into()));
        }
        let text = std::str::from_utf8(&body)
            .map_err(|_| ModelError::new(ErrorKind::Protocol, "the answer is not valid UTF-8"))?;
        self.reader.document(text, out)
    }
}

/// How a document breaks off, if that is all that is wrong with it: its JSON is sound up to the very end.
fn cut(body: &[u8]) -> Option<&'static str> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii();
    let begun = matches!(body.first(), Some(b'{' | b'['));
    let error = serde_json::from_slice::<serde::de::IgnoredAny>(body).err().filter(|_| begun)?;
    let last_line = body.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let at_end = error.line() == memchr::memchr_iter(b'\n', body).count() + 1 && error.column() >= last_line.len();
    // A number may be cut where it is not one yet, which is no end of input to the parser.
    (error.is_eof() || at_end).then_some("the answer ended in the middle of its JSON")
}

fn truncated(message: impl Into<String>) -> ModelError {
    ModelError::new(ErrorKind::Truncated, message)
}
