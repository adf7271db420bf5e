//! Anthropic's style: <https://docs.anthropic.com/en/docs/build-with-claude/structured-outputs>. A tool takes nearly
//! any schema; an answer is held to a subset, and what that doesn't have goes into the description.

use serde_json::{Map, Value};

use super::python;
use super::walk::{self, Style};

/// Formats of the subset.
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];

/// The schema in this style; `strict`: within the subset.
#[must_use]
pub fn styled(schema: &Map<String, Value>, strict: bool) -> Map<String, Value> {
    let schema = walk::root(&mut Anthropic { strict }, schema);
    if strict { subset(schema) } else { schema }
}

struct Anthropic {
    strict: bool,
}

impl Style for Anthropic {
    fn change(&mut self, schema: &mut Map<String, Value>) {
        schema.shift_remove("title");
        schema.shift_remove("$schema");
        if self.strict && schema.get("const").is_some_and(|value| is_scalar(value) && !value.is_null()) {
            let value = schema.shift_remove("const");
            schema.insert("enum".to_owned(), value.into_iter().collect());
        }
    }
}

fn is_scalar(value: &Value) -> bool {
    !value.is_array() && !value.is_object()
}

/// A schema within the subset, as the vendor's own `transform_schema` makes it.
fn subset(mut rest: Map<String, Value>) -> Map<String, Value> {
    let mut done = Map::new();
    if let Some(Value::Object(definitions)) = rest.shift_remove("$defs") {
        done.insert("$defs".to_owned(), each_named(definitions));
    }
    if let Some(reference) = rest.shift_remove("$ref") {
        done.insert("$ref".to_owned(), reference);
        return done;
    }
    let kind = kind(&mut rest, &mut done);
    for keyword in ["description", "title"] {
        take(&mut rest, &mut done, keyword);
    }
    match kind.as_ref().and_then(Value::as_str) {
        Some("object") => object(&mut rest, &mut done),
        Some("string") => keep_if(&mut rest, &mut done, "format", |format| FORMATS.iter().any(|known| format == known)),
        Some("array") => array(&mut rest, &mut done),
        _ => {}
    }
    describe(&rest, &mut done);
    done
}

fn member(schema: Value) -> Value {
    match schema {
        Value::Object(schema) => Value::Object(subset(schema)),
        other => other,
    }
}

fn each_named(schemas: Map<String, Value>) -> Value {
    schemas.into_iter().map(|(name, schema)| (name, member(schema))).collect()
}

fn take(rest: &mut Map<String, Value>, done: &mut Map<String, Value>, keyword: &str) {
    keep_if(rest, done, keyword, |_| true);
}

/// Keeps what the subset has. What it doesn't have goes to the end of the rest.
fn keep_if(rest: &mut Map<String, Value>, done: &mut Map<String, Value>, keyword: &str, kept: impl Fn(&Value) -> bool) {
    if let Some(value) = rest.shift_remove(keyword) {
        let place = if kept(&value) { done } else { rest };
        place.insert(keyword.to_owned(), value);
    }
}

/// What kind of value it is: some listed ones, a choice of schemas, or a type, which is returned. `oneOf` becomes
/// `anyOf`.
fn kind(rest: &mut Map<String, Value>, done: &mut Map<String, Value>) -> Option<Value> {
    let kind = rest.shift_remove("type");
    let [any, one, all] = ["anyOf", "oneOf", "allOf"].map(|keyword| rest.shift_remove(keyword));
    keep_if(rest, done, "enum", |list| {
        list.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_scalar))
    });
    keep_if(rest, done, "const", is_scalar);
    let is_listed = !done.is_empty() && ["enum", "const"].iter().any(|keyword| done.contains_key(*keyword));
    let choice = any.or(one).map(|list| ("anyOf", list)).or(all.map(|list| ("allOf", list)));
    let kind = kind.filter(|_| !is_listed);
    if let Some((keyword, Value::Array(list))) = choice {
        done.insert(keyword.to_owned(), list.into_iter().map(member).collect());
    } else if let Some(kind) = &kind {
        done.insert("type".to_owned(), kind.clone());
    }
    kind
}

fn object(rest: &mut Map<String, Value>, done: &mut Map<String, Value>) {
    let properties = rest.shift_remove("properties").and_then(|properties| match properties {
        Value::Object(properties) => Some(properties),
        _ => None,
    });
    done.insert("properties".to_owned(), each_named(properties.unwrap_or_default()));
    rest.shift_remove("additionalProperties");
    done.insert("additionalProperties".to_owned(), Value::Bool(false));
    take(rest, done, "required");
}

fn array(rest: &mut Map<String, Value>, done: &mut Map<String, Value>) {
    if let Some(items) = rest.shift_remove("items") {
        done.insert("items".to_owned(), member(items));
    }
    keep_if(rest, done, "minItems", |least| *least == 0 || *least == 1);
}

/// What is left is no part of the subset. The model may follow it all the same when it reads of it.
fn describe(rest: &Map<String, Value>, done: &mut Map<String, Value>) {
    if rest.is_empty() {
        return;
    }
    let notes: Vec<_> = rest.iter().map(|(keyword, value)| format!("{keyword}: {}", python::text(value))).collect();
    let notes = format!("{{{}}}", notes.join(", "));
    let description = match done.get("description").and_then(Value::as_str) {
        Some(description) => format!("{description}\n\n{notes}"),
        None => notes,
    };
    done.insert("description".to_owned(), Value::from(description));
}
