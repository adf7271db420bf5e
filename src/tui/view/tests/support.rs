//! Builds states as events would, and shows what is drawn.

use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::{Color, Modifier, Style};

use crate::catalog::Cost;
use crate::message::{FinishReason, PartDelta, ResponsePart, StreamEvent, ToolCall, Usage};
use crate::model::{ErrorKind, LaneEvent, ModelError, Outcome, Verdict};
use crate::run::LaneRecord;
use crate::session::Session;
use crate::settings::Settings;
use crate::tui::state::{ModelItem, ModelList, Running, Turn};
use crate::tui::view::{Cache, view};
use crate::tui::{RunId, State, Theme};

/// The moment at which every test's session takes place.
pub fn noon() -> Timestamp {
    "2026-11-22T12:04:30Z".parse().expect("a timestamp")
}

/// A workbench of that size with some models, in the embedded theme of that place.
pub fn workbench(size: (u16, u16), theme: usize) -> State {
    let item = |name: &str, note: &str, picked| ModelItem { name: name.to_owned(), note: note.to_owned(), picked };
    let items = vec![
        item("openai:gpt-4o", "OpenAI", true),
        item("anthropic:claude-3-5-haiku-latest", "Anthropic", true),
        item("safe", "fallback", true),
        item("ollama:llama3.2", "Ollama", true),
        item("openai:gpt-4o-mini", "OpenAI", false),
        item("mistral:mistral-small-latest", "Mistral", false),
        item("test", "offline", false),
    ];
    let mut state = State::new(ModelList { items, cursor: 0 }, Theme::embedded(), size);
    state.theme = theme;
    state.now = noon();
    state.clock = Duration::from_millis(3_250);
    state
}

/// A lane, told by its events.
pub struct Script(LaneRecord);

impl Script {
    pub fn of(model: &str) -> Self {
        Self(LaneRecord::new(model, noon()))
    }

    pub fn at(mut self, ms: u64, event: &LaneEvent) -> Self {
        self.0.apply(Duration::from_millis(ms), event);
        self
    }

    pub fn asks(self, ms: u64, model: &str) -> Self {
        self.at(ms, &LaneEvent::AttemptStarted { model: model.to_owned(), queued: Duration::ZERO })
    }

    pub fn arrives(self, ms: u64, event: StreamEvent) -> Self {
        self.at(ms, &LaneEvent::Arrived(vec![event]))
    }

    pub fn text(self, ms: u64, text: &str) -> Self {
        let index = self.0.response().parts.len();
        self.arrives(ms, StreamEvent::part_start(index, ResponsePart::text(text)))
    }

    pub fn more(self, ms: u64, text: &str) -> Self {
        let index = self.0.response().parts.len() - 1;
        self.arrives(ms, StreamEvent::PartDelta { index, delta: PartDelta::text(text) })
    }

    pub fn thinks(self, ms: u64, text: &str) -> Self {
        let index = self.0.response().parts.len();
        self.arrives(ms, StreamEvent::part_start(index, ResponsePart::thinking(text)))
    }

    pub fn calls(self, ms: u64, tool: &str, args: &str) -> Self {
        let index = self.0.response().parts.len();
        let call = ToolCall { tool_name: tool.to_owned(), ..ToolCall::default() };
        let delta =
            PartDelta::ToolCall { tool_name_delta: None, args_delta: Some(args.to_owned()), tool_call_id: None };
        self.arrives(ms, StreamEvent::part_start(index, ResponsePart::ToolCall(call)))
            .arrives(ms, StreamEvent::PartDelta { index, delta })
    }

    pub fn used(self, ms: u64, input: u64, output: u64) -> Self {
        let usage = Usage { input_tokens: Some(input), output_tokens: Some(output), ..Usage::default() };
        self.arrives(ms, StreamEvent::usage(usage))
    }

    pub fn costs(self, ms: u64, usd: f64) -> Self {
        self.at(ms, &LaneEvent::Cost(Cost { usd, price_source: Some("https://prices".to_owned()), price_date: None }))
    }

    pub fn finishes(self, ms: u64, finish_reason: FinishReason) -> Self {
        self.arrives(ms, StreamEvent::Finish { finish_reason: Some(finish_reason), provider_finish_reason: None })
    }

    pub fn attempt_fails(self, ms: u64, outcome: Outcome, error: ModelError) -> Self {
        self.at(ms, &LaneEvent::AttemptEnded { outcome, error: Some(error) })
    }

    pub fn fails(self, ms: u64, outcome: Outcome, error: ModelError) -> LaneRecord {
        self.attempt_fails(ms, outcome, error.clone()).at(ms, &LaneEvent::Ended { outcome, error: Some(error) }).0
    }

