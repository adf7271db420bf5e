//! Numbers that fit a JSON Schema, as PydanticAI's `_JsonSchemaTestData` makes them.

use serde_json::{Map, Number, Value};

type Schema = Map<String, Value>;

/// A whole number within the bounds of the schema. PydanticAI overlooks an exclusive bound beside another one; where its
/// number breaks that, the tighter bounds hold.
pub fn integer(schema: &Schema, seed: i64) -> Value {
    let seed = i128::from(seed);
    let (low, above) = (whole(schema, "minimum", f64::ceil), whole(schema, "exclusiveMinimum", f64::floor));
    let (high, below) = (whole(schema, "maximum", f64::floor), whole(schema, "exclusiveMaximum", f64::ceil));
    let (inner_low, inner_high) =
        (above.map(|bound| bound.saturating_add(1)), below.map(|bound| bound.saturating_sub(1)));
    let is_inclusive = !schema.contains_key("exclusiveMinimum") && !schema.contains_key("exclusiveMaximum");
    let (lower, upper) = (low.max(inner_low), high.into_iter().chain(inner_high).min());
    let clamped = |number: i128| number.max(lower.unwrap_or(number)).min(upper.unwrap_or(i128::MAX));
    let number = between_whole(low.or(inner_low), high.or(inner_high), is_inclusive, seed);
    let fits = clamped(number) == number;
    let number = if fits { number } else { clamped(between_whole(lower, upper, is_inclusive, seed)) };
    i64::try_from(number).map(Value::from).or_else(|_| u64::try_from(number).map(Value::from)).unwrap_or_default()
}

fn between_whole(lower: Option<i128>, upper: Option<i128>, is_inclusive: bool, seed: i128) -> i128 {
    match (lower, upper) {
        (Some(lower), Some(upper)) if upper <= lower => lower,
        (Some(lower), Some(upper)) => {
            lower + seed.rem_euclid(upper.saturating_sub(lower).saturating_add(i128::from(is_inclusive)))
        }
        (Some(lower), None) => lower.saturating_add(seed),
        (None, Some(upper)) => upper.saturating_sub(seed),
        (None, None) => seed,
    }
}

/// A number within the bounds of the schema.
pub fn number(schema: &Schema, seed: i64) -> Value {
    let bound = |name| schema.get(name).and_then(Value::as_f64);
    let tightest = |bound: Option<f64>, other: Option<f64>, pick: fn(f64, f64) -> f64| match (bound, other) {
        (Some(bound), Some(other)) => Some(pick(bound, other)),
        (bound, other) => bound.or(other),
    };
    let (above, below) = (bound("exclusiveMinimum"), bound("exclusiveMaximum"));
    let lower = tightest(bound("minimum"), above, f64::max);
    let upper = tightest(bound("maximum"), below, f64::min);
    let offset = |exclusive: Option<f64>| if exclusive.is_some() { 1.0 } else { 0.0 };
    let seed = seed as f64;
    let number = match (lower, upper) {
        (Some(lower), Some(upper)) if upper <= lower => lower,
        (Some(lower), Some(upper)) => between(lower, upper, above, seed),
        (Some(lower), None) => lower + seed + offset(above),
        (None, Some(upper)) => upper - seed - offset(below),
        (None, None) => seed,
    };
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

/// A number from `lower` on that is not `above` itself.
fn between(lower: f64, upper: f64, above: Option<f64>, seed: f64) -> f64 {
    let number = lower + seed.rem_euclid(upper - lower);
    if above.is_some_and(|above| number <= above) { lower + (upper - lower) / 2.0 } else { number }
}

/// A bound for whole numbers.
fn whole(schema: &Schema, name: &str, round: fn(f64) -> f64) -> Option<i128> {
    let number = schema.get(name)?.as_number()?;
    let exact = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    exact.or_else(|| number.as_f64().map(|number| round(number) as i128))
}

/// A count from 0.
pub fn count(schema: &Schema, name: &str) -> Option<usize> {
    whole(schema, name, f64::ceil).map(|count| usize::try_from(count.max(0)).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_keep_their_bounds() {
        // Each by PydanticAI itself, but for the last two, where it goes beyond the bounds.
        let table = [
            (json!({}), 5, json!(5), json!(5.0)),
            (json!({"minimum": 2}), 5, json!(7), json!(7.0)),
            (json!({"maximum": 2}), 5, json!(-3), json!(-3.0)),
            (json!({"minimum": 1, "maximum": 3}), 5, json!(3), json!(2.0)),
            (json!({"minimum": 4, "maximum": 4}), 5, json!(4), json!(4.0)),
            (json!({"exclusiveMinimum": 0}), 0, json!(1), json!(1.0)),
            (json!({"exclusiveMinimum": 0, "exclusiveMaximum": 2}), 0, json!(1), json!(1.0)),
            (json!({"minimum": 0, "exclusiveMaximum": 10}), 12, json!(3), json!(2.0)),
            (json!({"minimum": 0, "exclusiveMinimum": 3}), 0, json!(4), json!(4.0)),
            (json!({"minimum": 0.5}), 0, json!(1), json!(0.5)),
        ];
        for (schema, seed, whole, any) in table {
            let schema_fields = schema.as_object().expect("an object");
            let made = (integer(schema_fields, seed), number(schema_fields, seed));
            assert_eq!(made, (whole, any), "{schema} {seed}");
        }
    }

    #[test]
    fn huge_bounds_are_no_danger() {
        let table = [(json!({"minimum": u64::MAX}), json!(u64::MAX)), (json!({"minimum": 1e300}), Value::Null)];
        for (schema, expected) in table {
            assert_eq!(integer(schema.as_object().expect("an object"), 0), expected, "{schema}");
        }
    }
}
