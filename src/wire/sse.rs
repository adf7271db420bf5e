//! Server-sent events, after <https://html.spec.whatwg.org/multipage/server-sent-events.html>.
//!
//! Lines are split as bytes and decoded as UTF-8 when they are whole, so a cut inside a character or between CR and
//! LF changes nothing. Only `event` and `data` matter here: `id`, `retry` and comments are skipped.

use super::{ErrorKind, ModelError};

/// The longest line and the largest event that is accepted: a body without line ends must not fill the memory.
const MAX_BYTES: usize = 16 * 1024 * 1024;
const BOM: &[u8] = b"\xef\xbb\xbf";

/// One event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SseEvent<'a> {
    /// The event's type; empty when not told.
    pub event: &'a str,
    /// Its data, lines joined by `\n`.
    pub data: &'a str,
}

/// Cuts bytes into events.
#[derive(Debug, Default)]
pub struct SseDecoder {
    /// A line that is not whole yet.
    line: Vec<u8>,
    event: String,
    data: String,
    has_data: bool,
    /// The last byte was a CR, so that an LF right after it ends no second line.
    after_cr: bool,
    started: bool,
}

impl SseDecoder {
    /// Takes bytes in and hands every event that they complete to `each`.
    ///
    /// # Errors
    /// `ErrorKind::Protocol` for a line or an event over 16 MiB, or a line that is not UTF-8; and whatever `each`
    /// returns, after which nothing more is read.
    pub fn push(
        &mut self,
        mut bytes: &[u8],
        each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_cr) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            if let Some(rest) = self.whole_event(bytes, each)? {
                bytes = rest;
                continue;
            }
            let Some(end) = memchr::memchr2(b'\n', b'\r', bytes) else {
                self.keep(bytes)?;
                break;
            };
            let (rest, after_cr) = (&bytes[end + 1..], bytes[end] == b'\r');
            if self.line.is_empty() {
                // The whole line is at hand: no need to copy it.
                self.check_size(end)?;
                self.end_line(&bytes[..end], each)?;
            } else {
                self.keep(&bytes[..end])?;
                self.end_kept_line(each)?;
            }
            (bytes, self.after_cr) = (rest, after_cr);
        }
        Ok(())
    }

    /// Hands over an event whose only line of data is at hand together with the blank line that ends it, as it lies
    /// there, without a copy: nearly all of them come so. Returns what follows it.
    fn whole_event<'a>(
        &mut self,
        bytes: &'a [u8],
        each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>,
    ) -> Result<Option<&'a [u8]>, ModelError> {
        let Some(value) = bytes.strip_prefix(b"data:").filter(|_| self.line.is_empty() && !self.has_data) else {
            return Ok(None);
        };
        let Some(end) = memchr::memchr2(b'\n', b'\r', value) else { return Ok(None) };
        let (data, after) = value.split_at(end);
        let Some(rest) = after.strip_prefix(b"\n\n").or_else(|| after.strip_prefix(b"\r\n\r\n")) else {
            return Ok(None);
        };
        self.started = true;
        self.check_size(end)?;
        let data = utf8(data.strip_prefix(b" ").unwrap_or(data))?;
        let result = each(SseEvent { event: &self.event, data });
        self.event.clear();
        result.map(|()| Some(rest))
    }

    /// The stream has ended. An event that was not closed by a blank line is dropped, as the format wants, but for
    /// one with data: vendors end their last event with the connection, and what arrived must not be lost.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(&mut self, each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>) -> Result<(), ModelError> {
        if !self.line.is_empty() {
            self.end_kept_line(each)?;
        }
        self.dispatch(each)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<(), ModelError> {
        self.check_size(bytes.len())?;
        self.line.extend_from_slice(bytes);
        Ok(())
    }

    fn check_size(&self, more: usize) -> Result<(), ModelError> {
        if self.line.len() + self.data.len() + more > MAX_BYTES {
            return Err(ModelError::new(ErrorKind::Protocol, "the stream holds an event of over 16 MiB"));
        }
        Ok(())
    }

    fn end_kept_line(
        &mut self,
        each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        let mut line = std::mem::take(&mut self.line);
        let result = self.end_line(&line, each);
        line.clear();
        self.line = line;
        result
    }

    fn end_line(
        &mut self,
        line: &[u8],
        each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>,
    ) -> Result<(), ModelError> {
        let content = match line.strip_prefix(BOM) {
            Some(rest) if !self.started => rest,
            _ => line,
        };
        self.started = true;
        if content.is_empty() { self.dispatch(each) } else { self.field(content) }
    }

    fn field(&mut self, line: &[u8]) -> Result<(), ModelError> {
        let (name, value) = match memchr::memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                if self.has_data {
                    self.data.push('\n');
                }
                self.has_data = true;
                self.data.push_str(utf8(value)?);
            }
            b"event" => utf8(value)?.clone_into(&mut self.event),
            _ => {}
        }
        Ok(())
    }

    fn dispatch(&mut self, each: &mut impl FnMut(SseEvent<'_>) -> Result<(), ModelError>) -> Result<(), ModelError> {
        let is_event = std::mem::take(&mut self.has_data);
        let result = if is_event { each(SseEvent { event: &self.event, data: &self.data }) } else { Ok(()) };
        self.event.clear();
        self.data.clear();
        result
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, ModelError> {
    std::str::from_utf8(bytes).map_err(|_| ModelError::new(ErrorKind::Protocol, "the stream is not valid UTF-8"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// All events of a stream that is cut where `cuts` says.
    fn events(pieces: &[&[u8]]) -> Vec<(String, String)> {
        let mut decoder = SseDecoder::default();
        let mut seen = Vec::new();
        let mut each = |event: SseEvent<'_>| {
            seen.push((event.event.to_owned(), event.data.to_owned()));
            Ok(())
        };
        for piece in pieces {
            decoder.push(piece, &mut each).expect("valid");
        }
        decoder.finish(&mut each).expect("valid");
        seen
    }

    fn data(text: &str) -> Vec<String> {
        events(&[text.as_bytes()]).into_iter().map(|(_, data)| data).collect()
    }

    #[test]
    fn every_line_end_is_one() {
        for end in ["\n", "\r\n", "\r"] {
            assert_eq!(data(&format!("data: a{end}{end}data: b{end}{end}")), ["a", "b"], "{end:?}");
        }
    }

    #[test]
    fn a_bom_comments_and_other_fields_are_skipped() {
        let text = "\u{feff}: ping\n\nretry: 1\nid: 7\nevent: message\nfoo: bar\ndata: x\n\n";
        assert_eq!(events(&[text.as_bytes()]), [("message".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn only_one_leading_space_is_taken_off() {
        assert_eq!(data("data:  two \n\ndata:none\n\n"), [" two ", "none"]);
    }

    #[test]
    fn data_lines_are_joined() {
        assert_eq!(data("data: {\ndata: }\n\n"), ["{\n}"]);
    }

    #[test]
    fn an_event_without_data_is_none() {
        assert_eq!(data("event: ping\n\ndata\n\n"), [""]);
    }

    #[test]
    fn the_last_event_needs_no_blank_line() {
        assert_eq!(data("data: a\n\ndata: b"), ["a", "b"]);
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut decoder = SseDecoder::default();
        let piece = vec![b'x'; 1 << 20];
        let result = (0..17).try_for_each(|_| decoder.push(&piece, &mut |_| Ok(())));
        assert_eq!(result.map_err(|error| error.kind), Err(ErrorKind::Protocol));
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_events(text in "(data: ?[aäß你\u{1F44B}]{0,5}|event: [a-z]{1,3}|: c|)(\n|\r\n|\r){1,3}", cuts in prop::collection::vec(0usize..80, 0..6)) {
            let bytes = text.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.extend([0, bytes.len()]);
            cuts.sort_unstable();
            let pieces: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
            prop_assert_eq!(events(&pieces), events(&[bytes]));
        }
    }
}
