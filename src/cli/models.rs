//! `models`: the models that are known, a line each; with `--refresh`, as the providers themselves tell them.

mod refresh;

use std::path::Path;
use std::process::ExitCode;

use super::args::ModelsArgs;
use super::{Failure, Output, providers};
use crate::catalog::{self, Price};
use crate::config::{Config, Environment};
use crate::model::{KeptList, ListStore, known_models, known_price};

/// Prints the known models of one provider, or of all; with `--refresh` of those that were asked.
pub fn models(
    config: Option<&Path>,
    environment: &Environment,
    args: &ModelsArgs,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let config = Config::load(config, environment)?;
    if let Some(name) = &args.provider {
        config.provider(name, environment)?;
    }
    let names = match &args.provider {
        Some(name) => vec![name.clone()],
        None if args.refresh => refresh::wanted(&config, environment),
        None => config.names().into_iter().map(str::to_owned).collect(),
    };
    let all_told = !args.refresh || refresh::refresh(&config, environment, &names, args.provider.is_some(), output)?;
    let store = ListStore::of(environment);
    for name in &names {
        list(&Known::of(&config, environment, store.as_ref(), name, output), args, output)?;
    }
    Ok(if all_told { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What is known of a provider's models.
struct Known {
    provider: String,
    models: Vec<(String, Option<Price>)>,
}

impl Known {
    fn of(
        config: &Config,
        environment: &Environment,
        store: Option<&ListStore>,
        name: &str,
        output: &mut Output,
    ) -> Self {
        let row = catalog::provider(name);
        let provider = row.map_or(name, |row| &row.name).to_owned();
        let Ok(resolved) = config.provider(name, environment) else {
            let embedded = row.map_or(&[][..], |row| &row.models[..]);
            return Self { provider, models: embedded.iter().map(|model| (model.clone(), None)).collect() };
        };
        let kept: Option<KeptList> = store.and_then(|store| {
            let loaded = store.load(&resolved);
            loaded.unwrap_or_else(|warning| {
                output.tell(&format!("warning: {warning}"));
                None
            })
        });
        let models = known_models(&resolved, kept.as_ref()).into_iter();
        let models = models.map(|model| {
            let price = known_price(&resolved, &model, kept.as_ref());
            (model, price)
        });
        Self { provider, models: models.collect() }
    }
}

fn list(known: &Known, args: &ModelsArgs, output: &mut Output) -> Result<(), Failure> {
    let name = &known.provider;
    if known.models.is_empty() && args.provider.is_some() {
        output.tell(&format!("no models of {name} are known here; any can be named: {name}:MODEL"));
    }
    for (model, price) in &known.models {
        let more = if args.prices { prices(price.as_ref()) } else { String::new() };
        output.line(&format!("{name}:{model}{more}"))?;
    }
    Ok(())
}

/// The rates of input, output, cache read and cache write, their source and their day; `–` for what is not known.
fn prices(price: Option<&Price>) -> String {
    let rates = price.map(|price| price.rates);
    let rates = [
        rates.map(|rates| rates.input),
        rates.map(|rates| rates.output),
        rates.and_then(|rates| rates.cache_read),
        rates.and_then(|rates| rates.cache_write),
    ];
    let rates = rates.map(|rate| rate.map(|rate| rate.to_string()));
    let (source, date) = price.map(|price| (price.source.clone(), price.date.to_string())).unzip();
    let mut line = String::new();
    for field in rates.into_iter().chain([source, date]) {
        line.push('\t');
        line.push_str(field.as_deref().unwrap_or("–"));
    }
    line
}
