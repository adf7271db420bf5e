//! The wait that a provider asks for before the next request.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp, Zoned};
use reqwest::header::HeaderMap;

use super::failure::header;

/// The wait that the provider asks for, in seconds: `retry-after-ms`, then `retry-after` in seconds or as a date.
/// A date in the past, or nonsense, counts as none (RFC 9110, 10.2.3).
pub fn read(headers: &HeaderMap, now: Timestamp) -> Option<f64> {
    let positive = |seconds: f64| (seconds.is_finite() && seconds > 0.0).then_some(seconds);
    if let Some(ms) = header(headers, "retry-after-ms").and_then(|text| text.trim().parse::<f64>().ok()) {
        return positive(ms / 1_000.0);
    }
    let text = header(headers, "retry-after")?.trim();
    if let Ok(seconds) = text.parse() {
        return positive(seconds);
    }
    let date = rfc2822::parse(text).ok()?.timestamp();
    positive(date.duration_since(now).as_secs_f64())
}

/// `45 s, until 14:32:05`, on the user's own clock; with the day where that is another one.
pub fn told(seconds: f64, now: &Zoned) -> String {
    let digits = usize::from(seconds < 10.0);
    let wait = format!("{seconds:.digits$} s");
    let until = SignedDuration::try_from_secs_f64(seconds).ok().and_then(|wait| now.checked_add(wait).ok());
    match until {
        Some(until) if until.date() == now.date() => format!("{wait}, until {}", until.strftime("%H:%M:%S")),
        Some(until) => format!("{wait}, until {}", until.strftime("%Y-%m-%d %H:%M:%S")),
        None => wait,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(&'static str, &'static str)]) -> Option<f64> {
        let headers = pairs.iter().map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value")));
        read(&headers.collect(), "2027-12-31T23:59:00Z".parse().expect("a timestamp"))
    }

    #[test]
    fn the_wait_is_read_in_every_form() {
        assert_eq!(wait(&[("retry-after", "2")]), Some(2.0));
        assert_eq!(wait(&[("retry-after", "60"), ("retry-after-ms", "250")]), Some(0.25));
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 2027 23:59:59 GMT")]), Some(59.0));
        assert_eq!(wait(&[("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT")]), None);
        assert_eq!(wait(&[("retry-after", "soon")]), None);
        assert_eq!(wait(&[("retry-after", "-3")]), None);
    }

    #[test]
    fn the_wait_is_told_with_its_end_on_the_clock() {
        let now: Zoned = "2027-12-31T23:58:00+01:00[Europe/Berlin]".parse().expect("a time");
        assert_eq!(told(0.25, &now), "0.2 s, until 23:58:00");
        assert_eq!(told(45.0, &now), "45 s, until 23:58:45");
        assert_eq!(told(125.4, &now), "125 s, until 2028-01-01 00:00:05");
        assert_eq!(told(1e300, &now), format!("{:.0} s", 1e300));
    }
}
