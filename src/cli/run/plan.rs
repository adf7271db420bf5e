//! Arguments of `run`, validated: everything that can be known to be wrong is told before anything is sent.

mod history;
mod schema;

use std::path::Path;
use std::sync::Arc;

use super::keep::Keeper;
use super::prompt;
use crate::cli::args::{Format, RunArgs, TimeoutArgs};
use crate::cli::{Failure, Output, start};
use crate::config::{Config, Environment, GivenLimits};
use crate::model::{ErrorKind, Model, Overrides, Registry, Request, Unavailable};
use crate::run::Lane;
use crate::session::with_recorded;
use crate::settings::{SECONDS, Settings, parse_assignment, time_limit};

/// A run, ready to start.
pub struct Plan {
    /// The lanes' models, as the user picked them.
    pub names: Vec<String>,
    /// What is asked of whom.
    pub lanes: Vec<Lane>,
    /// What is asked.
    pub prompt: String,
    /// The system prompt.
    pub system: Option<String>,
    /// How it is printed.
    pub format: Format,
    /// Where it is kept, if it shall be.
    pub keeper: Option<Keeper>,
}

/// Validates the arguments and reads what they name.
///
/// # Errors
/// Bad usage or configuration.
pub fn plan(
    config: Option<&Path>,
    environment: Environment,
    args: &RunArgs,
    output: &mut Output,
) -> Result<Plan, Failure> {
    refuse_unkept(args)?;
    let output_spec = schema::output(args)?;
    let config = start::config(config, &environment, output)?;
    let names = names(args, &config)?;
    let settings = settings(args)?;
    let overrides = Overrides { retries: args.retries, limits: limits(&args.timeouts), ..Overrides::default() };
    let registry = with_recorded(Registry::new(Arc::new(config), Arc::new(environment), overrides));
    if args.retries.is_some() {
        tell_of_chains(&registry, &names, output);
    }
    if !args.no_stream {
        tell_of_streams(&registry, &names, output);
    }
    let models = names.iter().map(|name| model(&registry, name)).collect::<Result<Vec<_>, _>>()?;
    let history = args.history.as_deref().map(history::read).transpose()?.unwrap_or_default();
    let typed = args.prompt.as_deref();
    let asked = prompt::prompt(typed, history::asks(&history), || prompt::piped(output))?;
    let prompt = asked.clone().unwrap_or_else(|| history::last_prompt(&history));
    let messages = history::with(history, asked.as_deref(), args.system.as_deref());
    let (config, environment) = (registry.config(), registry.environment());
    let keeper = args.save.then(|| Keeper::new(config, environment, args.system.as_deref(), &settings));
    let mut keeper = keeper.transpose()?;
    if let Some(keeper) = &mut keeper {
        keeper.begin_turn(&prompt);
    }
    let request = Request { messages, settings, output: output_spec, stream: !args.no_stream };
    let lanes = models.into_iter().map(|model| Lane { model, request: request.clone() }).collect();
    Ok(Plan { names, lanes, prompt, system: args.system.clone(), format: args.format, keeper })
}

/// A session holds prompts and answers, and nothing that came before them.
fn refuse_unkept(args: &RunArgs) -> Result<(), Failure> {
    if args.save && args.history.is_some() {
        return Err(Failure::with_hint(
            "--save keeps the prompt and its answers, and not the history they follow",
            "leave out --save or --history",
        ));
    }
    Ok(())
}

fn names(args: &RunArgs, config: &Config) -> Result<Vec<String>, Failure> {
    let names = if args.models.is_empty() { &config.ui.selected } else { &args.models };
    if names.is_empty() {
        return Err(Failure::with_hint(
            "no model is named",
            "add -m PROVIDER:MODEL, for example -m test:storyteller, or set selected in [ui]",
        ));
    }
    Ok(names.clone())
}

/// The model of that name. One that lacks only its key fails in its own lane, and lets the others run.
pub fn model(registry: &Registry, name: &str) -> Result<Arc<dyn Model>, Failure> {
    match registry.model(name) {
        Err(error) if error.kind == ErrorKind::Auth => Ok(Unavailable::model(name, error)),
        other => Ok(other?),
    }
}

/// A chain asks its next model instead of trying again.
fn tell_of_chains(registry: &Registry, names: &[String], output: &mut Output) {
    for name in names.iter().filter(|name| registry.is_chain(name)) {
        output.tell(&format!("{name}: --retries is not for chains, which ask their next model instead"));
    }
}

/// What a stream has shown is taken as it is, as PydanticAI warns as well.
fn tell_of_streams(registry: &Registry, names: &[String], output: &mut Output) {
    for name in names {
        let on = registry.fallback_on(name).unwrap_or_default();
        let words: Vec<_> = on.iter().filter(|on| on.is_of_whole_answers()).map(ToString::to_string).collect();
        if !words.is_empty() {
            let words = words.join(", ");
            output.tell(&format!(
                "{name}: {words} in fallback_on holds with --no-stream only: a stream is taken as it is"
            ));
        }
    }
}

fn settings(args: &RunArgs) -> Result<Settings, Failure> {
    let settings = args.set.iter().try_fold(Settings::default(), |all, one| parse_assignment(&all, one));
    let settings = settings.map_err(|error| Failure::usage(error.to_string()))?;
    let limit = args.timeouts.timeout;
    if limit.is_some_and(|seconds| time_limit(seconds).is_none()) {
        return Err(Failure::usage(format!("--timeout must be {SECONDS}")));
    }
    Ok(Settings { timeout: limit.or(settings.timeout), ..settings })
}

const fn limits(args: &TimeoutArgs) -> GivenLimits {
    GivenLimits { connect: args.connect_timeout, first_byte: args.first_byte_timeout, idle: args.idle_timeout }
}
