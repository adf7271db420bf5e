//! What is copied, as text.

use super::complain;
use crate::message::ResponsePart;
use crate::model::Verdict;
use crate::run::LaneRecord;
use crate::session;
use crate::tui::state::Turn;
use crate::tui::{Effect, State};
use crate::wire::OUTPUT_TOOL;

/// Copies the focused lane's answer: its text exactly as it came, or its structured output.
pub fn answer(state: &mut State) -> Vec<Effect> {
    let lane = state.conversation.shown_turn().and_then(|turn| turn.lanes.get(state.panes.focused));
    let copied = lane.map(|lane| (answer_of(lane), lane.model.clone()));
    match copied {
        Some((text, model)) if !text.is_empty() => vec![Effect::Copy(text, format!("the answer of {model}"))],
        _ => complain(state, "There is no answer to copy"),
    }
}

/// The output where it fits; else the text, or the arguments that should have been the output.
fn answer_of(lane: &LaneRecord) -> String {
    if let Some(Verdict::Fits(output)) = &lane.output {
        return serde_json::to_string_pretty(output).unwrap_or_default();
    }
    let response = lane.response();
    let text = response.text();
    let calls = response.parts.iter().filter_map(|part| match part {
        ResponsePart::ToolCall(call) if call.tool_name == OUTPUT_TOOL => Some(call.args_json()),
        _ => None,
    });
    if text.is_empty() { calls.collect::<Vec<_>>().join("\n") } else { text }
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
