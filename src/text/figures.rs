//! Numbers and times as people read them. What is not known is `–`.

use std::time::Duration;

use jiff::Timestamp;

/// What stands for a figure that is not known.
pub const UNKNOWN: &str = "–";

/// A count with its thousands set apart.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count, or that it is not known.
#[must_use]
pub fn count(count: Option<u64>) -> String {
    count.map_or_else(|| UNKNOWN.to_owned(), grouped)
}

/// A figure: the known one, else the estimated one marked `~`, else that it is not known.
#[must_use]
pub fn known_or_about<T>(known: Option<T>, estimated: Option<T>, show: impl Fn(Option<T>) -> String) -> String {
    match (known, estimated) {
        (None, Some(estimated)) => format!("~{}", show(Some(estimated))),
        (known, _) => show(known),
    }
}

/// Milliseconds: `312 ms`, `1.2 s`, `2 min 05 s`.
#[must_use]
pub fn millis(millis: f64) -> String {
    let seconds = millis / 1_000.0;
    if millis < 999.5 { format!("{millis:.0} ms") } else { self::seconds(seconds) }
}

/// Seconds with a tenth: `0.2 s`, `2 min 05 s`.
#[must_use]
pub fn seconds(seconds: f64) -> String {
    if seconds < 99.95 {
        return format!("{seconds:.1} s");
    }
    let whole = Duration::try_from_secs_f64(seconds).unwrap_or_default().as_secs();
    format!("{} min {:02} s", whole / 60, whole % 60)
}

/// Seconds without a tenth that is none: `20 s`, `1.5 s`.
#[must_use]
pub fn whole_seconds(seconds: f64) -> String {
    if seconds < 99.95 && seconds.fract() == 0.0 { format!("{seconds:.0} s") } else { self::seconds(seconds) }
}

/// Tokens per second: `84 tok/s`, `7.4 tok/s`.
#[must_use]
pub fn speed(tokens_per_second: Option<f64>) -> String {
    match tokens_per_second {
        Some(speed) if speed < 9.95 => format!("{speed:.1} tok/s"),
        Some(speed) if speed < 999.5 => format!("{speed:.0} tok/s"),
        Some(speed) => format!("{:.1}k tok/s", speed / 1_000.0),
        None => format!("{UNKNOWN} tok/s"),
    }
}

/// US dollars: `$1.24`, `$0.0132`, `<$0.0001`; `$–` when it is not known.
#[must_use]
pub fn dollars(usd: Option<f64>) -> String {
    match usd {
        None => format!("${UNKNOWN}"),
        Some(0.0) => "$0".to_owned(),
        Some(usd) if usd < 0.000_1 => "<$0.0001".to_owned(),
        Some(usd) if usd < 0.999_95 => format!("${usd:.4}"),
        Some(usd) => format!("${usd:.2}"),
    }
}

/// How long ago: `just now`, `4 min ago`, `3 h ago`, `2 days ago`.
#[must_use]
pub fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.as_second().saturating_sub(then.as_second()) / 60;
    match minutes {
        ..1 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1_440 => format!("{} h ago", minutes / 60),
        1_440..2_880 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_and_grouped() {
        assert_eq!([grouped(0), grouped(999), grouped(1_000), grouped(1_234_567)], ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([millis(312.4), millis(999.7), millis(1_240.0)], ["312 ms", "1.0 s", "1.2 s"]);
        assert_eq!([seconds(0.21), seconds(99.99), seconds(125.0)], ["0.2 s", "1 min 39 s", "2 min 05 s"]);
        assert_eq!([whole_seconds(20.0), whole_seconds(1.5), whole_seconds(120.0)], ["20 s", "1.5 s", "2 min 00 s"]);
        assert_eq!([speed(Some(84.2)), speed(Some(7.44)), speed(None)], ["84 tok/s", "7.4 tok/s", "– tok/s"]);
        assert_eq!([dollars(Some(0.0)), dollars(Some(0.000_09)), dollars(None)], ["$0", "<$0.0001", "$–"]);
        assert_eq!(
            [dollars(Some(0.013_24)), dollars(Some(0.999_99)), dollars(Some(12.345))],
            ["$0.0132", "$1.00", "$12.35"]
        );
        assert_eq!([count(None), count(Some(0))], ["–", "0"]);
        let tokens = |known, estimated| known_or_about(known, estimated, count);
        assert_eq!([tokens(Some(1), Some(2)), tokens(None, Some(2)), tokens(None, None)], ["1", "~2", "–"]);
    }

    #[test]
    fn times_ago() {
        let at = |seconds: i64| ago(Timestamp::UNIX_EPOCH, Timestamp::from_second(seconds).expect("in range"));
        assert_eq!([at(5), at(300), at(7_300), at(100_000)], ["just now", "5 min ago", "2 h ago", "yesterday"]);
        assert_eq!(at(400_000), "4 days ago");
    }
}
