//! `[models.NAME]`: aliases and chains.

use super::settings::settings;
use super::table::{Table, Where, filled, integer};
use crate::config::{FallbackOn, ModelEntry};
use crate::settings::Settings;

/// Reads an alias or a chain.
pub fn model(name: &str, table: &Table<'_>) -> Option<ModelEntry> {
    let place = &format!("in [models.{name}]")[..];
    table.only(place, &["model", "fallback", "fallback_on", "settings"]);
    if name.contains([':', ',']) || name.trim().is_empty() {
        table
            .source
            .problem(table.at, format!("{name:?} can't be a model's name: it may hold neither \":\" nor \",\""));
    }
    let settings = table
        .table(place, "settings")
        .map_or_else(Settings::default, |own| settings(&own, &format!("in settings of [models.{name}]")));
    let lone = |key| table.get(key).is_some();
    match (lone("model"), lone("fallback")) {
        (true, false) => {
            if let Some((at, _)) = table.get("fallback_on") {
                table
                    .source
                    .problem(at, format!("fallback_on {place} needs fallback = [\"A\", \"B\"] instead of model"));
            }
            Some(ModelEntry::Alias { model: table.string(place, "model")?, settings })
        }
        (false, true) => {
            Some(ModelEntry::Fallback { models: chain(table, place)?, on: fallback_on(table, place)?, settings })
        }
        (true, true) => problem(table, format!("model and fallback {place} exclude each other")),
        (false, false) => {
            problem(table, format!("model = \"PROVIDER:MODEL\" or fallback = [\"A\", \"B\"] lacking {place}"))
        }
    }
}

fn problem<T>(table: &Table<'_>, what: String) -> Option<T> {
    table.source.problem(table.at, what);
    None
}

fn chain(table: &Table<'_>, place: Where<'_>) -> Option<Vec<String>> {
    let models = table.strings(place, "fallback")?;
    if models.is_empty() {
        return problem(table, format!("fallback {place} must name a model, not be empty"));
    }
    Some(models.into_iter().map(|(_, model)| model).collect())
}

fn fallback_on(table: &Table<'_>, place: Where<'_>) -> Option<Vec<FallbackOn>> {
    let Some((at, _)) = table.get("fallback_on") else { return Some(vec![FallbackOn::Http]) };
    let items = table.read(place, "fallback_on", "a list such as [\"api\", 429]", |value| value.as_array())?;
    if items.is_empty() {
        table.source.problem(at, format!("fallback_on {place} must not be empty: leave it out for [\"http\"]"));
        return None;
    }
    let one = |item: &toml::Spanned<toml::de::DeValue<'_>>| {
        let word = filled(item.get_ref()).or_else(|| integer(item.get_ref()).map(|status| status.to_string()));
        let read = match word.as_deref() {
            Some(word) => FallbackOn::parse(word),
            None => Err("an item must be a string or a status".to_owned()),
        };
        read.map_err(|what| table.source.problem(item.span().start, format!("fallback_on {place}: {what}"))).ok()
    };
    items.iter().map(one).collect()
}
