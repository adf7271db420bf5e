//! All that the workbench knows. Changed in `update` alone; `view` only reads it.

mod browser;
mod conversation;
mod filling;
mod find;
mod finder;
mod models;
mod overlay;
mod pane;
mod recall;
mod schema;
mod session;
mod settings;
mod side_bar;
mod wire;

use std::path::PathBuf;
use std::time::Duration;

use ratatui_textarea::{TextArea, WrapMode};

pub use browser::{BrowserMode, Excerpt, Library, SearchResult, SessionBrowser, exports};
pub use conversation::{Conversation, Running, Turn, gives_way};
pub use filling::Filling;
pub use find::Find;
pub use finder::{Choice, Command, Finder, Wanted};
pub use models::{ModelItem, ModelList};
pub use overlay::{Overlay, Picker};
pub use pane::{Pane, Panes};
pub use recall::Recall;
pub use schema::{SchemaFile, SchemaPicker, SchemaRow};
pub use session::SessionState;
pub use settings::SettingsEditor;
pub use side_bar::SideBar;
pub use wire::WireView;

use super::keymap::{Context, Keymap};
use super::{RunId, Theme};
use crate::run::LaneRecord;
use crate::session::Pace;
use crate::settings::{OutputMode, Settings};

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The prompt editor.
    Prompt,
    /// The list of models.
    Models,
    /// The list of turns.
    History,
    /// The pane that `panes.focused` tells.
    Panes,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Info,
    /// Something went wrong.
    Error,
}

/// A sentence in the status line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The sentence.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
    /// Until when it is shown, by the workbench's clock.
    pub until: Duration,
}

/// All that the workbench knows.
pub struct State {
    /// Time since the workbench began.
    pub clock: Duration,
    /// The wall clock at the last event.
    pub now: jiff::Timestamp,
    /// Columns and rows.
    pub size: (u16, u16),
    /// Where the keys go.
    pub focus: Focus,
    /// What lies over everything and takes the keys.
    pub overlay: Option<Overlay>,
    /// What lies under the palette of commands, and comes back when it closes.
    pub beneath: Option<Overlay>,
    /// Known and picked models.
    pub models: ModelList,
    /// The turns.
    pub conversation: Conversation,
    /// How the shown turn's lanes are looked at.
    pub panes: Panes,
    /// How the side bar is looked at.
    pub side_bar: SideBar,
    /// The prompt editor.
    pub prompt: TextArea<'static>,
    /// The earlier prompt that stands in it.
    pub recall: Recall,
    /// The system prompt; empty for none.
    pub system: String,
    /// Settings of this session, over the configuration's.
    pub settings: Settings,
    /// The schema that the next answers shall fit.
    pub schema: Option<SchemaFile>,
    /// How they are asked to; `None`: each model's own way.
    pub output_mode: Option<OutputMode>,
    /// How often a model is told what is wrong with its output and asked again.
    pub output_retries: u32,
    /// The session's file.
    pub session: SessionState,
    /// A sentence in the status line.
    pub notice: Option<Notice>,
    /// What the keys mean.
    pub keymap: Keymap,
    /// The themes to choose from, and which of them is in use.
    pub themes: Vec<Theme>,
    /// The theme in use.
    pub theme: usize,
    /// The values that variables of prompts had last.
    pub variables: Vec<(String, String)>,
    /// Prompts with variables that were sent, the latest first.
    pub templates: Vec<String>,
    /// The last commands, the latest first.
    pub recent: Vec<Command>,
    /// Where the configuration is, or would be.
    pub config_file: Option<PathBuf>,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// When Ctrl-C was last pressed, by the workbench's clock.
    pub interrupted: Option<Duration>,
    /// How fast replays play: 2 is twice as fast as it was.
    pub replay_speed: f64,
    /// Whether an opened session leaves the picked models as they are: they were named on the command line.
    pub keep_picks: bool,
    /// Whether the next session that is opened plays at once.
    pub replay_when_opened: bool,
    /// The next run's identifier.
    pub next_run: u64,
    /// How to add a provider; shown in an empty pane when nothing but the offline models is there.
    pub offline_hint: Option<String>,
}

