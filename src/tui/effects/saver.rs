//! Saves sessions one after the other on a thread of its own; of several that wait, the newest.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use tokio::sync::mpsc;

use super::Answer;
use crate::session::{Saved, Session, SessionError, Store};
use crate::tui::Event;

/// What to save, and whether answers stream.
type Job = (Arc<Session>, bool);

/// Saves sessions.
pub struct Saver {
    jobs: Sender<Job>,
    thread: JoinHandle<()>,
}

impl Saver {
    /// Saves into this store and tells how it went.
    pub fn new(store: Result<Store, String>, answers: mpsc::Sender<Answer>) -> Self {
        let (jobs, inbox) = channel();
        let thread = std::thread::spawn(move || run(&store, &inbox, &answers));
        Self { jobs, thread }
    }

    /// Saves this, after what is being saved.
    pub fn save(&self, session: Arc<Session>, running: bool) {
        // A send fails only when the thread has panicked; the panic has told why.
        let _ = self.jobs.send((session, running));
    }

    /// Waits until everything is saved.
    pub fn finish(self) {
        drop(self.jobs);
        let _ = self.thread.join();
    }
}

fn run(store: &Result<Store, String>, inbox: &Receiver<Job>, answers: &mpsc::Sender<Answer>) {
    while let Ok(first) = inbox.recv() {
        let (newest, running) = inbox.try_iter().last().unwrap_or(first);
        let saved = match store {
            Ok(store) => saved(store, &newest, running).map(|saved| saved.path).map_err(|error| error.to_string()),
            Err(reason) => Err(reason.clone()),
        };
        // A full or closed channel loses a notice, never the save.
        let _ = answers.try_send(Answer::Event(Event::Saved(saved)));
    }
}

fn saved(store: &Store, session: &Session, running: bool) -> Result<Saved, SessionError> {
    if running { store.save_running(session) } else { store.save(session) }
}
