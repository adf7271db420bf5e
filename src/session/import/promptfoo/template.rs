//! Fills in the simplest of promptfoo's templates, which are Nunjucks.

use serde_json::{Map, Value};

/// The text with its variables filled in. In a text that is JSON they are part of its strings, as in promptfoo.
///
/// # Errors
/// It needs a variable that there is none of, or anything but variables.
pub fn filled(raw: &str, vars: &Map<String, Value>) -> Result<String, String> {
    match serde_json::from_str::<Value>(raw) {
        Ok(json @ (Value::Array(_) | Value::Object(_))) => Ok(in_json(json, vars)?.to_string()),
        _ => in_text(raw, vars),
    }
}

fn in_json(json: Value, vars: &Map<String, Value>) -> Result<Value, String> {
    Ok(match json {
        Value::String(text) => in_text(&text, vars)?.into(),
        Value::Array(items) => items.into_iter().map(|item| in_json(item, vars)).collect::<Result<Vec<_>, _>>()?.into(),
        Value::Object(fields) => {
            let field = |(name, value)| Ok((name, in_json(value, vars)?));
            fields.into_iter().map(field).collect::<Result<Map<_, _>, String>>()?.into()
        }
        other => other,
    })
}

fn in_text(raw: &str, vars: &Map<String, Value>) -> Result<String, String> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = next_tag(rest) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let inside = tag.strip_prefix("{{").ok_or_else(|| format!("the template {} is not known", shown(tag)))?;
        let (inside, after) = inside.split_once("}}").ok_or_else(|| format!("{} has no end", shown(tag)))?;
        out.push_str(&value(inside, vars)?);
        rest = after;
    }
    Ok(out + rest)
}

/// Where the next template begins: `{{`, `{%` or `{#`.
fn next_tag(text: &str) -> Option<usize> {
    ["{{", "{%", "{#"].iter().filter_map(|tag| text.find(tag)).min()
}

fn value(inside: &str, vars: &Map<String, Value>) -> Result<String, String> {
    let (name, dumped) = match inside.split_once('|') {
        None => (inside.trim(), false),
        Some((name, filter)) if filter.trim() == "dump" => (name.trim(), true),
        Some(_) => return Err(format!("the template {{{{{inside}}}}} is not known")),
    };
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !is_name {
        return Err(format!("the template {{{{{inside}}}}} is not known"));
    }
    match vars.get(name) {
        None => Err(format!("there is no variable {name:?}")),
        Some(Value::String(text)) if text.starts_with("file://") || text.starts_with("package:") => {
            Err(format!("the variable {name:?} names a file, which is not read: put its text there"))
        }
        Some(Value::String(text)) if !dumped => Ok(text.clone()),
        Some(value) => Ok(value.to_string()),
    }
}

/// The beginning of a template, for an error.
fn shown(tag: &str) -> String {
    tag.chars().take(24).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn variables_are_filled_in_and_nothing_else_is() {
        let vars = json!({ "a": "x\"y", "n": 3, "o": { "k": 1 }, "f": "file:///etc/passwd" });
        let vars = vars.as_object().expect("an object");
        let table = [
            ("Say {{a}} {{ n }}.", Ok("Say x\"y 3.")),
            ("{{ a | dump }} {{o|dump}} {{o}}", Ok("\"x\\\"y\" {\"k\":1} {\"k\":1}")),
            ("[\"{{a}}\"]", Ok("[\"x\\\"y\"]")),
            ("no } or { alone", Ok("no } or { alone")),
            ("{{b}}", Err("there is no variable \"b\"")),
            ("{{f}}", Err("the variable \"f\" names a file, which is not read: put its text there")),
            ("{{a | upper}}", Err("the template {{a | upper}} is not known")),
            ("{{ 7*7 }}", Err("the template {{ 7*7 }} is not known")),
            ("{% for x in y %}", Err("the template {% for x in y %} is not known")),
            ("{{ a", Err("{{ a has no end")),
        ];
        for (raw, expected) in table {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(filled(raw, vars), expected, "{raw}");
        }
    }
}
