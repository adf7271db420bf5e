//! `rerun`: a saved session's prompts, asked again and compared with what was answered then.

mod report;
mod text;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use self::report::{LaneAgain, Rerun, TurnAgain};
use super::args::{RerunArgs, RerunFormat};
use super::run::{INTERRUPTED, Interrupt, model, tell};
use super::{Failure, Output, start};
use crate::config::Environment;
use crate::message::ModelResponse;
use crate::model::{Model, Outcome, Overrides, Registry, Request};
use crate::run::{Lane, LaneRecord, LaneReport, Run};
use crate::session::{AgainLane, Session, Store, lanes_again, messages_again, with_recorded};

/// Asks and prints, and tells the exit status: 0 when every lane completed, 1 when some did not, 130 when interrupted.
pub fn rerun(
    config: Option<&Path>,
    environment: Environment,
    args: &RerunArgs,
    output: &mut Output,
) -> Result<ExitCode, Failure> {
    let config = start::config(config, &environment, output)?;
    let session = Store::new(config.sessions_dir(&environment)?).load(&args.session)?;
    let registry = with_recorded(Registry::new(Arc::new(config), Arc::new(environment), Overrides::default()));
    let turns = plan(&session, &args.models, &registry)?;
    tell_of_schemas(&session, output);
    start::block_on(ask(&session, turns, args.format, output))
}

/// Who is asked, by turn.
type Planned = Vec<Vec<(AgainLane, Arc<dyn Model>)>>;

/// Everything that can be known to be wrong is told before anything is sent.
fn plan(session: &Session, models: &[String], registry: &Registry) -> Result<Planned, Failure> {
    let with_model = |lane: AgainLane| Ok((lane.clone(), model(registry, &lane.model)?));
    let turns = session.turns.iter().map(|turn| lanes_again(turn, models).into_iter().map(with_model).collect());
    let turns: Planned = turns.collect::<Result<_, Failure>>()?;
    if turns.iter().all(Vec::is_empty) {
        return Err(Failure::with_hint("nobody was asked in this session", "name who shall be: add -m MODEL"));
    }
    Ok(turns)
}

/// A session doesn't keep the schema that an answer had to fit.
fn tell_of_schemas(session: &Session, output: &mut Output) {
    let mut runs = session.turns.iter().flat_map(|turn| &turn.runs);
    if runs.any(|run| run.report.output.is_some() || !run.report.output_errors.is_empty()) {
        output.tell("some answers had a schema to fit, which a session doesn't keep: they are asked without it");
    }
}

async fn ask(session: &Session, turns: Planned, format: RerunFormat, output: &mut Output) -> Result<ExitCode, Failure> {
    let stop = CancellationToken::new();
    let interrupt = Interrupt::watch(vec![stop.clone()]);
    let mut rerun = Rerun::new(session);
    let mut new: Vec<(String, Vec<Option<ModelResponse>>)> = Vec::new();
    for (at, lanes) in turns.into_iter().enumerate().take_while(|_| !stop.is_cancelled()) {
        let planned: Vec<_> = lanes.iter().map(|(lane, _)| lane.clone()).collect();
        let asked = lanes.into_iter().map(|(lane, model)| {
            let before = new.iter().find(|(name, _)| *name == lane.model).map_or(&[][..], |(_, answers)| answers);
            let messages = messages_again(session, at, &lane, before, Timestamp::now());
            let request = Request { messages, settings: (*session.settings).clone(), output: None, stream: true };
            Lane { model, request }
        });
        let records = to_end(&planned, asked.collect(), &stop, output).await;
        remember(&mut new, at, &records);
        let turn = TurnAgain::new(&session.turns[at], &planned, &records);
        if format == RerunFormat::Text {
            output.print(&text::turn(at + 1, &turn))?;
        }
        rerun.turns.push(turn);
    }
    match format {
        RerunFormat::Json => output.line(&serde_json::to_string_pretty(&rerun).unwrap_or_default())?,
        RerunFormat::Text => output.print(&text::sum(&rerun))?,
    }
    let completed = |lane: &LaneAgain| lane.now.status == Outcome::Completed;
    Ok(match interrupt.happened() {
        true => ExitCode::from(INTERRUPTED),
        false if rerun.turns.iter().flat_map(|turn| &turn.lanes).all(completed) => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Asks the lanes of a turn and waits for all of them.
async fn to_end(
    planned: &[AgainLane],
    lanes: Vec<Lane>,
    stop: &CancellationToken,
    output: &mut Output,
) -> Vec<LaneRecord> {
    let mut records: Vec<_> = planned.iter().map(|lane| LaneRecord::new(&lane.model, Timestamp::now())).collect();
    let mut run = Run::start(lanes);
    let cancelled = stop.cancelled();
    tokio::pin!(cancelled);
    let mut stopping = false;
    loop {
        tokio::select! {
            event = run.events.recv() => match event {
                Some(event) => {
                    records[event.lane].apply(event.at, &event.event);
                    tell(&records[event.lane], &event.event, output);
                }
                None => return records,
            },
            () = &mut cancelled, if !stopping => {
                stopping = true;
                run.cancel_all();
            }
        }
    }
}

/// Keeps what was answered, for models that have no saved answers to go on from.
fn remember(new: &mut Vec<(String, Vec<Option<ModelResponse>>)>, turn: usize, records: &[LaneRecord]) {
    for record in records {
        if new.iter().all(|(name, _)| *name != record.model) {
            new.push((record.model.clone(), Vec::new()));
        }
        if let Some((_, answers)) = new.iter_mut().find(|(name, _)| *name == record.model) {
            answers.resize(turn + 1, None);
            answers[turn] = LaneReport::from(record).response.filter(|_| record.has_visible());
        }
    }
}
