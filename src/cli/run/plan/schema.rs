//! `--schema` and `--output-mode`: the structured output that is asked for.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use crate::cli::Failure;
use crate::cli::args::{self, RunArgs};
use crate::model::validator;
use crate::settings::{OutputMode, OutputSpec};

/// What the arguments ask for; `None` without a schema.
///
/// # Errors
/// The file can't be read, is no JSON object, or is no valid schema; or there is a mode and no schema.
pub fn output(args: &RunArgs) -> Result<Option<Arc<OutputSpec>>, Failure> {
    match (args.schema.as_deref(), args.output_mode) {
        (Some(path), mode) => Ok(Some(Arc::new(read(path, mode.map(mode_of))?.with_retries(args.output_retries)))),
        (None, None) if args.output_retries > 0 => {
            Err(Failure::with_hint("--output-retries is for --schema", "add --schema FILE"))
        }
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Failure::with_hint("--output-mode is for --schema", "add --schema FILE")),
    }
}

const fn mode_of(mode: args::OutputMode) -> OutputMode {
    match mode {
        args::OutputMode::Tool => OutputMode::Tool,
        args::OutputMode::Native => OutputMode::Native,
        args::OutputMode::Prompted => OutputMode::Prompted,
    }
}

fn read(path: &Path, mode: Option<OutputMode>) -> Result<OutputSpec, Failure> {
    let file = path.display();
    let bytes =
        std::fs::read(path).map_err(|error| Failure::usage(format!("the schema {file} can't be read: {error}")))?;
    let schema: Value = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::usage(format!("{file}:{line}:{column}: the schema is no JSON: {}", without_place(&error)))
    })?;
    let Value::Object(fields) = &schema else {
        return Err(Failure::with_hint(
            format!("{file}:1:1: the schema is no JSON object"),
            "write something like {\"type\": \"object\", \"properties\": {\"city\": {\"type\": \"string\"}}}",
        ));
    };
    if fields.get("type").is_none_or(|kind| kind != "object") && !fields.contains_key("$ref") {
        return Err(Failure::with_hint(
            format!("{file}: the schema describes no JSON object"),
            "give it \"type\": \"object\", and put any other value into one of its properties",
        ));
    }
    if let Err(problems) = validator(fields) {
        return Err(Failure::usage(format!("{file}: the schema can't be used: {}", problems.join("; "))));
    }
    Ok(OutputSpec::new(fields, mode))
}

/// serde_json puts the place behind its sentence; here it stands before.
fn without_place(error: &serde_json::Error) -> String {
    let sentence = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    sentence.strip_suffix(&place).unwrap_or(&sentence).to_owned()
}
