//! What happens to the workbench, and the I/O that it asks for.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use uuid::Uuid;

use crate::model::{Request, RunEvent};
use crate::session::{Entry, Export, Found, ReplayControl, Session};
use crate::tui::state::{Library, SchemaFile};

/// Tells runs apart: events of one that is over or was left behind are ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RunId(pub u64);

/// What happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has this size now, in columns and rows.
    Resize(u16, u16),
    /// Time has passed; comes only while something on the screen depends on it.
    Tick,
    /// What happened in a run, in order.
    Run(RunId, Vec<RunEvent>),
    /// A saved session shall be opened, by its identifier or its path.
    Open(String),
    /// The schemas at hand.
    SchemasListed(Vec<SchemaFile>),
    /// The schema of a typed path, or why it can't be used.
    SchemaRead(Result<SchemaFile, String>),
    /// The saved sessions.
    SessionsListed(Result<Library, String>),
    /// The sessions in which something stands that was searched for, in the order of the list.
    SessionsFound(String, Vec<Found>),
    /// A session has another title; or why not.
    SessionRenamed(Result<String, String>),
    /// A session was deleted: where it was, and what can be brought back; or why not.
    SessionDeleted(Result<(PathBuf, Entry), String>),
    /// What was set aside there is a session again; or why not.
    SessionBack(PathBuf, Result<Entry, String>),
    /// A session was exported: where to; or why not.
    Exported(Result<String, String>),
    /// A saved session.
    SessionOpened(Result<Box<Session>, String>),
    /// A save is over.
    Saved {
        /// The session that was to be saved.
        session: Uuid,
        /// Under which identifier it is kept: another one where somebody else has changed its file. Or why it isn't.
        saved: Result<Uuid, String>,
    },
    /// Something was copied: what, and by which way; or why not.
    Copied(Result<String, String>),
    /// What was written in the user's own editor, or why nothing was.
    Edited(Result<String, String>),
    /// Quit is asked for from outside (a signal).
    Terminate,
}

/// I/O that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask these models at once.
    StartRun(RunId, Vec<LaneSpec>),
    /// Cancel one lane of a run.
    CancelLane(RunId, usize),
    /// End a lane's wait before its next attempt.
    SkipWait(RunId, usize),
    /// Cancel a run.
    CancelRun(RunId),
    /// Play these events with their own timing, so many times as fast, as a run.
    Play(RunId, Vec<RunEvent>, f64),
    /// Let a replay rest, step, or play at another speed.
    ControlReplay(RunId, ReplayControl),
    /// Put a text on the clipboard; the second text says what it is.
    Copy(String, String),
    /// Save the session.
    Save(Arc<Session>),
    /// A session's file was read: saves of it go there, even if an earlier one had to go elsewhere.
    Opened(Uuid),
    /// List the schemas at hand.
    ListSchemas,
    /// Read the schema at this path.
    ReadSchema(String),
    /// List the saved sessions.
    ListSessions,
    /// Search the listed sessions.
    SearchSessions(String),
    /// Nobody looks at the sessions any more.
    LeaveSessions,
    /// Give the session in this file another title.
    RenameSession(PathBuf, String),
    /// Delete the session in this file, so that it can be brought back.
    DeleteSession(PathBuf),
    /// Bring back what was set aside there.
    BringBack(PathBuf),
    /// Export the session in this file.
    ExportSession(PathBuf, Export),
    /// Open a saved session by its identifier.
    OpenSession(String),
    /// Let the user write in an editor of their own, which begins with this text.
    EditOutside(String),
    /// Take the mouse, or let go of it.
    CaptureMouse(bool),
    /// End the program.
    Quit,
}

/// One lane of a run to start.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneSpec {
    /// The model's name.
    pub model: String,
    /// What it is asked.
    pub request: Request,
}
