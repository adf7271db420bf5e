//! Where kept lists lie: a file for each provider in the cache folder, replaced as a whole or not at all.
//!
//! What lies there can be had again: a file that can't be read is told, counts as missing, and is replaced by the next
//! list.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{KeptList, file};
use crate::catalog;
use crate::config::{Environment, ResolvedProvider, cache_dir};

/// What the name of a file may hold of a provider's.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// A folder of kept lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListStore {
    dir: PathBuf,
}

impl ListStore {
    /// The lists in this folder, which is made when the first one is saved.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The lists of this user; `None` where there is no place for them.
    #[must_use]
    pub fn of(environment: &Environment) -> Option<Self> {
        Some(Self::new(cache_dir(environment)?.join("models")))
    }

    /// The file of that provider's list.
    #[must_use]
    pub fn path(&self, provider: &ResolvedProvider) -> PathBuf {
        self.dir.join(format!("{}.json", utf8_percent_encode(name(provider), PLAIN)))
    }

    /// The list that this provider told at the address it has now; `None` when it told none.
    ///
    /// # Errors
    /// A file that can't be read; one sentence.
    pub fn load(&self, provider: &ResolvedProvider) -> Result<Option<KeptList>, String> {
        let path = self.path(provider);
        let json = match fs::read(&path) {
            Ok(json) => json,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ignored(&path, &format!("can't be read ({error})"))),
        };
        file::read(&json, &provider.base_url.to_string()).map_err(|what| ignored(&path, &what))
    }

    /// Keeps a list that this provider has told; tells the file.
    ///
    /// # Errors
    /// The system refuses; one sentence. What was kept before stays.
    pub fn save(&self, provider: &ResolvedProvider, list: &KeptList) -> Result<PathBuf, String> {
        let path = self.path(provider);
        let written = file::write(name(provider), &provider.base_url.to_string(), list)
            .map_err(io::Error::from)
            .and_then(|json| self.replace(&path, &json));
        written.map(|()| path.clone()).map_err(|error| format!("{} can't be written: {error}", path.display()))
    }

    fn replace(&self, path: &Path, json: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.dir)?;
        let mut file = tempfile::Builder::new().prefix(".models.").suffix(".tmp").tempfile_in(&self.dir)?;
        file.write_all(json)?;
        file.as_file().sync_all()?;
        file.persist(path).map(drop).map_err(|error| error.error)
    }
}

/// The provider's name; of a built-in one that has several, the first.
fn name(provider: &ResolvedProvider) -> &str {
    catalog::provider(&provider.name).map_or(&provider.name, |row| &row.name)
}

fn ignored(path: &Path, what: &str) -> String {
    format!("{} {what}: it is ignored, llmbench models --refresh writes it anew", path.display())
}
