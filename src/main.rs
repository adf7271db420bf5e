//! The program.

use std::process::ExitCode;

use clap::Parser;
use llmbench::cli::{self, Cli, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::exit(if cli.wants_screen() { workbench(&cli) } else { cli.perform() })
}

fn workbench(cli: &Cli) -> Result<ExitCode, Failure> {
    match (&cli.session, cli.mistyped_command()) {
        (Some(session), Some(command)) => Err(Failure::with_hint(
            format!("there is no session {session:?}"),
            format!("did you mean llmbench {command}?"),
        )),
        _ => Err(Failure::not_yet("the workbench")),
    }
}
