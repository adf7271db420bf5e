//! What a name means, as far as it is a chain's.

use super::{MAX_DEPTH, Registry, UNTOLD};
use crate::config::ModelEntry;
use crate::model::FallbackOn;
use crate::settings::split_variant;

impl Registry {
    /// Whether that name means a chain of models, directly or by an alias.
    #[must_use]
    pub fn is_chain(&self, name: &str) -> bool {
        self.fallback_on(name).is_some()
    }

    /// What makes the chain of that name ask its next model; `None` when the name means no chain.
    #[must_use]
    pub fn fallback_on(&self, name: &str) -> Option<Vec<FallbackOn>> {
        let mut name = name;
        for _ in 0..MAX_DEPTH {
            match self.config.model(name) {
                Some(ModelEntry::Alias { model, .. }) => name = model,
                Some(ModelEntry::Fallback { on, .. }) => return Some(on.clone()),
                None => match split_variant(name) {
                    Ok((base, _)) if base != name => name = base,
                    _ => break,
                },
            }
        }
        name.starts_with("fallback:").then(|| UNTOLD.to_vec())
    }
}
