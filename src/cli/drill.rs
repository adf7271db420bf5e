//! `drill`: plays server faults at a chain's members on loopback, and prints what the chain did.

mod text;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Builder;

use super::args::{DrillArgs, DrillFormat};
use super::{Failure, Output};
use crate::config::{Config, Environment};
use crate::drill::{DrillReport, Fault, drill};
use crate::model::{Overrides, Registry};

/// Drills, prints, and tells the exit status: 0 when the chain answered whole wherever a chain can.
pub fn run(
    config: Option<&Path>,
    environment: Environment,
    args: &DrillArgs,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let config = Config::load(config, &environment)?;
    config.warnings.iter().for_each(|warning| output.tell(&format!("warning: {warning}")));
    let registry = Registry::new(Arc::new(config), Arc::new(environment), Overrides::default());
    let report = perform(&registry, args)?;
    match args.format {
        DrillFormat::Text => text::lines(&report).iter().try_for_each(|line| output.line(line))?,
        DrillFormat::Json => output.line(&serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?)?,
    }
    Ok(if report.survived() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn perform(registry: &Registry, args: &DrillArgs) -> Result<DrillReport, Failure> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::usage(format!("the program can't start its threads: {error}")))?;
    let all = Fault::ALL.to_vec();
    let faults = if args.faults.is_empty() { &all } else { &args.faults };
    let report = runtime.block_on(drill(registry, &args.model, faults, !args.no_stream));
    runtime.shutdown_timeout(Duration::from_millis(100));
    Ok(report?)
}
