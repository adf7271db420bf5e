//! Saves sessions on a thread of its own: of each session the newest that waits, and one that could not be saved again
//! with the next. A session whose file somebody else has changed goes on under an identifier of its own.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::Answer;
use crate::session::{Session, SessionError, Store};
use crate::tui::Event;

/// What the thread is told.
enum Job {
    /// Save this.
    Save(Arc<Session>),
    /// This session's file is read anew: what is saved of it from now on goes there again.
    Opened(Uuid),
}

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
    pub fn save(&self, session: Arc<Session>) {
        self.send(Job::Save(session));
    }

    /// This session's file is read anew.
    pub fn opened(&self, session: Uuid) {
        self.send(Job::Opened(session));
    }

    fn send(&self, job: Job) {
        // The thread ends only after the last job.
        let _ = self.jobs.send(job);
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
    waiting: HashMap<Uuid, Arc<Session>>,
    /// Under which identifier a session goes on whose file somebody else has changed.
    forks: HashMap<Uuid, Uuid>,
}

impl Saving {
    fn run(mut self, inbox: &Receiver<Job>) -> Vec<String> {
        while let Ok(first) = inbox.recv() {
            for job in std::iter::once(first).chain(inbox.try_iter()) {
                self.take(job);
            }
            self.save_all();
        }
        self.save_all()
    }

    fn take(&mut self, job: Job) {
        match job {
            Job::Save(session) => drop(self.waiting.insert(session.id, session)),
            Job::Opened(session) => drop(self.forks.remove(&session)),
        }
    }

    /// Saves all that waits; what fails goes on waiting.
    fn save_all(&mut self) -> Vec<String> {
        let mut failures = Vec::new();
        for (id, session) in std::mem::take(&mut self.waiting) {
            let saved = catch_unwind(AssertUnwindSafe(|| self.save(&session)));
            let saved = saved.unwrap_or_else(|_| Err("the program made a mistake while it saved".to_owned()));
            if let Err(reason) = &saved {
                failures.push(format!("{:?} is not saved: {reason}", session.title));
                self.waiting.insert(id, session);
            }
            // Nobody listens any more only when the program ends; then the failures are returned.
            let _ = self.answers.blocking_send(Answer::Event(Event::Saved { session: id, saved }));
        }
        failures
    }

    fn save(&mut self, session: &Session) -> Result<Uuid, String> {
        let store = self.store.as_ref().map_err(String::clone)?;
        let fork = self.forks.get(&session.id).map(|id| Session { id: *id, ..session.clone() });
        let session = fork.as_ref().unwrap_or(session);
        match store.save(session) {
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
