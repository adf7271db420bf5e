//! What tokens cost, as far as it is known: rows of `prices.toml`, and what providers tell themselves in their lists.
//!
//! A price without its source and its day is none. What is not known is `None`, never 0.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::message::Usage;

/// Tokens that the rates are for.
const MILLION: f64 = 1_000_000.0;
/// Sums are rounded to this part of a dollar: what lies below is noise of the arithmetic.
const PARTS_OF_A_DOLLAR: f64 = 1e12;

/// USD for a million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// Of the prompt.
    pub input: f64,
    /// Of the answer, thinking included.
    pub output: f64,
    /// Of the prompt, read from the vendor's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_read: Option<f64>,
    /// Of the prompt, written to the vendor's cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<f64>,
}

/// What a model costs, and who says so.
#[derive(Clone, Debug, PartialEq)]
pub struct Price {
    /// The rates.
    pub rates: Rates,
    /// Those of a request with a long prompt, for all of its tokens.
    pub long: Option<Long>,
    /// Where the rates stand: an address.
    pub source: String,
    /// When they were read there.
    pub date: Date,
}

/// Rates of a request with a long prompt.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct Long {
    /// They hold for prompts of more tokens than this.
    pub above: u64,
    /// The rates.
    #[serde(flatten)]
    pub rates: Rates,
}

/// What something has cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// US dollars.
    pub usd: f64,
    /// Where the price stands; several are parted by commas.
    #[serde(default)]
    pub price_source: Option<String>,
    /// When it was read there; of several the oldest.
    #[serde(default)]
    pub price_date: Option<Date>,
}

impl Rates {
    /// US dollars for these tokens. `None` when a count that has to be known isn't, when cached tokens have no rate, or
    /// when the counts contradict each other. Cache counts that were not told are none: who bills them tells them.
    #[must_use]
    pub fn usd(&self, usage: &Usage) -> Option<f64> {
        let (read, write) = (usage.cache_read_tokens.unwrap_or(0), usage.cache_write_tokens.unwrap_or(0));
        let fresh = usage.input_tokens?.checked_sub(read)?.checked_sub(write)?;
        let cached = |tokens, rate: Option<f64>| if tokens == 0 { Some(0.0) } else { Some(tokens as f64 * rate?) };
        let input = fresh as f64 * self.input + cached(read, self.cache_read)? + cached(write, self.cache_write)?;
        Some(rounded((input + usage.output_tokens? as f64 * self.output) / MILLION))
    }
}

impl Price {
    /// What these tokens cost, as far as it is known.
    #[must_use]
    pub fn cost(&self, usage: &Usage) -> Option<Cost> {
        let long = self.long.filter(|long| usage.input_tokens.is_some_and(|tokens| tokens > long.above));
        let usd = long.map_or(self.rates, |long| long.rates).usd(usage)?;
        Some(Cost { usd, price_source: Some(self.source.clone()), price_date: Some(self.date) })
    }
}

impl Cost {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: &Self) -> Self {
        let sources = match (self.price_source, &other.price_source) {
            (Some(mine), Some(theirs)) if !mine.split(", ").any(|source| source == theirs) => {
                Some(format!("{mine}, {theirs}"))
            }
            (mine, theirs) => mine.or_else(|| theirs.clone()),
        };
        let date = [self.price_date, other.price_date].into_iter().flatten().min();
        Self { usd: rounded(self.usd + other.usd), price_source: sources, price_date: date }
    }
}

fn rounded(usd: f64) -> f64 {
    (usd * PARTS_OF_A_DOLLAR).round() / PARTS_OF_A_DOLLAR
}

/// The prices of a provider, as `prices.toml` has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    source: String,
    date: Date,
    /// Further providers that bill the same.
    #[serde(default)]
    also: Vec<String>,
    models: HashMap<String, Listed>,
}

#[derive(Deserialize)]
struct Listed {
    #[serde(flatten)]
    rates: Rates,
    long: Option<Long>,
}

