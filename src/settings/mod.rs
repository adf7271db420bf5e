//! Model settings in PydanticAI's words: what a user may ask of an answer, whoever gives it.

mod output;
mod parse;
mod variant;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use output::{OutputMode, OutputSpec};
pub use parse::{KNOWN_SETTINGS, SettingError, parse_assignment};
pub use variant::{split_variant, variant_parts};

/// The longest time that can be waited for, in seconds: beyond it clocks overflow, and nobody waits 30 years.
const MAX_SECONDS: f64 = 1e9;

/// What a time in seconds must be.
pub const SECONDS: &str = "a number of seconds above 0, at most 1e9";

/// The time that so many seconds are; `None` when they are not [`SECONDS`].
#[must_use]
pub fn time_limit(seconds: f64) -> Option<Duration> {
    let limit = Duration::try_from_secs_f64(seconds).ok().filter(|limit| !limit.is_zero())?;
    (seconds <= MAX_SECONDS).then_some(limit)
}

/// Settings of a request. What is `None` is left to the provider.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Randomness, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// The most tokens to answer with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<u64>,
    /// Nucleus sampling, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// For answers that can be repeated, where the provider can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<i64>,
    /// Texts that end the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_sequences: Option<Vec<String>>,
    /// Discourages what was said at all, −2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub presence_penalty: Option<f64>,
    /// Discourages what was said often, −2 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_penalty: Option<f64>,
    /// The most seconds for the whole answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<f64>,
    /// Whether, and how hard, to think.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinking: Option<Thinking>,
    /// Fields put into the request's body as they are.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub extra_body: Map<String, Value>,
}

/// Whether, and how hard, a model should think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Thinking {
    /// On with the provider's own effort, or off.
    Enabled(bool),
    /// On with this effort.
    Effort(Effort),
}

/// How hard to think.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// As little as the model can.
    Minimal,
    /// A little.
    Low,
    /// The usual.
    Medium,
    /// Much.
    High,
    /// As much as the model can.
    Xhigh,
}

impl Effort {
    /// The word used in requests and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
        }
    }
}

impl Settings {
    /// The limit on the whole answer. One that is too long to be waited for is none.
    #[must_use]
    pub fn limit(&self) -> Option<Duration> {
        self.timeout.and_then(time_limit)
    }

    /// These settings, with what `over` sets taking their place. Extra body fields are joined.
    #[must_use]
    pub fn overridden_by(&self, over: &Self) -> Self {
        let mut extra_body = self.extra_body.clone();
        extra_body.extend(over.extra_body.clone());
        Self {
            temperature: over.temperature.or(self.temperature),
            max_tokens: over.max_tokens.or(self.max_tokens),
            top_p: over.top_p.or(self.top_p),
            seed: over.seed.or(self.seed),
            stop_sequences: over.stop_sequences.clone().or_else(|| self.stop_sequences.clone()),
            presence_penalty: over.presence_penalty.or(self.presence_penalty),
            frequency_penalty: over.frequency_penalty.or(self.frequency_penalty),
            timeout: over.timeout.or(self.timeout),
            thinking: over.thinking.or(self.thinking),
            extra_body,
        }
    }
}
