//! The event loop: waits, updates, carries out, draws. It alone owns the terminal.

use std::future::pending;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::clipboard::told;
use super::editor::Editing;
use super::effects::{Answer, Effects};
use super::terminal::Screen;
use super::update::{Moment, update};
use super::{Cache, Effect, Event, State, view};
use crate::run::{Asked, Signals};

/// The shortest time between two frames: 60 a second are enough for any eye.
const FRAME: Duration = Duration::from_millis(16);
/// How often what changes with time alone is drawn, while there is such a thing.
const TICK: Duration = Duration::from_millis(100);
/// How late a signal that the editor ended of may come.
const LATE_SIGNAL: Duration = Duration::from_millis(500);
/// Answers that are taken in before a frame is due again.
const BURST: usize = 64;

/// What comes of an editor: the text, or why there is none.
type Edited = Pin<Box<dyn Future<Output = Result<String, String>>>>;

/// The workbench, running.
pub struct App {
    state: State,
    cache: Cache,
    effects: Effects,
    screen: Screen,
    began: Instant,
    drawn: Instant,
    stale: bool,
    /// Whether a key was pressed that no frame shows yet: what somebody types doesn't wait for the next frame.
    typed: bool,
    over: bool,
    /// The user's own editor while it has the terminal; what was written in it comes from here.
    editor: Option<Edited>,
    /// When the last one ended.
    edited: Option<Instant>,
}

impl App {
    /// Takes the terminal and draws the first frame.
    ///
    /// # Errors
    /// The terminal can't be taken.
    pub fn open(mut state: State, effects: Effects) -> io::Result<Self> {
        let screen = Screen::take(state.mouse)?;
        let now = Instant::now();
        state.now = jiff::Timestamp::now();
        let mut app = Self {
            state,
            cache: Cache::default(),
            effects,
            screen,
            began: now,
            drawn: now,
            stale: true,
            typed: false,
            over: false,
            editor: None,
            edited: None,
        };
        app.draw()?;
        Ok(app)
    }

    /// Runs until the user quits, and tells what could not be saved, a sentence each. `first` are events to begin with.
    ///
    /// # Errors
    /// The terminal is gone; what was answered is saved all the same.
    pub async fn run(mut self, first: Vec<Event>, answers: mpsc::Receiver<Answer>) -> io::Result<Vec<String>> {
        let ran = self.serve(first, answers).await;
        if ran.is_err() {
            for effect in self.update(Event::Terminate) {
                self.effects.perform(effect);
            }
        }
        self.editor = None;
        drop(self.screen);
        let unsaved = self.effects.finish();
        ran.map(|()| unsaved)
    }

