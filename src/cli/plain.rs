//! `--plain`: the workbench without a screen. A line is a prompt, the answers follow it one after the other, as `run`
//! prints them, each with its figures; nothing is ever drawn over. For screen readers and terminals that know only lines.

mod figures;
mod lines;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use self::lines::Lines;
use super::args::Format;
use super::run::{INTERRUPTED, Keeper, Printer, model, tell};
use super::{Failure, Output, start};
use crate::config::{Config, Environment};
use crate::model::{LaneEvent, Model, Overrides, Registry, Request};
use crate::run::{Asked, Lane, LaneRecord, Run, Signals};
use crate::session::{Session, Store, next_request, with_recorded};
use crate::settings::Settings;

/// What is asked, by whom it is answered, and where it is kept.
struct Talk {
    names: Vec<String>,
    models: Vec<Arc<dyn Model>>,
    keeper: Keeper,
    /// Whether all that was answered is saved.
    is_saved: bool,
    /// Whether the program was asked to end while models answered.
    is_over: bool,
}

/// A replay is something to look at.
pub fn no_replay(session: &str) -> Failure {
    Failure::with_hint(
        "replay plays on a screen, and there is none (--plain or TERM=dumb)",
        format!("read it with llmbench sessions show {session}"),
    )
}

/// Asks the models line by line until the input ends. `asked`: the models, instead of those of the session or the
/// configuration.
///
/// # Errors
/// Bad usage or configuration, or the output can't be written.
pub fn plain(
    config: Option<&Path>,
    environment: Environment,
    asked: Vec<String>,
    session: Option<&str>,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let config = start::config(config, &environment, output)?;
    let store = Store::new(config.sessions_dir(&environment)?);
    let opened = session.map(|name| store.load(name)).transpose()?;
    let names = names(asked, opened.as_ref(), &config, &environment);
    let registry = with_recorded(Registry::new(Arc::new(config), Arc::new(environment), Overrides::default()));
    let models = names.iter().map(|name| model(&registry, name)).collect::<Result<Vec<_>, _>>()?;
    greet(&names, opened.as_ref(), output);
    let session = opened.unwrap_or_else(|| Session::new(Timestamp::now(), None, Settings::default()));
    let talk = Talk { names, models, keeper: Keeper::of(store, session), is_saved: true, is_over: false };
    start::block_on(talk.until_the_end(output))
}

fn names(asked: Vec<String>, opened: Option<&Session>, config: &Config, environment: &Environment) -> Vec<String> {
    let last = opened.and_then(|session| session.turns.last());
    let of_session = || last.map(|turn| turn.runs.iter().map(|run| run.report.model.clone()).collect::<Vec<_>>());
    let first = || config.first_models(&config.usable_providers(environment));
    let selected = || Some(config.ui.selected.clone()).filter(|selected| !selected.is_empty());
    Some(asked).filter(|asked| !asked.is_empty()).or_else(of_session).or_else(selected).unwrap_or_else(first)
}

fn greet(names: &[String], opened: Option<&Session>, output: &mut Output) {
    if let Some(session) = opened {
        let turns =
            if session.turns.len() == 1 { "1 turn".to_owned() } else { format!("{} turns", session.turns.len()) };
        output.tell(&format!(
            "Session {:?}, {turns} so far; llmbench sessions show {} prints it.",
            session.title, session.id
        ));
    }
    output.tell(&format!("Models: {}.", names.join(", ")));
    output.tell("Write a prompt in a line and press Enter. Ctrl-C cancels the answers, Ctrl-D ends the program.");
}

impl Talk {
    async fn until_the_end(mut self, output: &mut Output) -> Result<ExitCode, Failure> {
        let mut signals = Signals::new()?;
        let mut lines = Lines::of_stdin();
        let typed = io::stdin().is_terminal();
        while !self.is_over {
            if typed {
                output.ask("> ");
            }
            let line = tokio::select! {
                line = lines.next() => line,
                _ = signals.next() => return Ok(ExitCode::from(INTERRUPTED)),
            };
            match line {
                None => break,
                Some(Err(reason)) => output.tell(&reason),
                Some(Ok(prompt)) if prompt.trim().is_empty() => {}
                Some(Ok(prompt)) => {
                    if !typed {
                        // What is piped in stands nowhere else.
                        output.line(&format!("> {prompt}"))?;
                    }
                    self.ask(&prompt, &mut signals, output).await?;
                }
            }
        }
        if typed {
            output.tell("");
        }
        Ok(match (self.is_over, self.is_saved) {
            (true, _) => ExitCode::from(INTERRUPTED),
            (false, true) => ExitCode::SUCCESS,
            (false, false) => ExitCode::FAILURE,
        })
    }

    /// One turn. What has arrived is kept, also when nobody reads the output any more.
    async fn ask(&mut self, prompt: &str, signals: &mut Signals, output: &mut Output) -> Result<(), Failure> {
        self.keeper.begin_turn(prompt);
        let mut records: Vec<_> = self.names.iter().map(|name| LaneRecord::new(name, Timestamp::now())).collect();
        let printed = self.follow(&mut records, signals, output).await;
        self.is_saved = self.keeper.save(&records, output);
        Ok(printed?)
    }

    async fn follow(
        &mut self,
        records: &mut [LaneRecord],
        signals: &mut Signals,
        output: &mut Output,
    ) -> io::Result<()> {
        let lanes = self.lanes();
        let mut printer = Printer::new(Format::Text, &lanes);
        let mut run = Run::start(lanes);
        loop {
            let event = tokio::select! {
                event = run.events.recv() => event,
                asked = signals.next() => {
                    self.is_over |= asked == Asked::FromOutside;
                    if run.cancel.iter().all(CancellationToken::is_cancelled) {
                        // Asked once more: what doesn't end by itself is left.
                        return Ok(());
                    }
                    run.cancel.iter().for_each(CancellationToken::cancel);
                    continue;
                }
            };
            let Some(event) = event else { return Ok(()) };
            let record = &mut records[event.lane];
            record.apply(event.at, &event.event);
            tell(record, &event.event, output);
            printer.event(record, &event, output)?;
            if matches!(event.event, LaneEvent::Ended { .. }) {
                output.line(&figures::line(record))?;
            }
            self.keeper.note(records, output);
        }
    }

    /// The last turn's prompt for each model, after what that one has said and heard.
    fn lanes(&self) -> Vec<Lane> {
        let session = self.keeper.session();
        let lane = |(lane, (name, model)): (usize, (&String, &Arc<dyn Model>))| Lane {
            model: Arc::clone(model),
            request: Request {
                messages: next_request(&session.turns, session.system.as_deref(), name, lane),
                settings: (*session.settings).clone(),
                output: None,
                stream: true,
            },
        };
        self.names.iter().zip(&self.models).enumerate().map(lane).collect()
    }
}
