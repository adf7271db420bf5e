//! What somebody else wrote, as rows: a provider's error body, or the answer of an attempt that wasn't taken.

use ratatui::text::Line;
use serde_json::Value;

use super::rows::{beginning, near};
use crate::message::{ModelResponse, ResponsePart};
use crate::tui::view::markdown::{GrowingJson, Look};
use crate::tui::view::text::{Indent, clean_cut, wrap};

/// A body: JSON laid out and coloured, any other text as it is.
#[must_use]
pub fn body(body: &Value, look: Look<'_>) -> Vec<Line<'static>> {
    match body {
        Value::String(words) => text(words, look),
        value => json(&value.to_string(), look),
    }
}

/// An answer, part by part.
#[must_use]
pub fn answer(response: &ModelResponse, look: Look<'_>) -> Vec<Line<'static>> {
    response.parts.iter().filter(|part| part.is_visible()).flat_map(|one| part(one, look)).collect()
}

fn part(part: &ResponsePart, look: Look<'_>) -> Vec<Line<'static>> {
    match part {
        ResponsePart::Text(part) => text(&part.content, look),
        ResponsePart::Thinking(_) => vec![Line::styled("(thinking)", look.theme.thinking)],
        ResponsePart::ToolCall(call) => {
            let name = clean_cut(&format!("⚙ {}", call.tool_name), look.columns);
            let mut rows = vec![Line::styled(name, look.theme.heading)];
            rows.extend(json(&call.args_json(), look));
            rows
        }
        ResponsePart::Other(value) => json(&value.to_string(), look),
    }
}

fn text(words: &str, look: Look<'_>) -> Vec<Line<'static>> {
    if words.trim_start().starts_with('{') {
        return json(words, look);
    }
    let lines = beginning(words).lines().filter(|line| !line.trim().is_empty());
    lines.flat_map(|line| wrap(&[(near(line), look.theme.text)], &Indent::default(), look.columns)).collect()
}

fn json(words: &str, look: Look<'_>) -> Vec<Line<'static>> {
    let mut rows = GrowingJson::default();
    rows.update(beginning(words), look);
    rows.rows().concat()
}
