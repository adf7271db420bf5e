//! A large session is not written anew every other second: while a turn is under way, only that turn is, beside the
//! session's file. It counts as long as that file is the one it was written for.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::store::{Saved, Stamp, Store, unsaved};
use super::{Session, SessionError, Turn};

/// A session file up to this size is written as a whole.
const LARGE: u64 = 1024 * 1024;

/// The last turn of a session.
#[derive(Serialize, Deserialize)]
struct Journal<T> {
    /// The session's file for which it was written.
    base: Stamp,
    /// The turn's place in the session.
    number: usize,
    updated_at: Timestamp,
    turn: T,
}

impl Store {
    /// Saves while the last turn is under way: of a large session only that turn. Made to be called every second or two;
    /// when the turn is over, [`Store::save`] it.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub fn save_running(&self, session: &Session) -> Result<Saved, SessionError> {
        match (self.base(session), session.turns.split_last()) {
            (Some(base), Some((turn, earlier))) => {
                let journal = Journal { base, number: earlier.len(), updated_at: session.updated_at, turn };
                self.save_journal(&journal_path(&self.path(session)), &journal)
            }
            _ => self.save(session),
        }
    }

    fn save_journal(&self, path: &Path, journal: &Journal<&Turn>) -> Result<Saved, SessionError> {
        let json = serde_json::to_vec(journal).map_err(|error| unsaved(path, &error.into()))?;
        self.replace(path, &json).map_err(|error| unsaved(path, &error))?;
        Ok(Saved { path: path.to_owned(), bytes: json.len() })
    }

    /// The session's file, if it is large, nobody else has changed it, and it lacks the last turn at most.
    fn base(&self, session: &Session) -> Option<Stamp> {
        let path = self.path(session);
        let seen = *self.seen().get(&path)?;
        let is_base = seen.turns == session.turns.len() || seen.turns + 1 == session.turns.len();
        (seen.stamp.len > LARGE && is_base && Stamp::of(&path) == Some(seen.stamp)).then_some(seen.stamp)
    }
}

/// Puts the turn that was under way into the session as it was read. A journal of another file is left aside.
pub fn apply(session: &mut Session, path: &Path, base: Stamp) {
    let Ok(json) = fs::read(journal_path(path)) else { return };
    let Ok(journal) = serde_json::from_slice::<Journal<Turn>>(&json) else { return };
    if journal.base == base && journal.number <= session.turns.len() {
        session.turns.truncate(journal.number);
        session.turns.push(journal.turn);
        session.updated_at = journal.updated_at;
    }
}

/// The session's file has all of it now. A journal that can't be removed does no harm: it is of another file.
pub fn discard(path: &Path) {
    let _ = fs::remove_file(journal_path(path));
}

fn journal_path(path: &Path) -> PathBuf {
    let id = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{id}.turn"))
}
