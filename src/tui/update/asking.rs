//! Sends prompts: a turn with a lane per picked model, each with a history of its own.

use super::{complain, focus, picking, schemas};
use crate::model::Request;
use crate::run::{Exchange, LaneRecord, conversation};
use crate::tui::state::{Filling, Focus, Overlay, Panes, Recall, Turn};
use crate::tui::{Effect, LaneSpec, State};

/// Sends the prompt to every picked model; the values of its variables are asked for first.
pub fn send(state: &mut State) -> Vec<Effect> {
    let prompt = state.prompt_text();
    if prompt.trim().is_empty() {
        return complain(state, "Type a question first");
    }
    if state.conversation.is_running() {
        return complain(state, "The last prompt is still being answered; Esc cancels it");
    }
    if state.models.picked().is_empty() {
        picking::open(state);
        return complain(state, "Pick a model first");
    }
    if let Some(filling) = Filling::new(&prompt, &state.variables) {
        state.overlay = Some(Overlay::Variables(filling));
        return Vec::new();
    }
    send_text(state, prompt)
}

/// Sends a text to every picked model.
pub fn send_text(state: &mut State, prompt: String) -> Vec<Effect> {
    let models = state.models.picked();
    let turn = state.conversation.turns.len();
    let specs = models.iter().enumerate().map(|(lane, model)| spec(state, model, lane, turn, &prompt)).collect();
    begin_turn(state, prompt, &models);
    vec![start(state, specs, (0..models.len()).collect(), Vec::new())]
}

fn begin_turn(state: &mut State, prompt: String, models: &[String]) {
    let lanes = models.iter().map(|model| LaneRecord::new(model, state.now)).collect();
    state.conversation.shown = state.conversation.turns.len();
    state.conversation.turns.push(Turn { prompt, at: state.now, lanes });
    state.panes = state.panes.of_another_turn();
    state.prompt.clear();
    state.recall = Recall::default();
}

/// Asks the picked models the shown turn, if nobody has been asked it yet: an imported prompt.
pub fn ask_turn(state: &mut State) -> Vec<Effect> {
    let turn = state.conversation.shown;
    let models = state.models.picked();
    let Some(shown) = state.conversation.turns.get(turn) else { return Vec::new() };
    if !shown.lanes.is_empty() {
        return complain(state, "This turn has answers; each can be asked for again where it stands");
    }
    if state.conversation.is_running() {
        return complain(state, "The last prompt is still being answered; Esc cancels it");
    }
    if models.is_empty() {
        picking::open(state);
        return complain(state, "Pick a model first");
    }
    let prompt = shown.prompt.clone();
    let specs = models.iter().enumerate().map(|(lane, model)| spec(state, model, lane, turn, &prompt)).collect();
    state.conversation.turns[turn].lanes = models.iter().map(|model| LaneRecord::new(model, state.now)).collect();
    state.panes = Panes::default();
    focus::to(state, Focus::Panes);
    vec![start(state, specs, (0..models.len()).collect(), Vec::new())]
}

/// Asks the focused lane's model again; what it had answered gives way as soon as something new is visible.
pub fn ask_again(state: &mut State) -> Vec<Effect> {
    let (turn, lane) = (state.conversation.shown, state.panes.focused);
    if state.conversation.is_any_replaying() {
        return complain(state, "A replay is under way; Esc in the prompt ends it");
    }
    let Some(shown) = state.conversation.turns.get(turn) else { return Vec::new() };
    let Some(record) = shown.lanes.get(lane) else { return Vec::new() };
    if state.conversation.elapsed(turn, lane, state.clock).is_some() && !record.is_over() {
        return complain(state, "It is still answering; x cancels it");
    }
    let (model, prompt) = (record.model.clone(), shown.prompt.clone());
    let spec = spec(state, &model, lane, turn, &prompt);
    let fresh = LaneRecord::new(model, state.now);
    let before = std::mem::replace(&mut state.conversation.turns[turn].lanes[lane], fresh);
    *state.panes.get_mut(lane) = crate::tui::state::Pane::default();
    state.notice = None;
    vec![start(state, vec![spec], vec![lane], vec![before])]
}

fn start(state: &mut State, specs: Vec<LaneSpec>, lanes: Vec<usize>, before: Vec<LaneRecord>) -> Effect {
    Effect::StartRun(state.begin_run(state.conversation.shown, lanes, before, None), specs)
}

/// What a model is asked in that turn: what it was asked and answered before, and the prompt. Of several lanes of one
/// model it is the one in the same place.
fn spec(state: &State, model: &str, lane: usize, turn: usize, prompt: &str) -> LaneSpec {
    let past = state.conversation.turns[..turn].iter().filter_map(|turn| {
        let is_it = |record: &&LaneRecord| record.model == model && record.has_visible();
        let lane = turn.lanes.get(lane).filter(is_it).or_else(|| turn.lanes.iter().find(is_it))?;
        Some(Exchange { prompt: &turn.prompt, at: turn.at, response: lane.response() })
    });
    let messages = conversation(Some(&state.system), past, Some((prompt, state.now)));
    let request = Request { messages, settings: state.settings.clone(), output: schemas::output(state), stream: true };
    LaneSpec { model: model.to_owned(), request }
}
