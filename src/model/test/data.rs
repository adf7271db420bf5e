//! The least data that fits a JSON Schema, as PydanticAI's `_JsonSchemaTestData` makes it
//! (`pydantic_ai/models/test.py`): the same for the same schema and seed.

use jiff::ToSpan;
use jiff::civil::date;
use serde_json::{Map, Value};

use super::numbers;

type Schema = Map<String, Value>;

/// How deep data may be: a schema that needs itself has no end.
const MAX_DEPTH: usize = 100;
/// How many values and characters are made at most.
const MAX_SIZE: usize = 1_000_000;
/// Of what texts are made: Python's `ascii_letters`, `digits` and `punctuation`.
const CHARACTERS: &[u8; 94] =
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// Data that fits the schema.
///
/// # Errors
/// A sentence: it refers to what isn't there, has an unknown type, or asks for data without end.
pub fn generate(schema: &Schema, seed: i64) -> Result<Value, String> {
    let root = Value::Object(schema.clone());
    Generator { root: &root, seed, depth: 0, left: MAX_SIZE }.any(&root)
}

struct Generator<'s> {
    root: &'s Value,
    seed: i64,
    depth: usize,
    /// How many values and characters may still be made.
    left: usize,
}

impl Generator<'_> {
    fn any(&mut self, schema: &Value) -> Result<Value, String> {
        self.spend(1)?;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("the schema asks for data that is too deep, or without end".to_owned());
        }
        let made = match schema {
            Value::Object(schema) => self.of_object(schema),
            // `true` and `false` have no structure to make data from.
            _ => self.text(1),
        };
        self.depth -= 1;
        made
    }

    fn of_object(&mut self, schema: &Schema) -> Result<Value, String> {
        if let Some(value) = schema.get("const") {
            return Ok(value.clone());
        }
        if let Some(value) = self.pick(schema, "enum").or_else(|| self.pick(schema, "examples")) {
            return Ok(value.clone());
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.resolve(target)?;
            return self.any(&target);
        }
        if let Some(member) = self.pick(schema, "anyOf") {
            return self.any(member);
        }
        match (schema.get("type"), self.pick(schema, "oneOf")) {
            (None, Some(member)) => self.one_of(schema, member),
            (None, None) => self.text(1),
            // One type of several; PydanticAI knows single ones only.
            (Some(Value::Array(_)), _) => match self.pick(schema, "type").and_then(Value::as_str) {
                Some(kind) => self.of_type(kind, schema),
                None => self.text(1),
            },
            (Some(kind), _) => self.of_type(kind.as_str().unwrap_or_default(), schema),
        }
    }

    fn of_type(&mut self, kind: &str, schema: &Schema) -> Result<Value, String> {
        match kind {
            "object" => self.object(schema),
            "array" => self.array(schema),
            "string" => self.string(schema),
            "integer" => Ok(numbers::integer(schema, self.seed)),
            "number" => Ok(numbers::number(schema, self.seed)),
            "boolean" => Ok(Value::from(self.seed % 2 != 0)),
            "null" => Ok(Value::Null),
            unknown => Err(format!("the schema has a type that is unknown: {unknown:?}")),
        }
    }

    /// One of a list by the seed; nothing of an empty one.
    fn pick<'v>(&self, schema: &'v Schema, name: &str) -> Option<&'v Value> {
        let items = schema.get(name)?.as_array()?;
        let place = self.seed.rem_euclid(i64::try_from(items.len()).ok().filter(|count| *count > 0)?);
        items.get(usize::try_from(place).ok()?)
    }

    /// What a reference means: a definition, or whatever a JSON pointer (RFC 6901) leads to.
    fn resolve(&self, target: &str) -> Result<Value, String> {
        let name = target.strip_prefix("#/$defs/").unwrap_or(target);
        let defined = self.root.get("$defs").and_then(|definitions| definitions.get(name));
        let pointed = || self.root.pointer(target.strip_prefix('#')?).filter(|found| found.is_object());
        defined.or_else(pointed).cloned().ok_or_else(|| format!("the schema has nothing at {target:?}"))
    }

    /// A member of `oneOf` needs the tag that tells it from the others, which pydantic doesn't count as required when it
    /// has a default; and so does one of a `oneOf` within.
    fn one_of(&mut self, schema: &Schema, member: &Value) -> Result<Value, String> {
        let list = |schema: &Schema| schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let tag = schema.get("discriminator").and_then(|discriminator| discriminator.get("propertyName"));
        let required: Vec<Value> = list(schema).into_iter().chain(tag.cloned()).collect();
        let member = match member.get("$ref").and_then(Value::as_str) {
            Some(target) if !required.is_empty() => self.resolve(target)?,
            _ => member.clone(),
        };
        let Value::Object(mut member) = member else { return self.text(1) };
        if !required.is_empty() {
            let required = list(&member).into_iter().chain(required).collect();
            member.insert("required".to_owned(), required);
        }
        self.any(&Value::Object(member))
    }

    fn object(&mut self, schema: &Schema) -> Result<Value, String> {
        let required = schema.get("required").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut data = Schema::new();
        for (name, property) in properties.into_iter().flatten() {
            if required.iter().any(|required| required == name) {
                data.insert(name.clone(), self.any(property)?);
            }
        }
        if let Some(more) = schema.get("additionalProperties").filter(|more| says_something(more)) {
            let mut name = "additionalProperty".to_owned();
            while data.contains_key(&name) {
                name.push('_');
            }
            data.insert(name, self.any(more)?);
        }
        Ok(Value::Object(data))
    }

    fn array(&mut self, schema: &Schema) -> Result<Value, String> {
        let is_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let (least, most) = (numbers::count(schema, "minItems").unwrap_or(0), numbers::count(schema, "maxItems"));
        let prefix = schema.get("prefixItems").and_then(Value::as_array);
        // Before 2020-12 a list of `items` was what `prefixItems` is now.
        let (prefix, items) = match schema.get("items") {
            Some(Value::Array(list)) => (prefix.or(Some(list)), &Value::Null),
            items => (prefix, items.unwrap_or(&Value::Null)),
        };
        let mut data = Vec::new();
        for item in prefix.map_or(&[][..], Vec::as_slice) {
            if most.is_some_and(|most| data.len() >= most) && data.len() >= least {
                break;
            }
            data.push(self.item(item, is_unique)?);
        }
        let wanted = match data.len() {
            length if least > length => least,
            length if says_something(items) && most.is_none_or(|most| most > length) => length + 1,
            length => length,
        };
        while data.len() < wanted {
            data.push(self.item(items, is_unique)?);
        }
        Ok(Value::Array(data))
    }

    /// An item; the seed moves on where items must differ.
    fn item(&mut self, schema: &Value, is_unique: bool) -> Result<Value, String> {
        let item = self.any(schema)?;
        self.seed += i64::from(is_unique);
        Ok(item)
    }

    fn string(&mut self, schema: &Schema) -> Result<Value, String> {
        if let Some(length) = numbers::count(schema, "minLength") {
            return self.text(length);
        }
        if numbers::count(schema, "maxLength") == Some(0) {
            return self.text(0);
        }
        let day = || date(2024, 1, 1).checked_add(i32::try_from(self.seed).ok()?.days()).ok();
        match schema.get("format").and_then(Value::as_str) {
            Some("date") => day().map(|day| Value::from(day.to_string())).map_or_else(|| self.text(1), Ok),
            _ => self.text(1),
        }
    }

    /// The seed's character, so many times. Like the columns of a spreadsheet it has more letters when there are no more
    /// single ones.
    fn text(&mut self, times: usize) -> Result<Value, String> {
        let letter = |place: i64| char::from(CHARACTERS[usize::try_from(place.rem_euclid(94)).unwrap_or_default()]);
        let mut column = String::new();
        let mut rest = self.seed.div_euclid(94);
        while rest > 0 {
            column.push(letter(rest - 1));
            rest /= 94;
        }
        column.push(letter(self.seed));
        self.spend(times.saturating_mul(column.len()))?;
        Ok(Value::from(column.repeat(times)))
    }

    fn spend(&mut self, size: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(size).ok_or("the schema asks for too much data")?;
        Ok(())
    }
}

