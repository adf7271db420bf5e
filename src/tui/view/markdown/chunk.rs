//! Cuts a growing text into pieces that no later text can change.

use unicode_segmentation::UnicodeSegmentation;

/// Bytes from which on a line is cut, so that no single line is rendered again and again at full length.
const LIMIT: usize = 4_096;

/// Bytes beyond the limit that must be there before a line is cut.
const AHEAD: usize = 64;

/// A piece that is settled.
#[derive(Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// Its text, without a line end.
    pub text: &'a str,
    /// Bytes of the source that it takes, its line end included.
    pub bytes: usize,
    /// Whether the source's line goes on after it.
    pub goes_on: bool,
}

/// The first settled piece, if there is one.
#[must_use]
pub fn next(rest: &str) -> Option<Chunk<'_>> {
    let near = &rest.as_bytes()[..rest.len().min(LIMIT)];
    if let Some(end) = near.iter().position(|byte| *byte == b'\n') {
        return Some(Chunk { text: line(&rest[..end]), bytes: end + 1, goes_on: false });
    }
    if rest.len() < LIMIT + AHEAD {
        return None;
    }
    let window = &rest[..rest.floor_char_boundary(LIMIT)];
    let after_space = window.rfind(' ').map(|at| at + 1).filter(|at| *at > LIMIT / 2);
    let grapheme = || window.grapheme_indices(true).next_back().map(|(at, _)| at).filter(|at| *at > 0);
    let end = after_space.or_else(grapheme).unwrap_or(window.len());
    Some(Chunk { text: &rest[..end], bytes: end, goes_on: true })
}

/// A line without the carriage return of a `\r\n`.
#[must_use]
pub fn line(text: &str) -> &str {
    text.strip_suffix('\r').unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_settled_by_its_end() {
        assert_eq!(next("one\r\ntwo"), Some(Chunk { text: "one", bytes: 5, goes_on: false }));
        assert_eq!(next("two"), None);
        assert_eq!(next(""), None);
    }

    #[test]
    fn a_very_long_line_is_cut_at_a_space_or_between_graphemes() {
        let words = "word ".repeat(2_000);
        let cut = next(&words).expect("long enough");
        assert!(cut.goes_on && cut.text.ends_with(' ') && cut.bytes <= LIMIT);
        let marks = "e\u{301}".repeat(4_000);
        let cut = next(&marks).expect("long enough");
        assert!(cut.text.ends_with('\u{301}') && cut.bytes > 0);
        let one_grapheme = format!("e{}", "\u{301}".repeat(4_000));
        assert!(next(&one_grapheme).expect("long enough").bytes > 0);
    }
}
