//! The program.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use llmbench::cli::args::Command;
use llmbench::cli::{self, Cli, Failure};
use llmbench::config::{Config, Environment};
use llmbench::model::{Overrides, Registry};
use llmbench::session::{SessionError, Store, with_recorded};
use llmbench::text::sanitise;
use llmbench::tui::{self, Options};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let environment = Environment::of_process();
    let screen = cli.wants_screen(&environment);
    cli::exit(if screen { workbench(cli, environment) } else { cli.perform(environment, tui::check) })
}

/// Opens the workbench; a session that isn't there is told before the terminal is taken.
fn workbench(cli: Cli, environment: Environment) -> Result<ExitCode, Failure> {
    cli.check()?;
    let config = Config::load(cli.config.as_deref(), &environment)?;
    let mistyped = cli.mistyped_command();
    let (session, replay) = match cli.command {
        Some(Command::Replay(args)) => (Some(args.session), Some(args.speed)),
        _ => (cli.session, None),
    };
    if let Some(id) = session.as_deref().filter(|name| is_id(name)) {
        let store = Store::new(config.sessions_dir(&environment)?);
        store.find(id).map_err(|error| missing(&error, mistyped.as_deref()))?;
    }
    let registry = with_recorded(Registry::new(Arc::new(config), Arc::new(environment), Overrides::default()));
    let unsaved = tui::run(registry, Options { models: cli.models, theme: cli.theme, session, replay })?;
    for sentence in &unsaved {
        eprintln!("error: {}", sanitise(sentence));
    }
    Ok(if unsaved.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether a session's name is looked for among the names of files. To find the last one they would all be read, which
/// the workbench does once its first frame is drawn.
fn is_id(name: &str) -> bool {
    name.trim() != "last" && !name.contains(std::path::is_separator) && Path::new(name).extension().is_none()
}

/// There is no such session; perhaps a command was meant.
fn missing(error: &SessionError, mistyped: Option<&str>) -> Failure {
    match mistyped {
        Some(command) => Failure::with_hint(error.to_string(), format!("did you mean llmbench {command}?")),
        None => Failure::usage(error.to_string()),
    }
}
