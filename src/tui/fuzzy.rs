//! Finds what somebody means by a few letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// The places of the texts that match, best first; all in their own order for an empty query, which also decides
/// between texts that match equally well.
pub fn matches<T: AsRef<str>>(query: &str, texts: impl IntoIterator<Item = T>) -> Vec<usize> {
    let pattern = Pattern::parse(query, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
    let mut buffer = Vec::new();
    let score = |(at, text): (usize, T)| {
        let score = pattern.score(Utf32Str::new(text.as_ref(), &mut buffer), &mut matcher)?;
        Some((std::cmp::Reverse(score), at))
    };
    let mut scored: Vec<_> = texts.into_iter().enumerate().filter_map(score).collect();
    scored.sort_unstable();
    scored.into_iter().map(|(_, at)| at).collect()
}
