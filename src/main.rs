//! The program.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use llmbench::cli::args::Command;
use llmbench::cli::{self, Cli, Failure};
use llmbench::config::{Config, Environment};
use llmbench::model::{Overrides, Registry};
use llmbench::session::{SessionError, Store};
use llmbench::text::sanitise;
use llmbench::tui::{self, Options};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::exit(if cli.wants_screen() { workbench(cli) } else { cli.perform() })
}

/// Opens the workbench; a session that isn't there is told before the terminal is taken.
fn workbench(cli: Cli) -> Result<ExitCode, Failure> {
    let environment = Environment::of_process();
    let config = Config::load(cli.config.as_deref(), &environment)?;
    let mistyped = cli.mistyped_command();
    let (session, replay) = match cli.command {
        Some(Command::Replay(args)) => (Some(args.session), Some(args.speed)),
        _ => (cli.session, None),
    };
    if let Some(session) = &session {
        let store = Store::new(config.sessions_dir(&environment)?);
        store.find(session).map_err(|error| missing(&error, mistyped.as_deref()))?;
    }
    let registry = Registry::new(Arc::new(config), Arc::new(environment), Overrides::default());
    let unsaved = tui::run(registry, Options { models: cli.models, theme: cli.theme, session, replay })?;
    for sentence in &unsaved {
        eprintln!("error: {}", sanitise(sentence));
    }
    Ok(if unsaved.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// There is no such session; perhaps a command was meant.
fn missing(error: &SessionError, mistyped: Option<&str>) -> Failure {
    match mistyped {
        Some(command) => Failure::with_hint(error.to_string(), format!("did you mean llmbench {command}?")),
        None => Failure::usage(error.to_string()),
    }
}
