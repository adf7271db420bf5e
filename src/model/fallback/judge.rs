//! Which failures and which whole answers make a chain ask its next model.

use std::sync::Arc;

use crate::config::FallbackOn;
use crate::message::{FinishReason, ModelResponse};
use crate::wire::{ErrorKind, ModelError};

/// A condition to fall back on: one of the configuration's words, or a function of the failure or of the whole answer.
#[derive(Clone)]
pub enum Condition {
    /// A word of the configuration.
    Word(FallbackOn),
    /// Failures for which the function is true.
    Error(Arc<dyn Fn(&ModelError) -> bool + Send + Sync>),
    /// Whole answers for which the function is true.
    Response(Arc<dyn Fn(&ModelResponse) -> bool + Send + Sync>),
}

impl Condition {
    /// Whether this failure is meant. The user's own cancelling never is.
    pub fn matches(&self, error: &ModelError) -> bool {
        match self {
            Self::Word(on) => on.matches(error),
            Self::Error(matches) => error.kind != ErrorKind::Cancelled && matches(error),
            Self::Response(_) => false,
        }
    }

    /// What is wrong with a whole answer, if it is meant.
    pub fn rejects(&self, response: &ModelResponse) -> Option<ModelError> {
        match self {
            Self::Word(on) => on.rejects(response),
            Self::Response(rejects) => rejects(response).then(|| rejected("fallback_on rejects it")),
            Self::Error(_) => None,
        }
    }
}

impl FallbackOn {
    /// Whether this failure is meant.
    #[must_use]
    pub fn matches(&self, error: &ModelError) -> bool {
        use ErrorKind::{Cancelled, Connect, Http, Timeout, Tls};
        match self {
            _ if error.kind == Cancelled => false,
            Self::Http => error.kind == Http,
            Self::Api => matches!(error.kind, Http | Connect | Timeout | Tls),
            Self::Any => true,
            Self::Status(status) => error.status == Some(*status),
            Self::StatusClass(class) => error.status.is_some_and(|status| status / 100 == *class),
            Self::Kind(kind) => error.kind == *kind,
            Self::Length | Self::Empty => false,
        }
    }

    /// What is wrong with a whole answer, if it is meant.
    #[must_use]
    pub fn rejects(&self, response: &ModelResponse) -> Option<ModelError> {
        let means = |word: &Self| self == word || *self == Self::Any;
        match response.finish_reason {
            Some(FinishReason::ContentFilter) if means(&Self::Kind(ErrorKind::ContentFilter)) => {
                Some(withheld(response))
            }
            Some(FinishReason::Length) if means(&Self::Length) => Some(rejected("its token limit cut it")),
            _ if means(&Self::Empty) && !response.has_output() => Some(rejected("it is empty")),
            _ => None,
        }
    }
}

fn rejected(why: &str) -> ModelError {
    ModelError::new(ErrorKind::Rejected, format!("the answer is not taken: {why}"))
}

/// The failure that an answer is which the vendor withheld, with the vendor's own reason; the words are
/// PydanticAI's (`_content_filter.py`).
fn withheld(response: &ModelResponse) -> ModelError {
    let detail = |name: &str| response.provider_details.as_ref()?.get(name)?.as_str();
    let reason = match (detail("finish_reason"), detail("block_reason")) {
        (Some(reason), _) => format!(" Finish reason: '{reason}'"),
        (None, Some(reason)) => format!(" Block reason: '{reason}'"),
        (None, None) => String::new(),
    };
    ModelError::new(ErrorKind::ContentFilter, format!("Content filter triggered.{reason}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::{ResponsePart, Thinking};

    fn http(status: u16) -> ModelError {
        ModelError { status: Some(status), ..ModelError::new(ErrorKind::Http, "no") }
    }

    fn word(word: &str) -> FallbackOn {
        FallbackOn::parse(word).expect("known")
    }

    #[test]
    fn each_word_means_its_failures() {
        let of = |kind| ModelError::new(kind, "no");
        let refused = of(ErrorKind::Connect);
        let table = [
            ("http", &http(400), true),
            ("http", &refused, false),
            ("api", &refused, true),
            ("429", &http(429), true),
            ("429", &http(500), false),
            ("5xx", &http(503), true),
            ("5xx", &http(404), false),
            ("connect", &refused, true),
            ("invalid_output", &of(ErrorKind::InvalidOutput), true),
            ("content_filter", &of(ErrorKind::ContentFilter), true),
            ("length", &of(ErrorKind::Rejected), false),
            ("any", &refused, true),
            ("any", &ModelError::cancelled(), false),
        ];
        for (name, error, expected) in table {
            assert_eq!(word(name).matches(error), expected, "{name} on {error:?}");
        }
    }

    fn answer(text: &str, finish_reason: FinishReason) -> ModelResponse {
        let thinking = ResponsePart::Thinking(Thinking { content: "hm".to_owned(), ..Thinking::default() });
        ModelResponse {
            parts: vec![thinking, ResponsePart::text(text)],
            finish_reason: Some(finish_reason),
            provider_details: Some(json!({"finish_reason": "SAFETY"})),
            ..ModelResponse::default()
        }
    }

    #[test]
    fn each_word_means_its_whole_answers() {
        use FinishReason::{ContentFilter, Length, Stop};
        let table = [
            ("content_filter", "part", ContentFilter, Some(ErrorKind::ContentFilter)),
            ("content_filter", "", Stop, None),
            ("length", "part", Length, Some(ErrorKind::Rejected)),
            ("length", "all", Stop, None),
            ("empty", "", Stop, Some(ErrorKind::Rejected)),
            ("empty", "all", Stop, None),
            ("any", "part", Length, Some(ErrorKind::Rejected)),
            ("any", "part", ContentFilter, Some(ErrorKind::ContentFilter)),
            ("any", "", Stop, Some(ErrorKind::Rejected)),
            ("any", "all", Stop, None),
            ("http", "", ContentFilter, None),
            ("invalid_output", "", Length, None),
        ];
        for (name, text, finish_reason, kind) in table {
            let rejected = word(name).rejects(&answer(text, finish_reason)).map(|error| error.kind);
            assert_eq!(rejected, kind, "{name} on {text:?}, {finish_reason:?}");
        }
        let withheld = word("any").rejects(&answer("", ContentFilter)).map(|error| error.message);
        assert_eq!(withheld.as_deref(), Some("Content filter triggered. Finish reason: 'SAFETY'"));
    }
}
