//! The parts that requests and responses are made of, as PydanticAI names and writes them.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, from_value};

use super::timestamp;

/// Fields that this program does not know; kept, so that a history survives being read and written again.
pub type Extra = Map<String, Value>;

/// A part of a request: what is sent to a model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "part_kind", rename_all = "kebab-case")]
pub enum RequestPart {
    /// Instructions to the model.
    SystemPrompt(SystemPrompt),
    /// What the user asks.
    UserPrompt(UserPrompt),
    /// What a tool returned.
    ToolReturn(ToolReturn),
    /// Why the model should try again.
    RetryPrompt(RetryPrompt),
    /// A kind of part that this program does not read; kept as it is.
    #[serde(untagged)]
    Other(Value),
}

impl<'de> Deserialize<'de> for RequestPart {
    /// By hand, since a part of a known kind that is wrong is an error, and not a part of another kind.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut part = Extra::deserialize(deserializer)?;
        let kind = part.shift_remove("part_kind").ok_or_else(|| D::Error::missing_field("part_kind"))?;
        let read = match kind.as_str() {
            Some("system-prompt") => from_value(Value::Object(part)).map(Self::SystemPrompt),
            Some("user-prompt") => from_value(Value::Object(part)).map(Self::UserPrompt),
            Some("tool-return") => from_value(Value::Object(part)).map(Self::ToolReturn),
            Some("retry-prompt") => from_value(Value::Object(part)).map(Self::RetryPrompt),
            _ => {
                part.insert("part_kind".to_owned(), kind);
                Ok(Self::Other(Value::Object(part)))
            }
        };
        read.map_err(D::Error::custom)
    }
}

/// Instructions to the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemPrompt {
    /// The text.
    pub content: String,
    /// When it was written.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What the user asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserPrompt {
    /// The text, or a list of text and other content.
    pub content: UserContent,
    /// When it was asked.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A user prompt's content: a text, or items of which the strings are text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum UserContent {
    /// Plain text.
    Text(String),
    /// Text and other content (images, documents), in order.
    Items(Vec<Value>),
}

impl UserContent {
    /// The text items, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Text(text) => vec![text],
            Self::Items(items) => items.iter().filter_map(item_text).collect(),
        }
    }
}

/// A content item's text: a bare string, or `{"kind": "text-content", "content": …}`.
fn item_text(item: &Value) -> Option<&str> {
    item.as_str().or_else(|| item.get("content").and_then(Value::as_str))
}

/// What a tool returned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ToolReturn {
    /// The tool.
    pub tool_name: String,
    /// What it returned: a string, or any JSON value.
    pub content: Value,
    /// Which call this answers.
    #[serde(default)]
    pub tool_call_id: String,
    /// When it returned.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ToolReturn {
    /// The content as text: a string as it is, anything else as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        value_text(&self.content)
    }
}

/// Why the model should try again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetryPrompt {
    /// The reason: a string, or a list of validation errors.
    pub content: Value,
    /// The tool that refused, if it was one.
    #[serde(default)]
    pub tool_name: Option<String>,
    /// Which call was refused.
    #[serde(default)]
    pub tool_call_id: String,
    /// When it was written.
    #[serde(default, with = "timestamp", skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<Timestamp>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RetryPrompt {
    /// The reason as text.
    #[must_use]
    pub fn text(&self) -> String {
        value_text(&self.content)
    }
}

fn value_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A part of a response: what a model answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "part_kind", rename_all = "kebab-case")]
pub enum ResponsePart {
    /// Answer text.
    Text(Text),
    /// Thinking.
    Thinking(Thinking),
    /// A call for a tool.
    ToolCall(ToolCall),
    /// A kind of part that this program does not read (files, tools the vendor ran); kept as it is.
    #[serde(untagged)]
    Other(Value),
}

impl ResponsePart {
    /// An empty text part.
    #[must_use]
    pub fn text(content: impl Into<String>) -> Self {
        Self::Text(Text { content: content.into(), ..Text::default() })
    }

    /// A thinking part without signature.
    #[must_use]
    pub fn thinking(content: impl Into<String>) -> Self {
        Self::Thinking(Thinking { content: content.into(), ..Thinking::default() })
    }

    /// Whether a reader of the answer would see anything of it: text, thinking or a tool call that is not empty.
    #[must_use]
    pub fn is_visible(&self) -> bool {
        match self {
            Self::Text(text) => !text.content.is_empty(),
            Self::Thinking(thinking) => !thinking.content.is_empty(),
            Self::ToolCall(call) => !call.tool_name.is_empty(),
            Self::Other(_) => true,
        }
    }
}

/// Answer text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Text {
    /// The text.
    pub content: String,
    /// The vendor's identifier.
    #[serde(default)]
    pub id: Option<String>,
    /// Whose identifier and details these are.
    #[serde(default)]
    pub provider_name: Option<String>,
    /// What else the vendor told.
    #[serde(default)]
    pub provider_details: Option<Value>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What a model thought before it answered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thinking {
    /// The text; empty when the vendor keeps it to itself (redacted).
    pub content: String,
    /// The vendor's identifier.
    #[serde(default)]
    pub id: Option<String>,
    /// The vendor's proof that the thinking is its own; sent back in the next turn.
    #[serde(default)]
    pub signature: Option<String>,
    /// Whose signature and details these are.
    #[serde(default)]
    pub provider_name: Option<String>,
    /// What else the vendor told.
    #[serde(default)]
    pub provider_details: Option<Value>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A call for a tool.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The tool.
    pub tool_name: String,
    /// Its arguments.
    #[serde(default)]
    pub args: Option<ToolArgs>,
    /// Which call this is.
    #[serde(default)]
    pub tool_call_id: String,
    /// The vendor's identifier.
    #[serde(default)]
    pub id: Option<String>,
    /// Whose identifier and details these are.
    #[serde(default)]
    pub provider_name: Option<String>,
    /// What else the vendor told.
    #[serde(default)]
    pub provider_details: Option<Value>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ToolCall {
    /// The arguments as JSON text; `{}` when there are none.
    #[must_use]
    pub fn args_json(&self) -> String {
        match &self.args {
            Some(ToolArgs::Json(text)) if !text.trim().is_empty() => text.clone(),
            Some(ToolArgs::Object(object)) => Value::Object(object.clone()).to_string(),
            _ => "{}".to_owned(),
        }
    }

    /// The arguments as an object; empty when there are none.
    ///
    /// # Errors
    /// The JSON text is not an object.
    pub fn args_object(&self) -> Result<Map<String, Value>, serde_json::Error> {
        match &self.args {
            Some(ToolArgs::Object(object)) => Ok(object.clone()),
            _ => serde_json::from_str(&self.args_json()),
        }
    }
}

/// Arguments of a tool call: JSON text as it streamed, or an object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ToolArgs {
    /// JSON text, perhaps not yet whole.
    Json(String),
    /// An object.
    Object(Map<String, Value>),
}
