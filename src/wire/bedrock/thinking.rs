//! How thinking is asked for: not by Converse itself, but in the words of each model's maker.

use serde_json::{Map, Value, json};

use super::encode::max_tokens;
use crate::catalog::ThinkingStyle;
use crate::settings::{Effort, Thinking};
use crate::wire::Call;
use crate::wire::request::Body;

/// The fewest tokens that Anthropic lets a model think with.
const MIN_BUDGET: u64 = 1024;

/// The fields for the model's maker, `additionalModelRequestFields`:
/// <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html>.
pub fn fields(call: &Call<'_>, body: &mut Body) -> Map<String, Value> {
    let Some(asked) = call.settings.thinking else { return Map::new() };
    let effort = |field: fn(&str) -> Value| effort(call, asked, field);
    let fields = match call.profile.thinking {
        ThinkingStyle::Budget => budget(call, asked),
        ThinkingStyle::Adaptive => adaptive(call, asked),
        ThinkingStyle::ReasoningEffort => effort(|word| json!({"reasoning_effort": word})),
        ThinkingStyle::ReasoningObject => effort(|word| json!({"reasoning": {"effort": word}})),
        ThinkingStyle::ReasoningConfig => effort(|word| json!({"reasoning_config": word})),
        _ => {
            body.omit("thinking", true);
            None
        }
    };
    match fields {
        Some(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// What the family's row has for thinking and for not thinking, or the maker's word for an effort in its field.
fn effort(call: &Call<'_>, asked: Thinking, field: fn(&str) -> Value) -> Option<Value> {
    match asked {
        Thinking::Enabled(true) => call.profile.thinking_on.clone().map(Value::Object),
        Thinking::Enabled(false) => off(call),
        Thinking::Effort(effort) => call.profile.effort(effort).map(field),
    }
}

/// <https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html>
fn budget(call: &Call<'_>, asked: Thinking) -> Option<Value> {
    let effort = match asked {
        Thinking::Enabled(false) => return off(call),
        Thinking::Enabled(true) => Effort::Medium,
        Thinking::Effort(effort) => effort,
    };
    let budget = call.profile.budget(effort)?;
    Some(json!({"thinking": {"type": "enabled", "budget_tokens": fitting(budget, max_tokens(call))}}))
}

/// The vendor wants the budget below the limit of the whole answer; a limit that is too tight is shared by halves.
fn fitting(budget: u64, max_tokens: Option<u64>) -> u64 {
    match max_tokens {
        Some(max_tokens) if budget >= max_tokens => (max_tokens / 2).max(MIN_BUDGET),
        _ => budget,
    }
}

/// <https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html>
fn adaptive(call: &Call<'_>, asked: Thinking) -> Option<Value> {
    let effort = match asked {
        Thinking::Enabled(true) => None,
        Thinking::Effort(effort) => Some(effort),
        Thinking::Enabled(false) if call.profile.thinking_optional => return off(call),
        // It can't be told not to: it thinks as little as it can.
        Thinking::Enabled(false) => Some(Effort::Minimal),
    };
    let mut fields = json!({"thinking": {"type": "adaptive"}});
    if let Some(word) = effort.and_then(|effort| call.profile.effort(effort)) {
        fields["output_config"] = json!({"effort": word});
    }
    Some(fields)
}

/// Told not to think; nothing for one that doesn't unasked.
fn off(call: &Call<'_>) -> Option<Value> {
    call.profile.thinking_off.clone().map(Value::Object)
}
