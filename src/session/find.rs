//! Which file is meant: an ID, the beginning of one, a path, or `last`.

use std::path::{Path, PathBuf};

use super::index::entries;
use super::list::unreadable;
use super::{SessionError, Store};
use crate::catalog::closest;

/// How many candidates an error names.
const NAMED: usize = 4;

impl Store {
    /// The file that `name` means.
    ///
    /// # Errors
    /// It means none, or several.
    pub fn find(&self, name: &str) -> Result<PathBuf, SessionError> {
        match name.trim() {
            "last" => self.last(),
            path if is_path(path) => Ok(PathBuf::from(path)),
            id => self.find_id(id),
        }
    }

    /// The session to which something was last added, if it can be read.
    fn last(&self) -> Result<PathBuf, SessionError> {
        let newest = entries(self.dir(), &self.files()?).into_iter().find(|entry| entry.summary.is_ok());
        newest.map(|entry| entry.path).ok_or_else(|| SessionError::None { dir: self.dir().to_owned() })
    }

    pub(super) fn find_id(&self, id: &str) -> Result<PathBuf, SessionError> {
        let files = self.files()?;
        let wanted = id.to_lowercase();
        let ids: Vec<String> = files.iter().map(|path| id_of(path)).collect();
        if let Some(exact) = ids.iter().position(|id| id.to_lowercase() == wanted) {
            return Ok(files[exact].clone());
        }
        let fits = |place: &usize| !wanted.is_empty() && ids[*place].to_lowercase().starts_with(&wanted);
        let candidates: Vec<usize> = (0..ids.len()).filter(fits).collect();
        match candidates[..] {
            [only] => Ok(files[only].clone()),
            [] => Err(SessionError::Unknown {
                name: id.to_owned(),
                dir: self.dir().to_owned(),
                closest: closest(id, ids.iter().map(String::as_str)).map(str::to_owned),
            }),
            _ => Err(SessionError::Ambiguous {
                name: id.to_owned(),
                candidates: candidates.into_iter().take(NAMED).map(|place| ids[place].clone()).collect(),
            }),
        }
    }

    /// The session files, by name. A folder that isn't there yet has none.
    pub(super) fn files(&self) -> Result<Vec<PathBuf>, SessionError> {
        let read = match std::fs::read_dir(self.dir()) {
            Ok(read) => read,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(unreadable(self.dir(), &error)),
        };
        let mut files: Vec<PathBuf> = read.flatten().filter(is_session).map(|entry| entry.path()).collect();
        files.sort_unstable();
        Ok(files)
    }
}

/// A session has no dot in front: that is how a save begins that has not come to its end.
fn is_session(entry: &std::fs::DirEntry) -> bool {
    let (path, kind) = (entry.path(), entry.file_type());
    let hidden = entry.file_name().to_string_lossy().starts_with('.');
    let named = !hidden && path.extension().is_some_and(|extension| extension == "json");
    // What a link leads to has to be looked at; what a file is, the folder tells.
    named && (kind.is_ok_and(|kind| kind.is_file()) || path.is_file())
}

fn is_path(name: &str) -> bool {
    name.contains(std::path::is_separator) || Path::new(name).extension().is_some_and(|extension| extension == "json")
}

fn id_of(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
