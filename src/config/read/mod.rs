//! Reads the file: every table with its own keys, every problem with its place.

mod links;
mod models;
mod provider;
mod settings;
mod source;
mod table;

use std::borrow::Cow;
use std::path::Path;

use toml::Spanned;
use toml::de::DeTable;

use self::source::Source;
pub use self::table::Table;
use super::{Config, ConfigError, Located, Ui};

const TOP: &str = "at the top level";

/// Reads the text of the file at `path`.
///
/// # Errors
/// Everything that is wrong with it, by place.
pub fn read(path: &Path, text: &str, is_open_to_others: bool) -> Result<Config, ConfigError> {
    let (config, warnings) = document(path, text, |root| {
        let config = Config { path: Some(path.to_owned()), ..config(root, path, is_open_to_others) };
        links::check(&config, root);
        config
    })?;
    Ok(Config { warnings, ..config })
}

/// What `read` makes of the top level of a TOML file, and what is right but perhaps not meant.
///
/// # Errors
/// Everything that is wrong with it, by place.
pub fn document<T>(
    path: &Path,
    text: &str,
    read: impl FnOnce(&Table<'_>) -> T,
) -> Result<(T, Vec<String>), ConfigError> {
    let source = Source::new(path.display().to_string(), text);
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map_or(0, |span| span.start);
        source.problem(at, format!("this is not TOML: {}", error.message().replace('\n', ", ")));
    }
    if !errors.is_empty() {
        return Err(ConfigError::of_problems(source.into_sentences().0).unwrap_or_default());
    }
    let made = read(&Table { source: &source, entries: document.get_ref(), at: 0, hides: false });
    let (problems, warnings) = source.into_sentences();
    ConfigError::of_problems(problems).map_or(Ok((made, warnings)), Err)
}

fn config(root: &Table<'_>, path: &Path, is_open_to_others: bool) -> Config {
    let folder = path.parent().unwrap_or(Path::new(""));
    root.only(TOP, &["theme", "defaults", "providers", "models", "ui", "keys", "sessions"]);
    let providers = root.table(TOP, "providers").map(|all| all.tables("providers")).unwrap_or_default();
    if is_open_to_others && let Some((_, table)) = providers.iter().find(|(_, table)| provider::holds_secret(table)) {
        root.source.warning(table.at, "a key is written here and others can read the file: chmod 600 it");
    }
    let models = root.table(TOP, "models").map(|all| all.tables("models")).unwrap_or_default();
    Config {
        path: None,
        theme: root.located(TOP, "theme"),
        defaults: root.table(TOP, "defaults").map(|own| settings::settings(&own, "in [defaults]")).unwrap_or_default(),
        providers: providers
            .iter()
            .map(|(name, table)| ((*name).to_owned(), provider::provider(name, table, folder)))
            .collect(),
        models: models
            .iter()
            .filter_map(|(name, table)| Some(((*name).to_owned(), models::model(name, table)?)))
            .collect(),
        ui: root.table(TOP, "ui").map(|own| ui(&own)).unwrap_or_default(),
        keys: root.table(TOP, "keys").map(|own| keys(&own)).unwrap_or_default(),
        sessions_dir: root.table(TOP, "sessions").and_then(|own| {
            own.only("in [sessions]", &["dir"]);
            own.string("in [sessions]", "dir").map(|dir| provider::under(folder, &dir))
        }),
        warnings: Vec::new(),
    }
}

fn ui(table: &Table<'_>) -> Ui {
    table.only("in [ui]", &["selected"]);
    let selected = table.strings("in [ui]", "selected").unwrap_or_default();
    Ui { selected: selected.into_iter().map(|(_, model)| model).collect() }
}

/// Chords by action. Which actions there are is the workbench's business.
fn keys(table: &Table<'_>) -> Vec<(Located<String>, Located<String>)> {
    let binding = |(name, _): (&Spanned<Cow<'_, str>>, _)| {
        let action = Located::new(name.get_ref().to_string(), table.source.place(name.span().start));
        let chords = table.located("in [keys]", &action.value)?;
        Some((action, chords))
    };
    table.entries.iter().filter_map(binding).collect()
}
