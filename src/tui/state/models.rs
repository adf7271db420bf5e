//! The models to pick from.

/// A model to pick from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelItem {
    /// `PROVIDER:MODEL`, or an alias.
    pub name: String,
    /// What it is: its provider's label, `fallback`, `alias`, `offline`.
    pub note: String,
    /// Whether the next prompt goes to it.
    pub picked: bool,
}

/// The models to pick from, in the order they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelList {
    /// The models.
    pub items: Vec<ModelItem>,
    /// The item under the cursor.
    pub cursor: usize,
}

impl ModelList {
    /// The picked models' names, in order.
    #[must_use]
    pub fn picked(&self) -> Vec<String> {
        self.items.iter().filter(|item| item.picked).map(|item| item.name.clone()).collect()
    }

    /// Picks a model; one that isn't in the list is put at its end.
    pub fn pick(&mut self, name: &str) {
        match self.items.iter_mut().find(|item| item.name == name) {
            Some(item) => item.picked = true,
            None => self.items.push(ModelItem { name: name.to_owned(), note: String::new(), picked: true }),
        }
    }
}
