//! The values of a prompt's variables, asked for before it is sent.

use super::{asking, complain, typing};
use crate::tui::keymap::Chord;
use crate::tui::state::{Filling, Overlay};
use crate::tui::{Effect, State};

/// A key that means nothing else is typed into the value under the cursor.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |value| typing::typed(value, chord));
}

/// Pasted text goes into the value whole: it may be what the prompt is about.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |value| value.push_str(text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Variables(filling)) = &mut state.overlay
        && let Some((_, value)) = filling.values.get_mut(filling.cursor)
    {
        change(value);
    }
}

/// The next variable; after the last one the prompt is sent, and its values are remembered.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Variables(filling)) = &mut state.overlay else { return Vec::new() };
    if filling.cursor + 1 < filling.values.len() {
        filling.cursor += 1;
        return Vec::new();
    }
    let filling = filling.clone();
    if filling.prompt().trim().is_empty() {
        return complain(state, "Nothing would be sent: the values are empty");
    }
    remember(state, &filling);
    state.overlay = None;
    asking::send_text(state, filling.prompt())
}

/// Sends the prompt with its braces.
pub fn send_as_it_is(state: &mut State) -> Vec<Effect> {
    match state.overlay.take() {
        Some(Overlay::Variables(filling)) => asking::send_text(state, filling.template),
        other => {
            state.overlay = other;
            Vec::new()
        }
    }
}

fn remember(state: &mut State, filling: &Filling) {
    let is_other = |(name, _): &(String, String)| filling.values.iter().all(|(filled, _)| filled != name);
    state.variables.retain(is_other);
    state.variables.extend(filling.values.iter().cloned());
    state.templates.retain(|template| *template != filling.template);
    state.templates.insert(0, filling.template.clone());
}
