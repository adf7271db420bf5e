//! The saved sessions, looked through: what is listed, what is searched for, and what is about to be done.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::session::{Entry, Export, Found};

/// The saved sessions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SessionBrowser {
    /// Newest first; `None` until they are read.
    pub sessions: Option<Result<Vec<Entry>, String>>,
    /// What is searched for.
    pub typed: String,
    /// What the last search that came back found.
    pub found: Option<SearchResult>,
    /// The sessions that are shown: places in the list.
    pub rows: Vec<usize>,
    /// The row under the cursor.
    pub cursor: usize,
    /// What the keys are for.
    pub mode: BrowserMode,
    /// Deleted sessions that can be brought back, the latest last.
    pub aside: Vec<Entry>,
}

/// The saved sessions as they were read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// Newest first.
    pub sessions: Vec<Entry>,
    /// Deleted ones that can be brought back, the latest last.
    pub aside: Vec<Entry>,
}

/// What the keys are for.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum BrowserMode {
    /// Searching and choosing.
    #[default]
    Browse,
    /// Writing another title for that session.
    Rename(Entry, String),
    /// Choosing a format to export that session in: the one under the cursor.
    Export(Entry, usize),
}

/// Where somebody said something: who (`None`: the user), and what stands around it. `None`: in the title.
pub type Excerpt = Option<(Option<String>, String)>;

/// What a search has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchResult {
    /// What was searched for.
    pub query: String,
    /// By file.
    pub excerpts: HashMap<PathBuf, Excerpt>,
}

impl SearchResult {
    /// What was found for that query.
    #[must_use]
    pub fn new(query: String, found: Vec<Found>) -> Self {
        Self { query, excerpts: found.into_iter().map(|found| (found.path, found.excerpt)).collect() }
    }
}

impl SessionBrowser {
    /// The list, once it is read.
    #[must_use]
    pub fn listed(&self) -> &[Entry] {
        self.sessions.as_ref().and_then(|listed| listed.as_ref().ok()).map_or(&[], |sessions| &sessions[..])
    }

    /// The session of that row.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&Entry> {
        self.listed().get(*self.rows.get(row)?)
    }

    /// The session under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&Entry> {
        self.row(self.cursor)
    }

    /// Whether what is typed is still being searched for.
    #[must_use]
    pub fn is_searching(&self) -> bool {
        let query = self.query();
        !query.is_empty() && self.found.as_ref().is_none_or(|found| found.query != query)
    }

    /// What is searched for, without blanks around it.
    #[must_use]
    pub fn query(&self) -> &str {
        self.typed.trim()
    }

    /// Shows what matches what is typed: by its title at once, by what is in it when the search has come back. What was
    /// found for the beginning of a query stays until then. The cursor stays on its session.
    pub fn refresh(&mut self) {
        let under_cursor = self.selected().map(|entry| entry.path.clone());
        let words: Vec<String> = self.typed.split_whitespace().map(str::to_lowercase).collect();
        let found = self.found.as_ref().filter(|found| self.query().starts_with(&found.query));
        let matches = |entry: &Entry| {
            let in_it = found.is_some_and(|found| found.excerpts.contains_key(&entry.path));
            in_it || words.is_empty() || has_words(entry, &words)
        };
        let listed = self.listed().iter().enumerate();
        self.rows = listed.filter(|(_, entry)| matches(entry)).map(|(at, _)| at).collect();
        self.cursor = under_cursor.and_then(|path| self.row_of(&path)).unwrap_or(self.cursor);
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }

    fn row_of(&self, path: &Path) -> Option<usize> {
        (0..self.rows.len()).find(|row| self.row(*row).is_some_and(|entry| entry.path == path))
    }

    /// Takes a session out of the list.
    pub fn take(&mut self, path: &Path) -> Option<Entry> {
        let sessions = self.sessions.as_mut()?.as_mut().ok()?;
        let at = sessions.iter().position(|entry| entry.path == path)?;
        let entry = sessions.remove(at);
        // The next one moves under the cursor.
        self.rows.clear();
        self.refresh();
        Some(entry)
    }

    /// Puts a session into the list, under the cursor.
    pub fn put(&mut self, entry: Entry) {
        let Some(Ok(sessions)) = &mut self.sessions else { return };
        let at = sessions.partition_point(|other| other.updated_at > entry.updated_at);
        let path = entry.path.clone();
        sessions.insert(at, entry);
        self.refresh();
        self.cursor = self.row_of(&path).unwrap_or(self.cursor);
    }
}

/// The formats that a session can be exported in; none if it can't be read.
#[must_use]
pub fn exports(entry: &Entry) -> Vec<Export> {
    entry.summary.as_ref().map_or_else(|_| Vec::new(), |summary| Export::all(&summary.models))
}

/// Whether every word stands in the title; of a session that can't be read in its file's name.
fn has_words(entry: &Entry, words: &[String]) -> bool {
    let title = entry.summary.as_ref().map_or(&entry.id, |summary| &summary.title).to_lowercase();
    words.iter().all(|word| title.contains(word))
}
