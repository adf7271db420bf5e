//! Sessions at a glance: what a list shows, read without the answers' bodies.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{FORMAT, SessionError, VERSION};

/// A session file in the store's folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its ID: the file's name.
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// When something was last added; of a file that can't be read: when it was last written.
    pub updated_at: Timestamp,
    /// What is in it, or why it can't be read.
    pub summary: Result<Summary, SessionError>,
}

/// What a session is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What people call it.
    pub title: String,
    /// How many turns it has.
    pub turns: usize,
    /// Its models, each once.
    pub models: Vec<String>,
}

#[derive(Deserialize)]
struct Head {
    format: Option<Value>,
    version: Option<Value>,
}

#[derive(Deserialize)]
struct Body {
    format: String,
    version: u32,
    #[serde(default)]
    title: String,
    updated_at: Timestamp,
    #[serde(default)]
    turns: Vec<TurnHead>,
}

#[derive(Deserialize)]
struct TurnHead {
    #[serde(default)]
    runs: Vec<RunHead>,
}

#[derive(Deserialize)]
struct RunHead {
    model: String,
}

/// Reads a session file, whole or in part. `is_known`: format and version are this program's. Only a file that isn't
/// readable is looked at a second time, to tell why.
pub fn read<T: DeserializeOwned>(json: &[u8], path: &Path, is_known: fn(&T) -> bool) -> Result<T, SessionError> {
    match serde_json::from_slice(json) {
        Ok(value) if is_known(&value) => Ok(value),
        Ok(_) => Err(refusal(json, path).err().unwrap_or_else(|| SessionError::Foreign { path: path.to_owned() })),
        Err(error) => refusal(json, path).and(Err(damaged(path, &error))),
    }
}

/// Whether this program reads that format and version.
pub fn is_known(format: &str, version: u32) -> bool {
    format == FORMAT && version <= VERSION
}

/// Refuses what is no session of a version that this program reads.
fn refusal(json: &[u8], path: &Path) -> Result<(), SessionError> {
    let head: Head = serde_json::from_slice(json).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => SessionError::Foreign { path: path.to_owned() },
        _ => damaged(path, &error),
    })?;
    if head.format.as_ref().and_then(Value::as_str) != Some(FORMAT) {
        return Err(SessionError::Foreign { path: path.to_owned() });
    }
    match head.version {
        Some(Value::Number(version)) if version.as_f64().is_some_and(|version| version > f64::from(VERSION)) => {
            Err(SessionError::Newer { path: path.to_owned(), version: version.to_string() })
        }
        _ => Ok(()),
    }
}

/// The error of a file that can't be read as a session.
fn damaged(path: &Path, error: &serde_json::Error) -> SessionError {
    SessionError::Damaged { path: path.to_owned(), cause: error.to_string() }
}

/// The error of a file that the system doesn't let read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> SessionError {
    SessionError::Unreadable { path: path.to_owned(), cause: error.to_string() }
}

/// Looks into one session file.
#[must_use]
pub fn look_into(path: PathBuf) -> Entry {
    let (updated_at, summary) = match summary(&path) {
        Ok((updated_at, summary)) => (updated_at, Ok(summary)),
        Err(error) => (written_at(&path), Err(error)),
    };
    let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    Entry { id, path, updated_at, summary }
}

fn summary(path: &Path) -> Result<(Timestamp, Summary), SessionError> {
    let json = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let body = read(&json, path, |body: &Body| is_known(&body.format, body.version))?;
    let runs = body.turns.iter().flat_map(|turn| &turn.runs);
    let models = distinct(runs.map(|run| run.model.as_str())).into_iter().map(str::to_owned).collect();
    Ok((body.updated_at, Summary { title: body.title, turns: body.turns.len(), models }))
}

fn written_at(path: &Path) -> Timestamp {
    let modified = std::fs::metadata(path).and_then(|metadata| metadata.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    Timestamp::try_from(modified).unwrap_or_default()
}

/// Each name once, in the order of appearance.
pub fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    names.fold(Vec::new(), |mut known, name| {
        if !known.contains(&name) {
            known.push(name);
        }
        known
    })
}
