//! `--save` and `--plain`: keeps the run as a session, from its first token on.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::cli::{Failure, Output};
use crate::config::{Config, Environment};
use crate::run::LaneRecord;
use crate::session::{Session, Store};
use crate::settings::Settings;

/// How often a run is saved while answers stream.
const EVERY: Duration = Duration::from_secs(1);

/// Keeps a run as a session.
pub struct Keeper {
    store: Store,
    session: Session,
    saved: Option<Instant>,
    /// Why it could not be saved last, as it was told.
    told: Option<String>,
}

impl Keeper {
    /// For a new session. That the folder can be written to is known before anything is sent.
    ///
    /// # Errors
    /// There is no place for sessions.
    pub fn new(
        config: &Config,
        environment: &Environment,
        system: Option<&str>,
        settings: &Settings,
    ) -> Result<Self, Failure> {
        let store = Store::new(config.sessions_dir(environment)?);
        store.check_writable().map_err(|error| Failure::usage(error.to_string()))?;
        let session = Session::new(Timestamp::now(), system.map(str::to_owned), settings.clone());
        Ok(Self::of(store, session))
    }

    /// For a session that goes on.
    pub const fn of(store: Store, session: Session) -> Self {
        Self { store, session, saved: None, told: None }
    }

    /// The session as it stands.
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// A prompt follows; what is noted and saved from now on are its answers.
    pub fn begin_turn(&mut self, prompt: &str) {
        self.session.begin_turn(prompt, Timestamp::now());
    }

    /// Saves where the lanes stand, once there is something of an answer and once a second at most.
    pub fn note(&mut self, lanes: &[LaneRecord], output: &mut Output) {
        let is_due = self.saved.is_none_or(|saved| saved.elapsed() >= EVERY);
        if is_due && lanes.iter().any(LaneRecord::has_visible) {
            // One that failed is told there, and tried again.
            let _ = self.save(lanes, output);
        }
    }

    /// Saves where the lanes stand, and tells whether it is saved. What is printed counts more: a failure is told once,
    /// and the run goes on.
    #[must_use]
    pub fn save(&mut self, lanes: &[LaneRecord], output: &mut Output) -> bool {
        self.saved = Some(Instant::now());
        self.session.updated_at = Timestamp::now();
        if let Some(turn) = self.session.turns.last_mut() {
            turn.update(lanes);
        }
        let failure = self.store.save(&self.session).err().map(|error| format!("not saved: {error}"));
        if let Some(sentence) = failure.as_ref().filter(|_| failure != self.told) {
            output.tell(sentence);
        }
        self.told.clone_from(&failure);
        failure.is_none()
    }

    /// The session's ID.
    pub fn id(&self) -> String {
        self.session.id.to_string()
    }
}
