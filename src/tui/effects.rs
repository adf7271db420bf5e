//! Carries out the I/O that `update` asks for, and answers with events.

mod finder;
mod saver;
mod schemas;
mod shelves;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use self::finder::Finder;
use self::saver::Saver;
use self::shelves::Shelf;
use super::clipboard::{Clipboard, told};
use super::editor::Editing;
use super::{Effect, Event, LaneSpec, RunId};
use crate::config::Environment;
use crate::model::{Registry, RunEvent, SkipWait, Unavailable};
use crate::run::{Lane, Run};
use crate::session::{ReplayControl, Store};

/// Events of runs that may wait for the event loop before the runs wait for it.
const WAITING_EVENTS: usize = 64;
/// Run events that are handed on together at most.
const BATCH: usize = 512;

/// What the event loop must do itself, since it owns the terminal; or an event for `update`.
pub enum Answer {
    /// For `update`.
    Event(Event),
    /// Copy by way of the terminal; the second text says what it is.
    CopyByTerminal(String, String),
    /// Let the user write in an editor of their own.
    EditOutside(Editing),
    /// Take the mouse, or let go of it.
    CaptureMouse(bool),
    /// A run is over.
    RunOver(RunId),
    /// End.
    Quit,
}

/// Carries out effects.
pub struct Effects {
    registry: Registry,
    store: Shelf,
    saver: Saver,
    finder: Finder,
    /// What was set aside here and not brought back.
    aside: Arc<Mutex<Vec<PathBuf>>>,
    clipboard: Clipboard,
    answers: mpsc::Sender<Answer>,
    runs: HashMap<RunId, Controls>,
}

/// What reaches the lanes of a run, by their numbers.
#[derive(Default)]
struct Controls {
    cancel: Vec<CancellationToken>,
    skip: Vec<SkipWait>,
    /// The player's, if it is a replay.
    replay: Option<mpsc::UnboundedSender<ReplayControl>>,
}

impl Effects {
    /// Ready to carry out; answers come from the receiver. `store` is where sessions are kept, or why nowhere.
    #[must_use]
    pub fn new(registry: Registry, store: Result<Store, String>) -> (Self, mpsc::Receiver<Answer>) {
        let (answers, receiver) = mpsc::channel(WAITING_EVENTS);
        let clipboard = Clipboard::new(registry.environment());
        let (saver, finder) = (Saver::new(store.clone(), answers.clone()), Finder::new(answers.clone()));
        let (aside, runs) = (Arc::default(), HashMap::new());
        (Self { registry, store, saver, finder, aside, clipboard, answers, runs }, receiver)
    }

    /// Carries an effect out; what the event loop must do itself is returned.
    pub fn perform(&mut self, effect: Effect) -> Option<Answer> {
        match effect {
            Effect::StartRun(run, lanes) => self.start(run, lanes),
            Effect::CancelLane(run, lane) => self.cancel(run, Some(lane)),
            Effect::CancelRun(run) => self.cancel(run, None),
            Effect::SkipWait(run, lane) => self.skip(run, lane),
            Effect::Play(run, events, speed) => self.play(run, events, speed),
            Effect::ControlReplay(run, control) => self.control(run, control),
            Effect::Copy(text, what) => self.copy(text, what),
            Effect::Opened(session) => self.saver.opened(session),
            Effect::Save(session) => self.saver.save(session),
            Effect::ListSchemas => {
                let config = self.registry.config().path.clone();
                self.look_up(move |environment| Event::SchemasListed(schemas::list(config.as_deref(), environment)));
            }
            Effect::ReadSchema(path) => {
                self.look_up(move |environment| Event::SchemaRead(schemas::read(&path, environment)));
            }
            Effect::ListSessions => self.list_sessions(),
            Effect::SearchSessions(query) => self.finder.search(query),
            Effect::LeaveSessions => self.finder.forget(),
            Effect::RenameSession(path, title) => {
                self.read(move |store| Event::SessionRenamed(shelves::rename(&store, &path, title)));
            }
            Effect::DeleteSession(path) => self.delete(path),
            Effect::BringBack(aside) => self.bring_back(aside),
            Effect::ExportSession(path, export) => {
                self.read(move |store| Event::Exported(shelves::export(&store, &path, &export)));
            }
            Effect::OpenSession(id) => self.read(move |store| {
                let opened = store.and_then(|store| store.load(&id).map_err(|error| error.to_string()));
                Event::SessionOpened(opened.map(Box::new))
            }),
            Effect::EditOutside(text) => {
                let editing = Editing::new(text, self.registry.environment());
                return Some(editing.map_or_else(|why| Answer::Event(Event::Edited(Err(why))), Answer::EditOutside));
            }
            Effect::CaptureMouse(capture) => return Some(Answer::CaptureMouse(capture)),
            Effect::Quit => return Some(Answer::Quit),
        }
        None
    }

    /// Waits until what was to be saved is; what could not be, a sentence each. Call it last.
    pub fn finish(self) -> Vec<String> {
        let unsaved = self.saver.finish();
        // Nobody can bring back any more what was deleted here.
        if let Ok(store) = &self.store {
            store.forget_aside(&self.aside.lock().unwrap_or_else(PoisonError::into_inner));
        }
        unsaved
    }

