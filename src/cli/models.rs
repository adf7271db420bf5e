//! `models`: the models that are known, a line each.

use std::path::Path;

use super::args::ModelsArgs;
use super::{Failure, Output};
use crate::catalog;
use crate::config::{Config, Environment};

/// Prints the known models of one provider, or of all.
pub fn models(
    config: Option<&Path>,
    environment: &Environment,
    args: &ModelsArgs,
    output: &mut Output,
) -> Result<(), Failure> {
    let config = Config::load(config, environment)?;
    if args.refresh {
        return Err(Failure::not_yet("models --refresh"));
    }
    let Some(name) = &args.provider else {
        return catalog::providers().iter().try_for_each(|row| list(row, output));
    };
    config.provider(name, environment)?;
    if let Some(row) = catalog::provider(name).filter(|row| !row.models.is_empty()) {
        return list(row, output);
    }
    output.tell(&format!("no models of {name} are known here; any can be named: {name}:MODEL"));
    Ok(())
}

fn list(row: &catalog::Provider, output: &mut Output) -> Result<(), Failure> {
    row.models.iter().try_for_each(|model| Ok(output.line(&format!("{}:{model}", row.name))?))
}
