//! What is copied, as text.

use super::complain;
use crate::session;
use crate::tui::state::Turn;
use crate::tui::{Effect, State};

/// Copies the focused lane's answer, exactly as it came.
pub fn answer(state: &mut State) -> Vec<Effect> {
    let lane = state.conversation.shown_turn().and_then(|turn| turn.lanes.get(state.panes.focused));
    let copied = lane.map(|lane| (lane.response().text(), lane.model.clone()));
    match copied {
        Some((text, model)) if !text.is_empty() => vec![Effect::Copy(text, format!("the answer of {model}"))],
        _ => complain(state, "There is no answer to copy"),
    }
}

/// Copies the shown turn as Markdown.
pub fn turn(state: &mut State) -> Vec<Effect> {
    match state.conversation.shown_turn().map(markdown) {
        Some(text) => vec![Effect::Copy(text, "the turn as Markdown".to_owned())],
        None => complain(state, "There is no turn to copy"),
    }
}

fn markdown(turn: &Turn) -> String {
    session::turn_markdown(&session::Turn::of(&turn.prompt, turn.at, &turn.lanes))
}
