//! Which providers can be used as things are, and what contradicts itself.

use super::{Config, Environment, ResolvedProvider};
use crate::catalog::{self, InterfaceKind, Provider};

/// The most models that are picked when the user has not said which.
const PICKED: usize = 4;

impl Config {
    /// The providers that can be used as things are: with a key in the configuration or the environment, or without
    /// need of one. Built-in ones first, then those of one's own; the offline one last.
    #[must_use]
    pub fn usable_providers(&self, environment: &Environment) -> Vec<ResolvedProvider> {
        let resolved = self.names().into_iter().filter_map(|name| self.provider(name, environment).ok());
        let usable = resolved.filter(|provider| provider.missing_key.is_none());
        let mut usable: Vec<_> = usable.filter(|provider| self.is_offered(&provider.name, environment)).collect();
        usable.sort_by_key(|provider| provider.interface == InterfaceKind::Test);
        usable
    }

    /// Whether a provider is wanted as far as can be told: most are when they can be used, some must be named.
    fn is_offered(&self, name: &str, environment: &Environment) -> bool {
        let named = |row: &Provider| row.variables().any(|variable| environment.get(variable).is_some());
        catalog::provider(name).is_none_or(|row| !row.opt_in || self.provider_entry(name).is_some() || named(row))
    }

    /// What is picked when the user has not said: the configured models, else the first of each of these providers with
    /// a key of its own (another interface to the same account isn't picked unasked), else the offline ones.
    #[must_use]
    pub fn first_models(&self, providers: &[ResolvedProvider]) -> Vec<String> {
        let configured = self.models.iter().map(|(name, _)| name.clone());
        let first = |(at, provider): (usize, &ResolvedProvider)| {
            let model = catalog::provider(&provider.name)?.models.first()?;
            let key = provider.key.as_ref()?;
            let is_own = !providers[..at].iter().any(|earlier| earlier.key.as_ref() == Some(key));
            is_own.then(|| format!("{}:{model}", provider.name))
        };
        let mut names: Vec<_> = configured.chain(providers.iter().enumerate().filter_map(first)).take(PICKED).collect();
        if names.is_empty() {
            let offline = catalog::provider("test").map_or(&[][..], |row| &row.models[..]);
            names.extend(offline.iter().map(|model| format!("test:{model}")));
        }
        names
    }

    /// Variables that contradict each other, a sentence each, with the one that is used.
    #[must_use]
    pub fn conflicts(&self, environment: &Environment) -> Vec<String> {
        catalog::providers().iter().flat_map(|row| self.conflicts_of(row, environment)).collect()
    }

    fn conflicts_of(&self, row: &Provider, environment: &Environment) -> Vec<String> {
        let entry = self.provider_entry(&row.name);
        let keys = row.keys.iter().map(|key| key.env.as_str());
        let keys =
            if entry.is_some_and(|entry| entry.api_key.is_some()) { None } else { disagreement(environment, keys) };
        let keys =
            keys.map(|(used, other)| format!("{used} and {other} hold different keys: {} uses {used}", row.name));
        let addresses = row.base_url_env.iter().map(String::as_str);
        let addresses = if entry.is_some_and(|entry| entry.base_url.is_some()) {
            None
        } else {
            disagreement(environment, addresses)
        };
        let addresses = addresses
            .map(|(used, other)| format!("{used} and {other} hold different addresses: {} uses {used}", row.name));
        keys.into_iter().chain(addresses).collect()
    }
}

/// The first variable that is set, and the next one that holds something else.
fn disagreement<'a>(environment: &Environment, names: impl Iterator<Item = &'a str>) -> Option<(&'a str, &'a str)> {
    let mut set = names.filter_map(|name| Some((name, environment.get(name)?.trim())));
    let (used, value) = set.next()?;
    set.find(|(_, other)| *other != value).map(|(other, _)| (used, other))
}
