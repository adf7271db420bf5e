//! A model of a provider, as it is about to be made.

use std::time::Duration;

use crate::config::ResolvedProvider;
use crate::settings::Settings;

/// A model of a provider, as it is about to be made: alone, or as one of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// What people call it: `openai:gpt-4o`, or an alias.
    pub id: String,
    /// The vendor's name for it.
    pub model: String,
    /// Who serves it, and how to get in.
    pub provider: ResolvedProvider,
    /// Its settings, which lie beneath those of a request.
    pub settings: Settings,
}

impl Member {
    /// The limit on its whole answer, when a request names none: its settings', or the provider's.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.settings.limit().or(self.provider.limits.total)
    }
}
