//! Saved conversations: the file, where it lies, what can be made of it (replay, history, export), and what it can be
//! made of (import).
//!
//! Knows no terminal and sends nothing anywhere. A file that can't be read is never overwritten.

mod aside;
mod error;
mod events;
mod export;
mod find;
mod history;
mod import;
mod index;
mod kept;
mod list;
mod pace;
mod player;
mod recorded;
mod replay;
mod rerun;
mod run;
mod schema;
mod search;
mod store;

pub use error::SessionError;
pub use events::SavedEvent;
pub use export::{
    Export, Exported, export_csv, export_html, export_json, export_markdown, export_promptfoo, export_pydantic,
    turn_markdown,
};
pub use history::{history, next_request};
pub use import::{Imported, import};
pub use kept::{Kept, Lenient};
pub use list::{Entry, Summary, look_into};
pub use pace::{Pace, ReplayControl};
pub use player::play;
pub use recorded::{RecordedModel, with_recorded};
pub use replay::{records, replay};
pub use rerun::{AgainLane, is_same_answer, lanes_again, messages_again};
pub use run::SavedRun;
pub use schema::{FORMAT, Session, Turn, VERSION};
pub use search::{Found, Searcher};
pub use store::Store;
