//! What the formats have in common, and where they differ.

use serde_json::Value;

use super::price;
use crate::catalog::{ListFormat, Rates};

/// Kinds of models (`"type"`) that don't answer prompts, as Together AI, Vercel and others name them
/// (<https://docs.together.ai/reference/models>).
const OTHER_KINDS: [&str; 9] =
    ["embedding", "embeddings", "image", "audio", "video", "moderation", "rerank", "reranking", "transcribe"];

/// A format of lists.
pub struct Shape {
    /// The path of the first page.
    pub path: &'static str,
    /// Headers that it wants.
    pub headers: &'static [(&'static str, &'static str)],
    /// The field that holds the models.
    pub list: &'static str,
    /// The field of a model that holds its name.
    pub name: &'static str,
    /// What stands before a name and is no part of it.
    pub name_prefix: &'static str,
    /// The query field that asks for the next page.
    pub next_field: Option<&'static str>,
    /// What the page says that the next one is asked for with.
    pub next: fn(&Value) -> Option<String>,
    /// Whether a model answers prompts, as far as its entry says.
    pub answers_prompts: fn(&Value) -> bool,
    /// What a model costs.
    pub rates: fn(&Value) -> Option<Rates>,
}

/// <https://platform.openai.com/docs/api-reference/models/list>
const OPENAI: Shape = Shape {
    path: "/models",
    headers: &[],
    list: "data",
    name: "id",
    name_prefix: "",
    next_field: None,
    next: |_| None,
    answers_prompts: |entry| {
        !is_other_kind(entry) && !says(entry, "active", false) && !says(entry, "supports_chat", false)
    },
    rates: |_| None,
};

/// <https://openrouter.ai/docs/api-reference/list-available-models>
const OPENROUTER: Shape = Shape { rates: price::per_token, ..OPENAI };

/// <https://docs.anthropic.com/en/api/models-list>
const ANTHROPIC: Shape = Shape {
    path: "/v1/models?limit=1000",
    headers: &[("anthropic-version", "2023-06-01")],
    next_field: Some("after_id"),
    next: |page| if says(page, "has_more", true) { text(page, "last_id") } else { None },
    answers_prompts: |_| true,
    ..OPENAI
};

/// <https://ai.google.dev/api/models#method:-models.list>
const GEMINI: Shape = Shape {
    path: "/models?pageSize=1000",
    list: "models",
    name: "name",
    name_prefix: "models/",
    next_field: Some("pageToken"),
    next: |page| text(page, "nextPageToken"),
    answers_prompts: |entry| names_or_is_silent(entry, "supportedGenerationMethods", "generateContent"),
    ..OPENAI
};

/// <https://docs.mistral.ai/api/endpoint/models>
const MISTRAL: Shape = Shape {
    path: "/v1/models",
    answers_prompts: |entry| {
        entry.get("capabilities").is_none_or(|capabilities| !says(capabilities, "completion_chat", false))
    },
    ..OPENAI
};

/// <https://docs.cohere.com/reference/list-models>
const COHERE: Shape = Shape {
    path: "/v1/models?endpoint=chat&page_size=1000",
    list: "models",
    name: "name",
    next_field: Some("page_token"),
    next: |page| text(page, "next_page_token"),
    answers_prompts: |entry| names_or_is_silent(entry, "endpoints", "chat"),
    ..OPENAI
};

impl Shape {
    /// The shape of that format; `None` when it is of no list.
    pub const fn of(format: ListFormat) -> Option<Self> {
        match format {
            ListFormat::OpenAi => Some(OPENAI),
            ListFormat::OpenRouter => Some(OPENROUTER),
            ListFormat::Anthropic => Some(ANTHROPIC),
            ListFormat::Gemini => Some(GEMINI),
            ListFormat::Mistral => Some(MISTRAL),
            ListFormat::Cohere => Some(COHERE),
            ListFormat::Untold => None,
        }
    }

    /// The entries of a page. Some that are else compatible leave out what stands around them (Together AI), or the
    /// field where there is nothing in it (Gemini's last page).
    pub fn entries<'a>(&self, page: &'a Value) -> Option<&'a [Value]> {
        let list = page.get(self.list).unwrap_or(page);
        match (list, page) {
            (Value::Array(entries), _) => Some(entries),
            // Ollama writes `null` for a list with nothing in it.
            (Value::Null, _) => Some(&[]),
            (_, Value::Object(fields)) if fields.is_empty() && self.next_field.is_some() => Some(&[]),
            _ => None,
        }
    }
}

fn is_other_kind(entry: &Value) -> bool {
    entry.get("type").and_then(Value::as_str).is_some_and(|kind| OTHER_KINDS.contains(&kind))
}

/// Whether the field is that flag.
fn says(object: &Value, field: &str, flag: bool) -> bool {
    object.get(field).and_then(Value::as_bool) == Some(flag)
}

/// Whether the field's list has that word. An entry without a list doesn't say.
fn names_or_is_silent(entry: &Value, field: &str, word: &str) -> bool {
    entry.get(field).and_then(Value::as_array).is_none_or(|words| words.iter().any(|known| known == word))
}

fn text(object: &Value, field: &str) -> Option<String> {
    object.get(field)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
