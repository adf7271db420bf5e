//! Timestamps as pydantic writes them: RFC 3339 in UTC, six digits of a second or none at all.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;
use serde::{Deserialize, Deserializer, Serializer};

/// The text form: `2026-11-22T08:18:56.229610Z`, and `2025-04-08T08:00:08Z` for a whole second.
#[must_use]
pub fn format(timestamp: &Timestamp) -> String {
    let micros = timestamp.subsec_nanosecond() / 1_000;
    let digits = if micros == 0 { 0 } else { 6 };
    DateTimePrinter::new().precision(Some(digits)).timestamp_to_string(timestamp)
}

/// `serde(with = "timestamp")` for an optional timestamp.
pub fn serialize<S: Serializer>(timestamp: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match timestamp {
        Some(timestamp) => serializer.serialize_str(&format(timestamp)),
        None => serializer.serialize_none(),
    }
}

/// `serde(with = "timestamp")` for an optional timestamp.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Timestamp>, D::Error> {
    Option::<Timestamp>::deserialize(deserializer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_or_none() {
        let shown = |text: &str| format(&text.parse().expect("a timestamp"));
        assert_eq!(shown("2026-11-22T08:18:56.22961Z"), "2026-11-22T08:18:56.229610Z");
        assert_eq!(shown("2025-04-08T08:00:08Z"), "2025-04-08T08:00:08Z");
    }
}
