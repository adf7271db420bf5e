//! The conversation that a lane has had so far, as the messages of its next request.

use jiff::Timestamp;

use crate::message::{ModelMessage, ModelRequest, ModelResponse};

/// A turn that a lane has answered.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// What was asked.
    pub prompt: &'a str,
    /// When.
    pub at: Timestamp,
    /// What was answered, whole or as far as it came.
    pub response: &'a ModelResponse,
}

/// The messages of what was said so far and of the next prompt. The system prompt stands in the first request.
#[must_use]
pub fn conversation<'a>(
    system: Option<&str>,
    past: impl IntoIterator<Item = Exchange<'a>>,
    prompt: Option<(&str, Timestamp)>,
) -> Vec<ModelMessage> {
    let mut messages = Vec::new();
    let mut system = system.filter(|system| !system.is_empty());
    let mut request = |prompt: &str, at| ModelMessage::Request(ModelRequest::user(prompt, system.take(), Some(at)));
    for exchange in past {
        messages.push(request(exchange.prompt, exchange.at));
        messages.push(ModelMessage::Response(exchange.response.clone()));
    }
    messages.extend(prompt.map(|(prompt, at)| request(prompt, at)));
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ResponsePart;

    #[test]
    fn the_system_prompt_stands_first_and_once() {
        let response = ModelResponse { parts: vec![ResponsePart::text("London")], ..ModelResponse::default() };
        let at = Timestamp::UNIX_EPOCH;
        let past = Exchange { prompt: "Where?", at, response: &response };
        let expected = vec![
            ModelMessage::Request(ModelRequest::user("Where?", Some("Be brief."), Some(at))),
            ModelMessage::Response(response.clone()),
            ModelMessage::Request(ModelRequest::user("In French?", None, Some(at))),
        ];
        assert_eq!(conversation(Some("Be brief."), [past], Some(("In French?", at))), expected);
    }
}
