//! `config`: where the file is, an example to start from, and whether it is right.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::args::ConfigAction;
use super::{Check, Failure, Output};
use crate::config::{Config, Environment, Location};

const EXAMPLE: &str = include_str!("example.toml");

/// Does what is asked with the configuration.
pub fn config(
    explicit: Option<&Path>,
    environment: &Environment,
    action: Option<ConfigAction>,
    workbench: Check,
    output: &mut Output,
) -> Result<(), Failure> {
    let location = Location::of_config(explicit, environment);
    let path = location.path().ok_or_else(|| {
        Failure::with_hint("there is no home folder to look for a configuration in", "give one with --config FILE")
    })?;
    match action.unwrap_or(ConfigAction::Path) {
        ConfigAction::Path => Ok(output.line(&path.display().to_string())?),
        ConfigAction::Init => init(path, output),
        ConfigAction::Check => {
            let config = Config::load(explicit, environment)?;
            workbench(&config, environment)?;
            check(&config, path, output)
        }
    }
}

fn init(path: &Path, output: &mut Output) -> Result<(), Failure> {
    write_new(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Failure::with_hint(
            format!("{} is there already and was left alone", path.display()),
            "look at it with llmbench config check",
        ),
        _ => Failure::usage(format!("{} can't be written: {error}", path.display())),
    })?;
    Ok(output.line(&path.display().to_string())?)
}

/// Writes the example where nothing is yet, for the user alone to read.
fn write_new(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(EXAMPLE.as_bytes())
}

fn check(config: &Config, path: &Path, output: &mut Output) -> Result<(), Failure> {
    for warning in &config.warnings {
        output.tell(&format!("warning: {warning}"));
    }
    let state = if config.path.is_some() { "is right" } else { "is not there, and none is needed" };
    Ok(output.line(&format!("{} {state}", path.display()))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example as it is, and with every line of it that is commented out in use.
    #[test]
    fn the_example_is_right() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        let used: Vec<_> = EXAMPLE.lines().map(|line| line.strip_prefix("#! ").unwrap_or(line)).collect();
        for text in [EXAMPLE.to_owned(), used.join("\n")] {
            fs::write(&path, &text).expect("written");
            let loaded = Config::load(Some(&path), &Environment::default());
            assert!(loaded.is_ok(), "{loaded:?}\n{text}");
        }
    }
}
