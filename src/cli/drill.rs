//! `drill`: plays server faults at a chain's members on loopback, and prints what the chain did.

mod text;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{DrillArgs, DrillFormat};
use super::{Failure, Output, start};
use crate::config::Environment;
use crate::drill::{DrillReport, Fault, drill};
use crate::model::{Overrides, Registry};

/// Drills, prints, and tells the exit status: 0 when the chain answered whole wherever a chain can.
pub fn run(
    config: Option<&Path>,
    environment: Environment,
    args: &DrillArgs,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let config = start::config(config, &environment, output)?;
    let registry = Registry::new(Arc::new(config), Arc::new(environment), Overrides::default());
    let report = perform(&registry, args)?;
    match args.format {
        DrillFormat::Text => text::lines(&report).iter().try_for_each(|line| output.line(line))?,
        DrillFormat::Json => output.line(&serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?)?,
    }
    Ok(if report.survived() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn perform(registry: &Registry, args: &DrillArgs) -> Result<DrillReport, Failure> {
    let faults = if args.faults.is_empty() { &Fault::ALL[..] } else { &args.faults };
    start::block_on(async { Ok(drill(registry, &args.model, faults, !args.no_stream).await?) })
}
