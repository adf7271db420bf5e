//! An answer as an event stream: what its frames carry, and where it breaks off.
//!
//! Frames are events, exceptions and errors: <https://smithy.io/2.0/aws/amazon-eventstream.html>. Never says what an event
//! means, which is for [`Converse`].

use aws_smithy_types::event_stream::Message;
use serde_json::{Map, Value, json};

use super::content::Converse;
use super::frames::Frames;
use crate::message::StreamEvent;
use crate::wire::body::Reader;
use crate::wire::vendor_error::{error_message, excerpt};
use crate::wire::{Decoder, ErrorKind, ModelError};

/// The events that carry an answer. There may be others, whose payloads may be anything.
const EVENTS: [&str; 6] =
    ["messageStart", "contentBlockStart", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata"];

/// The status that an exception stands for:
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html>.
const STATUSES: [(&str, u16); 6] = [
    ("throttlingException", 429),
    ("serviceUnavailableException", 503),
    ("internalServerException", 500),
    ("validationException", 400),
    ("modelStreamErrorException", 424),
    ("modelTimeoutException", 408),
];

/// Reads an event stream.
#[derive(Default)]
pub struct Stream {
    frames: Frames,
    converse: Converse,
    /// Whether the body has brought anything.
    begun: bool,
}

impl Decoder for Stream {
    fn push(&mut self, bytes: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        self.begun |= !bytes.is_empty();
        self.frames.push(bytes);
        while let Some(frame) = self.frames.next_frame()? {
            self.frame(&frame, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, _out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if self.converse.ended() {
            return Ok(());
        }
        let what = if self.begun {
            format!("the stream ended before the model did (no {} was seen)", Converse::END)
        } else {
            "the answer is empty".to_owned()
        };
        Err(ModelError::new(ErrorKind::Truncated, what))
    }
}

impl Stream {
    fn frame(&mut self, frame: &Message, out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        match header(frame, ":message-type") {
            Some("event") => self.event(header(frame, ":event-type").unwrap_or_default(), frame.payload(), out),
            Some("exception") => {
                Err(exception(header(frame, ":exception-type").unwrap_or("exception"), frame.payload()))
            }
            Some("error") => Err(failure(
                header(frame, ":error-code").unwrap_or("error"),
                header(frame, ":error-message").unwrap_or_default(),
            )),
            // A kind that is to come.
            Some(_) => Ok(()),
            None => Err(ModelError::new(ErrorKind::Protocol, "a frame of the event stream doesn't tell what it is")),
        }
    }

    /// An event in the form that the vendor documents: an object with one field, named like the event.
    fn event(&mut self, kind: &str, payload: &[u8], out: &mut Vec<StreamEvent>) -> Result<(), ModelError> {
        if !EVENTS.contains(&kind) {
            return Ok(());
        }
        let text = std::str::from_utf8(payload)
            .map_err(|_| ModelError::new(ErrorKind::Protocol, format!("the event {kind} is not valid UTF-8")))?;
        self.converse.event(&format!("{{\"{kind}\":{text}}}"), out)
    }
}

fn header<'a>(frame: &'a Message, name: &str) -> Option<&'a str> {
    let header = frame.headers().iter().find(|header| header.name().as_str() == name)?;
    header.value().as_string().ok().map(aws_smithy_types::str_bytes::StrBytes::as_str)
}

/// A failure that the vendor foresaw: it has a name, and says more in its payload.
fn exception(kind: &str, payload: &[u8]) -> ModelError {
    let (sentence, body) = error_message(payload);
    let known = STATUSES.iter().find(|(name, _)| name.eq_ignore_ascii_case(kind));
    let body = Value::Object(Map::from_iter([(excerpt(kind).to_owned(), body.unwrap_or(Value::Null))]));
    ModelError { status: known.map(|(_, status)| *status), ..reported(kind, sentence.as_deref(), body) }
}

/// A failure that it didn't foresee.
fn failure(code: &str, message: &str) -> ModelError {
    let (sentence, _) = error_message(message.as_bytes());
    reported(code, sentence.as_deref(), json!({"code": code, "message": excerpt(message)}))
}

fn reported(name: &str, sentence: Option<&str>, body: Value) -> ModelError {
    let sentence = sentence.unwrap_or("the provider gave no reason");
    ModelError::new(ErrorKind::Provider, format!("{name}: {sentence}")).with_body(body)
}
