//! A frame of Bedrock's event stream, with its checksums: <https://smithy.io/2.0/aws/amazon-eventstream.html>.

/// Lengths of the frame and of its headers, their checksum, and the one of the whole.
const AROUND: usize = 16;
/// The type of a header's value: a string.
const STRING: u8 = 7;

/// An event of that name with that payload.
pub fn event(name: &str, payload: &[u8]) -> Vec<u8> {
    let told = [(":message-type", "event"), (":event-type", name), (":content-type", "application/json")];
    let headers: Vec<u8> = told.into_iter().flat_map(|(name, value)| header(name, value)).collect();
    let total = AROUND + headers.len() + payload.len();
    let mut frame = [(total as u32).to_be_bytes(), (headers.len() as u32).to_be_bytes()].concat();
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(headers);
    frame.extend_from_slice(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

fn header(name: &str, value: &str) -> Vec<u8> {
    let mut header = vec![name.len() as u8];
    header.extend_from_slice(name.as_bytes());
    header.push(STRING);
    header.extend((value.len() as u16).to_be_bytes());
    header.extend_from_slice(value.as_bytes());
    header
}