    pub fn completes(self, ms: u64) -> LaneRecord {
        let outcome = Outcome::Completed;
        self.at(ms, &LaneEvent::AttemptEnded { outcome, error: None })
            .at(ms, &LaneEvent::Ended { outcome, error: None })
            .0
    }

    pub fn judged(self, ms: u64, verdict: Verdict) -> Self {
        self.at(ms, &LaneEvent::Output(verdict))
    }

    pub fn still_runs(self) -> LaneRecord {
        self.0
    }
}

/// An error that a provider answered with.
pub fn refused(status: u16, body: &str, hint: &str) -> ModelError {
    let error = ModelError { status: Some(status), ..ModelError::new(ErrorKind::Http, body) };
    error.with_hint(hint).with_body(serde_json::from_str(body).unwrap_or_else(|_| body.into()))
}

/// Puts a turn with these lanes on the screen; lanes that aren't over run.
pub fn show(state: &mut State, prompt: &str, lanes: Vec<LaneRecord>) {
    let running: Vec<_> = (0..lanes.len()).filter(|lane| !lanes[*lane].is_over()).collect();
    let turn = state.conversation.turns.len();
    state.conversation.turns.push(Turn { prompt: prompt.to_owned(), at: noon(), lanes });
    state.conversation.shown = turn;
    if !running.is_empty() {
        let run = RunId(turn as u64);
        state.conversation.running.push(Running {
            run,
            turn,
            open: running.len(),
            lanes: running,
            started: Duration::ZERO,
            replay: None,
            before: vec![],
        });
    }
    let mut session = Session::new(noon(), None, Settings::default());
    session.title = "Capital cities".to_owned();
    state.session.file = Some(Arc::new(session));
    state.session.saved = Some(noon());
}

/// Draws a frame.
pub fn frame(state: &State, cache: &mut Cache) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(state.size.0, state.size.1)).expect("a test terminal");
    terminal.draw(|frame| view(state, cache, frame)).expect("drawn").buffer.clone()
}

/// Draws a frame with nothing cached.
pub fn fresh(state: &State) -> Buffer {
    frame(state, &mut Cache::in_zone(TimeZone::UTC))
}

/// The symbols, row by row. A wide symbol stands for all its cells.
pub fn symbols(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            out.push_str(symbol);
            x += symbol.cell_width().max(1);
        }
        out.push('\n');
    }
    out
}

/// The frame as a terminal would show it: `cargo test view -- --nocapture` to look at it.
pub fn ansi(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut x = 0;
        while x < buffer.area.width {
            let cell = &buffer[(x, y)];
            let _ = write!(out, "\x1b[0m{}{}{}", sgr(cell.fg, 38), sgr(cell.bg, 48), cell.symbol());
            x += cell.symbol().cell_width().max(1);
        }
        out.push_str("\x1b[0m\n");
    }
    out
}

fn sgr(colour: Color, kind: u8) -> String {
    match colour {
        Color::Rgb(red, green, blue) => format!("\x1b[{kind};2;{red};{green};{blue}m"),
        _ => String::new(),
    }
}

/// The inks and the grounds of a frame, a letter for each cell; capital letters are on another ground than the usual.
pub fn inks(buffer: &Buffer, theme: &Theme) -> String {
    let letters: [(Style, char); 10] = [
        (theme.text, 't'),
        (theme.dim, 'd'),
        (theme.accent, 'a'),
        (theme.border, 'b'),
        (theme.success, 's'),
        (theme.warning, 'w'),
        (theme.error, 'e'),
        (theme.code, 'c'),
        (theme.heading, 'h'),
        (theme.user, 'u'),
    ];
    let mut out = String::new();
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let cell = &buffer[(x, y)];
            let blank = cell.symbol() == " " && !cell.modifier.contains(Modifier::REVERSED);
            let ink = letters.iter().find(|(style, _)| style.fg == Some(cell.fg)).map_or('?', |(_, letter)| *letter);
            let usual = Some(cell.bg) == theme.background.bg;
            out.push(match (blank, usual) {
                (true, true) => ' ',
                (true, false) => '_',
                (false, true) => ink,
                (false, false) => ink.to_ascii_uppercase(),
            });
        }
        out.push('\n');
    }
    out
}

/// Compares a frame with its snapshot, and prints one that is as it should be for whoever looks.
#[track_caller]
pub fn expect(name: &str, buffer: &Buffer) {
    snapshot(name, &symbols(buffer));
    println!("{name}\n{}", ansi(buffer));
}

/// Compares a text with its snapshot.
#[track_caller]
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../tests/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(format!("view_{name}"), text));
}
