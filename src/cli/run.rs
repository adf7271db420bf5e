//! `run`: one prompt to one or more models, without a screen.

mod interrupt;
mod keep;
mod notes;
mod plan;
mod printer;
mod prompt;

use std::io;
use std::path::Path;
use std::process::ExitCode;

use jiff::Timestamp;

pub(super) use self::interrupt::Interrupt;
pub(super) use self::keep::Keeper;
pub(super) use self::notes::tell;
use self::plan::Plan;
pub(super) use self::plan::model;
pub(super) use self::printer::Printer;
use super::args::RunArgs;
use super::{Failure, Output, start};
use crate::config::Environment;
use crate::model::Outcome;
use crate::run::{LaneRecord, Run};

/// Interrupted by the user.
pub(super) const INTERRUPTED: u8 = 130;

/// Asks, prints, and tells the exit status: 0 when every lane completed, 1 when some did not, 130 when interrupted.
pub fn run(
    config: Option<&Path>,
    environment: Environment,
    args: &RunArgs,
    mut output: Output,
) -> Result<ExitCode, Failure> {
    let plan = plan::plan(config, environment, args, &mut output)?;
    start::block_on(perform(plan, &mut output))
}

async fn perform(plan: Plan, output: &mut Output) -> Result<ExitCode, Failure> {
    let Plan { names, lanes, prompt, system, format, mut keeper } = plan;
    let mut printer = Printer::new(format, &lanes);
    let mut records: Vec<_> = names.iter().map(|name| LaneRecord::new(name, Timestamp::now())).collect();
    let mut run = Run::start(lanes);
    let interrupt = Interrupt::watch(run.cancel.clone());
    let followed = async {
        while let Some(event) = run.events.recv().await {
            let record = &mut records[event.lane];
            record.apply(event.at, &event.event);
            tell(record, &event.event, output);
            printer.event(record, &event, output)?;
            if let Some(keeper) = &mut keeper {
                keeper.note(&records, output);
            }
        }
        io::Result::Ok(())
    }
    .await;
    // What has arrived is kept, also when nobody reads the output any more.
    if let Some(keeper) = &mut keeper
        && keeper.save(&records, output)
    {
        output.tell(&format!("saved as session {}", keeper.id()));
    }
    followed?;
    printer.end(&prompt, system.as_deref(), &records, output)?;
    Ok(exit_code(&records, interrupt.happened()))
}

fn exit_code(records: &[LaneRecord], interrupted: bool) -> ExitCode {
    if interrupted {
        ExitCode::from(INTERRUPTED)
    } else if records.iter().all(|record| record.outcome() == Outcome::Completed) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
