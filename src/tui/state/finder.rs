//! Finds something to do by a few letters: any command, a theme, an earlier prompt.

use crate::tui::Action;
use crate::tui::fuzzy::matches;
use crate::tui::keymap::Context;

/// Something that can be done at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// An action, as its key does it there.
    Act(Context, Action),
    /// Use the theme of that place.
    Theme(usize),
    /// Open the saved session of that path.
    Session(String),
    /// Write that turn's prompt again.
    Prompt(usize),
    /// Write that prompt with variables again.
    Template(String),
}

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any command.
    Command,
    /// A theme; the one under the cursor is shown at once.
    Theme,
    /// A prompt of this session.
    Prompt,
}

/// A row to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// Another word that finds it; not shown.
    pub also: &'static str,
    /// What it does.
    pub command: Command,
}

/// Finds something to do by a few letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finder {
    /// What is looked for.
    pub wanted: Wanted,
    /// What was typed.
    pub typed: String,
    /// All that can be chosen.
    pub choices: Vec<Choice>,
    /// The choices that match, best first.
    pub matches: Vec<usize>,
    /// The match under the cursor.
    pub cursor: usize,
}

impl Finder {
    /// A finder among these, with the cursor on the first of them.
    #[must_use]
    pub fn new(wanted: Wanted, choices: Vec<Choice>) -> Self {
        let matches = (0..choices.len()).collect();
        Self { wanted, typed: String::new(), choices, matches, cursor: 0 }
    }

    /// Changes what is typed.
    pub fn edit(&mut self, change: impl FnOnce(&mut String)) {
        change(&mut self.typed);
        self.find();
        self.cursor = 0;
    }

    /// More to choose from; the cursor stays where it is.
    pub fn extend(&mut self, more: impl IntoIterator<Item = Choice>) {
        let under_cursor = self.matches.get(self.cursor).copied();
        self.choices.extend(more);
        self.find();
        let still = under_cursor.and_then(|choice| self.matches.iter().position(|at| *at == choice));
        self.cursor = still.unwrap_or(0);
    }

    fn find(&mut self) {
        self.matches =
            matches(&self.typed, self.choices.iter().map(|choice| format!("{} {}", choice.text, choice.also)));
    }

    /// The choice in that row.
    #[must_use]
    pub fn row(&self, row: usize) -> Option<&Choice> {
        self.choices.get(*self.matches.get(row)?)
    }

    /// What the choice under the cursor does.
    #[must_use]
    pub fn selected(&self) -> Option<&Command> {
        self.row(self.cursor).map(|choice| &choice.command)
    }
}
