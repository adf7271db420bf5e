//! What can be done where the user is: the rows of the keymap's table that mean something now, and each theme.

use crate::session::Entry;
use crate::tui::keymap::{Binding, Context};
use crate::tui::state::{Choice, Command};
use crate::tui::{Action, State};

/// Where there are actions that make sense from elsewhere too.
const PLACES: [Context; 3] = [Context::Prompt, Context::Pane, Context::History];

/// All that can be done: what belongs to this place first, each action once.
pub fn all(state: &State) -> Vec<Choice> {
    let here = state.context();
    let elsewhere = PLACES.into_iter().filter(|place| *place != here);
    let rows = state.keymap.rows(here).chain(state.keymap.rows(Context::Global));
    let rows =
        rows.chain(elsewhere.flat_map(|place| state.keymap.rows(place).filter(|row| is_for_anywhere(row.action))));
    let mut choices: Vec<Choice> = Vec::new();
    let mut seen = vec![Action::FindCommand];
    for row in rows.filter(|row| is_possible(state, row)) {
        if !seen.contains(&row.action) {
            seen.push(row.action);
            let command = Command::Act(row.context, row.action);
            choices.push(Choice { text: row.help.to_owned(), also: row.name, command });
        }
    }
    choices.extend(themes(state, "Theme: "));
    choices
}

/// A choice for each theme.
pub fn themes(state: &State, lead: &str) -> Vec<Choice> {
    let choice = |(at, theme): (usize, &crate::tui::Theme)| Choice {
        text: format!("{lead}{}", theme.name),
        also: "",
        command: Command::Theme(at),
    };
    state.themes.iter().enumerate().map(choice).collect()
}

/// The choice that opens a session; none for one that can't be read.
pub fn session(entry: &Entry) -> Option<Choice> {
    let title = entry.summary.as_ref().ok()?.title.trim();
    let title = if title.is_empty() { "untitled" } else { title };
    let command = Command::Session(entry.path.display().to_string());
    Some(Choice { text: format!("Open session: {title}"), also: "", command })
}

/// What needn't be done where it belongs: it says by itself what it is done to.
const fn is_for_anywhere(action: Action) -> bool {
    is_of_lane(action)
        || matches!(action, Action::Send | Action::FindPrompt | Action::EditOutside | Action::CopyTurn | Action::Replay)
}

/// What is done to the answer that has, or last had, the focus.
const fn is_of_lane(action: Action) -> bool {
    use Action as A;
    matches!(
        action,
        A::Zoom | A::CopyAnswer | A::ToggleThinking | A::CancelLane | A::SkipWait | A::AskAgain | A::Inspect
    )
}

fn is_possible(state: &State, row: &Binding) -> bool {
    let has_turn = state.conversation.shown_turn().is_some_and(|turn| !turn.lanes.is_empty());
    match row.action {
        Action::CancelLane | Action::SkipWait => has_turn && state.conversation.is_running(),
        Action::CopyTurn | Action::Replay | Action::FindPrompt => has_turn,
        action if is_of_lane(action) => has_turn,
        Action::NextPane | Action::PreviousPane => has_turn,
        _ if row.context == Context::History => has_turn || row.action == Action::Leave,
        _ => true,
    }
}
