//! `doctor`: what is configured, which key comes from where, and what the terminal can do. Asks
//! nobody without `--probe`; shows no key.

mod probe;
mod terminal;

use std::path::Path;
use std::process::ExitCode;

use jiff::tz::TimeZone;

use super::args::DoctorArgs;
use super::providers::counted;
use super::{Check, Failure, Output};
use crate::catalog::InterfaceKind;
use crate::config::{Config, ConfigError, Environment, Location, ResolvedProvider};
use crate::model::{KeptList, ListStore};

/// Prints what is configured.
pub fn doctor(
    explicit: Option<&Path>,
    environment: &Environment,
    args: &DoctorArgs,
    workbench: Check,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let loaded = Config::load(explicit, environment);
    let problem =
        loaded.as_ref().map_or_else(|error| Some(error.clone()), |config| workbench(config, environment).err());
    let lines = [
        vec![format!("llmbench {}", env!("CARGO_PKG_VERSION"))],
        configuration(&Location::of_config(explicit, environment), &loaded, problem.as_ref()),
        providers(loaded.as_ref().unwrap_or(&Config::default()), environment),
        sessions(loaded.as_ref().unwrap_or(&Config::default()), environment),
        lists(loaded.as_ref().unwrap_or(&Config::default()), environment),
        terminal::lines(environment),
    ];
    for line in lines.concat() {
        output.line(&line)?;
    }
    let mut all_answered = true;
    if args.probe {
        let (lines, all) = probe::lines(&loaded.unwrap_or_default(), environment)?;
        lines.iter().try_for_each(|line| output.line(line))?;
        all_answered = all;
    }
    Ok(match problem {
        Some(_) => ExitCode::from(2),
        None if all_answered => ExitCode::SUCCESS,
        None => ExitCode::FAILURE,
    })
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
    let program = provider.command.as_ref().and_then(|words| words.first());
    let key = match (&provider.key, &provider.missing_key, &provider.sign_in) {
        (Some(key), _, _) => format!("key from {}", key.source.describe()),
        (None, Some(missing), _) => missing.clone(),
        (None, None, Some(sign_in)) => format!("signs in with {}", sign_in.describe()),
        (None, None, None) => "no key set, none needed".to_owned(),
    };
    let is_usable =
        provider.missing_key.is_none() && (provider.interface != InterfaceKind::Command || program.is_some());
    let mark = if is_usable { "✓" } else { "–" };
    [format!("  {mark} {}: {}", provider.name, place(provider, program)), format!("    {key}")]
}

/// What a provider speaks, and where; of a program its name alone, since arguments may hold secrets.
fn place(provider: &ResolvedProvider, program: Option<&String>) -> String {
    match (provider.interface, program) {
        (InterfaceKind::Command, Some(program)) => format!("runs the program {program:?}"),
        (InterfaceKind::Command, None) => format!("has no program: set command in [providers.{}]", provider.name),
        (InterfaceKind::Recorded, _) => "answers from saved sessions, as recorded:SESSION#LANE".to_owned(),
        (InterfaceKind::Test, _) => "answers offline".to_owned(),
        (interface, _) => {
            format!("speaks {} at {} ({})", interface.as_str(), provider.base_url, provider.base_url_source)
        }
    }
}

fn sessions(config: &Config, environment: &Environment) -> Vec<String> {
    let place = match config.sessions_dir(environment) {
        Ok(folder) if folder.is_dir() => format!("  {}", folder.display()),
        Ok(folder) => format!("  {} (not there yet)", folder.display()),
        Err(error) => format!("  {error}"),
    };
    vec![String::new(), "Sessions".to_owned(), place]
}

/// The lists of models that providers have told, and when.
fn lists(config: &Config, environment: &Environment) -> Vec<String> {
    let mut lines = vec![String::new(), "Lists of models".to_owned()];
    let Some(store) = ListStore::of(environment) else {
        return [lines, vec!["  nowhere: there is no home folder".to_owned()]].concat();
    };
    for provider in config.names().into_iter().filter_map(|name| config.provider(name, environment).ok()) {
        match store.load(&provider) {
            Ok(Some(KeptList { models, told_at })) => {
                let date = told_at.to_zoned(TimeZone::system()).date();
                lines.push(format!("  {}: {}, told on {date}", provider.name, counted(models.len())));
            }
            Ok(None) => {}
            Err(warning) => lines.push(format!("  warning: {warning}")),
        }
    }
    if lines.len() == 2 {
        lines.push("  none kept yet: llmbench models --refresh asks for them".to_owned());
    }
    lines
}
