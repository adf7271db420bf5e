//! Tokens guessed as PydanticAI's test models guess them: plausible, and the same every time. Never for a real model.

use crate::message::{ModelMessage, RequestPart, ResponsePart, Usage};
use crate::wire::{retry_result, retry_text};

/// What every request costs besides its words (`_estimate_usage` in `pydantic_ai/models/function.py`).
pub const OVERHEAD: u64 = 50;

/// The tokens of a conversation: requests are input, responses are output.
pub fn usage<'a>(messages: impl IntoIterator<Item = &'a ModelMessage>) -> Usage {
    let (mut input, mut output) = (OVERHEAD, 0);
    for message in messages {
        match message {
            ModelMessage::Request(request) => input += request.parts.iter().map(of_request).sum::<u64>(),
            ModelMessage::Response(response) => output += response_tokens(&response.parts),
        }
    }
    Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() }
}

/// The tokens of a response's parts.
pub fn response_tokens(parts: &[ResponsePart]) -> u64 {
    parts.iter().map(of_response).sum()
}

fn of_request(part: &RequestPart) -> u64 {
    match part {
        RequestPart::SystemPrompt(system) => tokens(&system.content),
        RequestPart::UserPrompt(prompt) => prompt.content.texts().into_iter().map(tokens).sum(),
        RequestPart::ToolReturn(returned) => tokens(&returned.text()),
        RequestPart::RetryPrompt(retry) if retry.tool_name.is_none() => tokens(&retry_text(retry)),
        RequestPart::RetryPrompt(retry) => tokens(&retry_result(retry)),
        RequestPart::Other(_) => 0,
    }
}

fn of_response(part: &ResponsePart) -> u64 {
    match part {
        ResponsePart::Text(text) => tokens(&text.content),
        ResponsePart::Thinking(thinking) => tokens(&thinking.content),
        ResponsePart::ToolCall(call) => 1 + tokens(&call.args_json()),
        ResponsePart::Other(_) => 0,
    }
}

/// The tokens of a text: what stands between white space and punctuation, the nothing before and after them included.
pub fn tokens(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let separates = |c: char| is_space(c) || matches!(c, '"' | ',' | '.' | ':');
    let mut after_separator = false;
    let mut runs = 0;
    for separator in text.trim_matches(is_space).chars().map(separates) {
        runs += u64::from(separator && !after_separator);
        after_separator = separator;
    }
    runs + 1
}

/// White space as Python knows it: four separators of ASCII are some, too.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::ModelRequest;

    #[test]
    fn counted_as_pydantic_ai_counts() {
        // Each by `pydantic_ai.models.function._estimate_string_tokens`.
        for (text, expected) in [
            ("", 0),
            ("  ", 1),
            ("Hello, world!", 2),
            ("Hello.", 2),
            ("{\"a\":\"b\"}", 4),
            ("\u{1c}a b", 2),
            ("é\u{a0}ü\u{2003}x", 3),
            ("a , b", 2),
        ] {
            assert_eq!(tokens(text), expected, "{text:?}");
        }
        let asked = ModelMessage::Request(ModelRequest::user("Where is it?", Some("Be brief."), None));
        let usage = usage([&asked]);
        assert_eq!((usage.input_tokens, usage.output_tokens), (Some(56), Some(0)));
    }
}
