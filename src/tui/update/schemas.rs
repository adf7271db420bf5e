//! The structured output that goes with the next prompts.

use std::sync::Arc;

use super::{complain, inform, typing};
use crate::settings::{OutputMode, OutputSpec};
use crate::tui::keymap::Chord;
use crate::tui::state::{Overlay, SchemaFile, SchemaPicker, SchemaRow};
use crate::tui::{Effect, State};

/// A model that was told so often won't learn it.
const MOST_RETRIES: u32 = 3;

/// Opens the picker; the files are read meanwhile.
pub fn open(state: &mut State) -> Vec<Effect> {
    state.overlay = Some(Overlay::Schemas(SchemaPicker::default()));
    vec![Effect::ListSchemas]
}

/// The files have been read; the cursor goes to the chosen one, unless somebody has moved on already.
pub fn listed(state: &mut State, files: Vec<SchemaFile>) -> Vec<Effect> {
    if let Some(Overlay::Schemas(picker)) = &mut state.overlay {
        let chosen = state.schema.as_ref().and_then(|chosen| files.iter().position(|file| file.path == chosen.path));
        picker.files = Some(files);
        if let Some(chosen) = chosen.filter(|_| picker.typed.is_empty() && picker.cursor == 0) {
            picker.cursor = chosen + 1;
        }
    }
    Vec::new()
}

/// A key that means nothing to the picker is typed.
pub fn on_typed(state: &mut State, chord: Chord) {
    edit(state, |path| typing::typed(path, chord));
}

/// Pasted text is a path.
pub fn paste(state: &mut State, text: &str) {
    edit(state, |path| typing::pasted(path, text));
}

fn edit(state: &mut State, change: impl FnOnce(&mut String)) {
    if let Some(Overlay::Schemas(picker)) = &mut state.overlay {
        change(&mut picker.typed);
        picker.cursor = 0;
    }
}

/// Takes what is under the cursor; a typed path is read first.
pub fn accept(state: &mut State) -> Vec<Effect> {
    let Some(Overlay::Schemas(picker)) = &state.overlay else { return Vec::new() };
    match picker.selected() {
        Some(SchemaRow::File(at)) => {
            let file = picker.files.as_ref().and_then(|files| files.get(at)).cloned();
            file.map_or_else(Vec::new, |file| take(state, file))
        }
        Some(SchemaRow::Typed) => vec![Effect::ReadSchema(picker.typed.trim().to_owned())],
        Some(SchemaRow::None) => {
            (state.schema, state.overlay) = (None, None);
            inform(state, "Answers are free text")
        }
        None => Vec::new(),
    }
}

/// The typed path has been read.
pub fn read(state: &mut State, read: Result<SchemaFile, String>) -> Vec<Effect> {
    match read {
        Ok(file) => take(state, file),
        Err(reason) => complain(state, &reason),
    }
}

fn take(state: &mut State, file: SchemaFile) -> Vec<Effect> {
    if let Err(reason) = &file.spec {
        let told = reason.clone();
        return complain(state, &told);
    }
    if matches!(state.overlay, Some(Overlay::Schemas(_))) {
        state.overlay = None;
    }
    let told = format!("The next answers shall fit the schema {}", file.name());
    state.schema = Some(file);
    inform(state, &told)
}

/// The model's own way, then each of the others.
pub fn next_mode(state: &mut State) -> Vec<Effect> {
    state.output_mode = match state.output_mode {
        None => Some(OutputMode::Tool),
        Some(OutputMode::Tool) => Some(OutputMode::Native),
        Some(OutputMode::Native) => Some(OutputMode::Prompted),
        Some(OutputMode::Prompted) => None,
    };
    Vec::new()
}

/// Once more, and after the most not at all.
pub fn more_retries(state: &mut State) -> Vec<Effect> {
    state.output_retries = (state.output_retries + 1) % (MOST_RETRIES + 1);
    Vec::new()
}

/// What goes with a request.
pub fn output(state: &State) -> Option<Arc<OutputSpec>> {
    let spec = state.schema.as_ref()?.spec.as_ref().ok()?;
    let (mode, retries) = (state.output_mode, state.output_retries);
    let is_as_read = (spec.mode, spec.retries) == (mode, retries);
    Some(if is_as_read {
        Arc::clone(spec)
    } else {
        Arc::new(OutputSpec::new(spec.schema(), mode).with_retries(retries))
    })
}
