//! Frames of `application/vnd.amazon.eventstream`: <https://smithy.io/2.0/aws/amazon-eventstream.html>.
//!
//! Cuts bytes into frames, whatever pieces they come in, and vouches for their checksums. Never looks into a payload.

use aws_smithy_eventstream::frame::read_message_from;
use aws_smithy_types::event_stream::Message;

use crate::wire::{ErrorKind, ModelError};

/// Lengths of the frame and of its headers, and their checksum.
const PRELUDE: usize = 12;
/// The prelude and the checksum of the whole.
const SMALLEST: usize = PRELUDE + 4;
/// The largest frame that is accepted; the format's own limits allow no larger one.
const LARGEST: usize = 24 * 1024 * 1024;

/// Cuts bytes into frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    buffer: Vec<u8>,
    /// How much of the buffer has been read.
    read: usize,
}

impl Frames {
    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..std::mem::take(&mut self.read));
        self.buffer.extend_from_slice(bytes);
    }

    /// The next frame; `None` when it is not whole yet.
    ///
    /// # Errors
    /// `ErrorKind::Protocol`: a length that no frame has, a checksum that doesn't fit, headers that are none.
    pub fn next_frame(&mut self) -> Result<Option<Message>, ModelError> {
        let rest = &self.buffer[self.read..];
        let Some(length) = length(rest)? else { return Ok(None) };
        let Some(frame) = rest.get(..length) else { return Ok(None) };
        let message = read_message_from(frame).map_err(|error| broken(&error.to_string()))?;
        self.read += length;
        Ok(Some(message))
    }
}

/// A frame in one line, for people: what it calls itself, and its payload.
#[must_use]
pub fn frame_line(frame: &Message) -> String {
    let named = |wanted: &str| {
        let header = frame.headers().iter().find(|header| header.name().as_str() == wanted)?;
        header.value().as_string().ok().map(|name| name.as_str().to_owned())
    };
    let name = named(":event-type").or_else(|| named(":exception-type")).or_else(|| named(":error-code"));
    format!("{} {}", name.unwrap_or_default(), String::from_utf8_lossy(frame.payload()).replace('\n', " "))
}

/// The length of the frame that begins here, once its prelude is whole: a length that is wrong would be waited for.
fn length(bytes: &[u8]) -> Result<Option<usize>, ModelError> {
    let Some((prelude, checksum)) = bytes.split_first_chunk::<8>().filter(|(_, rest)| rest.len() >= 4) else {
        return Ok(None);
    };
    if checksum[..4] != crc32fast::hash(prelude).to_be_bytes() {
        return Err(broken("the checksum of its lengths doesn't fit: it is damaged, or no event stream at all"));
    }
    let length = prelude[..4].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
    if (SMALLEST..=LARGEST).contains(&length) {
        return Ok(Some(length));
    }
    Err(broken(&format!("it is said to be {length} bytes long, and frames have {SMALLEST} to {LARGEST}")))
}

fn broken(why: &str) -> ModelError {
    ModelError::new(ErrorKind::Protocol, format!("a frame of the event stream can't be read: {why}"))
}
