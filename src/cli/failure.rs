//! What stops a command, and the exit status it means.

use std::io;
use std::process::ExitCode;

use super::output::Output;
use crate::config::ConfigError;
use crate::wire::ModelError;

/// Bad usage or configuration.
const USAGE: u8 = 2;

/// What stops a command before it could do its work.
#[derive(Debug)]
pub enum Failure {
    /// Bad usage or configuration: exit status 2.
    Usage {
        /// One sentence: what is wrong, where.
        message: String,
        /// What to do about it.
        hint: Option<String>,
        /// What else is wrong, a sentence each.
        more: Vec<String>,
    },
    /// The output could not be written: exit status 1, or 0 when nobody reads it any more.
    Output(io::Error),
}

impl Failure {
    /// Bad usage, in one sentence.
    #[must_use]
    pub fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None, more: Vec::new() }
    }

    /// Bad usage, and what to do about it.
    #[must_use]
    pub fn with_hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: Some(hint.into()), more: Vec::new() }
    }

    /// Something that the contract has and this version has not.
    #[must_use]
    pub fn not_yet(what: &str) -> Self {
        Self::usage(format!("{what} is not built into this version yet"))
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::Usage { message: error.message, hint: error.hint, more: error.more }
    }
}

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::Usage { message: error.message, hint: error.hint, more: Vec::new() }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The exit status of a command; a failure is told on standard error.
#[must_use]
pub fn exit(result: Result<ExitCode, Failure>) -> ExitCode {
    let mut output = Output::of_process();
    match result {
        Ok(code) => code,
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            output.tell(&format!("error: the output can't be written: {error}"));
            ExitCode::FAILURE
        }
        Err(Failure::Usage { message, hint, more }) => {
            for sentence in std::iter::once(&message).chain(&more) {
                output.tell(&format!("error: {sentence}"));
            }
            if let Some(hint) = hint {
                output.tell(&format!("hint: {hint}"));
            }
            ExitCode::from(USAGE)
        }
    }
}
