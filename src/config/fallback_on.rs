//! The words for the failures and the whole answers of a chain's model that make the next one be asked.

use std::fmt;

use crate::wire::ErrorKind;

/// Which failures, and which whole answers, make the next model be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FallbackOn {
    /// `"http"`: a status of 400 or above.
    Http,
    /// `"api"`: a status of 400 or above, connection errors and time-outs.
    Api,
    /// `"any"`: everything but the user's own cancelling.
    Any,
    /// A single status: `429`.
    Status(u16),
    /// A class of statuses by its first digit: `"5xx"`.
    StatusClass(u16),
    /// A kind of error: `"timeout"`, `"connect"`, `"protocol"`, `"truncated"`, …; `"content_filter"` is also a whole answer
    /// that the vendor withheld, or its rest.
    Kind(ErrorKind),
    /// `"length"`: an answer that the token limit cut.
    Length,
    /// `"empty"`: an answer without text and without a call.
    Empty,
}

/// The words, as they are written; a status and a class of statuses besides.
const WORDS: [(&str, FallbackOn); 12] = [
    ("http", FallbackOn::Http),
    ("api", FallbackOn::Api),
    ("any", FallbackOn::Any),
    ("timeout", FallbackOn::Kind(ErrorKind::Timeout)),
    ("connect", FallbackOn::Kind(ErrorKind::Connect)),
    ("protocol", FallbackOn::Kind(ErrorKind::Protocol)),
    ("truncated", FallbackOn::Kind(ErrorKind::Truncated)),
    ("provider", FallbackOn::Kind(ErrorKind::Provider)),
    ("content_filter", FallbackOn::Kind(ErrorKind::ContentFilter)),
    ("length", FallbackOn::Length),
    ("empty", FallbackOn::Empty),
    ("invalid_output", FallbackOn::Kind(ErrorKind::InvalidOutput)),
];

impl FallbackOn {
    /// Reads one item of `fallback_on`.
    ///
    /// # Errors
    /// A sentence that names the word and what is known.
    pub fn parse(word: &str) -> Result<Self, String> {
        let class = word.strip_suffix("xx").and_then(|digit| digit.parse().ok());
        if let Some((_, known)) = WORDS.iter().find(|(known, _)| *known == word) {
            return Ok(known.clone());
        }
        match (class, word.parse()) {
            (Some(class @ 4..=5), _) => Ok(Self::StatusClass(class)),
            (_, Ok(status @ 400..=599)) => Ok(Self::Status(status)),
            _ => Err(unknown(word)),
        }
    }

    /// Whether it means nothing but whole answers that aren't taken: a stream has been seen by then.
    #[must_use]
    pub fn is_of_whole_answers(&self) -> bool {
        matches!(self, Self::Length | Self::Empty | Self::Kind(ErrorKind::InvalidOutput))
    }
}

impl fmt::Display for FallbackOn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, WORDS.iter().find(|(_, known)| known == self)) {
            (_, Some((word, _))) => formatter.write_str(word),
            (Self::Status(status), _) => write!(formatter, "{status}"),
            (Self::StatusClass(class), _) => write!(formatter, "{class}xx"),
            (Self::Kind(kind), _) => formatter.write_str(kind.as_str()),
            // Each of the others stands among the words.
            _ => Ok(()),
        }
    }
}

fn unknown(word: &str) -> String {
    let words: Vec<_> = WORDS.iter().map(|(word, _)| format!("{word:?}")).collect();
    format!("{word:?} is nothing to fall back on; known are {}, a status (429) and a class (\"5xx\")", words.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_shown_as_it_is_written() {
        for word in WORDS.iter().map(|(word, _)| *word).chain(["429", "5xx"]) {
            assert_eq!(FallbackOn::parse(word).map(|on| on.to_string()).as_deref(), Ok(word));
        }
    }

    #[test]
    fn an_unknown_word_is_told() {
        for word in ["htp", "99", "6xx", "", "200"] {
            assert!(FallbackOn::parse(word).is_err(), "{word}");
        }
        let told = FallbackOn::parse("htp").expect_err("unknown");
        assert!(told.starts_with("\"htp\" is nothing to fall back on; known are \"http\", \"api\", "), "{told}");
    }
}