    fn list_sessions(&self) {
        let finder = self.finder.clone();
        self.read(move |store| {
            let listed = shelves::list(&store);
            if let Ok(library) = &listed {
                finder.sessions(library.sessions.iter().map(|entry| entry.path.clone()).collect());
            }
            Event::SessionsListed(listed)
        });
    }

    fn delete(&self, path: PathBuf) {
        let mine = Arc::clone(&self.aside);
        self.read(move |store| {
            let deleted = shelves::delete(&store, path);
            if let Ok((_, aside)) = &deleted {
                mine.lock().unwrap_or_else(PoisonError::into_inner).push(aside.path.clone());
            }
            Event::SessionDeleted(deleted)
        });
    }

    /// What could not be brought back is kept, also when the program ends.
    fn bring_back(&self, aside: PathBuf) {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner).retain(|path| *path != aside);
        self.read(move |store| {
            let back = shelves::bring_back(&store, &aside);
            Event::SessionBack(aside, back)
        });
    }

    /// A run is over: there is nothing left to cancel.
    pub fn forget(&mut self, run: RunId) {
        self.runs.remove(&run);
    }

    fn start(&mut self, run: RunId, lanes: Vec<LaneSpec>) {
        let lane = |spec: LaneSpec| Lane {
            model: self.registry.model(&spec.model).unwrap_or_else(|error| Unavailable::model(&spec.model, error)),
            request: spec.request,
        };
        let started = Run::watched(lanes.into_iter().map(lane).collect());
        self.runs.insert(run, Controls { cancel: started.cancel.clone(), skip: started.skip.clone(), replay: None });
        self.forward(run, started.events);
    }

    fn play(&mut self, run: RunId, events: Vec<RunEvent>, speed: f64) {
        let cancel = CancellationToken::new();
        let (sender, receiver) = mpsc::channel(BATCH);
        let (controls, controlled) = mpsc::unbounded_channel();
        self.runs.insert(run, Controls { cancel: vec![cancel.clone()], replay: Some(controls), ..Controls::default() });
        tokio::spawn(async move { crate::session::play(events, speed, controlled, sender, cancel).await });
        self.forward(run, receiver);
    }

    /// Hands a run's events on, as many together as have come.
    fn forward(&self, run: RunId, mut events: mpsc::Receiver<RunEvent>) {
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while events.recv_many(&mut batch, BATCH).await > 0 {
                let event = Event::Run(run, std::mem::take(&mut batch));
                if answers.send(Answer::Event(event)).await.is_err() {
                    return;
                }
            }
            // Nobody listens any more only when the program ends.
            let _ = answers.send(Answer::RunOver(run)).await;
        });
    }

    fn cancel(&mut self, run: RunId, lane: Option<usize>) {
        let lanes = self.runs.get(&run).map_or(&[][..], |controls| &controls.cancel);
        for (number, token) in lanes.iter().enumerate() {
            if lane.is_none_or(|lane| lane == number) {
                token.cancel();
            }
        }
    }

    fn control(&self, run: RunId, control: ReplayControl) {
        if let Some(player) = self.runs.get(&run).and_then(|controls| controls.replay.as_ref()) {
            // One that has played to its end has nothing left to control.
            let _ = player.send(control);
        }
    }

    fn skip(&self, run: RunId, lane: usize) {
        if let Some(wait) = self.runs.get(&run).and_then(|controls| controls.skip.get(lane)) {
            wait.skip();
        }
    }

    fn copy(&self, text: String, what: String) {
        let answers = self.answers.clone();
        let done = move |text: String, copied| {
            let answer = if copied {
                Answer::Event(Event::Copied(Ok(told(&what, text.len(), false))))
            } else {
                Answer::CopyByTerminal(text, what)
            };
            send(answers, answer);
        };
        self.clipboard.copy(text, done);
    }

    /// Reads from the store, off the event loop.
    fn read(&self, job: impl FnOnce(Result<Store, String>) -> Event + Send + 'static) {
        let store = self.store.clone();
        self.off_the_loop(move || job(store));
    }

    /// Reads what the environment leads to, off the event loop.
    fn look_up(&self, job: impl FnOnce(&Environment) -> Event + Send + 'static) {
        let environment = self.registry.environment().clone();
        self.off_the_loop(move || job(&environment));
    }

    fn off_the_loop(&self, job: impl FnOnce() -> Event + Send + 'static) {
        let answers = self.answers.clone();
        tokio::task::spawn_blocking(move || {
            // Nobody listens any more only when the program ends.
            let _ = answers.blocking_send(Answer::Event(job()));
        });
    }
}

/// Sends from any thread, a runtime's own too.
fn send(answers: mpsc::Sender<Answer>, answer: Answer) {
    match answers.try_send(answer) {
        Err(mpsc::error::TrySendError::Full(answer)) => {
            std::thread::spawn(move || answers.blocking_send(answer));
        }
        Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => {}
    }
}
