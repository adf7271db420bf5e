//! The one table of keys. Help, footer, README and the configuration's `[keys]` come from it.

mod chord;
mod context;

pub use chord::Chord;
pub use context::Context;

use super::Action;
use crate::catalog::closest;
use crate::config::{ConfigError, Located};

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// What it does.
    pub action: Action,
    /// Its name in `[keys]`.
    pub name: &'static str,
    /// Its keys, the first one is shown.
    pub chords: Vec<Chord>,
    /// A word or two for the footer; empty for rows that are in the help only.
    pub label: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

/// Context, action, name in `[keys]`, chords (the first one is shown), footer label, help. The order is that of the
/// help; rows with a label are shown in the footer in this order too.
const TABLE: &[(Context, Action, &str, &str, &str, &str)] = &{
    use Action as A;
    use Context as C;
    [
        (C::Prompt, A::Send, "send", "Enter", "send", "Send the prompt to every picked model"),
        (C::Prompt, A::NewLine, "new-line", "Ctrl-j Alt-Enter Shift-Enter", "", "Begin a new line"),
        (C::Prompt, A::Leave, "leave-prompt", "Esc", "", "Cancel what runs, or go to the answers"),
        (C::Pane, A::Down, "scroll-down", "j Down", "scroll", "Scroll down"),
        (C::Pane, A::Up, "scroll-up", "k Up", "", "Scroll up"),
        (C::Pane, A::PageDown, "page-down", "Space Ctrl-d", "", "A screenful down"),
        (C::Pane, A::PageUp, "page-up", "Ctrl-u", "", "A screenful up"),
        (C::Pane, A::Top, "top", "g Home", "", "To the beginning"),
        (C::Pane, A::Bottom, "bottom", "G End", "", "To the end, and follow it"),
        (C::Pane, A::NextPane, "next-pane", "l Right", "", "The next answer"),
        (C::Pane, A::PreviousPane, "previous-pane", "h Left", "", "The previous answer"),
        (C::Pane, A::Zoom, "zoom", "z", "zoom", "Show this answer alone, or all again"),
        (C::Pane, A::CopyAnswer, "copy", "y", "copy", "Copy the answer"),
        (C::Pane, A::CopyTurn, "copy-turn", "Y", "", "Copy the prompt and all answers as Markdown"),
        (C::Pane, A::ToggleThinking, "thinking", "t", "thinking", "Open or fold the thinking"),
        (C::Pane, A::CancelLane, "cancel-lane", "x", "cancel", "Cancel this answer"),
        (C::Pane, A::SkipWait, "retry-now", "n", "", "End the wait before the next attempt: try again now"),
        (C::Pane, A::AskAgain, "ask-again", "r", "ask again", "Ask this model again"),
        (C::Pane, A::Inspect, "details", "o", "details", "All that is known of this answer and its attempts"),
        (C::Pane, A::FocusPrompt, "write", "i Enter", "", "Back to the prompt"),
        (C::Pane, A::Leave, "leave-pane", "Esc", "", "End the zoom, or go to the prompt"),
        (C::Inspector, A::Down, "details-down", "j Down", "scroll", "Scroll down"),
        (C::Inspector, A::Up, "details-up", "k Up", "", "Scroll up"),
        (C::Inspector, A::PageDown, "details-page-down", "Space Ctrl-d", "", "A screenful down"),
        (C::Inspector, A::PageUp, "details-page-up", "Ctrl-u", "", "A screenful up"),
        (C::Inspector, A::Top, "details-top", "g Home", "", "To the beginning"),
        (C::Inspector, A::Bottom, "details-bottom", "G End", "", "To the end"),
        (C::Inspector, A::NextPane, "details-next", "l Right", "next answer", "The next answer's details"),
        (C::Inspector, A::PreviousPane, "details-previous", "h Left", "", "The previous answer's details"),
        (C::Inspector, A::SkipWait, "details-retry-now", "n", "", "End the wait before the next attempt"),
        (C::Inspector, A::CancelLane, "details-cancel", "x", "cancel", "Cancel this answer"),
        (C::Inspector, A::Leave, "details-leave", "Esc q o", "close", "Close"),
        (C::Models, A::TogglePick, "toggle-pick", "Space Enter", "pick", "Pick or drop the model"),
        (C::Models, A::Down, "next-model", "j Down", "", "The next model"),
        (C::Models, A::Up, "previous-model", "k Up", "", "The previous model"),
        (C::Models, A::PickModels, "find-model", "/", "find", "Find a model by a few letters"),
        (C::Models, A::Leave, "leave-models", "Esc", "prompt", "Back to the prompt"),
        (C::History, A::Down, "older", "j Down", "older", "An earlier turn"),
        (C::History, A::Up, "newer", "k Up", "newer", "A later turn"),
        (C::History, A::Accept, "show-turn", "Enter", "", "Go to this turn's answers"),
        (C::History, A::Replay, "replay", "p", "replay", "Play this turn again, with its own timing"),
        (C::History, A::Fork, "fork", "f", "fork", "Begin a new session with the turns up to this one"),
        (C::History, A::AskTurn, "ask-turn", "a", "", "Ask the picked models a turn that nobody was asked yet"),
        (C::History, A::Leave, "leave-history", "Esc", "prompt", "Back to the prompt"),
        (C::Replay, A::RestReplay, "replay-rest", "Space", "rest or go on", "Let the replay rest, or go on"),
        (C::Replay, A::StepReplay, "replay-step", ".", "step", "Rest, and bring what comes next"),
        (C::Replay, A::Faster, "replay-faster", "+ =", "faster", "Play faster"),
        (C::Replay, A::Slower, "replay-slower", "-", "slower", "Play slower"),
        (C::Replay, A::AtOnce, "replay-at-once", "i", "at once", "Bring all that is still to come"),
        (C::Replay, A::NextTurn, "replay-next", "Right", "next turn", "Play the next turn"),
        (C::Replay, A::PreviousTurn, "replay-previous", "Left", "", "Play the turn before, or the first one again"),
        (C::Replay, A::CancelLane, "replay-end", "x", "end", "End the replay"),
        (C::Picker, A::TogglePick, "picker-toggle", "Space", "pick or drop", "Pick or drop, and stay"),
        (C::Picker, A::Accept, "picker-accept", "Enter", "pick and close", "Pick and close"),
        (C::Picker, A::Down, "picker-down", "Down Ctrl-n Ctrl-j", "", "The next match"),
        (C::Picker, A::Up, "picker-up", "Up Ctrl-p Ctrl-k", "", "The previous match"),
        (C::Picker, A::Leave, "picker-leave", "Esc", "close", "Close"),
        (C::Schemas, A::Accept, "schema-take", "Enter", "take", "Take the schema, or read the file that is typed"),
        (C::Schemas, A::NextOutputMode, "schema-mode", "Tab", "how", "Each model's own way, tool, native, prompted"),
        (
            C::Schemas,
            A::MoreOutputRetries,
            "schema-retries",
            "BackTab",
            "asks again",
            "How often a wrong output is sent back",
        ),
        (C::Schemas, A::Down, "schema-down", "Down Ctrl-n Ctrl-j", "", "The next schema"),
        (C::Schemas, A::Up, "schema-up", "Up Ctrl-p Ctrl-k", "", "The previous schema"),
        (C::Schemas, A::Leave, "schema-leave", "Esc", "close", "Close"),
        (C::Sessions, A::Accept, "session-open", "Enter", "open", "Open the session"),
        (C::Sessions, A::RenameSession, "session-rename", "Ctrl-r", "rename", "Give the session another title"),
        (C::Sessions, A::ExportSession, "session-export", "Ctrl-e", "export", "Export the session into a file"),
        (C::Sessions, A::DeleteSession, "session-delete", "Ctrl-d Delete", "delete", "Delete the session"),
        (C::Sessions, A::BringBack, "session-undo", "Ctrl-z", "undo", "Bring the last deleted session back"),
        (C::Sessions, A::Down, "session-down", "Down Ctrl-n Ctrl-j", "", "The next session"),
        (C::Sessions, A::Up, "session-up", "Up Ctrl-p Ctrl-k", "", "The previous session"),
        (C::Sessions, A::Leave, "session-leave", "Esc", "close", "Close"),
        (C::Rename, A::Accept, "rename-accept", "Enter", "rename", "Take the title"),
        (C::Rename, A::Leave, "rename-leave", "Esc", "leave it", "Leave the title as it is"),
        (C::Export, A::Accept, "export-accept", "Enter", "export", "Export in this format"),
        (C::Export, A::Down, "export-down", "j Down", "", "The next format"),
        (C::Export, A::Up, "export-up", "k Up", "", "The previous format"),
        (C::Export, A::Leave, "export-leave", "Esc q", "back", "Back to the sessions"),
        (C::System, A::Accept, "system-accept", "Esc Ctrl-s", "keep and close", "Keep the text and close"),
        (C::Help, A::Down, "help-down", "j Down", "scroll", "Scroll down"),
        (C::Help, A::Up, "help-up", "k Up", "", "Scroll up"),
        (C::Help, A::Leave, "help-leave", "Esc q ? F1", "close", "Close"),
        (C::Global, A::FocusNext, "focus-next", "Tab", "next pane", "Prompt → answers → models → history"),
        (C::Global, A::FocusPrevious, "focus-previous", "BackTab", "", "The same way back"),
        (C::Global, A::PageDown, "global-page-down", "PageDown", "", "A screenful down, wherever you are"),
        (C::Global, A::PageUp, "global-page-up", "PageUp", "", "A screenful up, wherever you are"),
        (C::Global, A::PickModels, "pick-models", "Ctrl-o", "models", "Pick models"),
        (
            C::Global,
            A::OpenSessions,
            "sessions",
            "Ctrl-l",
            "sessions",
            "Search, open, rename, export or delete sessions",
        ),
        (
            C::Global,
            A::PickSchema,
            "schema",
            "Ctrl-g",
            "schema",
            "Choose a JSON Schema that the next answers shall fit",
        ),
        (C::Global, A::EditSystem, "system", "Ctrl-t", "system", "Write the system prompt"),
        (
            C::Global,
            A::NewSession,
            "new-session",
            "Ctrl-n",
            "",
            "Begin a new session with the same models and system prompt",
        ),
        (C::Global, A::NextTheme, "theme", "F2", "", "The next theme"),
        (C::Global, A::ToggleMouse, "mouse", "F3", "", "Let go of the mouse (to select text), or take it"),
        (C::Global, A::Help, "help", "F1 ?", "keys", "Show the keys; in an editor F1 alone does"),
        (C::Global, A::CancelOrQuit, "quit", "Ctrl-c", "", "Cancel what runs; twice: quit"),
    ]
};

