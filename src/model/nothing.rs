//! Answers that came to their end with nothing in them to take.

use crate::message::{FinishReason, ModelResponse};
use crate::wire::{ErrorKind, ModelError};

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

/// The failure that an answer is which the vendor withheld, with the vendor's own reason.
pub fn withheld(response: &ModelResponse) -> ModelError {
    let detail = |name: &str| response.provider_details.as_ref()?.get(name)?.as_str();
    let reason = match (detail("finish_reason"), detail("block_reason")) {
        (Some(reason), _) => format!(" Finish reason: '{reason}'"),
        (None, Some(reason)) => format!(" Block reason: '{reason}'"),
        (None, None) => String::new(),
    };
    ModelError::new(ErrorKind::ContentFilter, format!("Content filter triggered.{reason}"))
}

fn used_up(max_tokens: Option<u64>) -> ModelError {
    // Where the request names no limit, the model's own settings or the provider's default hold: which isn't known here.
    let limit = max_tokens.map_or_else(String::new, |tokens| format!(" ({tokens})"));
    let message = format!(
        "Model token limit{limit} exceeded before any response was generated. Increase the `max_tokens` model setting, \
         or simplify the prompt to result in a shorter response that will fit within the limit."
    );
    ModelError::new(ErrorKind::Rejected, message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::{ResponsePart, Thinking};

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
