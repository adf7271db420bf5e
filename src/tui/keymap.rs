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
        (
            C::Prompt,
            A::EarlierPrompt,
            "earlier-prompt",
            "Up",
            "",
            "The row above; from the first one, the prompt before",
        ),
        (C::Prompt, A::LaterPrompt, "later-prompt", "Down", "", "The row below; from the last one, the prompt after"),
        (C::Prompt, A::FindPrompt, "find-prompt", "Ctrl-r", "", "Find a prompt of this session and write it again"),
        (C::Prompt, A::EditOutside, "edit", "Ctrl-e", "", "Write in $VISUAL or $EDITOR"),
        (C::Prompt, A::Leave, "leave-prompt", "Esc", "", "Cancel what runs, or go to the answers"),
        (C::Pane, A::Down, "scroll-down", "j Down", "scroll", "Scroll down"),
        (C::Pane, A::Up, "scroll-up", "k Up", "", "Scroll up"),
        (C::Pane, A::PageDown, "page-down", "Space Ctrl-d", "", "A screenful down"),
        (C::Pane, A::PageUp, "page-up", "Ctrl-u", "", "A screenful up"),
        (C::Pane, A::Top, "top", "g Home", "", "To the beginning"),
        (C::Pane, A::Bottom, "bottom", "G End", "", "To the end, and follow it"),
        (C::Pane, A::NextPane, "next-pane", "l Right", "", "The next answer; 1 to 9 go to that one, 0 to the tenth"),
        (C::Pane, A::PreviousPane, "previous-pane", "h Left", "", "The previous answer"),
        (C::Pane, A::Zoom, "zoom", "z", "zoom", "Show this answer alone, or all again"),
        (
            C::Pane,
            A::ScrollTogether,
            "scroll-together",
            "s",
            "",
            "Scroll all answers together, each by its share, or alone",
        ),
        (C::Pane, A::Find, "find", "/", "find", "Find in this answer"),
        (C::Pane, A::CopyAnswer, "copy", "y", "copy", "Copy the answer"),
        (C::Pane, A::CopyBlock, "copy-code", "c", "", "Number the blocks of code, and copy one"),
        (C::Pane, A::CopyRaw, "copy-raw", "Ctrl-y", "", "Copy all it said as it came: thinking and tool calls too"),
        (C::Pane, A::CopyTurn, "copy-turn", "Y", "", "Copy the prompt and all answers as Markdown"),
        (C::Pane, A::ToggleThinking, "thinking", "t", "thinking", "Open or fold the thinking"),
        (C::Pane, A::CancelLane, "cancel-lane", "x", "cancel", "Cancel this answer"),
        (C::Pane, A::SkipWait, "retry-now", "n R", "", "End the wait before the next attempt: try again now"),
        (C::Pane, A::AskAgain, "ask-again", "r", "ask again", "Ask this model again"),
        (C::Pane, A::Inspect, "details", "o", "details", "All that is known of this answer and its attempts"),
        (C::Pane, A::ShowWire, "wire", "w", "", "Requests and answers as they went over the wire"),
        (C::Pane, A::EditSettings, "settings", "e", "", "The same model with other settings, from the next prompt on"),
        (C::Pane, A::FocusPrompt, "write", "i Enter", "", "Back to the prompt"),
        (C::Pane, A::Leave, "leave-pane", "Esc", "", "End the zoom, or go to the prompt"),
        (C::Find, A::Accept, "find-accept", "Enter", "go there", "Go to the first match"),
        (C::Find, A::FindSwitch, "find-switch", "Tab", "one or all", "Look through all shown answers, or through one"),
        (C::Find, A::NextMatch, "find-down", "Down Ctrl-n", "", "The next match, while typing"),
        (C::Find, A::PreviousMatch, "find-up", "Up Ctrl-p", "", "The match before, while typing"),
        (C::Find, A::Leave, "find-leave", "Esc", "end", "End the search"),
        (C::Found, A::NextMatch, "next-match", "n", "next match", "The next match, on through all that are searched"),
        (C::Found, A::PreviousMatch, "previous-match", "N", "previous", "The match before"),
        (C::Found, A::Leave, "end-find", "Esc", "end", "End the search: n is again the key of answers that wait"),
        (C::Blocks, A::Accept, "block-accept", "Enter", "copy", "Copy the block of the number typed so far"),
        (C::Blocks, A::Down, "block-down", "j Down", "scroll", "Scroll down"),
        (C::Blocks, A::Up, "block-up", "k Up", "", "Scroll up"),
        (C::Blocks, A::Leave, "block-leave", "Esc c q", "leave", "Copy nothing"),
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
        (
            C::Inspector,
            A::ShowWire,
            "details-wire",
            "w",
            "over the wire",
            "Requests and answers as they went over the wire",
        ),
        (C::Inspector, A::Leave, "details-leave", "Esc q o", "close", "Close"),
        (C::Wire, A::Down, "wire-down", "j Down", "scroll", "Scroll down"),
        (C::Wire, A::Up, "wire-up", "k Up", "", "Scroll up"),
        (C::Wire, A::PageDown, "wire-page-down", "Space Ctrl-d", "", "A screenful down"),
        (C::Wire, A::PageUp, "wire-page-up", "Ctrl-u", "", "A screenful up"),
        (C::Wire, A::Top, "wire-top", "g Home", "", "To the beginning"),
        (C::Wire, A::Bottom, "wire-bottom", "G End", "", "To the end"),
        (C::Wire, A::ShiftRight, "wire-right", "> .", "long rows", "What long rows say further to the right"),
        (C::Wire, A::ShiftLeft, "wire-left", "< ,", "", "Back to the left"),
        (C::Wire, A::NextPane, "wire-next", "l Right", "next answer", "The next answer's"),
        (C::Wire, A::PreviousPane, "wire-previous", "h Left", "", "The previous answer's"),
        (
            C::Wire,
            A::CopyCurl,
            "copy-curl",
            "c",
            "copy as curl",
            "Copy the last request as a curl command, the key as a variable",
        ),
        (C::Wire, A::CopyBody, "copy-body", "y", "copy body", "Copy the last answer's body as it came"),
        (C::Wire, A::Inspect, "wire-details", "o", "details", "All that is known of this answer and its attempts"),
        (C::Wire, A::Leave, "wire-leave", "Esc q w", "close", "Close"),
        (C::Models, A::TogglePick, "toggle-pick", "Space Enter", "pick", "Pick or drop the model"),
        (C::Models, A::Down, "next-model", "j Down", "", "The next model"),
        (C::Models, A::Up, "previous-model", "k Up", "", "The previous model"),
        (C::Models, A::PickModels, "find-model", "/", "find", "Find a model by a few letters"),
        (
            C::Models,
            A::EditSettings,
            "model-settings",
            "e",
            "settings",
            "The same model with other settings, beside it",
        ),
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
        (C::Settings, A::Accept, "settings-take", "Enter", "take", "Ask the model with these settings"),
        (C::Settings, A::Down, "settings-down", "Down Tab", "next", "The next setting"),
        (C::Settings, A::Up, "settings-up", "Up BackTab", "", "The previous setting"),
        (C::Settings, A::Leave, "settings-leave", "Esc", "close", "Close"),
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
        (C::System, A::EditOutside, "system-edit", "Ctrl-e", "", "Write in $VISUAL or $EDITOR"),
        (C::Finder, A::Accept, "finder-take", "Enter", "take", "Do it, keep the theme, or write the prompt again"),
        (C::Finder, A::Down, "finder-down", "Down Ctrl-n Ctrl-j", "", "The next match"),
        (C::Finder, A::Up, "finder-up", "Up Ctrl-p Ctrl-k", "", "The previous match"),
        (C::Finder, A::Leave, "finder-leave", "Esc", "close", "Close; the theme is again what it was"),
        (
            C::Variables,
            A::Accept,
            "variable-take",
            "Enter",
            "next, at last send",
            "The next value; after the last one, send",
        ),
        (C::Variables, A::SendAsItIs, "send-as-it-is", "Ctrl-s", "send as it is", "Send the prompt with its braces"),
        (C::Variables, A::Down, "variable-down", "Down Tab Ctrl-n Ctrl-j", "", "The next value"),
        (C::Variables, A::Up, "variable-up", "Up BackTab Ctrl-p Ctrl-k", "", "The previous value"),
        (C::Variables, A::Leave, "variables-leave", "Esc", "back", "Back to the prompt, which is as it was"),
        (C::Help, A::Down, "help-down", "j Down", "scroll", "Scroll down"),
        (C::Help, A::Up, "help-up", "k Up", "", "Scroll up"),
        (C::Help, A::Leave, "help-leave", "Esc q ? F1", "close", "Close"),
        (C::Global, A::FocusNext, "focus-next", "Tab", "next pane", "Prompt → answers → models → history"),
        (C::Global, A::FocusPrevious, "focus-previous", "BackTab", "", "History → models → answers → prompt"),
        (
            C::Global,
            A::FindCommand,
            "commands",
            "Ctrl-p",
            "commands",
            "Find anything that can be done, by a few letters",
        ),
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
        (C::Global, A::FindAll, "find-all", "Ctrl-f", "", "Find in all shown answers"),
        (C::Global, A::EditSystem, "system", "Ctrl-t", "system", "Write the system prompt"),
        (
            C::Global,
            A::NewSession,
            "new-session",
            "Ctrl-n",
            "",
            "Begin a new session with the same models and system prompt",
        ),
        (C::Global, A::PickTheme, "pick-theme", "F4", "", "Choose a theme by looking at it"),
        (C::Global, A::ToggleSideBar, "side-bar", "Ctrl-b", "", "Put the side bar away, or fetch it"),
        (C::Global, A::WidenSideBar, "side-bar-wider", ">", "", "Make the side bar wider"),
        (C::Global, A::NarrowSideBar, "side-bar-narrower", "<", "", "Make the side bar narrower"),
        (C::Global, A::NextTheme, "theme", "F2", "", "The next theme"),
        (C::Global, A::ToggleMouse, "mouse", "F3", "", "Let go of the mouse (to select text), or take it"),
        (C::Global, A::Help, "help", "F1 ?", "keys", "Show the keys; in an editor F1 alone does"),
        (C::Global, A::CancelOrQuit, "quit", "Ctrl-c", "", "Cancel what runs; twice: quit"),
        (C::Global, A::Quit, "quit-at-once", "", "", "Quit; what was answered is saved"),
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
            chords: chords
                .split_whitespace()
                .map(|chord| Chord::parse(chord).expect("the table's own chords"))
                .collect(),
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

    /// What a key means there; what it means below that comes second, and what it means everywhere third.
    #[must_use]
    pub fn action(&self, context: Context, chord: Chord) -> Option<Action> {
        let of = |wanted| self.bindings.iter().find(|row| row.context == wanted && row.chords.contains(&chord));
        let types = chord.typed().is_some() && context.is_typed_into();
        let below = || context.below().and_then(of);
        of(context).or_else(below).or_else(|| of(Context::Global).filter(|_| !types)).map(|row| row.action)
    }

    /// The rows of a context, in the table's order.
    pub fn rows(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bindings.iter().filter(move |row| row.context == context)
    }

    /// What the footer shows there: key and label, what matters most first.
    #[must_use]
    pub fn footer(&self, context: Context) -> Vec<(Chord, &'static str)> {
        let labelled = |row: &&Binding| !row.label.is_empty();
        let below = context.below().into_iter().flat_map(|below| self.rows(below));
        let global = self.rows(Context::Global).filter(|_| !context.rests_others());
        let rows = self.rows(context).chain(below).chain(global).filter(labelled);
        rows.filter_map(|row| Some((self.chord(context, row)?, row.label))).collect()
    }

    /// The first of a row's keys that means its action in that place.
    #[must_use]
    pub fn chord(&self, context: Context, row: &Binding) -> Option<Chord> {
        row.chords.iter().copied().find(|chord| self.action(context, *chord) == Some(row.action))
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
        assert!(overridden(&[("scroll-down", "u"), ("next-pane", "j Right")]).is_ok(), "two that change places");
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
