//! `sessions`: saved sessions, listed, shown, exported, imported and deleted.

use std::io::{self, Read};
use std::path::Path;

use jiff::Timestamp;

use super::args::{ExportArgs, ExportFormat, SessionsAction};
use super::{Failure, Output};
use crate::config::{Config, Environment};
use crate::message::timestamp;
use crate::session::{Entry, Export, Exported, Imported, Session, SessionError, Store, export_markdown, import};

/// Does what is asked with saved sessions.
pub fn sessions(
    config: Option<&Path>,
    environment: &Environment,
    action: Option<SessionsAction>,
    output: &mut Output,
) -> Result<(), Failure> {
    let store = Store::new(Config::load(config, environment)?.sessions_dir(environment)?);
    match action.unwrap_or(SessionsAction::List) {
        SessionsAction::Path => output.line(&store.dir().display().to_string())?,
        SessionsAction::List => list(&store.list()?, output)?,
        SessionsAction::Show { id } => output.print(&export_markdown(&store.load(&id)?))?,
        SessionsAction::Export(args) => {
            refuse_lane(&args)?;
            let exported = export(&store.load(&args.id)?, &args)?;
            exported.notes.iter().for_each(|note| output.tell(note));
            output.print(&exported.text)?;
        }
        SessionsAction::Import { file } => {
            let Imported { session, notes } = import(&read(&file)?, &file, Timestamp::now())?;
            for note in &notes {
                output.tell(note);
            }
            store.save(&session)?;
            output.line(&session.id.to_string())?;
        }
        SessionsAction::Delete { id } => {
            let path = store.delete(&id)?;
            output.tell(&format!("deleted {}", path.display()));
        }
    }
    Ok(())
}

/// A line per session: ID, when it was last saved, turns, title, models. Damaged files are listed with what is wrong.
fn list(entries: &[Entry], output: &mut Output) -> Result<(), Failure> {
    if entries.is_empty() {
        output.tell("there are no sessions yet; the workbench saves by itself, and `run` does with --save");
    }
    for entry in entries {
        let when = timestamp::format(&entry.updated_at);
        let line = match &entry.summary {
            Ok(summary) => {
                let turns = if summary.turns == 1 { "1 turn".to_owned() } else { format!("{} turns", summary.turns) };
                format!("{}  {when}  {turns}  {}  [{}]", entry.id, summary.title, summary.models.join(", "))
            }
            Err(error) => format!("{}  {when}  {error}", entry.id),
        };
        output.line(&line)?;
    }
    Ok(())
}

fn export(session: &Session, args: &ExportArgs) -> Result<Exported, Failure> {
    let export = match args.format {
        ExportFormat::Json => Export::Json,
        ExportFormat::Md => Export::Markdown,
        ExportFormat::Html => Export::Html,
        ExportFormat::Csv => Export::Csv,
        ExportFormat::Pydantic => Export::Pydantic { lane: lane(session, args)?.to_owned() },
        ExportFormat::Promptfoo => Export::Promptfoo,
    };
    Ok(export.of(session)?)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| Failure::usage(format!("{} can't be read: {error}", file.display())))
}

/// A lane is chosen for PydanticAI's messages alone; any other format holds all of them.
fn refuse_lane(args: &ExportArgs) -> Result<(), Failure> {
    if args.lane.is_none() || args.format == ExportFormat::Pydantic {
        return Ok(());
    }
    Err(Failure::with_hint(
        "--lane is for --format pydantic alone: the other formats hold every lane",
        "leave --lane out, or write --format pydantic",
    ))
}

/// The lane whose messages are meant; of a session with one model there is no choice.
fn lane<'a>(session: &'a Session, args: &'a ExportArgs) -> Result<&'a str, Failure> {
    let models = session.models();
    match (&args.lane, &models[..]) {
        (Some(lane), _) => Ok(lane),
        (None, [only]) => Ok(only),
        (None, _) => Err(Failure::with_hint(
            "the session holds several models, and a PydanticAI history is that of one",
            format!("add --lane MODEL, one of {}", models.join(", ")),
        )),
    }
}

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        Self::usage(error.to_string())
    }
}
