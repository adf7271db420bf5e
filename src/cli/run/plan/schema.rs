//! `--schema` and `--output-mode`: the structured output that is asked for.

use std::sync::Arc;

use crate::cli::Failure;
use crate::cli::args::{self, RunArgs};
use crate::model::read_schema;
use crate::settings::{OutputMode, OutputSpec};

/// What the arguments ask for; `None` without a schema.
///
/// # Errors
/// The file can't be read, is no JSON object, or is no valid schema; or there is a mode and no schema.
pub fn output(args: &RunArgs) -> Result<Option<Arc<OutputSpec>>, Failure> {
    match (args.schema.as_deref(), args.output_mode) {
        (Some(path), mode) => {
            Ok(Some(Arc::new(read_schema(path, mode.map(mode_of))?.with_retries(args.output_retries))))
        }
        (None, None) if args.output_retries > 0 => {
            Err(Failure::with_hint("--output-retries is for --schema", "add --schema FILE"))
        }
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Failure::with_hint("--output-mode is for --schema", "add --schema FILE")),
    }
}

const fn mode_of(mode: args::OutputMode) -> OutputMode {
    match mode {
        args::OutputMode::Tool => OutputMode::Tool,
        args::OutputMode::Native => OutputMode::Native,
        args::OutputMode::Prompted => OutputMode::Prompted,
    }
}