/// Keys and what they mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    bindings: Vec<Binding>,
}

impl Default for Keymap {
    fn default() -> Self {
        let row = |&(context, action, name, chords, label, help): &(_, _, _, &str, _, _)| Binding {
            context,
            action,
            name,
            chords: chords.split(' ').map(|chord| Chord::parse(chord).expect("the table's own chords")).collect(),
            label,
            help,
        };
        Self { bindings: TABLE.iter().map(row).collect() }
    }
}

impl Keymap {
    /// The table with the configuration's `[keys]` over it: action name → chords, separated by spaces.
    ///
    /// # Errors
    /// All by place: an action or a key that is none, or a key that means two things in one place.
    pub fn with_overrides(overrides: &[(Located<String>, Located<String>)]) -> Result<Self, ConfigError> {
        let mut keymap = Self::default();
        let put = |(name, chords): &_| keymap.put(name, chords).err();
        let mut problems: Vec<String> = overrides.iter().filter_map(put).collect();
        problems.extend(overrides.iter().filter_map(|(name, chords)| keymap.conflict(&name.value, chords)));
        ConfigError::of_problems(problems).map_or(Ok(keymap), Err)
    }

    fn put(&mut self, name: &Located<String>, chords: &Located<String>) -> Result<(), String> {
        let parsed: Result<Vec<_>, _> = chords.value.split_whitespace().map(Chord::parse).collect();
        let parsed = parsed.map_err(|what| chords.problem(format!("{} in [keys]: {what}", name.value)))?;
        let binding = self.bindings.iter_mut().find(|binding| binding.name == name.value);
        binding.ok_or_else(|| name.problem(unknown_action(&name.value)))?.chords = parsed;
        Ok(())
    }

