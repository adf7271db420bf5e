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
    /// Whether this failure is meant. The user's own cancelling never is; the failure of a chain is when every failure in
    /// it is.
    pub fn matches(&self, error: &ModelError) -> bool {
        match self {
            _ if error.kind == ErrorKind::Cancelled => false,
            Self::Word(on) => on.matches(error),
            Self::Error(matches) => matches(error),
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
            Self::ContentFilter => error.kind == ErrorKind::ContentFilter,
            Self::Length | Self::Empty => false,
        }
    }

    /// What is wrong with a whole answer, if it is meant.
    #[must_use]
    pub fn rejects(&self, response: &ModelResponse) -> Option<ModelError> {
        let means = |word: &Self| self == word || *self == Self::Any;
        match response.finish_reason {
            Some(FinishReason::ContentFilter) if means(&Self::ContentFilter) => Some(withheld(response)),
            Some(FinishReason::Length) if means(&Self::Length) => Some(rejected("its token limit cut it")),
            _ if means(&Self::Empty) && !response.has_output() => Some(rejected("it is empty")),
            _ => None,
        }
    }
}

fn rejected(why: &str) -> ModelError {
    ModelError::new(ErrorKind::Rejected, format!("the answer is not taken: {why}"))
}

/// The failure that an answer is in which there is nothing to take, because the vendor withheld it or because the token
/// limit was reached before it began. The words are PydanticAI's (`_agent_graph.py`, `_content_filter.py`).
pub fn nothing_to_take(response: &ModelResponse, max_tokens: Option<u64>) -> Option<ModelError> {
    match response.finish_reason {
        _ if response.has_output() => None,
        Some(FinishReason::ContentFilter) => Some(withheld(response)),
        Some(FinishReason::Length) => Some(used_up(max_tokens)),
        _ => None,
    }
}

/// With the vendor's own reason.
fn withheld(response: &ModelResponse) -> ModelError {
    let detail = |name: &str| response.provider_details.as_ref()?.get(name)?.as_str();
    let reason = match (detail("finish_reason"), detail("block_reason")) {
        (Some(reason), _) => format!(" Finish reason: '{reason}'"),
        (None, Some(reason)) => format!(" Block reason: '{reason}'"),
        (None, None) => String::new(),
    };
    ModelError::new(ErrorKind::ContentFilter, format!("Content filter triggered.{reason}"))
}

fn used_up(max_tokens: Option<u64>) -> ModelError {
    let limit = max_tokens.map_or_else(|| "provider default".to_owned(), |tokens| tokens.to_string());
    let message = format!(
        "Model token limit ({limit}) exceeded before any response was generated. Increase the `max_tokens` model setting, \
         or simplify the prompt to result in a shorter response that will fit within the limit."
    );
    ModelError::new(ErrorKind::Rejected, message)
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
    }

    #[test]
    fn an_answer_of_thinking_alone_is_none() {
        let told = |text: &str, reason| nothing_to_take(&answer(text, reason), Some(16)).map(|error| error.message);
        assert_eq!(
            told("", FinishReason::ContentFilter).as_deref(),
            Some("Content filter triggered. Finish reason: 'SAFETY'")
        );
        let used_up = told("", FinishReason::Length).expect("a failure");
        assert!(
            used_up.starts_with("Model token limit (16) exceeded before any response was generated. "),
            "{used_up}"
        );
        assert_eq!(told("part", FinishReason::ContentFilter), None);
        assert_eq!(told("part", FinishReason::Length), None);
        assert_eq!(told("", FinishReason::Stop), None);
    }
}
