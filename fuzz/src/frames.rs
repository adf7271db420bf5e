//! Frames of Bedrock's streams around what the fuzzer makes up: no chance mutation has the right checksums.

use aws_smithy_eventstream::frame::write_message_to;
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};

/// Words of the headers, picked by a byte.
const EVENTS: [&str; 8] = [
    "messageStart",
    "contentBlockStart",
    "contentBlockDelta",
    "contentBlockStop",
    "messageStop",
    "metadata",
    "throttlingException",
    "unheard-of",
];
const KINDS: [&str; 4] = ["event", "exception", "error", "unheard-of"];

/// Each line becomes a frame: its first byte picks the headers, the rest is the payload.
pub fn framed(lines: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines.split(|byte| *byte == b'\n') {
        let Some((pick, payload)) = line.split_first() else { continue };
        let (kind, event) = (KINDS[usize::from(pick & 3)], EVENTS[usize::from((pick >> 2) & 7)]);
        let name = match kind {
            "exception" => ":exception-type",
            "error" => ":error-code",
            _ => ":event-type",
        };
        let text = |word: &'static str| HeaderValue::String(word.into());
        let message = Message::new(payload.to_vec())
            .add_header(Header::new(":message-type", text(kind)))
            .add_header(Header::new(name, text(event)))
            .add_header(Header::new(":content-type", text("application/json")));
        write_message_to(&message, &mut bytes).expect("small enough for a frame");
    }
    bytes
}
