//! The walk through a schema that every style shares, as PydanticAI's `JsonSchemaTransformer` does it: members first,
//! then the schema they stand in.

use serde_json::{Map, Value, json};

/// A style: what it changes in a schema.
pub trait Style {
    /// Changes one schema, whose members are done.
    fn change(&mut self, schema: &mut Map<String, Value>);

    /// Does a schema with all that it holds.
    fn walk(&mut self, schema: Value) -> Value
    where
        Self: Sized,
    {
        walked(self, schema)
    }

    /// Whether `propertyNames` and `contains` are walked through.
    fn walks_rare(&self, _schema: &Value) -> bool {
        false
    }

    /// Whether a choice between a schema and `null` becomes that schema with `nullable`.
    fn simplifies_nullable(&self) -> bool {
        false
    }
}

/// Does the root of a schema. Its definitions are done after it, under its own name for them.
pub fn root(style: &mut impl Style, schema: &Map<String, Value>) -> Map<String, Value> {
    let mut schema = schema.clone();
    let definitions = schema.shift_remove("$defs");
    let Value::Object(mut done) = style.walk(Value::Object(schema)) else { return Map::new() };
    if let Some(Value::Object(definitions)) = definitions.filter(|definitions| *definitions != json!({})) {
        done.insert("$defs".to_owned(), members(style, definitions));
    }
    done
}

/// Does a schema as the walk does it, whatever the style does besides.
pub fn walked(style: &mut impl Style, schema: Value) -> Value {
    let Value::Object(mut schema) = schema else { return schema };
    match schema.get("type").and_then(Value::as_str) {
        Some("object") => object(style, &mut schema),
        Some("array") => array(style, &mut schema),
        _ => {}
    }
    for kind in ["allOf", "anyOf", "oneOf"] {
        if schema.contains_key("type") {
            each(style, &mut schema, kind);
        } else {
            schema = union(style, schema, kind);
        }
    }
    style.change(&mut schema);
    Value::Object(schema)
}

fn object(style: &mut impl Style, schema: &mut Map<String, Value>) {
    named(style, schema, "properties");
    one(style, schema, "additionalProperties");
    named(style, schema, "patternProperties");
    rare(style, schema, "propertyNames");
}

fn array(style: &mut impl Style, schema: &mut Map<String, Value>) {
    each(style, schema, "prefixItems");
    // Drafts before 2020-12 write a tuple as a list of `items`.
    if schema.get("items").is_some_and(Value::is_array) {
        each(style, schema, "items");
    } else if schema.get("items").is_some_and(|items| *items != json!({})) {
        one(style, schema, "items");
    }
    rare(style, schema, "contains");
}

fn one(style: &mut impl Style, schema: &mut Map<String, Value>, keyword: &str) {
    if let Some(member) = schema.get_mut(keyword) {
        *member = style.walk(member.take());
    }
}

fn rare(style: &mut impl Style, schema: &mut Map<String, Value>, keyword: &str) {
    if schema.get(keyword).is_some_and(|member| style.walks_rare(member)) {
        one(style, schema, keyword);
    }
}

fn each(style: &mut impl Style, schema: &mut Map<String, Value>, keyword: &str) {
    if let Some(Value::Array(list)) = schema.get_mut(keyword) {
        for member in list {
            *member = style.walk(member.take());
        }
    }
}

fn named(style: &mut impl Style, schema: &mut Map<String, Value>, keyword: &str) {
    if let Some(Value::Object(fields)) = schema.get_mut(keyword) {
        *fields = std::mem::take(fields).into_iter().map(|(name, member)| (name, style.walk(member))).collect();
    }
}

/// Does each of the schemas that stand under names.
pub fn members(style: &mut impl Style, schemas: Map<String, Value>) -> Value {
    schemas.into_iter().map(|(name, schema)| (name, style.walk(schema))).collect()
}

/// A choice between one schema is that schema. A choice with something besides keeps that.
fn union(style: &mut impl Style, mut schema: Map<String, Value>, kind: &str) -> Map<String, Value> {
    let list = match schema.shift_remove(kind) {
        Some(Value::Array(list)) => list,
        Some(other) => {
            schema.insert(kind.to_owned(), other);
            return schema;
        }
        None => return schema,
    };
    let mut done: Vec<Value> = list.into_iter().map(|member| style.walk(member)).collect();
    if style.simplifies_nullable() {
        done = nullable(done);
    }
    match done.as_slice() {
        // One that rejects everything stays apart, so that a `not` beside it doesn't take its place.
        [Value::Object(only)] if only.get("not") != Some(&json!({})) => {
            let mut joined = only.clone();
            joined.extend(schema);
            joined
        }
        _ => {
            schema.insert(kind.to_owned(), Value::Array(done));
            schema
        }
    }
}

fn nullable(cases: Vec<Value>) -> Vec<Value> {
    let null = json!({"type": "null"});
    match cases.as_slice() {
        [Value::Object(other), case] | [case, Value::Object(other)] if *case == null => {
            let mut other = other.clone();
            other.insert("nullable".to_owned(), Value::Bool(true));
            vec![Value::Object(other)]
        }
        _ => cases,
    }
}
