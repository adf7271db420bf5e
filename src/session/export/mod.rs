//! A session for other eyes and other programs.

mod csv;
mod file;
mod html;
mod markdown;
mod promptfoo;

use super::{SavedRun, Session, SessionError, Turn, history};
use crate::message::history_to_json;

pub use csv::export_csv;
pub use html::export_html;
pub use markdown::{export_markdown, turn_markdown};
pub(super) use promptfoo::conversation_template;
pub use promptfoo::export_promptfoo;

/// What a session is exported as.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Export {
    /// The session itself.
    Json,
    /// A page to read, as Markdown.
    Markdown,
    /// A page to read and to print.
    Html,
    /// A table of figures, a row per lane.
    Csv,
    /// The messages of one lane, which PydanticAI loads.
    Pydantic {
        /// The lane's model.
        lane: String,
    },
    /// A configuration that promptfoo evaluates.
    Promptfoo,
}

/// An exported session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// The text; it ends with a new line.
    pub text: String,
    /// What of the session is not in it, a sentence each.
    pub notes: Vec<String>,
}

impl From<String> for Exported {
    fn from(text: String) -> Self {
        let text = if text.ends_with('\n') { text } else { text + "\n" };
        Self { text, notes: Vec::new() }
    }
}

impl Export {
    /// Every format that a session with these models has; PydanticAI's messages are those of one lane.
    #[must_use]
    pub fn all(models: &[String]) -> Vec<Self> {
        let lanes = models.iter().map(|lane| Self::Pydantic { lane: lane.clone() });
        [Self::Html, Self::Markdown, Self::Csv, Self::Json, Self::Promptfoo].into_iter().chain(lanes).collect()
    }

    /// The format's name, as `--format` takes it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Pydantic { .. } => "pydantic",
            Self::Promptfoo => "promptfoo",
        }
    }

    /// What it is good for, in a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        match self {
            Self::Json => "the session itself",
            Self::Markdown => "to read and to paste",
            Self::Html => "a page to read and to print",
            Self::Csv => "a table of figures, a row per answer",
            Self::Pydantic { .. } => "messages that PydanticAI loads",
            Self::Promptfoo => "a configuration for promptfoo",
        }
    }

    /// How a file's name ends that holds it.
    #[must_use]
    pub const fn ending(&self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Markdown => "md",
            Self::Html => "html",
            Self::Csv => "csv",
            Self::Pydantic { .. } => "pydantic.json",
            Self::Promptfoo => "promptfoo.json",
        }
    }

    /// The session in this format.
    ///
    /// # Errors
    /// No lane has the model whose messages are meant.
    pub fn of(&self, session: &Session) -> Result<Exported, SessionError> {
        Ok(match self {
            // A session's own values always make JSON.
            Self::Json => export_json(session).unwrap_or_default().into(),
            Self::Markdown => export_markdown(session).into(),
            Self::Html => export_html(session).into(),
            Self::Csv => export_csv(session).into(),
            Self::Pydantic { lane } => export_pydantic(session, lane)?.into(),
            Self::Promptfoo => export_promptfoo(session),
        })
    }
}

/// The session as it is saved, but on many lines.
///
/// # Errors
/// None that a session's own values can cause.
pub fn export_json(session: &Session) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(session)
}

/// The conversation of one lane as PydanticAI's `ModelMessagesTypeAdapter` reads it.
///
/// # Errors
/// No lane has that model.
pub fn export_pydantic(session: &Session, model: &str) -> Result<String, SessionError> {
    let known = session.models();
    let unknown = || SessionError::UnknownLane {
        lane: model.to_owned(),
        known: known.iter().map(|&model| model.to_owned()).collect(),
    };
    let mut lanes = session.turns.iter().filter_map(|turn| turn.runs.iter().position(|run| run.report.model == model));
    let lane = lanes.next_back().ok_or_else(unknown)?;
    let messages = history(&session.turns, session.system.as_deref(), model, lane);
    history_to_json(&messages).map_err(|_| unknown())
}

/// A turn's lanes as they were shown.
fn in_order(turn: &Turn) -> impl Iterator<Item = &SavedRun> {
    let shown = turn.order.iter().filter_map(|&lane| turn.runs.get(lane));
    let complete = turn.order.len() == turn.runs.len();
    shown.filter(move |_| complete).chain(turn.runs.iter().filter(move |_| !complete))
}
