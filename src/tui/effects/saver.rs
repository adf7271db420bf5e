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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    /// A saver into this folder, and what it answers: the session and under which identifier it is kept.
    fn saving(folder: &std::path::Path) -> (Saving, mpsc::Receiver<Answer>) {
        let (answers, receiver) = mpsc::channel(9);
        let store = Ok(Store::new(folder.to_owned()));
        (Saving { store, answers, waiting: HashMap::new(), forks: HashMap::new() }, receiver)
    }

    fn session(prompts: &[&str]) -> Arc<Session> {
        let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
        for prompt in prompts {
            session.begin_turn(prompt, Timestamp::UNIX_EPOCH);
        }
        Arc::new(session)
    }

    fn with_turn(session: &Session, prompt: &str) -> Arc<Session> {
        let mut session = session.clone();
        session.begin_turn(prompt, Timestamp::UNIX_EPOCH);
        Arc::new(session)
    }

    fn prompts(store: &Store, id: Uuid) -> Vec<String> {
        let session = store.load(&id.to_string()).expect("saved");
        session.turns.iter().map(|turn| turn.prompt.clone()).collect()
    }

    #[test]
    fn of_each_session_the_newest_is_saved() {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut saving, _answers) = saving(folder.path());
        let (one, other) = (session(&["a"]), session(&["x"]));
        let newer = with_turn(&one, "b");
        for session in [&one, &other, &newer] {
            saving.take(Job::Save(Arc::clone(session)));
        }
        assert_eq!(saving.save_all(), Vec::<String>::new());
        let store = Store::new(folder.path().to_owned());
        assert_eq!(
            (prompts(&store, one.id), prompts(&store, other.id)),
            (vec!["a".into(), "b".into()], vec!["x".into()])
        );
    }

    #[test]
    fn a_copy_is_not_overwritten_when_the_original_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let original = session(&["a"]);
        let (elsewhere, (mut saving, _answers)) = (Store::new(folder.path().to_owned()), saving(folder.path()));
        saving.save(&original).expect("saved");
        elsewhere.load(&original.id.to_string()).expect("read");
        elsewhere.save(&with_turn(&original, "from elsewhere")).expect("saved");
        let copy = saving.save(&with_turn(&original, "mine")).expect("a copy");
        assert_ne!(copy, original.id);
        let opened = saving.store.as_ref().expect("a store").load(&original.id.to_string()).expect("read");
        saving.take(Job::Opened(original.id));
        assert_eq!(saving.save(&with_turn(&opened, "and on")), Ok(original.id));
        assert_eq!(prompts(&elsewhere, copy), ["a", "mine"]);
        assert_eq!(prompts(&elsewhere, original.id), ["a", "from elsewhere", "and on"]);
    }
}
