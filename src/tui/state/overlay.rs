//! What lies over the workbench and takes the keys.

use ratatui_textarea::TextArea;

use super::{Filling, Finder, ModelList, SchemaPicker, SessionBrowser, SettingsEditor, WireView};

/// What lies over the workbench.
pub enum Overlay {
    /// The keys, scrolled down by so many lines.
    Help(u16),
    /// All that is known of the focused lane, scrolled down by so many lines.
    Inspector(usize),
    /// The picker of models.
    Picker(Picker),
    /// The picker of schemas.
    Schemas(SchemaPicker),
    /// The saved sessions.
    Sessions(SessionBrowser),
    /// The form of a model's own settings.
    Settings(SettingsEditor),
    /// Commands, themes or prompts to choose from.
    Finder(Finder),
    /// The values of a prompt's variables.
    Variables(Filling),
    /// The system prompt's editor.
    System(Box<TextArea<'static>>),
    /// Requests and answers of the focused lane as they went over the wire.
    Wire(WireView),
}

/// Finds models by a few letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picker {
    /// What was typed.
    pub query: String,
    /// The items that match, best first: places in the list of models.
    pub matches: Vec<usize>,
    /// The match under the cursor. One past the matches stands for the typed name itself, when that is a new
    /// `PROVIDER:MODEL`.
    pub cursor: usize,
}

impl Picker {
    /// The typed name, when it could be a model that isn't in the list: `PROVIDER:MODEL`.
    #[must_use]
    pub fn new_model(&self, models: &ModelList) -> Option<&str> {
        let query = self.query.trim();
        let named = query.split_once(':').is_some_and(|(provider, model)| !provider.is_empty() && !model.is_empty());
        (named && models.items.iter().all(|item| item.name != query)).then_some(query)
    }

    /// How many rows there are: the matches, and the typed name.
    #[must_use]
    pub fn rows(&self, models: &ModelList) -> usize {
        self.matches.len() + usize::from(self.new_model(models).is_some())
    }
}
