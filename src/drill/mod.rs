//! Plays server faults at a chain's members on loopback, and tells what the chain does. No provider is asked, neither a
//! program nor a key command is run, no secret leaves the configuration. Never prints.
//!
//! The members are the user's own, made by the real [`Registry`]: settings, limits, retries, `fallback_on` and chains in
//! chains are as configured. Only where they are asked is another place, each scenario with connections of its own.

mod answer;
mod fault;
mod hint;
mod report;
mod scenario;
mod server;
mod stage;

use jiff::Timestamp;

use self::answer::Answer;
pub use self::fault::Fault;
pub use self::hint::Hint;
pub use self::report::{DrillReport, MemberReport, ScenarioReport, Wait};
pub use self::scenario::At;
use self::scenario::Scenario;
use self::server::Server;
use crate::model::{ErrorKind, LaneEvent, Member, ModelError, Registry, Request};
use crate::run::{Lane, LaneRecord, Run, millis};

/// What the members are asked. Nobody reads it.
const PROMPT: &str = "Is all well?";

/// Plays these faults at the model or chain of that name, all scenarios at the same time. Needs a tokio runtime.
///
/// # Errors
/// `ErrorKind::Config` for a name that means nothing, or of which nothing is asked over HTTP; `ErrorKind::Connect` when
/// there is no port on loopback.
pub async fn drill(registry: &Registry, name: &str, faults: &[Fault], stream: bool) -> Result<DrillReport, ModelError> {
    let members = stage::members(registry, name)?;
    let scenarios = Scenario::all(&members, faults);
    if scenarios.is_empty() {
        return Err(undrilled(name));
    }
    let server = Server::start(answers(&members, &scenarios, stream)).await.map_err(|error| no_port(&error))?;
    let lanes = lanes(registry, name, &scenarios, &server, stream)?;
    let played = play(lanes).await;
    let told = scenarios.iter().zip(played);
    let scenarios: Vec<_> =
        told.map(|(scenario, (record, waits))| ScenarioReport::new(scenario, &record, waits)).collect();
    let on = registry.fallback_on(name).unwrap_or_default();
    Ok(DrillReport {
        format: "llmbench.drill",
        version: 1,
        model: name.to_owned(),
        stream,
        fallback_on: on.iter().map(ToString::to_string).collect(),
        members: members.iter().map(MemberReport::from).collect(),
        hints: Hint::all(&on, &scenarios),
        scenarios,
    })
}

/// What is answered at every seat: scenario after scenario, member after member.
fn answers(members: &[Member], scenarios: &[Scenario], stream: bool) -> Vec<Answer> {
    let of = |scenario: &Scenario| {
        let seats = members.iter().zip(scenario.faults.clone());
        seats.map(|(member, fault)| Answer { interface: member.provider.interface, stream, fault }).collect::<Vec<_>>()
    };
    scenarios.iter().flat_map(of).collect()
}

/// A lane for each scenario.
fn lanes(
    registry: &Registry,
    name: &str,
    scenarios: &[Scenario],
    server: &Server,
    stream: bool,
) -> Result<Vec<Lane>, ModelError> {
    let mut seat = 0..;
    let mut lane = |scenario: &Scenario| {
        let places =
            scenario.faults.iter().zip(seat.by_ref()).map(|(fault, seat)| (server.url(seat), *fault)).collect();
        let request = Request { stream, ..Request::user(PROMPT, None) };
        Ok(Lane::new(stage::model(registry, name, places)?, request))
    };
    scenarios.iter().map(&mut lane).collect()
}

/// Runs every lane to its end; waits before another attempt are told and skipped.
async fn play(lanes: Vec<Lane>) -> Vec<(LaneRecord, Vec<Wait>)> {
    let record = |lane: &Lane| (LaneRecord::new(lane.model.id(), Timestamp::now()), Vec::new());
    let mut played: Vec<_> = lanes.iter().map(record).collect();
    let mut run = Run::start(lanes);
    while let Some(event) = run.events.recv().await {
        let (record, waits) = &mut played[event.lane];
        record.apply(event.at, &event.event);
        if let LaneEvent::Waiting { delay } = event.event {
            waits.push(Wait { after_attempt: record.attempts.len(), delay_ms: millis(delay) });
            run.skip[event.lane].skip();
        }
    }
    played
}

fn undrilled(name: &str) -> ModelError {
    ModelError::new(
        ErrorKind::Config,
        format!("nothing of {name:?} can be drilled: none of its models is asked over HTTP"),
    )
    .with_hint("name a chain, for example fallback:openai:gpt-4o,anthropic:claude-sonnet-4-5; no key is needed")
}

fn no_port(error: &std::io::Error) -> ModelError {
    ModelError::new(ErrorKind::Connect, format!("the drill has no port on 127.0.0.1: {error}"))
}
