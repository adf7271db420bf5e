//! Bedrock's token counts, in PydanticAI's words.

use serde_json::value::RawValue;

use crate::message::Usage;
use crate::wire::json::{Counts, sum};

/// Counts after <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html>: the vendor's
/// input leaves out what the cache was read and written for.
pub fn usage(raw: &RawValue) -> Usage {
    let counts: Counts = serde_json::from_str(raw.get()).unwrap_or_default();
    let count = |name: &str| counts.get(name);
    let known = |name: &str| count(name).and_then(|count| count.0);
    let (read, written) = ("cacheReadInputTokens", "cacheWriteInputTokens");
    Usage {
        input_tokens: count("inputTokens").and_then(|input| sum(&[Some(input), count(read), count(written)])),
        output_tokens: known("outputTokens"),
        cache_read_tokens: known(read),
        cache_write_tokens: known(written),
        ..Usage::default()
    }
}
