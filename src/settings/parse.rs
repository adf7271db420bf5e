//! `KEY=VALUE` as typed after `--set`.

use serde_json::{Map, Value};

use super::{SECONDS, Settings, time_limit};

/// The settings that `--set` knows, `extra_body.…` besides, and what each takes.
pub const KNOWN_SETTINGS: [(&str, &str); 9] = [
    ("temperature", "randomness, from 0"),
    ("max_tokens", "the most tokens to answer with"),
    ("top_p", "nucleus sampling, 0 to 1"),
    ("seed", "a whole number, for answers that can be repeated"),
    ("stop_sequences", "a text that ends the answer, or a JSON list of them"),
    ("presence_penalty", "against what was said at all, -2 to 2"),
    ("frequency_penalty", "against what was said often, -2 to 2"),
    ("timeout", "the most seconds for the whole answer"),
    ("thinking", "true, false, minimal, low, medium, high, xhigh"),
];

const KEYS: [&str; KNOWN_SETTINGS.len()] = {
    let mut keys = [""; KNOWN_SETTINGS.len()];
    let mut at = 0;
    while at < keys.len() {
        keys[at] = KNOWN_SETTINGS[at].0;
        at += 1;
    }
    keys
};

/// Why a `--set` was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SettingError {
    /// There is no `=`.
    #[error("--set {0:?} has no value: write KEY=VALUE, for example temperature=0.2")]
    NoValue(String),
    /// The key is unknown.
    #[error("unknown setting {key:?}{}; known are {} and extra_body.NAME", closest(*.suggestion), KEYS.join(", "))]
    UnknownKey {
        /// What was typed.
        key: String,
        /// The closest known key, if one is close.
        suggestion: Option<&'static str>,
    },
    /// The value doesn't fit the key.
    #[error("{key} can't be {value:?}: {reason}")]
    BadValue {
        /// The key.
        key: String,
        /// What was typed.
        value: String,
        /// What the parser said.
        reason: String,
    },
}

fn closest(suggestion: Option<&'static str>) -> String {
    suggestion.map_or_else(String::new, |key| format!(" (did you mean {key:?}?)"))
}

/// Puts one `KEY=VALUE` into the settings. A value is JSON where it parses as JSON, else text;
/// `stop_sequences` takes a JSON list or a single text.
///
/// # Errors
/// No `=`, an unknown key, or a value of the wrong type.
pub fn parse_assignment(settings: &Settings, assignment: &str) -> Result<Settings, SettingError> {
    let (key, text) = assignment.split_once('=').ok_or_else(|| SettingError::NoValue(assignment.to_owned()))?;
    let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    let one = one_setting(key.trim(), text, value)?;
    Ok(settings.overridden_by(&one))
}

fn one_setting(key: &str, text: &str, value: Value) -> Result<Settings, SettingError> {
    if let Some(field) = key.strip_prefix("extra_body.").filter(|field| !field.is_empty()) {
        let extra_body = Map::from_iter([(field.to_owned(), value)]);
        return Ok(Settings { extra_body, ..Settings::default() });
    }
    if !is_key(key) {
        return Err(SettingError::UnknownKey { key: key.to_owned(), suggestion: suggest(key) });
    }
    let value = match (key, value) {
        ("stop_sequences", Value::Array(items)) => Value::Array(items),
        ("stop_sequences", _) => Value::from(vec![text]),
        (_, value) => value,
    };
    if key == "timeout" && value.as_f64().is_some_and(|seconds| time_limit(seconds).is_none()) {
        let reason = format!("write {SECONDS}");
        return Err(SettingError::BadValue { key: key.to_owned(), value: text.to_owned(), reason });
    }
    serde_json::from_value(Value::Object(Map::from_iter([(key.to_owned(), value)]))).map_err(|error| {
        let reason = match key {
            "thinking" => "write true, false, minimal, low, medium, high or xhigh".to_owned(),
            _ => error.to_string(),
        };
        SettingError::BadValue { key: key.to_owned(), value: text.to_owned(), reason }
    })
}

/// Whether a setting has that name.
pub(super) fn is_key(key: &str) -> bool {
    KEYS.contains(&key) || key.strip_prefix("extra_body.").is_some_and(|field| !field.is_empty())
}

/// The closest name of a setting.
pub(super) fn suggest(typed: &str) -> Option<&'static str> {
    let score = |key: &str| strsim::jaro_winkler(typed, key);
    KEYS.into_iter().filter(|key| score(key) > 0.8).max_by(|a, b| score(a).total_cmp(&score(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Effort, Thinking};

    fn set(assignments: &[&str]) -> Result<Settings, SettingError> {
        assignments.iter().try_fold(Settings::default(), |settings, one| parse_assignment(&settings, one))
    }

    #[test]
    fn every_kind_of_value() {
        let settings = set(&[
            "temperature=0.2",
            "max_tokens=256",
            "seed=-1",
            "stop_sequences=[\"END\", \"###\"]",
            "thinking=high",
            "extra_body.user=\"a=b\"",
            "extra_body.n=2",
        ]);
        let expected = Settings {
            temperature: Some(0.2),
            max_tokens: Some(256),
            seed: Some(-1),
            stop_sequences: Some(vec!["END".to_owned(), "###".to_owned()]),
            thinking: Some(Thinking::Effort(Effort::High)),
            extra_body: Map::from_iter([("user".to_owned(), "a=b".into()), ("n".to_owned(), 2.into())]),
            ..Settings::default()
        };
        assert_eq!(settings, Ok(expected));
    }

    #[test]
    fn a_single_stop_sequence_may_look_like_a_number() {
        assert_eq!(set(&["stop_sequences=42"]).map(|s| s.stop_sequences), Ok(Some(vec!["42".to_owned()])));
    }

    #[test]
    fn the_last_one_holds() {
        assert_eq!(set(&["top_p=0.1", "top_p=0.9"]).map(|s| s.top_p), Ok(Some(0.9)));
    }

    #[test]
    fn wrong_input_is_told() {
        let message = |assignment: &str| set(&[assignment]).expect_err("refused").to_string();
        assert_eq!(
            message("temperature"),
            "--set \"temperature\" has no value: write KEY=VALUE, for example temperature=0.2"
        );
        assert!(message("temprature=1").starts_with("unknown setting \"temprature\" (did you mean \"temperature\"?)"));
        assert!(message("max_tokens=many").starts_with("max_tokens can't be \"many\": "));
        for timeout in ["0", "-1", "1e19", "1e-12"] {
            assert_eq!(
                message(&format!("timeout={timeout}")),
                format!("timeout can't be {timeout:?}: write a number of seconds above 0, at most 1e9")
            );
        }
        assert_eq!(
            message("thinking=hard"),
            "thinking can't be \"hard\": write true, false, minimal, low, medium, high or xhigh"
        );
    }
}
