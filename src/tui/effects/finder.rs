//! Searches sessions on a thread of its own: only for what was typed last, and nothing is read before somebody searches.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};

use tokio::sync::mpsc;

use super::Answer;
use crate::session::Searcher;
use crate::tui::Event;

/// What the thread is told.
enum Job {
    /// These are the sessions, in the order they are listed.
    Sessions(Vec<PathBuf>),
    /// Search for this.
    Search(String),
    /// Nobody searches any more.
    Forget,
}

/// Searches sessions. The thread ends with the last clone.
#[derive(Clone)]
pub struct Finder {
    jobs: Sender<Job>,
}

impl Finder {
    /// Tells what it finds.
    pub fn new(answers: mpsc::Sender<Answer>) -> Self {
        let (jobs, inbox) = channel();
        std::thread::spawn(move || Finding::default().run(&inbox, &answers));
        Self { jobs }
    }

    /// These are the sessions, in the order they are listed.
    pub fn sessions(&self, paths: Vec<PathBuf>) {
        self.send(Job::Sessions(paths));
    }

    /// Searches for this, and for nothing before it that has not been found yet.
    pub fn search(&self, query: String) {
        self.send(Job::Search(query));
    }

    /// Nobody searches any more: what was read is forgotten.
    pub fn forget(&self) {
        self.send(Job::Forget);
    }

    fn send(&self, job: Job) {
        // The thread ends only after the last job.
        let _ = self.jobs.send(job);
    }
}

#[derive(Default)]
struct Finding {
    searcher: Searcher,
    paths: Vec<PathBuf>,
    /// Whether the sessions have been read since they were listed.
    read: bool,
    /// What was searched for last, and where it is: a longer query is found nowhere else.
    last: Option<(String, Vec<PathBuf>)>,
}

impl Finding {
    fn run(mut self, inbox: &Receiver<Job>, answers: &mpsc::Sender<Answer>) {
        while let Ok(first) = inbox.recv() {
            let mut query = None;
            for job in std::iter::once(first).chain(inbox.try_iter()) {
                match job {
                    Job::Sessions(paths) => self = Self { searcher: self.searcher, paths, ..Self::default() },
                    Job::Search(newer) => query = Some(newer),
                    Job::Forget => (self, query) = (Self::default(), None),
                }
            }
            if let Some(query) = query {
                let found = self.find(&query);
                // Nobody listens any more only when the program ends.
                let _ = answers.blocking_send(Answer::Event(Event::SessionsFound(query, found)));
            }
        }
    }

    fn find(&mut self, query: &str) -> Vec<crate::session::Found> {
        if !std::mem::replace(&mut self.read, true) {
            self.searcher.read(&self.paths);
        }
        let narrower = self.last.as_ref().filter(|(last, _)| query.starts_with(last));
        let found = self.searcher.find(narrower.map_or(&self.paths, |(_, paths)| paths), query);
        self.last = Some((query.to_owned(), found.iter().map(|found| found.path.clone()).collect()));
        found
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::session::{Session, Store};
    use crate::settings::Settings;

    #[test]
    fn a_longer_query_is_found_where_the_shorter_was_and_a_shorter_one_anywhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::new(folder.path().to_owned());
        let save = |prompt: &str| {
            let mut session = Session::new(Timestamp::UNIX_EPOCH, None, Settings::default());
            session.begin_turn(prompt, Timestamp::UNIX_EPOCH);
            store.save(&session).expect("saved")
        };
        let (london, lonely, paris) = (save("London"), save("lonely"), save("Paris"));
        let mut finding = Finding { paths: vec![london.clone(), lonely.clone(), paris.clone()], ..Finding::default() };
        let mut find = |query: &str| finding.find(query).into_iter().map(|found| found.path).collect::<Vec<_>>();
        assert_eq!(find("lon"), [london.clone(), lonely.clone()]);
        assert_eq!(find("lond"), std::slice::from_ref(&london));
        assert_eq!(find("lon"), [london, lonely]);
        assert_eq!(find("pa"), [paris]);
    }
}
