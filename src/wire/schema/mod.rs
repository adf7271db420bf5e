//! JSON schemas in the styles that model families take.

use serde_json::{Map, Value};

use crate::catalog::{Profile, SchemaStyle};

/// The schema in the style of the model's family.
#[must_use]
pub fn styled(profile: &Profile, schema: &Map<String, Value>) -> Map<String, Value> {
    match profile.schema {
        SchemaStyle::Plain
        | SchemaStyle::OpenAi
        | SchemaStyle::Anthropic
        | SchemaStyle::Gemini
        | SchemaStyle::Bedrock => schema.clone(),
    }
}

/// JSON as Python's `json.dumps` writes it: a space after `,` and `:`, and nothing but ASCII.
#[must_use]
pub fn python_json(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            text.push('{');
            for (at, (name, value)) in fields.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                text.push_str(&ascii(&Value::from(name.as_str()).to_string()));
                text.push_str(": ");
                write(value, text);
            }
            text.push('}');
        }
        Value::Array(items) => {
            text.push('[');
            for (at, item) in items.iter().enumerate() {
                text.push_str(if at == 0 { "" } else { ", " });
                write(item, text);
            }
            text.push(']');
        }
        Value::String(_) => text.push_str(&ascii(&value.to_string())),
        other => text.push_str(&other.to_string()),
    }
}

/// JSON text with `\uXXXX` in place of what is not ASCII.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            text.push(c);
        } else {
            let mut units = [0; 2];
            text.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_written_as_python_writes_it() {
        let value = json!({"a": [1, 2.5, null], "ü": "👋\n", "e": {}});
        assert_eq!(python_json(&value), r#"{"a": [1, 2.5, null], "\u00fc": "\ud83d\udc4b\n", "e": {}}"#);
    }
}
