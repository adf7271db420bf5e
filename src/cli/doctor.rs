//! `doctor`: what is configured, which key comes from where, and what the terminal can do. Asks nobody; shows no key.

mod terminal;

use std::path::Path;
use std::process::ExitCode;

use super::args::DoctorArgs;
use super::{Check, Failure, Output};
use crate::config::{Config, ConfigError, Environment, Location, ResolvedProvider};

/// Prints what is configured.
pub fn doctor(
    explicit: Option<&Path>,
    environment: &Environment,
    args: &DoctorArgs,
    workbench: Check,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    if args.probe {
        return Err(Failure::not_yet("doctor --probe"));
    }
    let loaded = Config::load(explicit, environment);
    let problem = loaded.as_ref().map_or_else(|error| Some(error.clone()), |config| workbench(config).err());
    let lines = [
        vec![format!("llmbench {}", env!("CARGO_PKG_VERSION"))],
        configuration(&Location::of_config(explicit, environment), &loaded, problem.as_ref()),
        providers(loaded.as_ref().unwrap_or(&Config::default()), environment),
        sessions(loaded.as_ref().unwrap_or(&Config::default()), environment),
        terminal::lines(environment),
    ];
    for line in lines.concat() {
        output.line(&line)?;
    }
    Ok(if problem.is_none() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn configuration(
    location: &Location,
    loaded: &Result<Config, ConfigError>,
    problem: Option<&ConfigError>,
) -> Vec<String> {
    let path = location
        .path()
        .map_or_else(|| "nowhere: there is no home folder".to_owned(), |path| path.display().to_string());
    let state = match loaded {
        Err(_) => "wrong, as if it were not there",
        Ok(config) if config.path.is_some() => "read",
        Ok(_) => "not there, and none is needed",
    };
    let problems = problem.map(|error| [&[error.message.clone()][..], &error.more].concat());
    let warnings = loaded.as_ref().map(|config| config.warnings.clone()).unwrap_or_default();
    let head = [String::new(), "Configuration".to_owned(), format!("  {path} ({state})")];
    let problems = problems.unwrap_or_default().into_iter().map(|problem| format!("  error: {problem}"));
    head.into_iter().chain(problems).chain(warnings.iter().map(|warning| format!("  warning: {warning}"))).collect()
}

fn providers(config: &Config, environment: &Environment) -> Vec<String> {
    let mut lines = vec![String::new(), "Providers".to_owned()];
    for name in config.names() {
        match config.provider(name, environment) {
            Ok(provider) => lines.extend(provider_lines(&provider)),
            Err(error) => lines.push(format!("  {name}: {error}")),
        }
    }
    lines.extend(config.conflicts(environment).iter().map(|conflict| format!("  warning: {conflict}")));
    lines
}

fn provider_lines(provider: &ResolvedProvider) -> [String; 2] {
    let key = match (&provider.key, &provider.missing_key, &provider.sign_in) {
        (Some(key), _, _) => format!("key from {}", key.source.describe()),
        (None, Some(missing), _) => missing.clone(),
        (None, None, Some(sign_in)) => format!("signs in with {}", sign_in.describe()),
        (None, None, None) => "no key set, none needed".to_owned(),
    };
    let place = match provider.base_url.expose() {
        "" => "offline".to_owned(),
        _ => format!("{} ({})", provider.base_url, provider.base_url_source),
    };
    let mark = if provider.missing_key.is_none() { "✓" } else { "–" };
    [format!("  {mark} {}: speaks {} at {place}", provider.name, provider.interface.as_str()), format!("    {key}")]
}

fn sessions(config: &Config, environment: &Environment) -> Vec<String> {
    let place = match config.sessions_dir(environment) {
        Ok(folder) if folder.is_dir() => format!("  {}", folder.display()),
        Ok(folder) => format!("  {} (not there yet)", folder.display()),
        Err(error) => format!("  {error}"),
    };
    vec![String::new(), "Sessions".to_owned(), place]
}
