//! Gemini's style: <https://ai.google.dev/gemini-api/docs/structured-output#json-schema-support>.

use serde_json::{Map, Value, json};

use super::inline::{self, Changes};
use super::python;
use super::walk::{self, Style};

/// The schema in this style.
#[must_use]
pub fn styled(schema: &Map<String, Value>) -> Map<String, Value> {
    walk::root(&mut Gemini, schema)
}

/// The schema as OpenRouter takes it for Gemini: without references, `null` as `nullable`, and enums of texts.
#[must_use]
pub fn for_openrouter(schema: &Map<String, Value>) -> Option<Map<String, Value>> {
    inline::inlined(schema, Changes { change: narrowed, nullable: true, everywhere: false })
}

struct Gemini;

impl Style for Gemini {
    fn change(&mut self, schema: &mut Map<String, Value>) {
        drop_unknown(schema);
        if let Some(value) = schema.shift_remove("const").filter(|value| !value.is_null()) {
            let kind = kind(&value).filter(|_| !schema.contains_key("type"));
            schema.insert("enum".to_owned(), json!([value]));
            if let Some(kind) = kind {
                schema.insert("type".to_owned(), Value::from(kind));
            }
        }
        fold_options(schema);
        format_told(schema);
    }
}

fn drop_unknown(schema: &mut Map<String, Value>) {
    for keyword in ["$schema", "discriminator", "examples", "title", "exclusiveMinimum", "exclusiveMaximum"] {
        schema.shift_remove(keyword);
    }
}

fn kind(value: &Value) -> Option<&'static str> {
    match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    }
}

/// The format of a text goes into its description.
fn format_told(schema: &mut Map<String, Value>) {
    if schema.get("type").is_none_or(|kind| kind != "string") {
        return;
    }
    let Some(format) = schema.shift_remove("format").as_ref().map(python::text).filter(|text| !text.is_empty()) else {
        return;
    };
    let told = match schema.get("description").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(description) => format!("{description} (format: {format})"),
        None => format!("Format: {format}"),
    };
    schema.insert("description".to_owned(), Value::from(told));
}

/// A choice between single values, each perhaps with a description, is one enum: Gemini holds itself to that.
fn fold_options(schema: &mut Map<String, Value>) {
    let options: Vec<Choice> = match schema.get("anyOf").and_then(Value::as_array) {
        Some(options) => match options.iter().map(Choice::of).collect::<Option<_>>() {
            Some(options) => options,
            None => return,
        },
        None => return,
    };
    let Some(first) = options.first() else { return };
    let kind = first.kind.clone();
    let own_kind = schema.get("type").cloned();
    let is_alike = options.iter().all(|option| option.kind == kind) && (own_kind.is_none() || own_kind == kind);
    if !is_alike || schema.contains_key("enum") {
        return;
    }
    schema.shift_remove("anyOf");
    schema.insert("enum".to_owned(), options.iter().map(|option| option.value.clone()).collect());
    if let Some(kind) = kind {
        schema.insert("type".to_owned(), kind);
    }
    let own = schema.get("description").and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let told: Vec<String> = options.iter().filter_map(Choice::told).collect();
    if !told.is_empty() {
        let lines: Vec<String> = own.into_iter().chain(told).collect();
        schema.insert("description".to_owned(), Value::from(lines.join("\n")));
    }
}

/// One value of a choice.
struct Choice {
    value: Value,
    kind: Option<Value>,
    description: Option<String>,
}

impl Choice {
    fn of(option: &Value) -> Option<Self> {
        let option = option.as_object()?;
        let [value] = option.get("enum")?.as_array()?.as_slice() else { return None };
        let is_plain = option.keys().all(|keyword| matches!(keyword.as_str(), "enum" | "type" | "description"));
        let description = option.get("description").and_then(Value::as_str).map(str::to_owned);
        is_plain.then(|| Self { value: value.clone(), kind: option.get("type").cloned(), description })
    }

    fn told(&self) -> Option<String> {
        let description = self.description.as_deref().filter(|text| !text.is_empty())?;
        Some(format!("{}: {description}", python::text(&self.value)))
    }
}

fn narrowed(schema: &mut Map<String, Value>) {
    drop_unknown(schema);
    if let Some(value) = schema.shift_remove("const").filter(|value| !value.is_null()) {
        schema.insert("enum".to_owned(), json!([value]));
    }
    if let Some(Value::Array(values)) = schema.get("enum").filter(|values| **values != json!([])) {
        let texts = values.iter().map(python::text).collect();
        schema.insert("type".to_owned(), Value::from("string"));
        schema.insert("enum".to_owned(), texts);
    }
    if !schema.contains_key("type")
        && let Some(choice) = schema.shift_remove("oneOf")
    {
        schema.insert("anyOf".to_owned(), choice);
    }
    format_told(schema);
}
