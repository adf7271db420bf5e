//! Values as Python writes them: PydanticAI's requests hold such text.

use serde_json::{Number, Value};

/// JSON as `json.dumps` writes it: a space after `,` and `:`, and nothing but ASCII.
#[must_use]
pub fn json(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{}: {}", quoted(name), json(value)));
            format!("{{{}}}", joined(fields))
        }
        Value::Array(items) => format!("[{}]", joined(items.iter().map(json))),
        Value::String(text) => quoted(text),
        Value::Number(number) => self::number(number),
        other => other.to_string(),
    }
}

/// A value as `str` writes it: texts as they are, all else as `repr` does.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => self::number(number),
        Value::String(text) => repr_text(text),
        Value::Array(items) => format!("[{}]", joined(items.iter().map(repr))),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{}: {}", repr_text(name), repr(value)));
            format!("{{{}}}", joined(fields))
        }
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

/// In single quotes, or in double ones where that saves escaping.
fn repr_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let escaped: String = text
        .chars()
        .map(|c| match c {
            '\n' => "\\n".to_owned(),
            '\r' => "\\r".to_owned(),
            '\t' => "\\t".to_owned(),
            c if c == quote || c == '\\' => format!("\\{c}"),
            c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)),
            c => c.to_string(),
        })
        .collect();
    format!("{quote}{escaped}{quote}")
}

/// A text in JSON, with `\uXXXX` in place of what is not ASCII.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    let mut ascii = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            let mut units = [0; 2];
            ascii.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    ascii
}

/// Numbers with a fraction have an exponent from 1e16 on and below 1e-4, of two digits at least.
fn number(number: &Number) -> String {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else { return number.to_string() };
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse().unwrap_or(0) {
        exponent @ -4..=15 if exponent >= 0 || float != 0.0 => format!("{float:?}"),
        exponent => format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, i32::abs(exponent)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_written_as_python_writes_it() {
        let value = json!({"a": [1, 2.5, null], "ü": "👋\n", "e": {}});
        assert_eq!(super::json(&value), r#"{"a": [1, 2.5, null], "\u00fc": "\ud83d\udc4b\n", "e": {}}"#);
    }

    #[test]
    fn values_are_written_as_python_writes_them() {
        let value = json!([null, true, "it's", "\"it's\"", {"a\n": 1e16}, 1e-5, 1e15, 0.0001, 0.0, -1.5e300, 5]);
        let expected =
            r#"[None, True, "it's", '"it\'s"', {'a\n': 1e+16}, 1e-05, 1000000000000000.0, 0.0001, 0.0, -1.5e+300, 5]"#;
        assert_eq!(text(&value), expected);
        assert_eq!(text(&json!("as it is")), "as it is");
    }
}
