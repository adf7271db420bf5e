//! A file with a JSON Schema, read and found fit to be asked for.

use std::path::Path;

use serde_json::{Map, Value};

use super::validator;
use crate::settings::{OutputMode, OutputSpec};
use crate::wire::{ErrorKind, ModelError};

/// Reads the schema of the output that is to be asked for.
///
/// # Errors
/// `ErrorKind::Config`: the file can't be read, is no JSON object, or is no schema that can be used.
pub fn read_schema(path: &Path, mode: Option<OutputMode>) -> Result<OutputSpec, ModelError> {
    let file = path.display();
    let bytes = std::fs::read(path).map_err(|error| unusable(format!("the schema {file} can't be read: {error}")))?;
    let schema: Value = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        unusable(format!("{file}:{line}:{column}: the schema is no JSON: {}", without_place(&error)))
    })?;
    let Value::Object(fields) = &schema else {
        let error = unusable(format!("{file}:1:1: the schema is no JSON object"));
        return Err(error.with_hint(
            "write something like {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}",
        ));
    };
    if !describes_object(fields) {
        let error = unusable(format!("{file}: the schema describes no JSON object"));
        return Err(error.with_hint("give it \"type\": \"object\", and put any other value into one of its properties"));
    }
    if let Err(problems) = validator(fields) {
        return Err(unusable(format!("{file}: the schema can't be used: {}", problems.join("; "))));
    }
    Ok(OutputSpec::new(fields, mode))
}

fn describes_object(schema: &Map<String, Value>) -> bool {
    schema.get("type").is_some_and(|kind| kind == "object") || schema.contains_key("$ref")
}

fn unusable(message: String) -> ModelError {
    ModelError::new(ErrorKind::Config, message)
}

/// serde_json puts the place behind its sentence; here it stands before.
fn without_place(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    sentence.strip_suffix(&place).unwrap_or(&sentence).to_owned()
}