impl State {
    /// The workbench as it opens.
    #[must_use]
    pub fn new(models: ModelList, themes: Vec<Theme>, size: (u16, u16)) -> Self {
        Self {
            clock: Duration::ZERO,
            now: jiff::Timestamp::UNIX_EPOCH,
            size,
            focus: Focus::Prompt,
            overlay: None,
            beneath: None,
            models,
            conversation: Conversation::default(),
            panes: Panes::default(),
            side_bar: SideBar::default(),
            prompt: text_area("Ask every picked model …"),
            recall: Recall::default(),
            system: String::new(),
            settings: Settings::default(),
            schema: None,
            output_mode: None,
            output_retries: 0,
            session: SessionState::default(),
            notice: None,
            keymap: Keymap::default(),
            themes,
            theme: 0,
            variables: Vec::new(),
            templates: Vec::new(),
            recent: Vec::new(),
            config_file: None,
            mouse: true,
            interrupted: None,
            replay_speed: 1.0,
            keep_picks: false,
            replay_when_opened: false,
            next_run: 0,
            offline_hint: None,
        }
    }

    /// A run begins over these lanes of a turn; `before` is what stood in them.
    pub fn begin_run(
        &mut self,
        turn: usize,
        lanes: Vec<usize>,
        before: Vec<LaneRecord>,
        replay: Option<Pace>,
    ) -> RunId {
        let run = RunId(self.next_run);
        self.next_run += 1;
        let open = lanes.len();
        self.conversation.running.push(Running { run, turn, lanes, open, started: self.clock, replay, before });
        run
    }

    /// The theme to draw in: the one in use, or while themes are looked at, the one under the cursor.
    #[must_use]
    pub fn theme(&self) -> &Theme {
        &self.themes[self.drawn_theme()]
    }

    /// Its place in the list of themes.
    #[must_use]
    pub fn drawn_theme(&self) -> usize {
        match &self.overlay {
            Some(Overlay::Finder(finder)) if finder.wanted == Wanted::Theme => match finder.selected() {
                Some(Command::Theme(theme)) => *theme,
                _ => self.theme,
            },
            _ => self.theme,
        }
    }

    /// Whether there is nothing but the theme without colours.
    #[must_use]
    pub fn is_colourless(&self) -> bool {
        self.themes.len() == 1
    }

    /// What is written in the prompt editor.
    #[must_use]
    pub fn prompt_text(&self) -> String {
        self.prompt.lines().join("\n")
    }

    /// Where the keys mean what they mean.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.overlay, self.focus) {
            (Some(Overlay::Help(_)), _) => Context::Help,
            (Some(Overlay::Inspector(_)), _) => Context::Inspector,
            (Some(Overlay::Picker(_)), _) => Context::Picker,
            (Some(Overlay::Schemas(_)), _) => Context::Schemas,
            (Some(Overlay::Settings(_)), _) => Context::Settings,
            (Some(Overlay::Sessions(browser)), _) => match browser.mode {
                BrowserMode::Browse => Context::Sessions,
                BrowserMode::Rename(..) => Context::Rename,
                BrowserMode::Export(..) => Context::Export,
            },
            (Some(Overlay::System(_)), _) => Context::System,
            (Some(Overlay::Wire(_)), _) => Context::Wire,
            (Some(Overlay::Finder(_)), _) => Context::Finder,
            (Some(Overlay::Variables(_)), _) => Context::Variables,
            (None, _) if self.panes.find.as_ref().is_some_and(|find| find.typing) => Context::Find,
            (None, Focus::Prompt) => Context::Prompt,
            (None, Focus::Models) => Context::Models,
            (None, Focus::History) => Context::History,
            (None, Focus::Panes) if self.panes.block.is_some() => Context::Blocks,
            (None, Focus::Panes) if self.panes.find.is_some() => Context::Found,
            (None, Focus::Panes) if self.conversation.is_replaying() => Context::Replay,
            (None, Focus::Panes) => Context::Pane,
        }
    }

    /// Whether anything on the screen changes with time alone: a lane that runs, or a notice that will go.
    #[must_use]
    pub fn needs_ticks(&self) -> bool {
        let waits = match &self.overlay {
            Some(Overlay::Sessions(browser)) => browser.sessions.is_none() || browser.is_searching(),
            _ => false,
        };
        let shown = self.notice.is_some() || self.interrupted.is_some();
        self.conversation.is_running() || shown || self.session.dirty || waits
    }
}

/// An empty editor that wraps its lines.
#[must_use]
pub fn text_area(placeholder: &str) -> TextArea<'static> {
    let mut area = TextArea::default();
    area.set_wrap_mode(WrapMode::WordOrGlyph);
    area.set_placeholder_text(placeholder);
    // What it looks like is the theme's business.
    area.set_placeholder_style(ratatui::style::Style::default());
    area.set_cursor_line_style(ratatui::style::Style::default());
    area.set_selection_style(ratatui::style::Style::default().add_modifier(ratatui::style::Modifier::REVERSED));
    area
}
