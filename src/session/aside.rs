//! Deleted sessions that can still be brought back: set aside in a folder of their own, and gone only when that is said.
//! A crash at any moment leaves a session in one of the two places.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::store::sync_dir;
use super::{SessionError, Store};

/// The folder, beside the sessions.
const FOLDER: &str = ".deleted";
/// How long is kept what nobody has said anything of, since the program that deleted it has crashed.
const LEFT: Duration = Duration::from_hours(7 * 24);

impl Store {
    /// Takes a session out of the list; tells where it is kept.
    ///
    /// # Errors
    /// The system refuses; it is then still in the list.
    pub fn set_aside(&self, path: &Path) -> Result<PathBuf, SessionError> {
        let undeleted = |error: io::Error| SessionError::Undeleted { path: path.to_owned(), cause: error.to_string() };
        let folder = self.dir().join(FOLDER);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The name tells the order of deleting, and then the session.
        let aside = folder.join(format!("{:013}-{name}", now_ms()));
        let moved =
            fs::create_dir_all(&folder).and_then(|()| fs::rename(path, &aside)).and_then(|()| sync_dir(&folder));
        moved.and_then(|()| sync_dir(self.dir())).map_err(undeleted)?;
        self.forget_stamp(path);
        Ok(aside)
    }

    /// What is set aside, the latest last.
    #[must_use]
    pub fn aside(&self) -> Vec<PathBuf> {
        let read = fs::read_dir(self.dir().join(FOLDER)).into_iter().flatten().flatten();
        let mut files: Vec<_> = read.map(|entry| entry.path()).filter(|path| name_of(path).is_some()).collect();
        files.sort_unstable();
        files
    }

    /// Puts a session back into the list; tells its file.
    ///
    /// # Errors
    /// The system refuses, or there is another one in its place; it is then still set aside.
    pub fn bring_back(&self, aside: &Path) -> Result<PathBuf, SessionError> {
        let path = self.dir().join(name_of(aside).unwrap_or_default());
        let unsaved = |error: io::Error| super::store::unsaved(&path, &error);
        if path.exists() {
            return Err(SessionError::Changed { path });
        }
        fs::rename(aside, &path).and_then(|()| sync_dir(self.dir())).map_err(unsaved)?;
        Ok(path)
    }

    /// Deletes these for good, and what was left by a program that has crashed long ago.
    pub fn forget_aside(&self, these: &[PathBuf]) {
        let long_ago = |path: &PathBuf| {
            let deleted = path.file_name().and_then(|name| name.to_str()?.split('-').next()?.parse::<u64>().ok());
            deleted.is_some_and(|at| at + LEFT.as_millis() as u64 <= now_ms())
        };
        for path in self.aside().iter().filter(|path| these.contains(path) || long_ago(path)) {
            // One that can't be deleted now is so the next time.
            let _ = fs::remove_file(path);
        }
        // It goes when it is empty.
        let _ = fs::remove_dir(self.dir().join(FOLDER));
    }
}

/// The session's own file name.
fn name_of(aside: &Path) -> Option<&str> {
    let (when, name) = aside.file_name()?.to_str()?.split_once('-')?;
    let is_session = Path::new(name).extension().is_some_and(|ending| ending == "json");
    (is_session && when.len() == 13 && when.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

fn now_ms() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis() as u64)
}
