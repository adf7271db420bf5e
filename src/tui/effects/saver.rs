//! Saves sessions on a thread of its own: of each session the newest that waits, and one that could not be saved again
//! with the next. A session whose file somebody else has changed goes on under an identifier of its own.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Answer;
use crate::session::{Session, SessionError, Store};
use crate::tui::Event;

/// What to save, and whether answers stream.
type Job = (Arc<Session>, bool);

/// Saves sessions.
pub struct Saver {
    jobs: Sender<Job>,
    thread: JoinHandle<Vec<String>>,
}

impl Saver {
    /// Saves into this store and tells how it went.
    pub fn new(store: Result<Store, String>, answers: mpsc::Sender<Answer>) -> Self {
        let (jobs, inbox) = channel();
        let saving = Saving { store, answers, waiting: HashMap::new(), forks: HashMap::new() };
        Self { jobs, thread: std::thread::spawn(move || saving.run(&inbox)) }
    }

    /// Saves this, after what is being saved.
    pub fn save(&self, session: Arc<Session>, running: bool) {
        // A send fails only when the thread has panicked; the panic has told why.
        let _ = self.jobs.send((session, running));
    }

    /// Waits until everything is saved; what could not be, a sentence each.
    pub fn finish(self) -> Vec<String> {
        drop(self.jobs);
        self.thread.join().unwrap_or_else(|_| vec!["the last answers could not be saved".to_owned()])
    }
}

/// The thread's own.
struct Saving {
    store: Result<Store, String>,
    answers: mpsc::Sender<Answer>,
    /// What is not saved yet, by session.
    waiting: HashMap<Uuid, Job>,
    /// Under which identifier a session goes on whose file somebody else has changed.
    forks: HashMap<Uuid, Uuid>,
}

impl Saving {
    fn run(mut self, inbox: &Receiver<Job>) -> Vec<String> {
        while let Ok(first) = inbox.recv() {
            for job in std::iter::once(first).chain(inbox.try_iter()) {
                self.waiting.insert(job.0.id, job);
            }
            self.save_all();
        }
        self.save_all()
    }

    /// Saves all that waits; what fails goes on waiting.
    fn save_all(&mut self) -> Vec<String> {
        let mut failures = Vec::new();
        for (id, (session, running)) in std::mem::take(&mut self.waiting) {
            let saved = self.save(&session, running);
            if let Err(reason) = &saved {
                failures.push(format!("{:?} is not saved: {reason}", session.title));
                self.waiting.insert(id, (session, running));
            }
            // Nobody listens any more only when the program ends; then the failures are returned.
            let _ = self.answers.blocking_send(Answer::Event(Event::Saved { session: id, saved }));
        }
        failures
    }

    fn save(&mut self, session: &Session, running: bool) -> Result<Uuid, String> {
        let store = self.store.as_ref().map_err(String::clone)?;
        let fork = self.forks.get(&session.id).map(|id| Session { id: *id, ..session.clone() });
        let session = fork.as_ref().unwrap_or(session);
        let saved = if running { store.save_running(session) } else { store.save(session) };
        match saved {
            Ok(_) => Ok(session.id),
            Err(SessionError::Changed { .. }) => {
                let copy = session.fork(session.turns.len(), Timestamp::now());
                store.save(&copy).map_err(|error| error.to_string())?;
                self.forks.insert(session.id, copy.id);
                Ok(copy.id)
            }
            Err(error) => Err(error.to_string()),
        }
    }
}
