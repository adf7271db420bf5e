//! OpenAI's style: <https://platform.openai.com/docs/guides/structured-outputs#supported-schemas>. A schema within its
//! strict subset goes with `strict: true`; any other goes without.

use serde_json::{Map, Value, json};

use super::inline::unescaped;
use super::walk::{self, Style};

/// Keywords that the strict subset doesn't have.
const LOOSE: [&str; 10] = [
    "patternProperties",
    "unevaluatedProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "unevaluatedItems",
    "contains",
    "minContains",
    "maxContains",
    "uniqueItems",
];
/// Keywords that OpenAI's own models have in the strict subset, and other services don't.
const LENGTHS: [&str; 2] = ["minLength", "maxLength"];
/// Formats of the strict subset.
const FORMATS: [&str; 9] = ["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"];
/// Keywords of which one says what the elements of a list are.
const TYPING: [&str; 7] = ["type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const"];
/// The most levels of objects within objects in the strict subset.
const MAX_LEVELS: usize = 10;
/// The most properties of all objects together.
const MAX_PROPERTIES: usize = 5000;

/// The schema in this style, and whether it is within the strict subset; `own`: for OpenAI's own service.
#[must_use]
pub fn styled(schema: &Map<String, Value>, own: bool) -> (Map<String, Value>, bool) {
    let root_ref = schema.get("$ref").and_then(Value::as_str).map(str::to_owned);
    let mut style = OpenAi { own, root_ref, strict: true };
    let mut done = walk::root(&mut style, schema);
    if let Some(Value::Object(definitions)) = done.get_mut("definitions").map(Value::take) {
        done.insert("definitions".to_owned(), walk::members(&mut style, definitions));
    }
    if let Some(root) = style.root_ref.as_deref() {
        root_in_place(&mut done, root);
    }
    let strict = style.strict && !(own && is_too_large(&done));
    (done, strict)
}

/// A schema whose root is one of its definitions stands in the root itself; references to it became `#`.
fn root_in_place(schema: &mut Map<String, Value>, reference: &str) {
    schema.shift_remove("$ref");
    let name = unescaped(reference.strip_prefix("#/$defs/").unwrap_or(reference));
    if let Some(Value::Object(root)) = schema.get("$defs").and_then(|definitions| definitions.get(&name)).cloned() {
        schema.extend(root);
    }
}

struct OpenAi {
    own: bool,
    root_ref: Option<String>,
    strict: bool,
}

impl Style for OpenAi {
    fn change(&mut self, schema: &mut Map<String, Value>) {
        for keyword in ["title", "$schema", "discriminator"] {
            schema.shift_remove(keyword);
        }
        self.reference(schema);
        self.strict &= !schema.contains_key("default") && !schema.contains_key("oneOf") && !self.is_loose(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => self.object(schema),
            Some("array") => self.strict &= is_typed(schema) && !(self.own && holds_some(schema, "prefixItems")),
            _ => {}
        }
    }

    fn walk(&mut self, mut schema: Value) -> Value {
        if self.own {
            one_item(&mut schema);
        }
        walk::walked(self, schema)
    }
}

impl OpenAi {
    /// Nothing may stand beside a `$ref`, but beside `anyOf`.
    fn reference(&mut self, schema: &mut Map<String, Value>) {
        let Some(mut reference) = schema.get("$ref").and_then(Value::as_str).map(str::to_owned) else { return };
        if Some(&reference) == self.root_ref.as_ref() {
            "#".clone_into(&mut reference);
        }
        self.strict &= !reference.starts_with("#/") || is_definition(&reference);
        if schema.len() > 1 {
            schema.shift_remove("$ref");
            schema.insert("anyOf".to_owned(), json!([{"$ref": reference}]));
        } else {
            schema.insert("$ref".to_owned(), Value::from(reference));
        }
    }

    fn is_loose(&self, schema: &Map<String, Value>) -> bool {
        let has_any = |keywords: &[&str]| keywords.iter().any(|keyword| schema.contains_key(*keyword));
        let text = |keyword| schema.get(keyword).and_then(Value::as_str).filter(|text| !text.is_empty());
        has_any(&LOOSE)
            || (!self.own && has_any(&LENGTHS))
            || text("format").is_some_and(|format| !FORMATS.contains(&format))
            || text("pattern").is_some_and(looks_around)
    }

    /// Without properties OpenAI drops an object; others than those named are not allowed unless the schema says so.
    fn object(&mut self, schema: &mut Map<String, Value>) {
        schema.entry("properties").or_insert_with(|| json!({}));
        if matches!(schema.get("additionalProperties"), None | Some(Value::Null | Value::Bool(false))) {
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        } else {
            self.strict = false;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &String| required.is_some_and(|names| names.iter().any(|one| one == name));
        self.strict &= required.is_some() && properties.is_some_and(|all| all.keys().all(is_required));
    }
}

/// A definition right under the root: the only references that the strict subset has, but `#`.
fn is_definition(reference: &str) -> bool {
    let name = reference.strip_prefix("#/$defs/").or_else(|| reference.strip_prefix("#/definitions/"));
    name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
}

fn holds_some(schema: &Map<String, Value>, keyword: &str) -> bool {
    schema.get(keyword).and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// Whether a list's schema says what its elements are.
fn is_typed(schema: &Map<String, Value>) -> bool {
    let items = schema.get("items").and_then(Value::as_object);
    items.is_some_and(|items| TYPING.iter().any(|keyword| items.contains_key(*keyword)))
        || holds_some(schema, "prefixItems")
}

/// A tuple of one element is a list with one element, which the strict subset has.
fn one_item(schema: &mut Value) {
    let Some(schema) = schema.as_object_mut() else { return };
    let is_list = schema.get("type").is_some_and(|kind| kind == "array") && schema.get("maxItems") == Some(&json!(1));
    let single = schema.get("prefixItems").and_then(Value::as_array).filter(|items| is_list && items.len() == 1);
    if let Some(item) = single.and_then(|items| items.first()).cloned() {
        schema.insert("items".to_owned(), item);
        schema.shift_remove("prefixItems");
    }
}

/// Whether a pattern looks ahead or behind.
fn looks_around(pattern: &str) -> bool {
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        if ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|token| rest.starts_with(token)) {
            return true;
        }
        let mut chars = rest.chars();
        chars.nth(usize::from(c == '\\'));
        rest = chars.as_str();
    }
    false
}

/// Whether there are too many objects within objects, or too many properties. The vendor counts the root and each
/// definition by itself.
fn is_too_large(schema: &Map<String, Value>) -> bool {
    let definitions = ["$defs", "definitions"].into_iter().filter_map(|keyword| schema.get(keyword)?.as_object());
    let parts = definitions.flat_map(Map::values).filter_map(Value::as_object);
    parts.chain([schema]).map(size).any(|(levels, properties)| levels > MAX_LEVELS || properties > MAX_PROPERTIES)
}

/// How many objects are within each other, and the properties of all of them.
fn size(schema: &Map<String, Value>) -> (usize, usize) {
    let properties = schema.get("properties").and_then(Value::as_object);
    let choices = schema.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let inner = properties.into_iter().flat_map(Map::values).chain(schema.get("items")).chain(choices);
    let sizes = inner.filter_map(Value::as_object).map(size);
    let own = (usize::from(properties.is_some()), properties.map_or(0, Map::len));
    let all = sizes.fold((0, 0), |all, one| (all.0.max(one.0), all.1 + one.1));
    (own.0 + all.0, own.1 + all.1)
}
