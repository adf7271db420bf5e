//! Finding something to do by a few letters: the command palette, the picker of themes, the search for a prompt.

use super::{actions, commands, complain, inform, recalling, scrolling, typing};
use crate::session::Entry;
use crate::tui::keymap::Chord;
use crate::tui::metrics::Metrics;
use crate::tui::state::{Choice, Command, Finder, Overlay, Wanted};
use crate::tui::{Action, Effect, State};

/// Commands that are remembered as the last ones.
const RECENT: usize = 9;

/// Opens the command palette; the saved sessions are listed meanwhile.
pub fn open_commands(state: &mut State) -> Vec<Effect> {
    let mut choices = commands::all(state);
    let age = |choice: &Choice| state.recent.iter().position(|recent| *recent == choice.command);
    choices.sort_by_key(|choice| age(choice).unwrap_or(usize::MAX));
    state.beneath = state.overlay.replace(Overlay::Finder(Finder::new(Wanted::Command, choices)));
    vec![Effect::ListSessions]
}

/// Opens the picker of themes, with the cursor on the one in use.
pub fn open_themes(state: &mut State) -> Vec<Effect> {
    let finder = Finder { cursor: state.theme, ..Finder::new(Wanted::Theme, commands::themes(state, "")) };
    state.overlay = Some(Overlay::Finder(finder));
    Vec::new()
}

/// Opens the search through the prompts of this session, the latest first.
pub fn open_prompts(state: &mut State) -> Vec<Effect> {
    let mut choices: Vec<Choice> = Vec::new();
    for (turn, asked) in state.conversation.turns.iter().enumerate().rev() {
        if choices.iter().all(|choice| choice.text != asked.prompt) {
            choices.push(Choice { text: asked.prompt.clone(), also: "", command: Command::Prompt(turn) });
        }
    }
    let templates = state.templates.iter().map(|template| Choice {
        text: template.clone(),
        also: "",
        command: Command::Template(template.clone()),
    });
    choices.extend(templates);
    if choices.is_empty() {
        return complain(state, "Nothing was asked in this session yet");
    }
    state.overlay = Some(Overlay::Finder(Finder::new(Wanted::Prompt, choices)));
    Vec::new()
}

/// The saved sessions have been listed: the palette opens them too. A list that was asked for before comes for nothing.
pub fn listed(finder: &mut Finder, sessions: &[Entry]) {
    let knows = finder.choices.iter().any(|choice| matches!(choice.command, Command::Session(_)));
    if finder.wanted == Wanted::Command && !knows {
        finder.extend(sessions.iter().filter_map(commands::session));
    }
}

/// A key that means nothing to the finder is typed.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |text| typing::typed(text, chord));
}

/// Pasted text is typed, as one line.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |typed| typing::pasted(typed, text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Finder(finder)) = &mut state.overlay {
        finder.edit(change);
    }
}

/// Does what is under the cursor.
pub fn accept(state: &mut State, metrics: &Metrics) -> Vec<Effect> {
    let Some(Overlay::Finder(finder)) = &state.overlay else { return Vec::new() };
    let (wanted, command) = (finder.wanted, finder.selected().cloned());
    let Some(command) = command else { return complain(state, "Nothing matches; Esc closes") };
    state.overlay = state.beneath.take();
    if wanted == Wanted::Command {
        state.recent.retain(|recent| *recent != command);
        state.recent.insert(0, command.clone());
        state.recent.truncate(RECENT);
    }
    perform(state, metrics, command)
}

fn perform(state: &mut State, metrics: &Metrics, command: Command) -> Vec<Effect> {
    match command {
        Command::Act(context, action) => {
            if !actions::stays_open(state, context, action) {
                state.overlay = None;
            }
            actions::act(state, metrics, context, action)
        }
        Command::Theme(theme) => use_theme(state, theme),
        Command::Session(path) => vec![Effect::OpenSession(path)],
        Command::Prompt(turn) => recalling::put(state, turn),
        Command::Template(template) => recalling::put_template(state, &template),
    }
}

/// The configuration is the user's to write: what to write there is said.
fn use_theme(state: &mut State, theme: usize) -> Vec<Effect> {
    state.theme = theme.min(state.themes.len().saturating_sub(1));
    let name = state.theme().name.clone();
    if state.is_colourless() {
        return inform(state, ONE_THEME);
    }
    let file =
        state.config_file.as_ref().map_or_else(|| "the configuration".to_owned(), |file| file.display().to_string());
    inform(state, &format!("Theme {name}; to begin with it, write theme = {name:?} into {file}"))
}

/// What is said where there is nothing to choose from.
const ONE_THEME: &str = "NO_COLOR is set: there are no colours to choose";

/// The next theme; in the picker of themes its cursor goes there.
pub fn next_theme(state: &mut State, metrics: &Metrics) -> Vec<Effect> {
    if state.is_colourless() {
        return inform(state, ONE_THEME);
    }
    if let Some(Overlay::Finder(finder @ Finder { wanted: Wanted::Theme, .. })) = &mut state.overlay {
        let last = finder.cursor + 1 >= finder.matches.len();
        let action = if last { Action::Top } else { Action::Down };
        return scrolling::scroll(state, metrics, state.context(), action);
    }
    state.theme = (state.theme + 1) % state.themes.len();
    let told = format!("Theme {}", state.theme().name);
    inform(state, &told)
}
