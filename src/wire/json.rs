//! JSON as vendors write it: borrowed where it can be, tolerant where a surprise shall not cost an answer.
//!
//! Counts that are no counts (negative, fractions, texts, beyond what JSON can hold exactly) are unknown, never 0 and
//! never a failure. Other fields of a kind that was not expected count as missing.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::vendor_error::excerpt;
use super::{ErrorKind, ModelError};

/// The largest integer that every JSON implementation holds exactly.
const MAX_COUNT: u64 = 1 << 53;

/// Reads one JSON object.
///
/// # Errors
/// `ErrorKind::Protocol`, with the text as body: it is not JSON, or not what `T` allows.
pub fn parse<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, ModelError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    if !text.starts_with('{') {
        let what = if text.starts_with('[') { "not a JSON object" } else { "not JSON" };
        return Err(not_understood(format!("the answer is {what}"), text));
    }
    serde_json::from_str(text).map_err(|error| {
        let what = if error.is_data() { "not what was expected" } else { "not JSON" };
        not_understood(format!("the answer is {what}: {error}"), text)
    })
}

/// Reads what stands in a field, whatever kind of JSON it is.
///
/// # Errors
/// `ErrorKind::Protocol`, with the JSON as body: it is not what `T` allows.
pub fn field<'a, T: Deserialize<'a>>(raw: &'a RawValue) -> Result<T, ModelError> {
    serde_json::from_str(raw.get())
        .map_err(|error| not_understood(format!("the answer is not what was expected: {error}"), raw.get()))
}

fn not_understood(message: String, text: &str) -> ModelError {
    ModelError::new(ErrorKind::Protocol, message).with_body(Value::from(excerpt(text)))
}

/// A count of tokens; `None` inside when what stands there is no count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count(pub Option<u64>);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(Tolerant)? {
            Scalar::Count(count) => Self(Some(count)),
            Scalar::Text(_) | Scalar::Other => Self(None),
        })
    }
}

/// The sum of what was told; `None` when nothing was, or when something was that is no count.
#[must_use]
pub fn sum(counts: &[Option<Count>]) -> Option<u64> {
    let told: Option<Vec<u64>> = counts.iter().flatten().map(|count| count.0).collect();
    told.filter(|told| !told.is_empty())?.into_iter().try_fold(0, u64::checked_add)
}

/// The counts of an object, by name; what is no count is left out, and what is no object has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<String, Option<Count>>);

impl Counts {
    /// The count of that name, if it was told.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Count> {
        self.0.get(name).copied().flatten()
    }

    /// The counts that are known.
    pub fn known(&self) -> impl Iterator<Item = (&String, u64)> {
        self.0.iter().filter_map(|(name, count)| Some((name, count.as_ref()?.0?)))
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: &RawValue = Deserialize::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).unwrap_or_default()))
    }
}

/// Text; anything else counts as missing. Borrowed from the input unless it holds escapes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text<'a>(Option<Cow<'a, str>>);

impl Text<'_> {
    /// The text, if it is one and not empty.
    #[must_use]
    pub fn get(&self) -> Option<&str> {
        self.0.as_deref().filter(|text| !text.is_empty())
    }

    /// Whether it is a text, be it an empty one.
    #[must_use]
    pub fn is_told(&self) -> bool {
        self.0.is_some()
    }

    /// The text; empty when there is none.
    #[must_use]
    pub fn or_empty(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match deserializer.deserialize_any(Tolerant)? {
            Scalar::Text(text) => Self(Some(text)),
            Scalar::Count(_) | Scalar::Other => Self(None),
        })
    }
}

/// A flag; anything but `true` counts as `false`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw: &RawValue = Deserialize::deserialize(deserializer)?;
        Ok(Self(raw.get() == "true"))
    }
}

/// An item of a list of which one is read.
pub trait Item {
    /// Whether it is the one.
    fn is_wanted(&self) -> bool;
}

/// The first item of a list that is wanted; none where there is no list. The item is boxed, since it is large and would
/// be moved several times; a `Vec` would allocate room for four of them with each token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First<T>(pub Option<Box<T>>);

impl<T> Default for First<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Item + Deserialize<'de>> Deserialize<'de> for First<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstWanted(PhantomData))
    }
}

struct FirstWanted<T>(PhantomData<T>);

impl<'de, T: Item + Deserialize<'de>> Visitor<'de> for FirstWanted<T> {
    type Value = First<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or null")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(First::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut first = None;
        while let Some(item) = items.next_element::<Box<T>>()? {
            first = first.or_else(|| Some(item).filter(|item| item.is_wanted()));
        }
        Ok(First(first))
    }
}

/// Text that must be text or `null`: losing it silently would falsify the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content<'a>(Text<'a>);

impl Content<'_> {
    /// The text; empty when there is none.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.or_empty()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_option(OptionalText)? {
            Some(text) => Ok(Self(Text(Some(text)))),
            None => Ok(Self::default()),
        }
    }
}

/// What a tolerant field can hold.
enum Scalar<'a> {
    Text(Cow<'a, str>),
    Count(u64),
    Other,
}

struct Tolerant;

impl<'de> Visitor<'de> for Tolerant {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(if number <= MAX_COUNT { Scalar::Count(number) } else { Scalar::Other })
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

struct OptionalText;

impl<'de> Visitor<'de> for OptionalText {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_is_one() {
        let count = |json: &str| serde_json::from_str::<Count>(json).expect("tolerant").0;
        assert_eq!(count("17"), Some(17));
        for json in ["-5", "1.5", "17.0", "\"11\"", "null", "true", "[1]", "{\"a\":1}", "99999999999999999999", "1e9"] {
            assert_eq!(count(json), None, "{json}");
        }
    }

    #[test]
    fn a_sum_of_what_is_no_count_is_unknown() {
        let (known, wrong) = (Some(Count(Some(2))), Some(Count(None)));
        assert_eq!(sum(&[known, None, known]), Some(4));
        assert_eq!(sum(&[known, wrong]), None);
        assert_eq!(sum(&[None, None]), None);
    }

    #[test]
    fn text_is_borrowed_unless_it_holds_escapes() {
        let text = |json: &'static str| serde_json::from_str::<Text<'static>>(json).expect("tolerant").0;
        assert!(matches!(text("\"Zoë\""), Some(Cow::Borrowed("Zoë"))));
        assert!(matches!(text(r#""a\nb""#), Some(Cow::Owned(text)) if text == "a\nb"));
        assert_eq!(text("7"), None);
    }

    impl Item for Count {
        fn is_wanted(&self) -> bool {
            self.0.is_some_and(|count| count > 1)
        }
    }

    #[test]
    fn the_first_wanted_item_of_a_list_is_read() {
        let first = |json: &str| serde_json::from_str::<First<Count>>(json).map(|first| first.0).ok();
        assert_eq!(first("[1, 2, \"x\", 3]"), Some(Some(Box::new(Count(Some(2))))));
        assert_eq!([first("[1]"), first("[]"), first("null")], [const { Some(None) }; 3]);
        assert_eq!([first("7"), first("[1, 2")], [const { None }; 2]);
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let error = parse::<Value>(&format!("{{\"a\":{}", "[".repeat(100_000))).expect_err("too deep");
        assert_eq!(error.kind, ErrorKind::Protocol);
    }
}
