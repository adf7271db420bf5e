//! Where sessions lie: one file each in one folder, replaced as a whole or not at all.
//!
//! A save writes a new file beside the old one, waits until it is on the disk, and puts it in the old one's place; a
//! crash at any moment leaves the old or the new session, complete. A link in the place of a file is replaced.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::index::entries;
use super::list::{Entry, unreadable};
use super::{Session, SessionError};

/// A folder of sessions. Clones share what they know of its files: use clones of one store, so that a file that
/// another program has changed meanwhile is noticed and not overwritten.
#[derive(Clone, Debug)]
pub struct Store {
    dir: PathBuf,
    seen: Arc<Mutex<HashMap<PathBuf, Stamp>>>,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) len: u64,
    pub(super) modified: Option<SystemTime>,
}

/// Whether both paths lead to one file: a relative one and one over a symbolic link do.
fn is_same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

impl Store {
    /// The sessions in this folder, which is made when the first one is saved.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, seen: Arc::default() }
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The file of that session.
    #[must_use]
    pub fn path(&self, session: &Session) -> PathBuf {
        self.dir.join(format!("{}.json", session.id))
    }

    /// Tries whether the folder can be written to, so that a user learns it before there is something to lose.
    ///
    /// # Errors
    /// It can't be.
    pub fn check_writable(&self) -> Result<(), SessionError> {
        let tried = self.create_dir().and_then(|()| self.temporary("check"));
        tried.map(drop).map_err(|error| unsaved(&self.dir, &error))
    }

    /// Saves, all or nothing; tells the file.
    ///
    /// # Errors
    /// The system refuses, or another program has changed the file; it is then as it was.
    pub fn save(&self, session: &Session) -> Result<PathBuf, SessionError> {
        let path = self.path(session);
        let json = session.to_json().map_err(|error| unsaved(&path, &error.into()))?;
        let mut seen = self.seen();
        if Stamp::of(&path).is_some_and(|stamp| seen.get(&path) != Some(&stamp)) {
            return Err(SessionError::Changed { path });
        }
        self.replace(&path, &json).map_err(|error| unsaved(&path, &error))?;
        if let Some(stamp) = Stamp::of(&path) {
            seen.insert(path.clone(), stamp);
        }
        Ok(path)
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<PathBuf, Stamp>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, path: &Path, json: &[u8]) -> io::Result<()> {
        self.create_dir()?;
        let mut file = self.temporary(&path.file_stem().unwrap_or_default().to_string_lossy())?;
        file.write_all(json)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)?;
        sync_dir(&self.dir)
    }

    /// A new file that only its owner may read, beside the sessions; gone when it is dropped.
    fn temporary(&self, id: &str) -> io::Result<tempfile::NamedTempFile> {
        tempfile::Builder::new().prefix(&format!(".{id}.")).suffix(".tmp").tempfile_in(&self.dir)
    }

    fn create_dir(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.dir)
    }

    /// Opens a session by its ID, the beginning of its ID, its path, or as `last`.
    ///
    /// # Errors
    /// There is none, or several begin like that, or the file can't be read. It is left as it is.
    pub fn load(&self, name: &str) -> Result<Session, SessionError> {
        self.load_file(&self.find(name)?)
    }

    /// Opens the session in this file.
    ///
    /// # Errors
    /// It can't be read. It is left as it is.
    pub fn load_file(&self, path: &Path) -> Result<Session, SessionError> {
        self.read(path).map(|(session, _)| session)
    }

    fn read(&self, path: &Path) -> Result<(Session, Option<Stamp>), SessionError> {
        let stamp = Stamp::of(path);
        let json = fs::read(path).map_err(|error| unreadable(path, &error))?;
        let session = Session::from_json(&json, path)?;
        let own = self.path(&session);
        if let (Some(stamp), true) = (stamp, is_same_file(path, &own)) {
            self.seen().insert(own, stamp);
        }
        Ok((session, stamp))
    }

    /// Gives the session in this file another title; when something was last added to it stays.
    ///
    /// # Errors
    /// It can't be read, or not saved; it is then as it was.
    pub fn rename(&self, path: &Path, title: &str) -> Result<(), SessionError> {
        let (mut session, stamp) = self.read(path)?;
        title.clone_into(&mut session.title);
        let json = session.to_json().map_err(|error| unsaved(path, &error.into()))?;
        let mut seen = self.seen();
        if Stamp::of(path) != stamp {
            return Err(SessionError::Changed { path: path.to_owned() });
        }
        self.replace(path, &json).map_err(|error| unsaved(path, &error))?;
        if let (Some(stamp), Some(seen)) = (Stamp::of(path), seen.get_mut(path)) {
            *seen = stamp;
        }
        Ok(())
    }

    pub(super) fn forget_stamp(&self, path: &Path) {
        self.seen().remove(path);
    }

    /// Every session file, newest first, those that can't be read among them.
    ///
    /// # Errors
    /// The folder can't be read. A folder that isn't there is empty.
    pub fn list(&self) -> Result<Vec<Entry>, SessionError> {
        Ok(entries(&self.dir, &self.files()?))
    }

    /// Deletes a session by its ID or the beginning of it; tells the file that is gone.
    ///
    /// # Errors
    /// There is none, or several begin like that, or the system refuses.
    pub fn delete(&self, id: &str) -> Result<PathBuf, SessionError> {
        let path = self.find_id(id)?;
        let undeleted = |error: io::Error| SessionError::Undeleted { path: path.clone(), cause: error.to_string() };
        fs::remove_file(&path).and_then(|()| sync_dir(&self.dir)).map_err(undeleted)?;
        self.seen().remove(&path);
        Ok(path)
    }
}

impl Stamp {
    pub(super) fn of(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok()?;
        Some(Self { len: metadata.len(), modified: metadata.modified().ok() })
    }
}

pub(super) fn unsaved(path: &Path, error: &io::Error) -> SessionError {
    SessionError::Unsaved { path: path.to_owned(), cause: error.to_string() }
}

/// Makes a rename or a removal last. Other systems than Unix don't open folders.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(dir)?.sync_all() } else { Ok(()) }
}
