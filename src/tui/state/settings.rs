//! A model's own settings, while they are written.

use crate::settings::{KNOWN_SETTINGS, variant_parts};

/// Writes the settings that a model is named with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsEditor {
    /// The model as it was opened.
    pub model: String,
    /// Names and values of the settings; an empty value is none.
    pub fields: Vec<(String, String)>,
    /// The field under the cursor.
    pub cursor: usize,
}

impl SettingsEditor {
    /// The settings of that model, and all that it could have besides.
    #[must_use]
    pub fn of(model: &str) -> Self {
        let mut fields: Vec<_> = KNOWN_SETTINGS.iter().map(|(key, _)| ((*key).to_owned(), String::new())).collect();
        for (key, value) in variant_parts(model).1.into_iter().filter_map(|part| part.split_once('=')) {
            match fields.iter_mut().find(|(known, _)| known == key) {
                Some((_, old)) => value.clone_into(old),
                None => fields.push((key.to_owned(), value.to_owned())),
            }
        }
        Self { model: model.to_owned(), fields, cursor: 0 }
    }

    /// The model's name without settings.
    #[must_use]
    pub fn base(&self) -> &str {
        variant_parts(&self.model).0
    }

    /// The model's name with the settings as they are written.
    #[must_use]
    pub fn name(&self) -> String {
        let written = self.fields.iter().filter(|(_, value)| !value.trim().is_empty());
        written.fold(self.base().to_owned(), |name, (key, value)| format!("{name}+{key}={}", value.trim()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_and_written_back() {
        for name in ["openai:gpt-4o", "a+temperature=0+seed=7", "a:b+max_tokens=5+extra_body.user=me"] {
            assert_eq!(SettingsEditor::of(name).name(), name);
        }
    }
}
