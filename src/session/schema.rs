//! The session file: its fields, how it is made from lanes, how it is read.

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::{NoContext, Uuid};

use super::kept::Kept;
use super::{SavedRun, SessionError, list};
use crate::message::Extra;
use crate::run::LaneRecord;
use crate::settings::Settings;

/// The `format` of a session file.
pub const FORMAT: &str = "llmbench.session";
/// The newest version of the file that this program reads and the one it writes.
pub const VERSION: u32 = 1;
/// The longest title, in characters.
const TITLE_LENGTH: usize = 60;

/// A saved conversation with any number of models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Session {
    /// [`FORMAT`]
    pub format: String,
    /// [`VERSION`]
    pub version: u32,
    /// Its ID, which is also its file's name.
    pub id: Uuid,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// When it was begun.
    #[serde(with = "instant")]
    pub created_at: Timestamp,
    /// When something was last added to it.
    #[serde(with = "instant")]
    pub updated_at: Timestamp,
    /// The system prompt.
    #[serde(default)]
    pub system: Option<String>,
    /// What was asked of every answer.
    #[serde(default)]
    pub settings: Kept<Settings>,
    /// Its turns, in order.
    #[serde(default)]
    pub turns: Vec<Turn>,
    /// Fields of newer versions, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A prompt and its run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// What was asked.
    pub prompt: String,
    /// When.
    #[serde(with = "instant")]
    pub at: Timestamp,
    /// Its lanes, in order.
    #[serde(default)]
    pub runs: Vec<SavedRun>,
    /// The votes on it, as whoever counts them writes them.
    #[serde(default)]
    pub votes: Vec<Value>,
    /// In what order the lanes were shown: their numbers from left to right. Empty: as they are.
    #[serde(default)]
    pub order: Vec<usize>,
    /// Fields of newer versions, kept.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Session {
    /// A session without turns.
    #[must_use]
    pub fn new(now: Timestamp, system: Option<String>, settings: Settings) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            id: new_id(now),
            title: String::new(),
            created_at: now,
            updated_at: now,
            system,
            settings: settings.into(),
            turns: Vec::new(),
            extra: Extra::new(),
        }
    }

    /// Begins a turn; the first one gives the session its title.
    pub fn begin_turn(&mut self, prompt: &str, now: Timestamp) -> &mut Turn {
        if self.turns.is_empty() && self.title.is_empty() {
            self.title = title(prompt);
        }
        self.updated_at = now;
        self.turns.push(Turn::new(prompt, now));
        let last = self.turns.len() - 1;
        &mut self.turns[last]
    }

    /// A session of its own with the first `turns` turns of this one.
    #[must_use]
    pub fn fork(&self, turns: usize, now: Timestamp) -> Self {
        let turns = self.turns.iter().take(turns).cloned().collect();
        Self { id: new_id(now), created_at: now, updated_at: now, turns, ..self.clone() }
    }

    /// The models of all turns, each once, in the order of their appearance.
    #[must_use]
    pub fn models(&self) -> Vec<&str> {
        let runs = self.turns.iter().flat_map(|turn| &turn.runs);
        list::distinct(runs.map(|run| run.report.model.as_str()))
    }

    /// Reads a session file's content; `path` is for the error.
    ///
    /// # Errors
    /// It is damaged, not a session, or of a newer version.
    pub fn from_json(json: &[u8], path: &Path) -> Result<Self, SessionError> {
        list::read(json, path, |session: &Self| list::is_known(&session.format, session.version))
    }

    /// The session file's content.
    ///
    /// # Errors
    /// None that this type's own values can cause.
    pub fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut json = serde_json::to_vec(self)?;
        json.push(b'\n');
        Ok(json)
    }
}

impl Turn {
    /// A turn without lanes.
    #[must_use]
    pub fn new(prompt: &str, at: Timestamp) -> Self {
        Self {
            prompt: prompt.to_owned(),
            at,
            runs: Vec::new(),
            votes: Vec::new(),
            order: Vec::new(),
            extra: Extra::new(),
        }
    }

    /// A turn with these lanes.
    #[must_use]
    pub fn of<'a>(prompt: &str, at: Timestamp, lanes: impl IntoIterator<Item = &'a LaneRecord>) -> Self {
        let mut turn = Self::new(prompt, at);
        turn.update(lanes);
        turn
    }

    /// Takes over where the lanes stand; what was saved of a lane that is over is left as it is. A lane in mid-stream
    /// counts as interrupted, so that nothing incomplete ever looks complete.
    pub fn update<'a>(&mut self, lanes: impl IntoIterator<Item = &'a LaneRecord>) {
        let mut count = 0;
        for (number, record) in lanes.into_iter().enumerate() {
            count = number + 1;
            match self.runs.get_mut(number) {
                Some(run) if run.is_of(record) => {}
                Some(run) => *run = SavedRun::from(record),
                None => self.runs.push(SavedRun::from(record)),
            }
        }
        self.runs.truncate(count);
    }
}

/// An ID that sorts by time.
fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
    Uuid::new_v7(uuid::Timestamp::from_unix(NoContext, seconds, nanoseconds))
}

/// The first line that says something, shortened at a word where there is one.
fn title(prompt: &str) -> String {
    let line = prompt.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("Untitled");
    let line: String = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let Some((end, _)) = line.char_indices().nth(TITLE_LENGTH) else { return line };
    let cut = &line[..end];
    let cut = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{cut}…")
}

/// Timestamps as PydanticAI writes them.
mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(timestamp: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&crate::message::timestamp::format(timestamp))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::deserialize(deserializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_shortened() {
        assert_eq!(title("\n  Name a\tcapital \nplease"), "Name a capital");
        assert_eq!(title(" \n"), "Untitled");
        let long = title(&"wonderful words ".repeat(9));
        assert_eq!(long, "wonderful words wonderful words wonderful words wonderful…");
        assert_eq!(title(&"月".repeat(99)), format!("{}…", "月".repeat(60)));
    }

    #[test]
    fn an_id_holds_its_time() {
        let now: Timestamp = "2026-11-22T08:00:00Z".parse().expect("a timestamp");
        let session = Session::new(now, None, Settings::default());
        let seconds = session.id.get_timestamp().map(|timestamp| timestamp.to_unix().0);
        assert_eq!((session.id.get_version_num(), seconds), (7, u64::try_from(now.as_second()).ok()));
    }
}
