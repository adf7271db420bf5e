//! The event loop: waits, updates, carries out, draws. It alone owns the terminal.

use std::io;
use std::time::Duration;

use crossterm::event::EventStream;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::clipboard::told;
use super::effects::{Answer, Effects};
use super::terminal::Screen;
use super::update::{Moment, update};
use super::{Cache, Effect, Event, State, view};
use crate::run::Signals;

/// The shortest time between two frames: 60 a second are enough for any eye.
const FRAME: Duration = Duration::from_millis(16);
/// How often what changes with time alone is drawn, while there is such a thing.
const TICK: Duration = Duration::from_millis(100);
/// Answers that are taken in before a frame is due again.
const BURST: usize = 64;

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
        drop(self.screen);
        let unsaved = self.effects.finish();
        ran.map(|()| unsaved)
    }

    async fn serve(&mut self, first: Vec<Event>, mut answers: mpsc::Receiver<Answer>) -> io::Result<()> {
        let mut input = EventStream::new();
        let mut signals = Signals::new()?;
        for event in first {
            self.take(Answer::Event(event))?;
        }
        while !self.over {
            let due = self.due();
            tokio::select! {
                event = input.next() => match event {
                    Some(event) => self.take_input(event?)?,
                    None => self.take(Answer::Event(Event::Terminate))?,
                },
                Some(answer) = answers.recv() => {
                    self.take(answer)?;
                    self.take_burst(&mut answers)?;
                }
                () = signals.next() => self.take(Answer::Event(Event::Terminate))?,
                () = sleep_until(due.unwrap_or(self.drawn)), if due.is_some() => self.on_time()?,
            }
            if self.stale && (self.typed || self.drawn.elapsed() >= FRAME) {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// When something must happen even if nothing comes: a frame that is due, or a tick.
    fn due(&self) -> Option<Instant> {
        match (self.stale, self.state.needs_ticks()) {
            (true, _) => Some(self.drawn + FRAME),
            (false, true) => Some(self.drawn + TICK),
            (false, false) => None,
        }
    }

    fn on_time(&mut self) -> io::Result<()> {
        if self.stale { Ok(()) } else { self.take(Answer::Event(Event::Tick)) }
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
            Answer::RunOver(run) => self.effects.forget(run),
            Answer::Quit => self.over = true,
        }
        Ok(())
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
