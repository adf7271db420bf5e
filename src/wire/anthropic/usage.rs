//! Anthropic's token counts, which come in pieces: the prompt's at the start, the answer's at the end.

use serde_json::value::RawValue;

use crate::message::Usage;
use crate::wire::json::{Counts, sum};

/// The counts told so far, by Anthropic's names: <https://docs.anthropic.com/en/api/messages#response-usage>.
#[derive(Debug, Default)]
pub struct Tokens {
    counts: Counts,
    thinking: Counts,
}

impl Tokens {
    /// Takes in a `usage` object. Counts repeat, growing: the last one holds.
    pub fn update(&mut self, raw: &RawValue) {
        let newer: Counts = read(raw);
        self.counts.0.extend(newer.0.into_iter().filter(|(_, count)| count.is_some()));
        if let Some(details) = field(raw, "output_tokens_details") {
            self.thinking = read(details);
        }
    }

    /// Takes in the `usage` of `message_start`: its count of output is provisional and would outlive a broken stream.
    pub fn start(&mut self, raw: &RawValue) {
        self.update(raw);
        self.counts.0.remove("output_tokens");
    }

    /// The counts in PydanticAI's words: the prompt includes what was read from and written to the cache.
    pub fn usage(&self) -> Usage {
        let count = |name: &str| self.counts.get(name);
        let known = |name: &str| count(name).and_then(|count| count.0);
        let (written, read) = ("cache_creation_input_tokens", "cache_read_input_tokens");
        let input = count("input_tokens").and_then(|input| sum(&[Some(input), count(written), count(read)]));
        let is_token_count = |name: &str| name.ends_with("_tokens");
        Usage {
            input_tokens: input,
            output_tokens: known("output_tokens"),
            cache_write_tokens: known(written),
            cache_read_tokens: known(read),
            output_reasoning_tokens: self.thinking.get("thinking_tokens").and_then(|count| count.0),
            details: self
                .counts
                .known()
                .filter(|(name, _)| is_token_count(name))
                .map(|(name, count)| (name.clone(), count))
                .collect(),
            ..Usage::default()
        }
    }
}

fn read(raw: &RawValue) -> Counts {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

fn field<'a>(raw: &'a RawValue, name: &str) -> Option<&'a RawValue> {
    let fields: std::collections::HashMap<std::borrow::Cow<'a, str>, &'a RawValue> =
        serde_json::from_str(raw.get()).ok()?;
    fields.get(name).copied()
}
