//! A workbench without terminal, network or disk: keys in, effects out.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::layout::Rect;
use uuid::Uuid;

use crate::message::{FinishReason, PartDelta, ResponsePart, StreamEvent, Usage};
use crate::model::{LaneEvent, Outcome, RunEvent};
use crate::tui::metrics::{Metrics, PaneMetrics};
use crate::tui::state::{ModelItem, ModelList};
use crate::tui::update::{Moment, update};
use crate::tui::{Effect, Event, RunId, State, Theme};

/// A workbench under test.
pub struct Desk {
    pub state: State,
    pub metrics: Metrics,
    pub clock: Duration,
}

impl Desk {
    /// With these models, of which the ones marked `*` are picked.
    pub fn new(models: &[&str]) -> Self {
        let item = |name: &&str| ModelItem {
            name: name.trim_start_matches('*').to_owned(),
            note: String::new(),
            picked: name.starts_with('*'),
        };
        let models = ModelList { items: models.iter().map(item).collect(), cursor: 0 };
        Self {
            state: State::new(models, Theme::embedded(), (160, 45)),
            metrics: Metrics::default(),
            clock: Duration::ZERO,
        }
    }

    /// Presses the keys of a script.
    pub fn keys(&mut self, script: &str) -> Vec<Effect> {
        parse(script).into_iter().flat_map(|key| self.event(Event::Key(key))).collect()
    }

    /// One event, a millisecond after the last.
    pub fn event(&mut self, event: Event) -> Vec<Effect> {
        self.clock += Duration::from_millis(1);
        let now = Timestamp::from_second(1_700_000_000).expect("a timestamp");
        update(&mut self.state, &self.metrics, Moment { clock: self.clock, now }, event)
    }

    /// Time passes.
    pub fn wait(&mut self, time: Duration) -> Vec<Effect> {
        self.clock += time;
        self.event(Event::Tick)
    }

    /// A lane of a run answers with this text and is over.
    pub fn answer(&mut self, run: RunId, lane: usize, text: &str) -> Vec<Effect> {
        let events = answer(lane, text);
        self.event(Event::Run(run, events))
    }

    /// The identifier of the session's file.
    pub fn file(&self) -> Uuid {
        self.state.session.file.as_ref().expect("saved").id
    }

    /// The last save ends like that.
    pub fn saves_as(&mut self, saved: Result<Uuid, String>) -> Uuid {
        let session = self.file();
        self.event(Event::Saved { session, saved });
        session
    }

    /// What the notice says.
    pub fn notice(&self) -> &str {
        self.state.notice.as_ref().map_or("", |notice| &notice.text)
    }

    /// As if a pane of so many rows showed an answer of so many lines.
    pub fn shows(&mut self, lane: usize, height: usize, lines: usize) {
        let column = u16::try_from(lane).expect("few lanes") * 40;
        let area = Rect::new(column, 1, 40, u16::try_from(height).expect("small") + 5);
        self.metrics.panes.push(PaneMetrics { lane, area, height, lines, top: 0 });
    }
}

/// Every event of a short answer.
pub fn answer(lane: usize, text: &str) -> Vec<RunEvent> {
    let (first, rest) = text.split_at(text.len() / 2);
    let stream = vec![
        StreamEvent::Start { model_name: Some("m".to_owned()), provider_response_id: None },
        StreamEvent::part_start(0, ResponsePart::text(first)),
        StreamEvent::PartDelta { index: 0, delta: PartDelta::text(rest) },
        StreamEvent::usage(Usage { input_tokens: Some(3), output_tokens: Some(2), ..Usage::default() }),
        StreamEvent::Finish { finish_reason: Some(FinishReason::Stop), provider_finish_reason: None },
    ];
    let outcome = Outcome::Completed;
    [
        LaneEvent::AttemptStarted { model: "m".to_owned(), queued: Duration::ZERO },
        LaneEvent::Arrived(stream),
        LaneEvent::AttemptEnded { outcome, error: None },
        LaneEvent::Ended { outcome, error: None },
    ]
    .into_iter()
    .zip(1..)
    .map(|(event, at)| RunEvent { lane, at: Duration::from_millis(at), event })
    .collect()
}

/// Letters, and names of chords in angle brackets.
fn parse(script: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    let mut rest = script;
    while let Some(letter) = rest.chars().next() {
        let named = rest.strip_prefix('<').and_then(|inside| inside.split_once('>'));
        let (key, more) = match named {
            Some((name, more)) => (chord(name), more),
            None => (KeyEvent::new(KeyCode::Char(letter), KeyModifiers::NONE), &rest[letter.len_utf8()..]),
        };
        keys.push(key);
        rest = more;
    }
    keys
}

fn chord(name: &str) -> KeyEvent {
    let (modifiers, key) = match name.split_once('-') {
        Some(("Ctrl", key)) => (KeyModifiers::CONTROL, key),
        Some(("Alt", key)) => (KeyModifiers::ALT, key),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match key {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PageUp" => KeyCode::PageUp,
        "PageDown" => KeyCode::PageDown,
        "Backspace" => KeyCode::Backspace,
        "F1" => KeyCode::F(1),
        "F2" => KeyCode::F(2),
        "F3" => KeyCode::F(3),
        "F4" => KeyCode::F(4),
        letter => KeyCode::Char(letter.chars().next().expect("a key")),
    };
    KeyEvent::new(code, modifiers)
}
