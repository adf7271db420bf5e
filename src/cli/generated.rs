//! What is generated from the arguments' types: completion scripts and the manual page.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Failure, Output};

/// Prints a completion script.
pub fn completions(shell: Shell, output: &mut Output) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "llmbench", &mut script);
    Ok(output.print(&String::from_utf8_lossy(&script))?)
}

/// Prints the manual page, in roff.
pub fn man(output: &mut Output) -> Result<(), Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    Ok(output.print(&String::from_utf8_lossy(&page))?)
}
