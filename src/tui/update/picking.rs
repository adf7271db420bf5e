//! Picking models: in the side bar, and by a few letters in the picker.

use super::{complain, typing};
use crate::tui::fuzzy;
use crate::tui::keymap::{Chord, Context};
use crate::tui::state::{ModelItem, Overlay, Picker};
use crate::tui::{Effect, State};

/// Opens the picker.
pub fn open(state: &mut State) -> Vec<Effect> {
    let picker = Picker { matches: matches("", &state.models.items), ..Picker::default() };
    state.overlay = Some(Overlay::Picker(picker));
    Vec::new()
}

/// A key that means nothing to the picker is typed into its query.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |query| typing::typed(query, chord));
}

/// Pasted text goes into the query, as one line.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |query| typing::pasted(query, text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Picker(picker)) = &mut state.overlay {
        change(&mut picker.query);
        picker.matches = matches(&picker.query, &state.models.items);
        picker.cursor = 0;
    }
}

/// The items that match, best first; all in their own order for an empty query.
fn matches(query: &str, items: &[ModelItem]) -> Vec<usize> {
    fuzzy::matches(query, items.iter().map(|item| format!("{} {}", item.name, item.note)))
}

/// Picks or drops the model under the cursor.
pub fn toggle(state: &mut State, context: Context) -> Vec<Effect> {
    if context == Context::Picker {
        return choose(state, |item| item.picked = !item.picked);
    }
    if let Some(item) = state.models.items.get_mut(state.models.cursor) {
        item.picked = !item.picked;
    }
    Vec::new()
}

/// Picks the model under the picker's cursor and closes it.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let effects = choose(state, |item| item.picked = true);
    state.overlay = None;
    effects
}

fn choose(state: &mut State, change: impl FnOnce(&mut ModelItem)) -> Vec<Effect> {
    let Some(Overlay::Picker(picker)) = &mut state.overlay else { return Vec::new() };
    if let Some(at) = picker.matches.get(picker.cursor).copied() {
        change(&mut state.models.items[at]);
    } else if let Some(name) = picker.new_model(&state.models).map(str::to_owned) {
        state.models.pick(&name);
        picker.matches = matches(&picker.query, &state.models.items);
    } else {
        return complain(state, "No model matches; a new one is written PROVIDER:MODEL");
    }
    Vec::new()
}