static PRICES: LazyLock<HashMap<String, Row>> = LazyLock::new(|| {
    toml::from_str(include_str!("prices.toml")).unwrap_or_else(|error| panic!("prices.toml: {error}"))
});

/// What the vendor of that built-in provider asks for the model, by the name that a request has.
#[must_use]
pub fn price(provider: &str, model: &str) -> Option<Price> {
    let also = || PRICES.values().find(|row| row.also.iter().any(|name| name == provider));
    let row = PRICES.get(provider).or_else(also)?;
    let Listed { rates, long } = row.models.get(model)?;
    Some(Price { rates: *rates, long: *long, source: row.source.clone(), date: row.date })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;

    const RATES: Rates = Rates { input: 3.0, output: 15.0, cache_read: Some(0.3), cache_write: Some(3.75) };

    fn usage(input: u64, output: u64, read: Option<u64>, write: Option<u64>) -> Usage {
        Usage {
            input_tokens: Some(input),
            output_tokens: Some(output),
            cache_read_tokens: read,
            cache_write_tokens: write,
            ..Usage::default()
        }
    }

    #[test]
    fn cached_tokens_are_part_of_the_prompt() {
        assert_eq!(RATES.usd(&usage(57, 128, None, None)), Some(0.002_091));
        assert_eq!(RATES.usd(&usage(10_000, 100, Some(8_000), Some(1_000))), Some(0.010_65));
        assert_eq!(RATES.usd(&usage(0, 0, None, None)), Some(0.0));
    }

    #[test]
    fn what_is_not_known_is_none() {
        let uncached = Rates { cache_read: None, cache_write: None, ..RATES };
        assert_eq!(uncached.usd(&usage(10, 1, Some(0), Some(0))), Some(0.000_045));
        assert_eq!(uncached.usd(&usage(10, 1, Some(5), None)), None);
        assert_eq!(RATES.usd(&usage(10, 1, Some(8), Some(8))), None, "more cached than there is");
        assert_eq!(RATES.usd(&Usage { input_tokens: Some(10), ..Usage::default() }), None);
    }

    #[test]
    fn a_long_prompt_costs_more_for_all_of_it() {
        let price = price("google-gla", "gemini-2.5-pro").expect("a well-known model");
        let usd = |input| price.cost(&usage(input, 0, None, None)).map(|cost| cost.usd);
        assert_eq!((usd(200_000), usd(200_001)), (Some(0.25), Some(0.500_002_5)));
    }

    #[test]
    fn a_sum_names_every_source_and_the_oldest_day() {
        let cost = |usd, source: &str, date: &str| Cost {
            usd,
            price_source: Some(source.to_owned()),
            price_date: Some(date.parse().expect("a date")),
        };
        let sum = cost(0.1, "a", "2026-05-02").plus(&cost(0.2, "b", "2026-05-01")).plus(&cost(0.0, "a", "2026-06-01"));
        assert_eq!(sum, cost(0.3, "a, b", "2026-05-01"));
    }

    #[test]
    fn every_row_is_of_a_provider_and_makes_sense() {
        for (name, row) in &*PRICES {
            for provider in row.also.iter().chain([name]) {
                assert!(catalog::provider(provider).is_some_and(|row| row.name == *provider), "{provider}");
            }
            assert!(row.source.starts_with("https://"), "{name}");
            for (model, Listed { rates, long }) in &row.models {
                let all = [Some(rates.input), Some(rates.output), rates.cache_read, rates.cache_write];
                assert!(all.into_iter().flatten().all(|rate| rate > 0.0 && rate < 1_000.0), "{name}:{model}");
                assert!(rates.cache_read.is_none_or(|rate| rate < rates.input), "{name}:{model}");
                assert!(long.is_none_or(|long| long.rates.input > rates.input), "{name}:{model}");
            }
        }
        assert_eq!(price("openai-responses", "gpt-4o"), price("openai", "gpt-4o"));
        assert_eq!((price("openai", "gpt-0"), price("test", "brief")), (None, None));
    }
}
