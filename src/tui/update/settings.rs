//! The same model with other settings: written in a form, picked beside it.

use super::{complain, inform, typing};
use crate::settings::split_variant;
use crate::tui::keymap::{Chord, Context};
use crate::tui::state::{ModelItem, Overlay, SettingsEditor};
use crate::tui::{Effect, State};

/// Opens the form: for the model under the cursor, or the one of the focused pane.
pub fn open(state: &mut State, context: Context) -> Vec<Effect> {
    let model = if context.is_of_pane() {
        let lane = state.conversation.shown_turn().and_then(|turn| turn.lanes.get(state.panes.focused));
        lane.map(|lane| lane.model.clone())
    } else {
        state.models.items.get(state.models.cursor).map(|item| item.name.clone())
    };
    match model {
        Some(model) if model.starts_with("fallback:") => complain(state, "A chain has no settings; its models may"),
        Some(model) => {
            state.overlay = Some(Overlay::Settings(SettingsEditor::of(&model)));
            Vec::new()
        }
        None => complain(state, "There is no model here"),
    }
}

/// A key that means nothing to the form is typed into the field.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |value| typing::typed(value, chord));
}

/// Pasted text goes into the field, as one line.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |value| typing::pasted(value, text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Settings(editor)) = &mut state.overlay
        && let Some((_, value)) = editor.fields.get_mut(editor.cursor)
    {
        change(value);
    }
}

/// Picks the model with these settings: beside the one without, in the place of one with others.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Settings(editor)) = &state.overlay else { return Vec::new() };
    let name = editor.name();
    if let Err(error) = split_variant(&name) {
        return complain(state, &error.to_string());
    }
    let (opened, base) = (editor.model.clone(), editor.base().to_owned());
    state.overlay = None;
    put(state, &opened, &base, &name);
    let told =
        if name == base { format!("{base} as it is") } else { format!("{name} is asked from the next prompt on") };
    inform(state, &told)
}

fn put(state: &mut State, opened: &str, base: &str, name: &str) {
    let items = &mut state.models.items;
    let is_known = items.iter().any(|item| item.name == name);
    match items.iter().position(|item| item.name == opened) {
        _ if is_known => {}
        Some(at) if opened != base => name.clone_into(&mut items[at].name),
        Some(at) => {
            let note = items[at].note.clone();
            items.insert(at + 1, ModelItem { name: name.to_owned(), note, picked: true });
        }
        None => {}
    }
    state.models.pick(name);
}
