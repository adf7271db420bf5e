//! A prompt with variables, whose values are being asked for.

use crate::tui::template::{filled, variables};

/// A prompt with variables, whose values are being asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filling {
    /// The prompt as it was written.
    pub template: String,
    /// Each variable's name and value.
    pub values: Vec<(String, String)>,
    /// The variable under the cursor.
    pub cursor: usize,
}

impl Filling {
    /// For this prompt, with the values its variables had last; `None` when it has no variables.
    #[must_use]
    pub fn new(template: &str, known: &[(String, String)]) -> Option<Self> {
        let last = |name: &str| known.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value);
        let value = |name: &str| (name.to_owned(), last(name).to_owned());
        let values: Vec<_> = variables(template).into_iter().map(value).collect();
        (!values.is_empty()).then(|| Self { template: template.to_owned(), values, cursor: 0 })
    }

    /// The prompt with its values.
    #[must_use]
    pub fn prompt(&self) -> String {
        filled(&self.template, &self.values)
    }
}
