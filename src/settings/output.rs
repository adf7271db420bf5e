//! Structured output: an answer that fits a JSON Schema.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a model is made to answer with JSON that fits a schema, in PydanticAI's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputMode {
    /// It calls a tool whose arguments are the output.
    Tool,
    /// The interface itself holds the answer to the schema.
    Native,
    /// The schema stands among the instructions.
    Prompted,
}

impl OutputMode {
    /// The word used on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tool => "tool",
            Self::Native => "native",
            Self::Prompted => "prompted",
        }
    }
}

/// The structured output that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputSpec {
    /// The schema: a JSON object, its keys in the order in which pydantic writes them.
    schema: Map<String, Value>,
    /// How; `None`: the model's own way.
    pub mode: Option<OutputMode>,
    /// How often the model is told what is wrong with its output and asked again.
    pub retries: u32,
}

impl OutputSpec {
    /// Output that fits `schema`. Its keys are sorted as pydantic sorts them, so that the same schema makes the same
    /// request.
    #[must_use]
    pub fn new(schema: &Map<String, Value>, mode: Option<OutputMode>) -> Self {
        Self { schema: sorted_object(schema, false), mode, retries: 0 }
    }

    /// The same output, for which a model is asked so many times more when what it gave doesn't fit.
    #[must_use]
    pub fn with_retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// The schema.
    #[must_use]
    pub const fn schema(&self) -> &Map<String, Value> {
        &self.schema
    }

    /// Its title.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.schema.get("title").and_then(Value::as_str)
    }

    /// Its description.
    #[must_use]
    pub fn description(&self) -> Option<&str> {
        self.schema.get("description").and_then(Value::as_str)
    }
}

/// As pydantic's `GenerateJsonSchema.sort` does: keys by the alphabet, but for properties and defaults, whose order is
/// the author's. <https://docs.pydantic.dev/latest/api/json_schema/>
fn sorted(value: &Value, parent: &str) -> Value {
    match value {
        Value::Object(object) => Value::Object(sorted_object(object, matches!(parent, "properties" | "default"))),
        Value::Array(items) => items.iter().map(|item| sorted(item, parent)).collect(),
        other => other.clone(),
    }
}

fn sorted_object(object: &Map<String, Value>, keeps_order: bool) -> Map<String, Value> {
    let mut fields: Vec<_> = object.iter().collect();
    if !keeps_order {
        fields.sort_by_key(|(name, _)| *name);
    }
    // The names of properties are no keywords: nothing of theirs may look like one.
    let parent = |name: &str| if keeps_order { String::new() } else { name.to_owned() };
    fields.into_iter().map(|(name, value)| (name.clone(), sorted(value, &parent(name)))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_and_properties_are_not() {
        let schema = json!({"type": "object", "title": "T", "properties": {
            "z": {"type": "string", "description": "d"}, "a": {"type": "object", "properties": {"y": {}, "b": {}}}}});
        let spec = OutputSpec::new(schema.as_object().expect("an object"), None);
        let text = Value::Object(spec.schema().clone()).to_string();
        let expected = r#"{"properties":{"z":{"description":"d","type":"string"},"a":{"properties":{"y":{},"b":{}},"type":"object"}},"title":"T","type":"object"}"#;
        assert_eq!((text.as_str(), spec.title()), (expected, Some("T")));
    }
}
