//! The command line: arguments as typed → validated → done, without a screen. Never draws.

pub mod args;
mod config;
mod doctor;
mod drill;
mod failure;
mod generated;
mod models;
mod output;
mod plain;
mod providers;
mod rerun;
mod run;
mod sessions;
mod start;

use std::io::{self, IsTerminal};
use std::process::ExitCode;

pub use args::Cli;
use args::Command;
use clap::CommandFactory;
pub use failure::{Failure, exit};
use output::Output;

use crate::config::{Config, ConfigError, Environment};

/// Checks what the configuration says of a part that the command line doesn't know.
pub type Check = fn(&Config, &Environment) -> Result<(), ConfigError>;

impl Cli {
    /// Whether the workbench is meant: no command, or one that plays in it.
    #[must_use]
    pub fn wants_screen(&self, environment: &Environment) -> bool {
        matches!(self.command, None | Some(Command::Replay(_))) && !self.is_plain(environment)
    }

    /// Whether it is asked for without a screen, or there is none: the terminal says that it can do nothing but lines.
    fn is_plain(&self, environment: &Environment) -> bool {
        let is_terminal = || io::stdin().is_terminal() && io::stdout().is_terminal();
        self.plain || environment.get("TERM") == Some("dumb") && is_terminal()
    }

    /// The command that was most likely meant, when what stands in a session's place is close to one.
    #[must_use]
    pub fn mistyped_command(&self) -> Option<String> {
        let commands = Self::command();
        let names = commands.get_subcommands().map(clap::Command::get_name);
        crate::catalog::closest(self.session.as_deref()?, names).map(str::to_owned)
    }

    /// Does what a command without a screen asks for, and tells the exit status. `check` looks over what the
    /// configuration says of the workbench.
    ///
    /// # Errors
    /// What was wrong with the command line, the configuration, or the output.
    pub fn perform(self, environment: Environment, check: Check) -> Result<ExitCode, Failure> {
        self.check()?;
        let config = self.config.as_deref();
        let mut output = Output::of_process();
        match self.command {
            Some(Command::Run(args)) => return run::run(config, environment, &args, output),
            Some(Command::Drill(args)) => return drill::run(config, environment, &args, &mut output),
            Some(Command::Doctor(args)) => return doctor::doctor(config, &environment, &args, check, &mut output),
            Some(Command::Models(args)) => return models::models(config, &environment, &args, &mut output),
            Some(Command::Config(args)) => config::config(config, &environment, args.action, check, &mut output)?,
            Some(Command::Sessions(args)) => sessions::sessions(config, &environment, args.action, &mut output)?,
            Some(Command::Completions { shell }) => generated::completions(shell, &mut output)?,
            Some(Command::Man) => generated::man(&mut output)?,
            Some(Command::Replay(args)) => return Err(plain::no_replay(&args.session)),
            None => return plain::plain(config, environment, self.models, self.session.as_deref(), &mut output),
            Some(Command::Rerun(args)) => return rerun::rerun(config, environment, &args, &mut output),
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Refuses what would mean nothing: options of the workbench before another command, and two sessions.
    ///
    /// # Errors
    /// What is misplaced, and where it belongs.
    pub fn check(&self) -> Result<(), Failure> {
        let is_misplaced = self.plain || self.theme.is_some() || self.session.is_some() || !self.models.is_empty();
        match (&self.command, &self.session) {
            (Some(Command::Replay(args)), Some(before)) => Err(Failure::with_hint(
                format!("{before:?} before replay means nothing: {:?} is what would be played", args.session),
                "write llmbench replay SESSION",
            )),
            (None | Some(Command::Replay(_)), _) => Ok(()),
            _ if is_misplaced => Err(Failure::with_hint(
                "-m, --theme, --plain and SESSION before a command belong to the workbench",
                "write the command first: llmbench run -m MODEL PROMPT",
            )),
            _ => Ok(()),
        }
    }
}
