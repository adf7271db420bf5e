//! Prices in a list of models.

use serde_json::Value;

use crate::catalog::Rates;

/// Decimal places of a rate that are kept: prices for a token have noise below, once they are multiplied.
const DECIMALS: f64 = 1e9;

/// OpenRouter's: `pricing` with USD for a token, as texts. Those of a router that picks its model later are negative,
/// and a price for each request besides the tokens is one that tokens alone don't tell: both are unknown
/// (<https://openrouter.ai/docs/api-reference/list-available-models>).
pub fn per_token(entry: &Value) -> Option<Rates> {
    let pricing = entry.get("pricing")?;
    let rate = |field: &str| rate(pricing.get(field)?);
    let is_by_tokens_alone = pricing.get("request").is_none_or(|request| self::rate(request) == Some(0.0));
    let rates = Rates {
        input: rate("prompt")?,
        output: rate("completion")?,
        cache_read: rate("input_cache_read"),
        cache_write: rate("input_cache_write"),
    };
    is_by_tokens_alone.then_some(rates)
}

/// USD for a million tokens.
fn rate(told: &Value) -> Option<f64> {
    let for_one = told.as_str().and_then(|text| text.trim().parse().ok()).or_else(|| told.as_f64())?;
    let is_price = f64::is_finite(for_one) && for_one >= 0.0;
    is_price.then(|| (for_one * 1_000_000.0 * DECIMALS).round() / DECIMALS)
}
