//! Names of models inside the file: each must mean something, and none may lead back to itself.

use toml::de::DeTable;

use super::table::Table;
use crate::catalog::closest;
use crate::config::{Config, ModelEntry};
use crate::settings::split_variant;

/// Tells names that mean nothing, and aliases that refer to themselves. `models` is `[models]`.
pub fn check(config: &Config, root: &Table<'_>) {
    if let Some((at, _)) = root.get("ui") {
        for name in &config.ui.selected {
            check_name(config, root, at, name, "selected in [ui]");
        }
    }
    for (key, _) in models(root).into_iter().flatten() {
        let (at, alias) = (key.span().start, key.get_ref().as_ref());
        let place = format!("[models.{alias}]");
        for name in members(config, alias) {
            check_name(config, root, at, &name, &place);
        }
        if let Some(circle) = circle(config, &mut vec![alias.to_owned()], &mut Vec::new()) {
            root.source.problem(at, format!("{place} refers to itself: {}", circle.join(" → ")));
        }
    }
}

fn models<'a>(root: &Table<'a>) -> Option<&'a DeTable<'a>> {
    root.get("models")?.1.get_ref().as_table()
}

/// What an alias or a chain refers to directly.
fn members(config: &Config, alias: &str) -> Vec<String> {
    match config.model(alias) {
        Some(ModelEntry::Alias { model, .. }) => split(model),
        Some(ModelEntry::Fallback { models, .. }) => models.iter().flat_map(|model| split(model)).collect(),
        None => Vec::new(),
    }
}

fn split(model: &str) -> Vec<String> {
    match model.strip_prefix("fallback:") {
        Some(members) => members.split(',').map(|member| member.trim().to_owned()).collect(),
        None => vec![model.to_owned()],
    }
}

fn check_name(config: &Config, root: &Table<'_>, at: usize, name: &str, place: &str) {
    if models(root).is_some_and(|models| models.contains_key(name)) {
        return;
    }
    let name = match split_variant(name) {
        Ok((base, _)) if base == name => name,
        Ok((base, _)) => return check_name(config, root, at, base, place),
        Err(error) => return root.source.problem(at, format!("{place}: {name:?}: {error}")),
    };
    let (what, guess) = match name.split_once(':') {
        Some((provider, model)) if !model.is_empty() => {
            if provider == "fallback" || config.knows_provider(provider) {
                return;
            }
            (format!("unknown provider {provider:?}"), closest(provider, config.provider_names()))
        }
        _ => (format!("{name:?} is neither PROVIDER:MODEL nor a [models.NAME]"), closest(name, aliases(config))),
    };
    let guess = guess.map(|guess| format!(", did you mean {guess:?}?")).unwrap_or_default();
    root.source.problem(at, format!("{place}: {what}{guess}"));
}

/// A name without the settings behind it.
fn base(config: &Config, name: &str) -> String {
    let base = split_variant(name).map_or(name, |(base, _)| base);
    if config.model(name).is_some() { name.to_owned() } else { base.to_owned() }
}

fn aliases(config: &Config) -> impl Iterator<Item = &str> {
    config.models.iter().map(|(alias, _)| alias.as_str())
}

/// The way from the first name of `path` back to itself. `seen` holds names that don't lead there.
fn circle(config: &Config, path: &mut Vec<String>, seen: &mut Vec<String>) -> Option<Vec<String>> {
    let last = path.last()?.clone();
    for member in members(config, &last).iter().map(|member| base(config, member)) {
        if member == path[0] {
            return Some(path.iter().cloned().chain([member]).collect());
        }
        if !seen.contains(&member) {
            seen.push(member.clone());
            path.push(member);
            if let Some(found) = circle(config, path, seen) {
                return Some(found);
            }
            path.pop();
        }
    }
    None
}

impl Config {
    /// Whether a provider of that name is built in or configured.
    fn knows_provider(&self, name: &str) -> bool {
        self.provider_names().any(|known| known == name)
    }
}
