//! What can go wrong with a session: one sentence each, naming the place, the cause and the way out.

use std::path::PathBuf;

use super::VERSION;

/// Why a session could not be read, found, saved or exported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The system refuses to read it.
    #[error("{} can't be read: {cause}; check the path and its permissions", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// It is cut, or no JSON, or lacks a field.
    #[error("{} is damaged: {cause}; it was left as it is, restore it from a backup or move it away", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, with line and column.
        cause: String,
    },
    /// It is JSON, but not a session.
    #[error("{} is not a llmbench session: its \"format\" is not \"llmbench.session\"; choose another file", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A newer llmbench wrote it.
    #[error(
        "{} has version {version} and this llmbench reads up to {VERSION}; it was left alone, update llmbench to open it",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: String,
    },
    /// There is no such session.
    #[error("no session {name:?} in {}{}", dir.display(), meant(closest.as_deref()))]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where it was looked for.
        dir: PathBuf,
        /// The closest known ID.
        closest: Option<String>,
    },
    /// There is no session at all.
    #[error("there are no sessions in {} yet; a session is saved with its first answer", dir.display())]
    None {
        /// Where they would be.
        dir: PathBuf,
    },
    /// Several sessions begin like that.
    #[error("{name:?} could be {}; write more of the ID", candidates.join(" or "))]
    Ambiguous {
        /// What was asked for.
        name: String,
        /// The IDs that begin like that, a few of them.
        candidates: Vec<String>,
    },
    /// The system refuses to write it.
    #[error("{cause} ({}); an earlier save is as it was", path.display())]
    Unsaved {
        /// The file.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// Somebody else has written the file since this program read or wrote it.
    #[error("another program has changed {}, and its changes were kept", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The system refuses to write what is exported.
    #[error("{} can't be written: {cause}", path.display())]
    Unwritten {
        /// The file.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// No session can be made of it.
    #[error("{} can't be imported: {cause}", path.display())]
    NotImported {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        cause: String,
    },
    /// The system refuses to delete it.
    #[error("{} can't be deleted: {cause}", path.display())]
    Undeleted {
        /// The file.
        path: PathBuf,
        /// The system's words.
        cause: String,
    },
    /// No lane of the session has that model.
    #[error("no lane {lane:?} in this session; it has {}", known.join(", "))]
    UnknownLane {
        /// What was asked for.
        lane: String,
        /// The session's models.
        known: Vec<String>,
    },
}

fn meant(closest: Option<&str>) -> String {
    closest.map_or_else(
        || "; `llmbench sessions list` shows all".to_owned(),
        |id| format!("; did you mean {id}? `llmbench sessions list` shows all"),
    )
}
