//! `sessions`: saved sessions, listed, shown, exported and deleted.

use std::path::Path;

use super::args::SessionsAction;
use super::{Failure, Output};
use crate::config::{Config, Environment};

/// Does what is asked with saved sessions.
pub fn sessions(
    config: Option<&Path>,
    environment: &Environment,
    action: Option<SessionsAction>,
    output: &mut Output,
) -> Result<(), Failure> {
    let config = Config::load(config, environment)?;
    match action.unwrap_or(SessionsAction::List) {
        SessionsAction::Path => Ok(output.line(&config.sessions_dir(environment)?.display().to_string())?),
        SessionsAction::Export(args) => {
            args.format.built()?;
            Err(Failure::not_yet("sessions export"))
        }
        SessionsAction::List => Err(Failure::not_yet("sessions list")),
        SessionsAction::Show { .. } => Err(Failure::not_yet("sessions show")),
        SessionsAction::Delete { .. } => Err(Failure::not_yet("sessions delete")),
    }
}
