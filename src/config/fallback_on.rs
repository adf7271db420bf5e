//! Which failures of a chain's model make the next one be asked.

use crate::wire::{ErrorKind, ModelError};

/// Which failures make the next model be asked.
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
    /// A kind of error: `"timeout"`, `"connect"`, `"protocol"`, `"truncated"`, …
    Kind(ErrorKind),
}

impl FallbackOn {
    /// Whether this failure is meant.
    #[must_use]
    pub fn matches(&self, error: &ModelError) -> bool {
        if error.kind == ErrorKind::Cancelled {
            return false;
        }
        let is_api = matches!(error.kind, ErrorKind::Http | ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Tls);
        match self {
            Self::Http => error.kind == ErrorKind::Http,
            Self::Api => is_api,
            Self::Any => true,
            Self::Status(status) => error.status == Some(*status),
            Self::StatusClass(class) => error.status.is_some_and(|status| status / 100 == *class),
            Self::Kind(kind) => error.kind == *kind,
        }
    }

    /// Reads one item of `fallback_on`.
    ///
    /// # Errors
    /// A sentence that names the word and what is known.
    pub fn parse(word: &str) -> Result<Self, String> {
        let class = word.strip_suffix("xx").and_then(|digit| digit.parse().ok());
        match word {
            "http" => Ok(Self::Http),
            "api" => Ok(Self::Api),
            "any" => Ok(Self::Any),
            "timeout" => Ok(Self::Kind(ErrorKind::Timeout)),
            "connect" => Ok(Self::Kind(ErrorKind::Connect)),
            "protocol" => Ok(Self::Kind(ErrorKind::Protocol)),
            "truncated" => Ok(Self::Kind(ErrorKind::Truncated)),
            "provider" => Ok(Self::Kind(ErrorKind::Provider)),
            _ => match (class, word.parse()) {
                (Some(class @ 4..=5), _) => Ok(Self::StatusClass(class)),
                (_, Ok(status @ 400..=599)) => Ok(Self::Status(status)),
                _ => Err(format!(
                    "{word:?} is no failure to fall back on; known are \"http\", \"api\", \"any\", \"timeout\", \
                     \"connect\", \"protocol\", \"truncated\", \"provider\", a status (429) and a class (\"5xx\")"
                )),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16) -> ModelError {
        ModelError { status: Some(status), ..ModelError::new(ErrorKind::Http, "no") }
    }

    fn matches(word: &str, error: &ModelError) -> bool {
        FallbackOn::parse(word).expect("known").matches(error)
    }

    #[test]
    fn each_word_means_its_failures() {
        let refused = ModelError::new(ErrorKind::Connect, "refused");
        let table = [
            ("http", &http(400), true),
            ("http", &refused, false),
            ("api", &refused, true),
            ("429", &http(429), true),
            ("429", &http(500), false),
            ("5xx", &http(503), true),
            ("5xx", &http(404), false),
            ("connect", &refused, true),
            ("any", &refused, true),
            ("any", &ModelError::cancelled(), false),
        ];
        for (word, error, expected) in table {
            assert_eq!(matches(word, error), expected, "{word} on {error:?}");
        }
    }

    #[test]
    fn an_unknown_word_is_told() {
        for word in ["htp", "99", "6xx", "", "200"] {
            assert!(FallbackOn::parse(word).is_err(), "{word}");
        }
    }
}
