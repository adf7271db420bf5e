//! What a list shows of each session, kept beside the sessions: only files that have changed are read again.
//!
//! It is a shortcut and nothing else: one that is damaged, missing or not to be written costs time and no session.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::list::{Entry, Summary, look_into};
use super::store::Stamp;

/// The file; its dot keeps it from being taken for a session.
const FILE: &str = ".index.json";
/// Another version's shortcut is made anew.
const VERSION: u32 = 1;

#[derive(Default, Serialize, Deserialize)]
struct Index {
    version: u32,
    sessions: HashMap<String, Known>,
}

#[derive(Serialize, Deserialize)]
struct Known {
    len: u64,
    modified: Duration,
    updated_at: Timestamp,
    title: String,
    turns: usize,
    models: Vec<String>,
}

/// Looks into many files at once, newest first; into those that `dir` has a shortcut for only if they have changed.
pub fn entries(dir: &Path, paths: &[PathBuf]) -> Vec<Entry> {
    let mut index = Index::load(dir);
    let before = index.sessions.len();
    let looked = at_once(paths, |path| {
        let stamp = Stamp::of(path);
        let known = index.sessions.get(&name(path)).filter(|known| stamp.is_some_and(|stamp| known.is_of(&stamp)));
        (stamp, known.is_some(), known.map_or_else(|| look_into(path.clone()), |known| known.entry(path.clone())))
    });
    let is_new = looked.iter().any(|(_, known, entry)| !known && entry.summary.is_ok());
    if is_new || before > looked.len() {
        index.sessions = looked
            .iter()
            .filter_map(|(stamp, _, entry)| Some((name(&entry.path), Known::of(entry, (*stamp)?)?)))
            .collect();
        index.save(dir);
    }
    let mut entries: Vec<_> = looked.into_iter().map(|(_, _, entry)| entry).collect();
    entries.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| b.id.cmp(&a.id)));
    entries
}

/// Does that with each of them, on every core.
pub fn at_once<T: Send>(paths: &[PathBuf], job: impl Fn(&PathBuf) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = paths.len().div_ceil(threads).max(1);
    std::thread::scope(|scope| {
        let of = |paths: &[PathBuf]| paths.iter().map(&job).collect::<Vec<_>>();
        let shares: Vec<_> = paths.chunks(share).map(|paths| scope.spawn(move || of(paths))).collect();
        shares.into_iter().flat_map(|share| share.join().unwrap_or_default()).collect()
    })
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl Index {
    fn load(dir: &Path) -> Self {
        let read = std::fs::read(dir.join(FILE)).ok().and_then(|json| serde_json::from_slice::<Self>(&json).ok());
        read.filter(|index| index.version == VERSION).unwrap_or_default()
    }

    fn save(&mut self, dir: &Path) {
        self.version = VERSION;
        let write = || {
            let file = tempfile::Builder::new().prefix(".index.").suffix(".tmp").tempfile_in(dir)?;
            serde_json::to_writer(std::io::BufWriter::new(&file), self)?;
            file.persist(dir.join(FILE)).map_err(|error| error.error)
        };
        // A folder that can't be written to is read in full the next time, too.
        let _: std::io::Result<std::fs::File> = write();
    }
}

impl Known {
    fn of(entry: &Entry, stamp: Stamp) -> Option<Self> {
        let Summary { title, turns, models } = entry.summary.as_ref().ok()?.clone();
        let modified = since_epoch(stamp.modified?)?;
        Some(Self { len: stamp.len, modified, updated_at: entry.updated_at, title, turns, models })
    }

    fn is_of(&self, stamp: &Stamp) -> bool {
        stamp.len == self.len && stamp.modified.and_then(since_epoch) == Some(self.modified)
    }

    fn entry(&self, path: PathBuf) -> Entry {
        let summary = Summary { title: self.title.clone(), turns: self.turns, models: self.models.clone() };
        let id = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Entry { id, path, updated_at: self.updated_at, summary: Ok(summary) }
    }
}

fn since_epoch(time: SystemTime) -> Option<Duration> {
    time.duration_since(SystemTime::UNIX_EPOCH).ok()
}
