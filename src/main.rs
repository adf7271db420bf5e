//! The program.

use std::process::ExitCode;

use clap::Parser;
use llmbench::cli::{self, Cli, Failure};

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli::exit(if cli.wants_screen() { workbench(&cli) } else { cli.perform() })
}

fn workbench(_cli: &Cli) -> Result<ExitCode, Failure> {
    Err(Failure::not_yet("the workbench"))
}
