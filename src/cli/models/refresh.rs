//! `models --refresh`: asks providers for their own lists, and keeps what they tell.

use std::time::Duration;

use jiff::Timestamp;

use super::providers::{self, counted};
use crate::catalog;
use crate::cli::{Failure, Output};
use crate::config::{Config, Environment, ResolvedProvider};
use crate::model::{KeptList, ListStore, Registry};
use crate::wire::{ErrorKind, ModelError};

/// The longest wait for a provider's whole list.
const LIMIT: Duration = Duration::from_mins(1);

/// The providers to ask when none is named: those that are wanted and tell a list.
pub fn wanted(config: &Config, environment: &Environment) -> Vec<String> {
    let tells = |name: &String| {
        config.provider(name, environment).is_ok_and(|provider| {
            provider.interface.is_http() && provider.list_format().is_some() && provider.missing_key.is_none()
        })
    };
    providers::wanted(config, environment).into_iter().filter(tells).collect()
}

/// Asks them all, keeps what they tell, and tells how it went; whether every one told its list. A server of the user's
/// own machine that doesn't run is no failure, unless it `is_named`.
pub fn refresh(
    config: &Config,
    environment: &Environment,
    names: &[String],
    is_named: bool,
    output: &mut Output,
) -> Result<bool, Failure> {
    let registry = &providers::registry(config, environment);
    let Some(store) = registry.lists() else {
        return Err(Failure::with_hint("there is no home folder to keep lists in", "set LLMBENCH_CACHE to a folder"));
    };
    let answers = providers::each(names, |name| async move { (ask(registry, store, &name).await, name) })?;
    let mut all_told = true;
    for (answer, name) in answers {
        match answer {
            Ok(sentence) => output.tell(&format!("{name}: {sentence}")),
            Err(error) if !is_named && providers::is_absent(config, environment, &name, &error) => {
                output.tell(&format!("{name}: not running, left out"));
            }
            Err(error) => {
                all_told = false;
                output.tell(&format!("error: {name}: {error}"));
                error.hint.iter().for_each(|hint| output.tell(&format!("hint: {hint}")));
            }
        }
    }
    Ok(all_told)
}

/// Asks one provider, and keeps its list; a sentence on what came.
async fn ask(registry: &Registry, store: &ListStore, name: &str) -> Result<String, ModelError> {
    let connection = registry.connection(name)?;
    let provider = connection.provider();
    if let Some(missing) = provider.missing_key.as_ref().filter(|_| !is_open(provider)) {
        return Err(ModelError::new(ErrorKind::Auth, missing));
    }
    let models = connection.list_models(LIMIT).await?.models;
    let told = KeptList { told_at: Timestamp::now(), models };
    let path = store.save(provider, &told).map_err(|reason| ModelError::new(ErrorKind::Config, reason))?;
    let with_price = told.models.iter().filter(|model| model.rates.is_some()).count();
    let prices = if with_price > 0 { format!(", {with_price} of them with a price") } else { String::new() };
    Ok(format!("{}{prices}, kept in {}", counted(told.models.len()), path.display()))
}

fn is_open(provider: &ResolvedProvider) -> bool {
    catalog::provider(provider.dialect).is_some_and(|row| row.open_list)
}
