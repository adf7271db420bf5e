//! What every command that asks models begins with: the configuration, and threads.

use std::path::Path;
use std::time::Duration;

use tokio::runtime::Builder;

use super::{Failure, Output};
use crate::config::{Config, Environment};

/// How long lanes that nobody waits for any more may take to end.
const PATIENCE: Duration = Duration::from_millis(100);

/// The configuration; what it warns of is told.
pub fn config(path: Option<&Path>, environment: &Environment, output: &mut Output) -> Result<Config, Failure> {
    let config = Config::load(path, environment)?;
    config.warnings.iter().for_each(|warning| output.tell(&format!("warning: {warning}")));
    Ok(config)
}

/// Does that on threads of its own.
pub fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| no_threads(&error))?;
    let result = runtime.block_on(work);
    // Lanes that nobody waits for any more end here, and their programs with them; one that hangs keeps nobody.
    runtime.shutdown_timeout(PATIENCE);
    result
}

/// The system gives no thread.
pub fn no_threads(error: &std::io::Error) -> Failure {
    Failure::usage(format!("the program can't start its threads: {error}"))
}
