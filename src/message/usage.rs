//! Token usage of one response. What a vendor did not tell stays `None`: not told is not zero.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Tokens of one response, counted as PydanticAI counts them: the cache counts are parts of `input_tokens`,
/// thinking is part of `output_tokens`, and the total is input + output.
///
/// An unknown count is left out of the JSON, which PydanticAI reads as its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the prompt, cached ones included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens written to the vendor's prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_tokens: Option<u64>,
    /// Tokens read from the vendor's prompt cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_tokens: Option<u64>,
    /// Tokens of the answer, thinking included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// Tokens of thinking, a part of `output_tokens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_reasoning_tokens: Option<u64>,
    /// The vendor's further counts, by the vendor's names.
    pub details: BTreeMap<String, u64>,
    /// Fields of other programs, kept.
    #[serde(flatten)]
    pub extra: super::Extra,
}

impl Usage {
    /// Input + output, when both are known.
    #[must_use]
    pub fn total_tokens(&self) -> Option<u64> {
        self.input_tokens?.checked_add(self.output_tokens?)
    }

    /// Every count beside the same count of another usage.
    fn counts(&mut self, other: &Self) -> [(&mut Option<u64>, Option<u64>); 5] {
        [
            (&mut self.input_tokens, other.input_tokens),
            (&mut self.cache_write_tokens, other.cache_write_tokens),
            (&mut self.cache_read_tokens, other.cache_read_tokens),
            (&mut self.output_tokens, other.output_tokens),
            (&mut self.output_reasoning_tokens, other.output_reasoning_tokens),
        ]
    }

    /// Both together; what only one of them tells is that one's.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        let sum = |a: Option<u64>, b: Option<u64>| a.zip(b).map_or(a.or(b), |(a, b)| Some(a.saturating_add(b)));
        self.counts(other).into_iter().for_each(|(mine, theirs)| *mine = sum(*mine, theirs));
        for (name, count) in &other.details {
            let mine = self.details.entry(name.clone()).or_default();
            *mine = mine.saturating_add(*count);
        }
        self
    }

    /// Takes over every count that `newer` knows. Vendors repeat usage with growing counts: the last one holds.
    pub fn update(&mut self, newer: &Self) {
        self.counts(newer).into_iter().for_each(|(mine, theirs)| *mine = theirs.or(*mine));
        self.details.extend(newer.details.iter().map(|(name, count)| (name.clone(), *count)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_known_count_holds() {
        let mut usage = Usage { input_tokens: Some(11), output_tokens: Some(1), ..Usage::default() };
        usage.update(&Usage { output_tokens: Some(17), ..Usage::default() });
        assert_eq!(usage, Usage { input_tokens: Some(11), output_tokens: Some(17), ..Usage::default() });
        assert_eq!(usage.total_tokens(), Some(28));
    }

    #[test]
    fn a_sum_holds_what_either_tells() {
        let told = |input_tokens, output_tokens| Usage { input_tokens, output_tokens, ..Usage::default() };
        let sum = told(Some(4), None).plus(&told(Some(3), Some(2)));
        assert_eq!(sum, told(Some(7), Some(2)));
        assert_eq!(told(Some(u64::MAX), None).plus(&told(Some(1), None)), told(Some(u64::MAX), None));
    }

    #[test]
    fn an_unknown_count_makes_no_total() {
        assert_eq!(Usage { input_tokens: Some(11), ..Usage::default() }.total_tokens(), None);
        let huge = Usage { input_tokens: Some(u64::MAX), output_tokens: Some(1), ..Usage::default() };
        assert_eq!(huge.total_tokens(), None);
    }
}