    /// The sentence about a key of this action that means something else in the same place.
    fn conflict(&self, name: &str, chords: &Located<String>) -> Option<String> {
        let own = self.bindings.iter().find(|row| row.name == name)?;
        let mut others = self.rows(own.context).filter(|row| row.name != name);
        let (other, chord) =
            others.find_map(|row| Some((row, own.chords.iter().find(|key| row.chords.contains(key))?)))?;
        let what = format!("{name} in [keys]: {chord} is already the key of {}, which needs another one", other.name);
        Some(chords.problem(what))
    }

    /// What a key means there; what it means everywhere comes second.
    #[must_use]
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let of = |wanted| self.bindings.iter().find(|row| row.context == wanted && row.chords.contains(&chord));
        let types = chord.typed().is_some() && context.is_typed_into();
        let of_place = of(context).or_else(|| of(context.beneath()?));
        of_place.or_else(|| of(Context::Global).filter(|_| !types)).map(|row| row.action)
    }

    /// The rows of a context, in the table's order.
    pub fn rows(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |row| row.context == context)
    }

    /// What the footer shows there: key and label, what matters most first.
    #[must_use]
    pub fn footer(&self, context: Context) -> Vec<(Chord, &'static str)> {
        let labelled = |row: &&Binding| !row.label.is_empty() && !row.chords.is_empty();
        let global = self.rows(Context::Global).filter(|_| !context.is_of_overlay());
        self.rows(context).chain(global).filter(labelled).map(|row| (row.chords[0], row.label)).collect()
    }
}