    async fn serve(&mut self, first: Vec<Event>, mut answers: mpsc::Receiver<Answer>) -> io::Result<()> {
        let mut input = None;
        let mut signals = Signals::new()?;
        for event in first {
            self.take(Answer::Event(event))?;
        }
        while !self.over {
            // Two that read the keys would each get a part of them.
            input = if self.editor.is_some() { None } else { input.or_else(|| Some(EventStream::new())) };
            let due = self.due();
            tokio::select! {
                event = next_of(input.as_mut()) => match event {
                    Some(event) => self.take_input(event?)?,
                    None => self.take(Answer::Event(Event::Terminate))?,
                },
                Some(answer) = answers.recv() => {
                    self.take(answer)?;
                    self.take_burst(&mut answers)?;
                }
                edited = written(self.editor.as_mut()) => self.take_back(edited)?,
                asked = signals.next() => if !self.is_for_editor(asked) {
                    self.take(Answer::Event(Event::Terminate))?;
                },
                () = sleep_until(due.unwrap_or(self.drawn)), if due.is_some() => self.on_time()?,
            }
            if self.stale && self.editor.is_none() && (self.typed || self.drawn.elapsed() >= FRAME) {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// When something must happen even if nothing comes: a frame that is due, or a tick.
    fn due(&self) -> Option<Instant> {
        match (self.stale && self.editor.is_none(), self.state.needs_ticks()) {
            (true, _) => Some(self.drawn + FRAME),
            (false, true) => Some(self.drawn + TICK),
            (false, false) => None,
        }
    }

    fn on_time(&mut self) -> io::Result<()> {
        if self.editor.is_some() {
            // Nothing is drawn meanwhile; what answers is saved all the same.
            self.drawn = Instant::now();
        } else if self.stale {
            return Ok(());
        }
        self.take(Answer::Event(Event::Tick))
    }

    fn take_burst(&mut self, answers: &mut mpsc::Receiver<Answer>) -> io::Result<()> {
        for _ in 0..BURST {
            match answers.try_recv() {
                Ok(answer) => self.take(answer)?,
                Err(_) => break,
            }
        }
        Ok(())
    }

    fn take_input(&mut self, event: crossterm::event::Event) -> io::Result<()> {
        use crossterm::event::Event as Input;
        self.typed |= matches!(event, Input::Key(_));
        let event = match event {
            Input::Key(key) => Event::Key(key),
            Input::Mouse(mouse) => Event::Mouse(mouse),
            Input::Paste(text) => Event::Paste(text),
            Input::Resize(columns, rows) => Event::Resize(columns, rows),
            Input::FocusGained | Input::FocusLost => return Ok(()),
        };
        self.take(Answer::Event(event))
    }

    fn take(&mut self, answer: Answer) -> io::Result<()> {
        match answer {
            Answer::Event(event) => self.on_event(event)?,
            Answer::CaptureMouse(capture) => self.screen.capture_mouse(capture)?,
            Answer::CopyByTerminal(text, what) => {
                self.screen.copy(&text)?;
                let told = told(&what, text.len(), true);
                self.on_event(Event::Copied(Ok(told)))?;
            }
            Answer::EditOutside(editing) => self.give_away(editing),
            Answer::RunOver(run) => self.effects.forget(run),
            Answer::Quit => self.over = true,
        }
        Ok(())
    }

    /// Whether a signal was meant for the editor. What its user types there reaches every program of the terminal, and
    /// us perhaps only once the editor has ended of it; while the terminal is ours, no key makes a signal.
    fn is_for_editor(&self, asked: Asked) -> bool {
        let just_ended = self.edited.is_some_and(|at| at.elapsed() < LATE_SIGNAL);
        asked == Asked::ByKey && (self.editor.is_some() || just_ended)
    }

    /// The terminal is the editor's until it ends.
    fn give_away(&mut self, editing: Editing) {
        self.screen.leave();
        self.editor = Some(Box::pin(editing.run()));
    }

    /// The editor has ended: the terminal is ours again, whatever size it has now.
    fn take_back(&mut self, edited: Result<String, String>) -> io::Result<()> {
        (self.editor, self.edited) = (None, Some(Instant::now()));
        self.screen.enter(self.state.mouse)?;
        let (columns, rows) = crossterm::terminal::size()?;
        self.take(Answer::Event(Event::Resize(columns, rows)))?;
        self.take(Answer::Event(Event::Edited(edited)))
    }

    fn on_event(&mut self, event: Event) -> io::Result<()> {
        for effect in self.update(event) {
            if let Some(answer) = self.effects.perform(effect) {
                self.take(answer)?;
            }
        }
        Ok(())
    }

    fn update(&mut self, event: Event) -> Vec<Effect> {
        self.stale = true;
        let moment = Moment { clock: self.began.elapsed(), now: jiff::Timestamp::now() };
        update(&mut self.state, &self.cache.metrics, moment, event)
    }

    fn draw(&mut self) -> io::Result<()> {
        let (state, cache) = (&self.state, &mut self.cache);
        self.screen.draw(|frame| view(state, cache, frame))?;
        self.drawn = Instant::now();
        self.stale = false;
        self.typed = false;
        Ok(())
    }
}

async fn next_of(input: Option<&mut EventStream>) -> Option<io::Result<crossterm::event::Event>> {
    match input {
        Some(input) => input.next().await,
        None => pending().await,
    }
}

async fn written(editor: Option<&mut Edited>) -> Result<String, String> {
    match editor {
        Some(editor) => editor.await,
        None => pending().await,
    }
}
