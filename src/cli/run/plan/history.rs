//! `--history`: the messages that came before.

use std::path::Path;

use jiff::Timestamp;

use crate::cli::Failure;
use crate::message::{Extra, ModelMessage, ModelRequest, RequestPart, SystemPrompt, history_from_json};

/// Reads PydanticAI's messages.
///
/// # Errors
/// The file can't be read, or holds something else.
pub fn read(path: &Path) -> Result<Vec<ModelMessage>, Failure> {
    let failed = |what: String| Failure::usage(format!("the history {} {what}", path.display()));
    let json = std::fs::read(path).map_err(|error| failed(format!("can't be read: {error}")))?;
    history_from_json(&json).map_err(|error| failed(format!("is no list of PydanticAI's messages: {error}")))
}

/// Whether it ends with a request, which can be sent as it is.
pub fn asks(history: &[ModelMessage]) -> bool {
    matches!(history.last(), Some(ModelMessage::Request(_)))
}

/// What was asked last; empty when the last request holds no text of the user's.
pub fn last_prompt(history: &[ModelMessage]) -> String {
    let Some(ModelMessage::Request(request)) = history.last() else { return String::new() };
    let texts = request.parts.iter().filter_map(|part| match part {
        RequestPart::UserPrompt(prompt) => Some(prompt.content.texts()),
        _ => None,
    });
    texts.flatten().collect::<Vec<_>>().join("\n")
}

/// The conversation with the prompt at its end. A system prompt takes the place of the history's own.
pub fn with(history: Vec<ModelMessage>, prompt: Option<&str>, system: Option<&str>) -> Vec<ModelMessage> {
    let now = Some(Timestamp::now());
    let request = prompt.map(|prompt| ModelMessage::Request(ModelRequest::user(prompt, None, now)));
    let mut messages: Vec<_> = history.into_iter().chain(request).collect();
    if let Some(system) = system {
        let part = SystemPrompt { content: system.to_owned(), timestamp: now, extra: Extra::new() };
        put_system(&mut messages, part);
    }
    messages
}

fn put_system(messages: &mut [ModelMessage], system: SystemPrompt) {
    let mut system = Some(RequestPart::SystemPrompt(system));
    for message in messages {
        if let ModelMessage::Request(request) = message {
            request.parts.retain(|part| !matches!(part, RequestPart::SystemPrompt(_)));
            request.parts.splice(..0, system.take());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(prompt: &str, system: Option<&str>) -> ModelMessage {
        ModelMessage::Request(ModelRequest::user(prompt, system, None))
    }

    fn shown(messages: &[ModelMessage]) -> Vec<String> {
        let parts = messages.iter().flat_map(|message| match message {
            ModelMessage::Request(request) => request.parts.clone(),
            ModelMessage::Response(_) => Vec::new(),
        });
        parts
            .map(|part| match part {
                RequestPart::SystemPrompt(system) => format!("system: {}", system.content),
                RequestPart::UserPrompt(prompt) => format!("user: {}", prompt.content.texts().join("")),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn the_prompt_comes_last_and_the_system_prompt_first() {
        let history = vec![request("1", Some("old"))];
        assert_eq!(shown(&with(history.clone(), Some("2"), None)), ["system: old", "user: 1", "user: 2"]);
        assert_eq!(shown(&with(history.clone(), Some("2"), Some("new"))), ["system: new", "user: 1", "user: 2"]);
        assert_eq!(shown(&with(history, None, None)), ["system: old", "user: 1"]);
        assert_eq!(shown(&with(Vec::new(), Some("2"), Some("new"))), ["system: new", "user: 2"]);
    }

    #[test]
    fn the_last_prompt_is_the_users_own() {
        assert_eq!(last_prompt(&[request("1", None), request("2", Some("s"))]), "2");
        assert!(asks(&[request("1", None)]) && !asks(&[]));
    }
}
