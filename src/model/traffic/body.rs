//! The bytes of an answer, cut into lines as they come: a byte is looked at once.

use std::borrow::Cow;
use std::time::Duration;

use super::laid_out;
use crate::wire::{Frames, frame_line};

/// Bytes of one answer that are kept.
const MOST: usize = 4 << 20;
/// A document up to here is laid out once it is whole.
const LAID_OUT: usize = 1 << 20;

/// The bytes of an answer, cut into lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    form: Form,
    kept: Vec<u8>,
    lines: Vec<Place>,
    /// Where the line begins that isn't whole yet.
    open: usize,
    received: usize,
    last: Duration,
}

/// How an answer is cut.
#[derive(Clone, Debug, Default, PartialEq)]
enum Form {
    /// Into its lines.
    #[default]
    Lines,
    /// JSON in one piece: laid out in the end.
    Document,
    /// Into frames of an event stream, each in a line of its own.
    Frames(Frames),
}

/// A line that is whole: where it is kept, and when its end came.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    start: usize,
    end: usize,
    at: Duration,
}

impl Body {
    /// The body of an answer of that content type.
    #[must_use]
    pub fn of_type(content_type: &str) -> Self {
        let form = if content_type.contains("amazon.eventstream") {
            Form::Frames(Frames::default())
        } else if content_type.contains("json") {
            Form::Document
        } else {
            Form::Lines
        };
        Self { form, ..Self::default() }
    }

    /// Takes an arrival in.
    pub fn push(&mut self, at: Duration, bytes: &[u8]) {
        self.received += bytes.len();
        self.last = at;
        match &mut self.form {
            Form::Lines | Form::Document => self.keep(at, bytes),
            Form::Frames(frames) => {
                let lines = frame_lines(frames, bytes);
                self.keep(at, lines.as_bytes());
            }
        }
    }

    fn keep(&mut self, at: Duration, bytes: &[u8]) {
        let from = self.kept.len();
        self.kept.extend_from_slice(&bytes[..bytes.len().min(MOST - from)]);
        let ends: Vec<_> = memchr::memchr_iter(b'\n', &self.kept[from..]).map(|end| from + end).collect();
        for end in ends {
            self.close(end, at);
        }
    }

    /// A line ends here. Empty ones stand between events and say nothing.
    fn close(&mut self, end: usize, at: Duration) {
        let start = std::mem::replace(&mut self.open, end + 1);
        if !self.kept[start..end].trim_ascii().is_empty() {
            self.lines.push(Place { start, end, at });
        }
    }

    /// Nothing more comes.
    pub fn finish(&mut self) {
        if self.form == Form::Document && self.kept.len() <= LAID_OUT {
            let text = laid_out(&String::from_utf8_lossy(&self.kept));
            (self.kept, self.lines, self.open) = (Vec::new(), Vec::new(), 0);
            self.keep(self.last, text.as_bytes());
        }
        if self.open < self.kept.len() {
            self.close(self.kept.len(), self.last);
        }
    }

    /// Lines that are whole.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lines.len()
    }

    /// Bytes that came.
    #[must_use]
    pub fn received(&self) -> usize {
        self.received
    }

    /// Whether more came than is kept.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.kept.len() >= MOST
    }

    /// A line: when it was whole, and what it says, secrets included.
    pub(super) fn line(&self, number: usize) -> Option<(Duration, Cow<'_, str>)> {
        let place = self.lines.get(number)?;
        Some((place.at, String::from_utf8_lossy(self.kept[place.start..place.end].trim_ascii_end())))
    }

    /// All of it, as far as it is kept, secrets included.
    pub(super) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.kept)
    }
}

fn frame_lines(frames: &mut Frames, bytes: &[u8]) -> String {
    frames.push(bytes);
    let mut lines = String::new();
    loop {
        match frames.next_frame() {
            Ok(Some(frame)) => lines.push_str(&frame_line(&frame)),
            Ok(None) => return lines,
            Err(error) => {
                // What follows can't be told apart any more.
                *frames = Frames::default();
                return lines + &error.message + "\n";
            }
        }
        lines.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn lines(body: &Body) -> Vec<(u128, String)> {
        (0..body.count()).filter_map(|at| body.line(at)).map(|(at, text)| (at.as_millis(), text.into_owned())).collect()
    }

    #[test]
    fn a_line_has_the_time_at_which_it_was_whole() {
        let mut body = Body::of_type("text/event-stream");
        body.push(ms(1), b"data: {\"a\"");
        assert_eq!((lines(&body), body.received()), (Vec::new(), 10));
        body.push(ms(2), b": 1}\r\n\r\ndata: 2\n\n: ping\n\ndat");
        body.push(ms(3), b"a");
        body.finish();
        let told = [(2, "data: {\"a\": 1}"), (2, "data: 2"), (2, ": ping"), (3, "data")];
        assert_eq!(lines(&body), told.map(|(at, text)| (at, text.to_owned())));
    }

    #[test]
    fn a_document_is_laid_out_once_it_is_whole() {
        let mut body = Body::of_type("application/json; charset=utf-8");
        body.push(ms(1), b"{\"a\":");
        body.push(ms(4), b"[1]}");
        assert_eq!(lines(&body), []);
        body.finish();
        let told = ["{", "  \"a\": [", "    1", "  ]", "}"].map(|line| (4, line.to_owned()));
        assert_eq!((lines(&body), body.received()), (told.to_vec(), 9));
        let mut broken = Body::of_type("application/json");
        broken.push(ms(1), b"{\"a\":");
        broken.finish();
        assert_eq!(lines(&broken), [(1, "{\"a\":".to_owned())], "cut off, as it is");
    }

    #[test]
    fn no_answer_fills_the_memory() {
        let mut body = Body::of_type("text/plain");
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        for at in 0..5_000 {
            body.push(ms(at), &line);
        }
        assert_eq!((body.kept.len(), body.received(), body.is_cut()), (MOST, 5_000 * 1024, true));
        assert_eq!(body.count(), MOST / 1024);
    }
}
