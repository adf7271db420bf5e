//! Opens the workbench: what it begins with, and the runtime it runs in.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::time::Duration;

use super::app::App;
use super::check;
use super::effects::Effects;
use super::keymap::Keymap;
use super::state::{ModelItem, ModelList, Notice, Tone};
use super::theme::Themes;
use super::{Event, State, Theme};
use crate::catalog::{self, InterfaceKind};
use crate::config::{Config, ConfigError, Environment, Location, ModelEntry};
use crate::model::{ListStore, Registry, known_models};
use crate::session::Store;

/// How long it is shown what is wrong with a theme that is not in use.
const LONG_NOTICE: Duration = Duration::from_secs(10);

/// What the workbench begins with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Models to pick, instead of the configuration's.
    pub models: Vec<String>,
    /// The theme, instead of the configuration's.
    pub theme: Option<String>,
    /// A saved session to open.
    pub session: Option<String>,
    /// Play the session, so many times as fast as it was.
    pub replay: Option<f64>,
}

/// Runs the workbench until the user quits, and tells what could not be saved, a sentence each.
///
/// # Errors
/// A theme or key that doesn't exist, or a terminal that is none; one sentence.
pub fn run(registry: Registry, options: Options) -> Result<Vec<String>, ConfigError> {
    let state = state(registry.config(), registry.environment(), &options)?;
    if !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        return Err(error("the workbench needs a terminal; for scripts there is `llmbench run`"));
    }
    let store = registry.config().sessions_dir(registry.environment()).map(Store::new).map_err(|e| e.to_string());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|reason| error(&format!("no thread could be started: {reason}")))?;
    let ran = runtime.block_on(async {
        let (effects, answers) = Effects::new(registry, store);
        let app = App::open(state, effects)?;
        app.run(options.session.into_iter().map(Event::Open).collect(), answers).await
    });
    // A lane that hangs in a system call must not keep the program from ending.
    runtime.shutdown_timeout(Duration::from_millis(100));
    ran.map_err(|reason| error(&format!("the terminal can't be used: {reason}")))
}

fn error(message: &str) -> ConfigError {
    ConfigError::new(message)
}

fn state(config: &Config, environment: &Environment, options: &Options) -> Result<State, ConfigError> {
    let themes = Themes::read(config, environment);
    let theme = theme(config, &themes, options.theme.as_deref())?;
    let models = models(config, environment, &options.models);
    let size = crossterm::terminal::size().unwrap_or((80, 24));
    let notice = broken_themes(&themes.problems);
    // NO_COLOR leaves a single theme, without colours (<https://no-color.org>).
    let colourless = environment.get("NO_COLOR").is_some();
    let (themes, theme) = if colourless { (vec![Theme::without_colour()], 0) } else { (themes.all, theme) };
    Ok(State {
        keymap: Keymap::with_overrides(&config.keys)?,
        theme,
        notice,
        config_file: Location::of_config(config.path.as_deref(), environment).path().map(Path::to_owned),
        offline_hint: offline_hint(config, environment),
        replay_speed: options.replay.unwrap_or(1.0),
        keep_picks: !options.models.is_empty(),
        replay_when_opened: options.replay.is_some(),
        ..State::new(models, themes, size)
    })
}

/// The theme that is asked for, else the configured one, else the first. Where there is none of that name, one of the
/// user's own files may be why.
fn theme(config: &Config, themes: &Themes, asked: Option<&str>) -> Result<usize, ConfigError> {
    let mut problems = check::named(config, themes);
    problems.extend(asked.and_then(|name| themes.position(name).err()));
    if let Some(error) = ConfigError::of_problems(problems) {
        return Err(ConfigError { more: [error.more, themes.problems.clone()].concat(), ..error });
    }
    let configured = config.theme.as_ref().map(|theme| theme.value.as_str());
    Ok(asked.or(configured).and_then(|name| themes.position(name).ok()).unwrap_or(0))
}

/// What is wrong with the user's own themes, for the status line.
fn broken_themes(problems: &[String]) -> Option<Notice> {
    let (first, more) = problems.split_first()?;
    let more = if more.is_empty() { "" } else { "; `llmbench config check` tells the rest" };
    Some(Notice { text: format!("{first}{more}"), tone: Tone::Error, until: LONG_NOTICE })
}

/// One line that says how to add a provider, when only the offline models are there.
fn offline_hint(config: &Config, environment: &Environment) -> Option<String> {
    let only_offline = config
        .usable_providers(environment)
        .iter()
        .all(|provider| provider.interface == InterfaceKind::Test || provider.name == "ollama");
    only_offline.then(|| {
        "These models are offline ones. To add a provider, set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, \
         or run `llmbench config init`."
            .to_owned()
    })
}

/// What is picked first; then aliases and chains, then what the usable providers are known for or have told.
fn models(config: &Config, environment: &Environment, asked: &[String]) -> ModelList {
    let mut list = ModelList { items: configured(config), cursor: 0 };
    let providers = config.usable_providers(environment);
    let lists = ListStore::of(environment);
    for provider in &providers {
        let row = catalog::provider(&provider.name);
        let label = row.map_or("configured", |row| row.label.as_str());
        // A list that can't be read is told by `doctor` and `models`; here it counts as none.
        let kept = lists.as_ref().and_then(|lists| lists.load(provider).ok().flatten());
        let known = known_models(provider, kept.as_ref());
        list.items.extend(known.iter().map(|model| item(&format!("{}:{model}", provider.name), label)));
    }
    let wanted = if asked.is_empty() { &config.ui.selected[..] } else { asked };
    let names = if wanted.is_empty() { config.first_models(&providers) } else { wanted.to_vec() };
    for name in &names {
        list.pick(name);
    }
    // What is picked stands first, in the order it was named.
    list.items.sort_by_key(|item| names.iter().position(|name| *name == item.name).unwrap_or(usize::MAX));
    list
}

fn configured(config: &Config) -> Vec<ModelItem> {
    let note = |entry: &ModelEntry| match entry {
        ModelEntry::Alias { model, .. } => model.clone(),
        ModelEntry::Fallback { models, .. } => format!("fallback: {}", models.join(" → ")),
    };
    config.models.iter().map(|(name, entry)| item(name, &note(entry))).collect()
}

fn item(name: &str, note: &str) -> ModelItem {
    ModelItem { name: name.to_owned(), note: note.to_owned(), picked: false }
}
