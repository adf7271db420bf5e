//! What is copied, as text.

use super::complain;
use crate::message::ResponsePart;
use crate::model::Verdict;
use crate::run::LaneRecord;
use crate::session;
use crate::tui::code::{self, Block};
use crate::tui::state::Turn;
use crate::tui::{Effect, State};
use crate::wire::OUTPUT_TOOL;

/// Copies the focused lane's answer: its text exactly as it came, or its structured output.
pub fn answer(state: &mut State) -> Vec<Effect> {
    let copied = shown(state).map(|lane| (answer_of(lane), lane.model.clone()));
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

/// Copies all that the focused lane said, exactly as it came: thinking, text, tool calls.
pub fn raw(state: &mut State) -> Vec<Effect> {
    let copied = shown(state).map(|lane| (raw_of(&lane.response().parts), lane.model.clone()));
    match copied {
        Some((text, model)) if !text.is_empty() => vec![Effect::Copy(text, format!("all that {model} said"))],
        _ => complain(state, "There is no answer to copy"),
    }
}

fn raw_of(parts: &[ResponsePart]) -> String {
    let part = |part: &ResponsePart| match part {
        ResponsePart::Text(text) => text.content.clone(),
        ResponsePart::Thinking(thinking) => thinking.content.clone(),
        ResponsePart::ToolCall(call) => format!("{} {}", call.tool_name, call.args_json()),
        ResponsePart::Other(value) => value.to_string(),
    };
    let parts: Vec<String> = parts.iter().map(part).filter(|part| !part.is_empty()).collect();
    parts.join("\n\n")
}

/// Numbers the blocks of code in the focused answer, so that one can be picked. The only one is copied at once.
pub fn number_blocks(state: &mut State) -> Vec<Effect> {
    match blocks(state).len() {
        0 => complain(state, "There is no block of code in this answer"),
        1 => copy_block(state, 1),
        _ => {
            state.panes.block = Some(String::new());
            Vec::new()
        }
    }
}

/// Takes a digit of the block's number; copies as soon as no further digit could follow.
pub fn on_digit(state: &mut State, digit: usize) -> Vec<Effect> {
    let count = blocks(state).len();
    state.notice = None;
    let Some(digits) = &mut state.panes.block else { return Vec::new() };
    digits.push_str(&digit.to_string());
    match digits.parse::<usize>() {
        Ok(number) if (1..=count).contains(&number) && number * 10 > count => copy_block(state, number),
        Ok(number) if (1..=count).contains(&number) => Vec::new(),
        _ => {
            digits.clear();
            complain(state, &format!("The blocks have the numbers 1 to {count}"))
        }
    }
}

/// Copies the block of the number typed so far.
pub fn typed_block(state: &mut State) -> Vec<Effect> {
    let number = state.panes.block.as_deref().and_then(|digits| digits.parse().ok());
    number.map_or_else(Vec::new, |number| copy_block(state, number))
}

/// Copies none.
pub fn leave_blocks(state: &mut State) -> Vec<Effect> {
    state.panes.block = None;
    Vec::new()
}

fn copy_block(state: &mut State, number: usize) -> Vec<Effect> {
    state.panes.block = None;
    let block = blocks(state).into_iter().nth(number - 1);
    let model = shown(state).map(|lane| lane.model.clone()).unwrap_or_default();
    let Some(Block { language, code }) = block else { return complain(state, "There is no such block") };
    let language = if language.is_empty() { "code".to_owned() } else { language };
    let lines = match code.lines().count() {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    };
    vec![Effect::Copy(code, format!("block {number} of {model} ({language}, {lines})"))]
}

fn blocks(state: &State) -> Vec<Block> {
    shown(state).map_or_else(Vec::new, |lane| code::blocks(lane.response()))
}

/// The focused lane.
fn shown(state: &State) -> Option<&LaneRecord> {
    state.conversation.shown_turn().and_then(|turn| turn.lanes.get(state.panes.focused))
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
