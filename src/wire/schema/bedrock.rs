//! Bedrock's style: <https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html>. A tool takes nearly
//! any schema; an answer is held to a subset, and what that doesn't have goes into the description.

use serde_json::{Map, Value};

use super::python;
use super::walk::{self, Style};

/// Keywords of numbers that the subset doesn't have.
const OF_NUMBERS: [&str; 5] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
/// Keywords of lists that the subset doesn't have.
const OF_LISTS: [&str; 2] = ["maxItems", "contains"];

/// The schema in this style; `strict`: within the subset.
#[must_use]
pub fn styled(schema: &Map<String, Value>, strict: bool) -> Map<String, Value> {
    walk::root(&mut Bedrock { strict }, schema)
}

struct Bedrock {
    strict: bool,
}

impl Style for Bedrock {
    fn change(&mut self, schema: &mut Map<String, Value>) {
        schema.shift_remove("title");
        schema.shift_remove("$schema");
        if !self.strict {
            return;
        }
        if schema.get("type").is_some_and(|kind| kind == "object") {
            schema.insert("additionalProperties".to_owned(), Value::Bool(false));
        }
        let left_out = left_out(schema);
        let notes: Vec<_> = left_out
            .into_iter()
            .filter_map(|keyword| Some(format!("{keyword}={}", python::text(&schema.shift_remove(keyword)?))))
            .collect();
        if !notes.is_empty() {
            describe(schema, &notes.join(", "));
        }
    }
}

fn left_out(schema: &Map<String, Value>) -> Vec<&'static str> {
    let keywords: &[&str] = match schema.get("type").and_then(Value::as_str) {
        Some("number" | "integer") => &OF_NUMBERS,
        Some("array") => &OF_LISTS,
        _ => &[],
    };
    let is_list = keywords == OF_LISTS;
    let least = schema.get("minItems").and_then(Value::as_f64).filter(|least| is_list && *least > 1.0);
    let pattern = schema.get("pattern").and_then(Value::as_str).filter(|pattern| looks_around_or_back(pattern));
    keywords.iter().copied().chain(least.map(|_| "minItems")).chain(pattern.map(|_| "pattern")).collect()
}

fn describe(schema: &mut Map<String, Value>, notes: &str) {
    let description = match schema.get("description").and_then(Value::as_str).filter(|text| !text.is_empty()) {
        Some(description) => format!("{description} ({notes})"),
        None => notes.to_owned(),
    };
    schema.insert("description".to_owned(), Value::from(description));
}

/// Whether a pattern looks ahead or behind, or repeats what was found; the vendor takes every escaped digit for that.
fn looks_around_or_back(pattern: &str) -> bool {
    let mut in_class = false;
    let mut rest = pattern.char_indices();
    while let Some((at, c)) = rest.next() {
        match c {
            '\\' if rest.next().is_some_and(|(_, escaped)| escaped.is_ascii_digit()) => return true,
            '[' => in_class = true,
            ']' => in_class = false,
            '(' if !in_class => {
                let tokens = ["(?=", "(?!", "(?<=", "(?<!", "(?P="];
                if tokens.iter().any(|token| pattern[at..].starts_with(token)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