/// What Python takes for true: `true`, and an object that is not empty.
fn says_something(schema: &Value) -> bool {
    match schema {
        Value::Bool(allowed) => *allowed,
        Value::Object(schema) => !schema.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made(schema: &Value, seed: i64) -> Result<Value, String> {
        generate(schema.as_object().expect("an object"), seed)
    }

    #[test]
    fn every_kind_of_schema() {
        let city = json!({"type": "object", "required": ["name", "people"], "properties": {
            "name": {"type": "string"}, "people": {"type": "integer", "minimum": 3}, "mayor": {"type": "string"}}});
        assert_eq!(made(&city, 0), Ok(json!({"name": "a", "people": 3})));
        assert_eq!(made(&city, 2), Ok(json!({"name": "c", "people": 5})));
        let table = [
            (json!({"const": 7}), json!(7)),
            (json!({"enum": ["x", "y"]}), json!("y")),
            (json!({"type": "string", "examples": ["Rome", "Bern", "Oslo"]}), json!("Bern")),
            (json!({"anyOf": [{"type": "null"}, {"type": "boolean"}]}), json!(true)),
            (json!({"type": ["null", "number"]}), json!(1.0)),
            (json!({"type": "string", "minLength": 3}), json!("bbb")),
            (json!({"type": "string", "maxLength": 0}), json!("")),
            (json!({"type": "string", "format": "date"}), json!("2024-01-02")),
            (
                json!({"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": true}),
                json!(["b", "c"]),
            ),
            (json!({"type": "array", "items": {"type": "string"}, "maxItems": 0}), json!([])),
            (json!({"type": "array", "prefixItems": [{"type": "null"}, true], "items": false}), json!([null, "b"])),
            (json!({"type": "object", "additionalProperties": {"type": "null"}}), json!({"additionalProperty": null})),
            (json!({}), json!("b")),
        ];
        for (schema, expected) in table {
            assert_eq!(made(&schema, 1), Ok(expected), "{schema}");
        }
    }

    #[test]
    fn references_and_tags() {
        let cat = json!({"type": "object", "properties": {"kind": {"const": "cat"}, "age": {"type": "integer"}}});
        let schema = json!({"$defs": {"Cat": cat}, "type": "object", "required": ["pet", "same"], "properties": {
            "pet": {"oneOf": [{"$ref": "#/$defs/Cat"}], "discriminator": {"propertyName": "kind"}},
            "same": {"$ref": "#/$defs/Cat/properties/age"}}});
        assert_eq!(made(&schema, 4), Ok(json!({"pet": {"kind": "cat"}, "same": 4})));
        assert_eq!(made(&json!({"$ref": "#/nowhere"}), 0), Err("the schema has nothing at \"#/nowhere\"".to_owned()));
        assert_eq!(made(&json!({"type": "cat"}), 0), Err("the schema has a type that is unknown: \"cat\"".to_owned()));
    }

    #[test]
    fn letters_run_on() {
        let text = |seed| made(&json!({"type": "string"}), seed);
        assert_eq!((text(93), text(94), text(94 * 95)), (Ok(json!("~")), Ok(json!("aa")), Ok(json!("aaa"))));
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let itself = json!({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}});
        assert_eq!(made(&itself, 0), Err("the schema asks for data that is too deep, or without end".to_owned()));
        let many = json!({"type": "array", "items": {"type": "array", "minItems": 5_000}, "minItems": 5_000});
        let long = json!({"type": "string", "minLength": 9_000_000_000_u64});
        for schema in [many, long] {
            assert_eq!(made(&schema, 0), Err("the schema asks for too much data".to_owned()));
        }
    }
}
