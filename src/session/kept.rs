//! Fields that this version doesn't know: kept at every level, so that a newer program finds them after a re-save.

use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use serde_json::{Map, Value};

use crate::run::LaneReport;
use crate::settings::Settings;

/// A value together with what was read beside it and not understood.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept<T> {
    value: T,
    /// The unknown fields, in the shape of the whole: objects hold only what is unknown, `null` in a list is nothing.
    unknown: Option<Value>,
}

/// Something that can be read although parts of it are unknown.
pub trait Lenient: Serialize + Sized {
    /// Reads what is known of it.
    ///
    /// # Errors
    /// What is known doesn't fit.
    fn read(json: &Value) -> Result<Self, serde_json::Error>;
}

impl Lenient for LaneReport {
    fn read(json: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(json)
    }
}

/// Settings refuse unknown names elsewhere, since a typing error must not pass. In a saved file a name is no error.
impl Lenient for Settings {
    fn read(json: &Value) -> Result<Self, serde_json::Error> {
        let fields = Map::deserialize(json)?;
        let one = |(name, value)| Self::deserialize(Value::Object(Map::from_iter([(name, value)]))).ok();
        Ok(fields.into_iter().filter_map(one).fold(Self::default(), |all, one| all.overridden_by(&one)))
    }
}

impl<T> From<T> for Kept<T> {
    fn from(value: T) -> Self {
        Self { value, unknown: None }
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<'de, T: Lenient> Deserialize<'de> for Kept<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        let value = T::read(&json).map_err(D::Error::custom)?;
        let known = serde_json::to_value(&value).map_err(D::Error::custom)?;
        Ok(Self { value, unknown: unknown(json, &known) })
    }
}

impl<T: Serialize> Serialize for Kept<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(unknown) = &self.unknown else { return self.value.serialize(serializer) };
        let mut json = serde_json::to_value(&self.value).map_err(serde::ser::Error::custom)?;
        merge(&mut json, unknown);
        json.serialize(serializer)
    }
}

/// What of `json` is not in `known`; `None` when all of it is.
fn unknown(json: Value, known: &Value) -> Option<Value> {
    match (json, known) {
        (Value::Object(fields), Value::Object(known)) => {
            let rest: Map<_, _> =
                fields.into_iter().filter_map(|(name, value)| unknown_field(name, value, known)).collect();
            (!rest.is_empty()).then_some(Value::Object(rest))
        }
        (Value::Array(items), Value::Array(known)) if items.len() == known.len() => {
            let rest: Vec<_> = items.into_iter().zip(known).map(|(item, known)| unknown(item, known)).collect();
            let any = rest.iter().any(Option::is_some);
            any.then(|| rest.into_iter().map(Option::unwrap_or_default).collect())
        }
        _ => None,
    }
}

/// A `null` that is not in `known` is a field that this version leaves out when there is nothing to tell.
fn unknown_field(name: String, value: Value, known: &Map<String, Value>) -> Option<(String, Value)> {
    match known.get(&name) {
        Some(known) => unknown(value, known).map(|rest| (name, rest)),
        None => (!value.is_null()).then_some((name, value)),
    }
}

fn merge(json: &mut Value, unknown: &Value) {
    match (json, unknown) {
        (Value::Object(fields), Value::Object(unknown)) => {
            for (name, value) in unknown {
                match fields.get_mut(name) {
                    Some(field) => merge(field, value),
                    None => drop(fields.insert(name.clone(), value.clone())),
                }
            }
        }
        (Value::Array(items), Value::Array(unknown)) => {
            items.iter_mut().zip(unknown).for_each(|(item, unknown)| merge(item, unknown));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_settings_stay_in_the_file() {
        let json = json!({ "temperature": 0.5, "warmth": [1], "thinking": "sideways", "extra_body": { "a": 1 } });
        let kept: Kept<Settings> = serde_json::from_value(json.clone()).expect("settings");
        let extra_body = Map::from_iter([("a".to_owned(), json!(1))]);
        assert_eq!(*kept, Settings { temperature: Some(0.5), extra_body, ..Settings::default() });
        assert_eq!(serde_json::to_value(&kept).expect("JSON"), json);
    }

    #[test]
    fn the_known_wins_over_the_kept() {
        let read = json!({ "a": 1, "list": [{ "b": 1, "new": 2 }, { "b": 3 }], "gone": null });
        let known = json!({ "a": 1, "list": [{ "b": 1 }, { "b": 3 }] });
        let rest = unknown(read, &known).expect("something unknown");
        assert_eq!(rest, json!({ "list": [{ "new": 2 }, null] }));
        let mut changed = json!({ "a": 9, "list": [{ "b": 8 }] });
        merge(&mut changed, &rest);
        assert_eq!(changed, json!({ "a": 9, "list": [{ "b": 8, "new": 2 }] }));
    }
}
