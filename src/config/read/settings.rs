//! Settings of `[defaults]` and of a model.

use serde_json::{Map, Value};
use toml::de::DeValue;

use super::table::{Table, Where, integer, number};
use crate::settings::{SECONDS, Settings, time_limit};

/// Each setting with what it must be.
const SETTINGS: [(&str, &str); 10] = [
    ("temperature", "a number"),
    ("max_tokens", "a whole number above 0"),
    ("top_p", "a number"),
    ("seed", "a whole number"),
    ("stop_sequences", "a list of strings"),
    ("presence_penalty", "a number"),
    ("frequency_penalty", "a number"),
    ("timeout", SECONDS),
    ("thinking", "true, false, \"minimal\", \"low\", \"medium\", \"high\" or \"xhigh\""),
    ("extra_body", "a table"),
];

/// The settings in a table.
pub fn settings(table: &Table<'_>, place: Where<'_>) -> Settings {
    table.only(place, &SETTINGS.map(|(key, _)| key));
    let one = |(key, expected)| table.read(place, key, expected, |value| one_setting(key, value));
    SETTINGS.into_iter().filter_map(one).fold(Settings::default(), |all, one| all.overridden_by(&one))
}

fn one_setting(key: &str, value: &DeValue<'_>) -> Option<Settings> {
    match key {
        "timeout" => drop(time_limit(number(value)?)?),
        "max_tokens" if number(value)? <= 0.0 => return None,
        _ => {}
    }
    let value = json(value)?;
    serde_json::from_value(Value::Object(Map::from_iter([(key.to_owned(), value)]))).ok()
}

/// The same value in JSON; `None` for a number that JSON can't say.
pub fn json(value: &DeValue<'_>) -> Option<Value> {
    Some(match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(_) => Value::from(integer(value)?),
        DeValue::Float(_) => Value::from(number(value)?),
        DeValue::Boolean(boolean) => Value::from(*boolean),
        DeValue::Datetime(time) => Value::from(time.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect::<Option<_>>()?,
        DeValue::Table(entries) => {
            let pair = |(key, value): (&toml::Spanned<std::borrow::Cow<'_, str>>, &toml::Spanned<DeValue<'_>>)| {
                Some((key.get_ref().to_string(), json(value.get_ref())?))
            };
            Value::Object(entries.iter().map(pair).collect::<Option<_>>()?)
        }
    })
}
