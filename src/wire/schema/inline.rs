//! Definitions put where they are used, for models that don't look at `$defs`.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::walk::{self, Style};

/// The most JSON values that may be put in; PydanticAI's limit.
const MAX_VALUES: usize = 250_000;
/// The most schemas that may be within each other: twice what a JSON file can hold without definitions.
const MAX_DEPTH: usize = 256;

/// The schema without references but those of definitions that hold themselves; these are kept, and the schema is one
/// of them then. `None` when it can't be done: a reference to nothing, a loop that goes over no definition, or a schema
/// that would grow beyond all bounds.
#[must_use]
pub fn inlined(schema: &Map<String, Value>, changes: Changes) -> Option<Map<String, Value>> {
    let mut inline = Inline::new(schema, changes);
    let mut root = schema.clone();
    root.shift_remove("$defs");
    let done = inline.walk(Value::Object(root));
    let done = if inline.recursive.is_empty() { done } else { inline.with_definitions(done) };
    match done {
        Value::Object(done) if !inline.failed => Some(done),
        _ => None,
    }
}

/// What is changed besides.
#[derive(Clone, Copy)]
pub struct Changes {
    /// Changes a schema whose members are done.
    pub change: fn(&mut Map<String, Value>),
    /// Whether a choice between a schema and `null` becomes that schema with `nullable`.
    pub nullable: bool,
    /// Whether `propertyNames` and `contains` are always walked through; else only where they hold a reference.
    pub everywhere: bool,
}

struct Inline<'a> {
    root: &'a Map<String, Value>,
    changes: Changes,
    /// The definitions that are being put in, outermost first.
    open: Vec<String>,
    /// Those that hold themselves.
    recursive: Vec<String>,
    done: HashMap<String, Value>,
    values: usize,
    depth: usize,
    failed: bool,
}

impl Style for Inline<'_> {
    fn change(&mut self, schema: &mut Map<String, Value>) {
        (self.changes.change)(schema);
    }

    fn walk(&mut self, schema: Value) -> Value {
        self.depth += 1;
        self.failed |= self.depth > MAX_DEPTH;
        let done = match schema.get("$ref").and_then(Value::as_str).map(key).filter(|key| self.goes_in(key)) {
            Some(key) => self.put_in(&key, &schema),
            None => walk::walked(self, schema),
        };
        self.depth -= 1;
        done
    }

    fn walks_rare(&self, schema: &Value) -> bool {
        self.changes.everywhere || holds_reference(schema)
    }

    fn simplifies_nullable(&self) -> bool {
        self.changes.nullable
    }
}

impl<'a> Inline<'a> {
    fn new(root: &'a Map<String, Value>, changes: Changes) -> Self {
        let (open, recursive, done) = (Vec::new(), Vec::new(), HashMap::new());
        Self { root, changes, open, recursive, done, values: 0, depth: 0, failed: false }
    }

    fn definition(&self, key: &str) -> Option<&'a Value> {
        self.root.get("$defs").and_then(|definitions| definitions.get(key))
    }

    /// Whether a reference is replaced. One from within its own definition stays.
    fn goes_in(&mut self, key: &str) -> bool {
        if self.failed || self.recursive.iter().any(|known| known == key) {
            return false;
        }
        let is_open = self.open.iter().any(|open| open == key);
        if is_open {
            // Only a definition has a name that the reference can keep.
            self.failed |= self.definition(key).is_none();
            self.recursive.push(key.to_owned());
        }
        !is_open
    }

    /// The definition, with what stands beside the reference over it.
    fn put_in(&mut self, key: &str, reference: &Value) -> Value {
        let mut beside = reference.as_object().cloned().unwrap_or_default();
        beside.shift_remove("$ref");
        if !beside.is_empty() {
            return self.definition_done(key, beside);
        }
        if !self.done.contains_key(key) {
            let done = self.definition_done(key, beside);
            self.done.insert(key.to_owned(), done);
        } else if let Some(done) = self.done.get(key) {
            self.values += values(done);
            self.failed |= self.values > MAX_VALUES;
        }
        // After a failure nothing of it is used.
        self.done.get(key).filter(|_| !self.failed).cloned().unwrap_or_default()
    }

    fn definition_done(&mut self, key: &str, beside: Map<String, Value>) -> Value {
        let definition = self.definition(key).or_else(|| pointed_at(self.root, key));
        let schema = match definition {
            Some(Value::Object(definition)) => definition.clone().into_iter().chain(beside).collect(),
            Some(Value::Bool(true)) => beside,
            Some(Value::Bool(false)) => beside.into_iter().chain([("not".to_owned(), json!({}))]).collect(),
            _ => {
                self.failed = true;
                Map::new()
            }
        };
        let schema = Value::Object(schema);
        self.values += values(&schema);
        self.failed |= self.values > MAX_VALUES;
        self.open.push(key.to_owned());
        let done = if self.failed { schema } else { self.walk(schema) };
        self.open.pop();
        done
    }

    /// The schema as one of its definitions, beside those that hold themselves.
    fn with_definitions(&mut self, done: Value) -> Value {
        let mut definitions = Map::new();
        let mut at = 0;
        while let Some(key) = self.recursive.get(at).cloned() {
            let definition = self.done.get(&key).cloned();
            let definition = definition.unwrap_or_else(|| self.definition_done(&key, Map::new()));
            definitions.insert(key, definition);
            at += 1;
        }
        let reference = self.root.get("$ref").and_then(Value::as_str).map(str::to_owned);
        let name = reference.as_deref().map_or_else(|| self.free_name(&definitions), key);
        definitions.insert(name.clone(), done);
        json!({"$defs": definitions, "$ref": reference.unwrap_or_else(|| format!("#/$defs/{name}"))})
    }

    fn free_name(&self, taken: &Map<String, Value>) -> String {
        let mut name = self.root.get("title").and_then(Value::as_str).unwrap_or("root").to_owned();
        while taken.contains_key(&name) {
            name.push_str("_root");
        }
        name
    }
}

/// The name of the definition that a reference means, or the reference itself when it points elsewhere.
fn key(reference: &str) -> String {
    reference.strip_prefix("#/$defs/").map_or_else(|| reference.to_owned(), unescaped)
}

/// A name out of a JSON pointer: RFC 6901.
pub fn unescaped(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

/// What a reference into the schema itself points at.
fn pointed_at<'a>(root: &'a Map<String, Value>, reference: &str) -> Option<&'a Value> {
    let mut names = reference.strip_prefix("#/")?.split('/').map(unescaped);
    let first = root.get(&names.next()?)?;
    let found = names.try_fold(first, |value, name| match value {
        Value::Object(fields) => fields.get(&name),
        Value::Array(items) => items.get(name.parse::<usize>().ok()?),
        _ => None,
    })?;
    found.is_object().then_some(found)
}

fn values(value: &Value) -> usize {
    1 + match value {
        Value::Object(fields) => fields.values().map(values).sum(),
        Value::Array(items) => items.iter().map(values).sum(),
        _ => 0,
    }
}

/// Whether there is a `$ref` anywhere.
pub fn holds_reference(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.contains_key("$ref") || fields.values().any(holds_reference),
        Value::Array(items) => items.iter().any(holds_reference),
        _ => false,
    }
}