fn unknown_action(name: &str) -> String {
    let known = closest(name, TABLE.iter().map(|row| row.2));
    let suggestion = known.map_or_else(String::new, |known| format!(", did you mean {known:?}?"));
    format!("unknown action {name:?} in [keys]{suggestion}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chord(text: &str) -> Chord {
        Chord::parse(text).expect("a chord")
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let keymap = Keymap::default();
        for (at, row) in keymap.bindings.iter().enumerate() {
            for other in &keymap.bindings[at + 1..] {
                let shared = row.chords.iter().find(|chord| other.chords.contains(chord));
                assert!(
                    row.context != other.context || shared.is_none(),
                    "{} and {}: {shared:?}",
                    row.name,
                    other.name
                );
                assert_ne!(row.name, other.name);
            }
        }
    }

    #[test]
    fn a_key_of_the_place_comes_before_one_of_everywhere() {
        let keymap = Keymap::default();
        assert_eq!(keymap.action(Context::Pane, chord("z")), Some(Action::Zoom));
        assert_eq!(keymap.action(Context::Prompt, chord("z")), None);
        assert_eq!(keymap.action(Context::Pane, chord("?")), Some(Action::Help));
        assert_eq!(keymap.action(Context::Prompt, chord("?")), None);
        assert_eq!(keymap.action(Context::Prompt, chord("Ctrl-o")), Some(Action::PickModels));
    }

    #[test]
    fn the_configuration_changes_keys() {
        let keymap = overridden(&[("zoom", "f Ctrl-f")]).expect("valid");
        assert_eq!(keymap.action(Context::Pane, chord("Ctrl-f")), Some(Action::Zoom));
        assert_eq!(keymap.action(Context::Pane, chord("z")), None);
        assert!(overridden(&[("scroll-down", "s"), ("next-pane", "j Right")]).is_ok(), "two that change places");
    }

    #[test]
    fn wrong_keys_are_told_with_their_places() {
        let table = [
            ("zom", "f", "c:1:1: unknown action \"zom\" in [keys], did you mean \"zoom\"?"),
            (
                "zoom",
                "f Hyper-x",
                "c:1:9: zoom in [keys]: \"Hyper-x\" is no key: write Ctrl-o, Alt-Enter, G, Space or F1",
            ),
            ("zoom", "j", "c:1:9: zoom in [keys]: j is already the key of scroll-down, which needs another one"),
        ];
        for (name, chords, expected) in table {
            assert_eq!(overridden(&[(name, chords)]), Err(vec![expected.to_owned()]));
        }
        assert_eq!(overridden(&[("zom", "f"), ("zoom", "j")]).expect_err("both").len(), 2);
    }

    fn overridden(overrides: &[(&str, &str)]) -> Result<Keymap, Vec<String>> {
        let located = |text: &str, place: &str| Located::new(text.to_owned(), place);
        let overrides: Vec<_> =
            overrides.iter().map(|(name, chords)| (located(name, "c:1:1"), located(chords, "c:1:9"))).collect();
        Keymap::with_overrides(&overrides).map_err(|error| [vec![error.message], error.more].concat())
    }
}
