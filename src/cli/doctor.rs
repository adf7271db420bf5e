//! `doctor`: what is configured, which key comes from where, and what the terminal can do. Asks nobody; shows no key.

mod terminal;

use std::path::Path;
use std::process::ExitCode;

use super::args::DoctorArgs;
use super::{Failure, Output};
use crate::config::{Config, ConfigError, Environment, Location, ResolvedProvider};

/// Prints what is configured.
pub fn doctor(
    explicit: Option<&Path>,
    environment: &Environment,
    args: &DoctorArgs,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    if args.probe {
        return Err(Failure::not_yet("doctor --probe"));
    }
    let loaded = Config::load(explicit, environment);
    let lines = [
        vec![format!("llmbench {}", env!("CARGO_PKG_VERSION"))],
        configuration(&Location::of_config(explicit, environment), &loaded),
        providers(loaded.as_ref().unwrap_or(&Config::default()), environment),
        sessions(loaded.as_ref().unwrap_or(&Config::default()), environment),
        terminal::lines(environment),
    ];
    for line in lines.concat() {
        output.line(&line)?;
    }
    Ok(if loaded.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn configuration(location: &Location, loaded: &Result<Config, ConfigError>) -> Vec<String> {
    let path = location
        .path()
        .map_or_else(|| "nowhere: there is no home folder".to_owned(), |path| path.display().to_string());
    let state = match loaded {
        Err(_) => "wrong, as if it were not there",
        Ok(config) if config.path.is_some() => "read",
        Ok(_) => "not there, and none is needed",
    };
    let problems = loaded.as_ref().err().map(|error| [&[error.message.clone()][..], &error.more].concat());
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
    let key = match (&provider.key, &provider.missing_key) {
        (Some(key), _) => format!("key from {}", key.source.describe()),
        (None, Some(missing)) => missing.clone(),
        (None, None) => "no key set, none needed".to_owned(),
    };
    let place = match &provider.base_url[..] {
        "" => "offline".to_owned(),
        url => format!("{} ({})", without_password(url), provider.base_url_source),
    };
    let mark = if provider.missing_key.is_none() { "✓" } else { "–" };
    [format!("  {mark} {}: speaks {} at {place}", provider.name, provider.interface.as_str()), format!("    {key}")]
}

/// An address without what stands before its host.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.find('/').unwrap_or(rest.len());
    match rest[..authority].rfind('@') {
        Some(at) => format!("{scheme}://•••{}", &rest[at..]),
        None => url.to_owned(),
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

#[cfg(test)]
mod tests {
    use super::without_password;

    #[test]
    fn an_address_shows_no_password() {
        assert_eq!(without_password("http://me:secret@host/v1"), "http://•••@host/v1");
        assert_eq!(without_password("http://host/a@b"), "http://host/a@b");
    }
}
