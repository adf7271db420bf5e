//! Sessions out of other programs' files: PydanticAI's messages, promptfoo's prompts, and exported sessions.
//!
//! JSON alone: there is no reader of YAML in the program. Nothing that a file names is read or run. What can't be
//! carried over without changing what is asked is an error with its place; what can be left out is told.

mod promptfoo;
mod pydantic;

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::{FORMAT, Session, SessionError};

/// A session made out of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Imported {
    /// The session, which has an ID of its own.
    pub session: Session,
    /// What of the file is not in it, a sentence each.
    pub notes: Vec<String>,
}

/// Makes a session out of a file's content; `path` is for errors.
///
/// # Errors
/// It is none of the known formats, or holds what can't be asked; with its place.
pub fn import(json: &[u8], path: &Path, now: Timestamp) -> Result<Imported, SessionError> {
    let failed = |cause: String| SessionError::NotImported { path: path.to_owned(), cause };
    let is_yaml = path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
    if is_yaml {
        return Err(failed("YAML is not read, JSON is; convert it first".to_owned()));
    }
    let value: Value = serde_json::from_slice(json).map_err(|error| failed(format!("it is no JSON: {error}")))?;
    if value.get("format").and_then(Value::as_str) == Some(FORMAT) {
        let session = Session::from_json(json, path)?;
        return Ok(Imported { session: session.fork(session.turns.len(), now), notes: Vec::new() });
    }
    let imported = match &value {
        Value::Array(items) if items.iter().any(|item| item.get("kind").is_some()) => pydantic::read(json, now),
        Value::Array(_) | Value::Object(_) => promptfoo::read(&value, now),
        _ => Err("it holds neither messages nor prompts".to_owned()),
    };
    imported.map_err(failed)
}
