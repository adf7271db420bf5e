//! One table of the file, read key by key: knows its keys, names wrong types, collects problems.

use std::borrow::Cow;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::source::Source;
use crate::catalog::closest;
use crate::config::Located;
use crate::settings::{SECONDS, time_limit};

/// A table of the file.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The file.
    pub source: &'a Source<'a>,
    /// Its keys and values.
    pub entries: &'a DeTable<'a>,
    /// Where its name stands.
    pub at: usize,
    /// Whether its values may be secrets, of which a problem names the type alone.
    pub hides: bool,
}

/// Where a table is, for messages: `in [defaults]`.
pub type Where<'w> = &'w str;

impl<'a> Table<'a> {
    /// The same table, read for a value that may be a secret.
    pub fn hiding(self) -> Self {
        Self { hides: true, ..self }
    }

    /// Tells keys that are none of these, and whether there are no such keys.
    pub fn only(&self, place: Where<'_>, known: &[&str]) -> bool {
        let unknown = self.entries.iter().map(|(key, _)| key).filter(|key| !known.contains(&key.get_ref().as_ref()));
        let tell = |key: &Spanned<Cow<'_, str>>| {
            let name = key.get_ref();
            let remedy = closest(name, known.iter().copied())
                .map_or_else(|| format!("; known are {}", known.join(", ")), |key| format!(", did you mean {key:?}?"));
            self.source.problem(key.span().start, format!("unknown key {name:?} {place}{remedy}"));
        };
        unknown.map(tell).count() == 0
    }

    /// A key's place and value.
    pub fn get(&self, key: &str) -> Option<(usize, &'a Spanned<DeValue<'a>>)> {
        let (name, value) = self.entries.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some((name.span().start, value))
    }

    /// A key's value, as `read` understands it; what it doesn't is a problem that names the expected form and
    /// what is there instead.
    pub fn read<T>(
        &self,
        place: Where<'_>,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let (_, value) = self.get(key)?;
        let found = read(value.get_ref());
        if found.is_none() {
            let got = if self.hides { type_of(value.get_ref()) } else { got(value.get_ref()) };
            self.source.problem(value.span().start, format!("{key} {place} must be {expected}, not {got}"));
        }
        found
    }

    /// A text that is not empty.
    pub fn string(&self, place: Where<'_>, key: &str) -> Option<String> {
        self.read(place, key, "a string that is not empty", filled)
    }

    /// A text that is not empty, with its place.
    pub fn located(&self, place: Where<'_>, key: &str) -> Option<Located<String>> {
        let text = self.string(place, key)?;
        let (_, value) = self.get(key)?;
        Some(Located::new(text, self.source.place(value.span().start)))
    }

    /// A list of texts that are not empty, each with its place.
    pub fn strings(&self, place: Where<'_>, key: &str) -> Option<Vec<(usize, String)>> {
        self.read(place, key, "a list of strings", |value| {
            value.as_array()?.iter().map(|item| Some((item.span().start, filled(item.get_ref())?))).collect()
        })
    }

    /// Seconds, more than 0.
    pub fn seconds(&self, place: Where<'_>, key: &str) -> Option<Duration> {
        self.read(place, key, SECONDS, |value| time_limit(number(value)?))
    }

    /// A whole number.
    pub fn whole<T: TryFrom<i64>>(&self, place: Where<'_>, key: &str, expected: &str) -> Option<T> {
        self.read(place, key, expected, |value| T::try_from(integer(value)?).ok())
    }

    /// A table beneath this one.
    pub fn table(&self, place: Where<'_>, key: &str) -> Option<Table<'a>> {
        let (at, _) = self.get(key)?;
        let entries = self.read(place, key, "a table", DeValue::as_table)?;
        Some(Table { entries, at, ..*self })
    }

    /// The tables beneath this one, with their names.
    pub fn tables(&self, prefix: &str) -> Vec<(&'a str, Table<'a>)> {
        let table = |(name, value): (&'a Spanned<_>, &'a Spanned<DeValue<'a>>)| {
            let name: &'a Cow<'a, str> = name.get_ref();
            let (at, _) = self.get(name)?;
            let Some(entries) = value.get_ref().as_table() else {
                let got = type_of(value.get_ref());
                self.source.problem(at, format!("{prefix}.{name} must be a table [{prefix}.{name}], not {got}"));
                return None;
            };
            Some((name.as_ref(), Table { entries, at, ..*self }))
        };
        self.entries.iter().filter_map(table).collect()
    }
}

/// A text that is not empty.
pub fn filled(value: &DeValue<'_>) -> Option<String> {
    value.as_str().filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// A whole number.
pub fn integer(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// A finite number.
pub fn number(value: &DeValue<'_>) -> Option<f64> {
    let float = || value.as_float()?.as_str().parse::<f64>().ok();
    integer(value).map(|integer| integer as f64).or_else(float).filter(|number| number.is_finite())
}

/// What is there instead: a number itself, anything else without its content.
fn got(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(integer) => integer.as_str().to_owned(),
        DeValue::Float(float) => float.as_str().to_owned(),
        DeValue::Boolean(boolean) => boolean.to_string(),
        other => type_of(other),
    }
}

/// What is there instead, never with its content: it may be a key.
fn type_of(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.trim().is_empty() => "an empty string".to_owned(),
        DeValue::Integer(_) => "an integer".to_owned(),
        DeValue::Array(items) if items.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
        other => format!("a {}", other.type_str()),
    }
}
