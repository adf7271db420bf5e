//! Earlier prompts of the session, written again: Up and Down at the editor's first and last row.

use ratatui_textarea::CursorMove;

use crate::tui::state::Focus;
use crate::tui::{Effect, State};

/// One row up, or from the first row to the prompt asked before.
pub fn earlier(state: &mut State) -> Vec<Effect> {
    if moves(state, CursorMove::Up) {
        return Vec::new();
    }
    let text = state.prompt_text();
    let from = recalled(state, &text).unwrap_or(state.conversation.turns.len());
    let found = (0..from).rev().find(|turn| state.conversation.turns[*turn].prompt != text);
    if let Some(turn) = found {
        put(state, turn);
        state.prompt.move_cursor(CursorMove::Top);
        state.prompt.move_cursor(CursorMove::End);
    }
    Vec::new()
}

/// One row down, or from the last row to the prompt asked after, and at last to what was being written.
pub fn later(state: &mut State) -> Vec<Effect> {
    if moves(state, CursorMove::Down) {
        return Vec::new();
    }
    let text = state.prompt_text();
    let Some(from) = recalled(state, &text) else { return Vec::new() };
    let turns = &state.conversation.turns;
    if let Some(turn) = (from..turns.len()).find(|turn| turns[*turn].prompt != text) {
        return put(state, turn);
    }
    let draft = std::mem::take(&mut state.recall).draft;
    write(state, &draft)
}

/// Puts that turn's prompt into the editor. What was being written comes back by going down again.
pub fn put(state: &mut State, turn: usize) -> Vec<Effect> {
    let text = state.prompt_text();
    let Some(prompt) = state.conversation.turns.get(turn).map(|turn| turn.prompt.clone()) else { return Vec::new() };
    if recalled(state, &text).is_none() {
        state.recall.draft = text;
    }
    state.recall.turn = Some(turn);
    write(state, &prompt)
}

/// Puts a prompt with variables into the editor, as it was before they had values.
pub fn put_template(state: &mut State, template: &str) -> Vec<Effect> {
    let text = state.prompt_text();
    if recalled(state, &text).is_none() {
        state.recall.draft = text;
    }
    state.recall.turn = None;
    write(state, template)
}

/// Replaces the text in the editor.
pub fn write(state: &mut State, text: &str) -> Vec<Effect> {
    state.focus = Focus::Prompt;
    state.prompt.clear();
    state.prompt.insert_str(text);
    Vec::new()
}

/// The turn whose prompt stands in the editor, unchanged.
fn recalled(state: &State, text: &str) -> Option<usize> {
    state.recall.turn.filter(|turn| state.conversation.turns.get(*turn).is_some_and(|turn| turn.prompt == text))
}

/// Moves the cursor, if there is a row to move it to.
fn moves(state: &mut State, way: CursorMove) -> bool {
    let before = state.prompt.screen_cursor().row;
    state.prompt.move_cursor(way);
    state.prompt.screen_cursor().row != before
}
