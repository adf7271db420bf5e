//! Asks several providers at once, and tells which there are to ask.

use std::sync::Arc;

use futures_util::stream::{self, StreamExt};

use super::{Failure, start};
use crate::catalog;
use crate::config::{BUILT_IN, Config, Environment};
use crate::model::{Overrides, Registry};
use crate::wire::{ErrorKind, ModelError};

/// Providers that are asked at the same time.
const AT_ONCE: usize = 8;

/// Those that can be used as things are, and those that the configuration names; each once.
pub fn wanted(config: &Config, environment: &Environment) -> Vec<String> {
    let mut names: Vec<_> = config.usable_providers(environment).into_iter().map(|provider| provider.name).collect();
    for (name, _) in &config.providers {
        let row = catalog::provider(name).map_or(name, |row| &row.name);
        if !names.contains(row) && !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// A registry over this configuration.
pub fn registry(config: &Config, environment: &Environment) -> Registry {
    Registry::new(Arc::new(config.clone()), Arc::new(environment.clone()), Overrides::default())
}

/// Does `ask` for each of the names, some at the same time; the answers in the order of the names.
pub fn each<T, F: Future<Output = T>>(names: &[String], ask: impl Fn(String) -> F) -> Result<Vec<T>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| start::no_threads(&error))?;
    let asked = stream::iter(names.iter().cloned()).map(ask).buffered(AT_ONCE).collect();
    let answers = runtime.block_on(asked);
    // A key command that hangs must not keep the program from ending.
    runtime.shutdown_background();
    Ok(answers)
}

/// Whether it is a server of the user's own machine that nobody has asked for and that doesn't run: no failure.
pub fn is_absent(config: &Config, environment: &Environment, name: &str, error: &ModelError) -> bool {
    let is_unasked = config.provider_entry(name).is_none()
        && config.provider(name, environment).is_ok_and(|provider| provider.base_url_source == BUILT_IN);
    error.kind == ErrorKind::Connect && is_unasked && catalog::provider(name).is_some_and(|row| row.local)
}

/// So many models, in words.
pub fn counted(models: usize) -> String {
    format!("{models} model{}", if models == 1 { "" } else { "s" })
}
