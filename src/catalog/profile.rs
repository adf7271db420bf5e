//! Profiles: facts about a model family that change a request. Rows of `profiles.toml`, matched by model name.

use std::sync::LazyLock;

use serde::Deserialize;

use super::InterfaceKind;
use crate::settings::Effort;

/// How thinking is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThinkingStyle {
    /// The family can't be asked to think.
    #[default]
    None,
    /// OpenAI: `reasoning_effort`.
    ReasoningEffort,
    /// Anthropic: `thinking.budget_tokens`.
    Budget,
    /// Anthropic: `thinking.type = "adaptive"` with `output_config.effort`.
    Adaptive,
    /// Gemini 2.5: `thinkingConfig.thinking_budget`.
    ThinkingBudget,
    /// Gemini 3: `thinkingConfig.thinking_level`.
    ThinkingLevel,
}

/// Facts about a model family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Takes `temperature`, `top_p` and penalties.
    pub sampling: bool,
    /// Takes them also when it was asked to think.
    pub sampling_with_thinking: bool,
    /// How thinking is asked for.
    pub thinking: ThinkingStyle,
    /// Whether it can be told not to think.
    pub thinking_optional: bool,
    /// The vendor's words for the efforts, from minimal to xhigh; an effort the family doesn't know has the closest
    /// one's word. `None` when it takes no effort.
    pub efforts: Option<[&'static str; 5]>,
    /// The tokens to think with at the efforts, from minimal to xhigh.
    pub budgets: Option<[u64; 5]>,
    /// The most output tokens to ask for when the user names none; only Anthropic requires one.
    pub max_tokens: Option<u64>,
    /// The field that limits output tokens, where the interface knows two.
    pub max_tokens_field: &'static str,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            sampling: true,
            sampling_with_thinking: true,
            thinking: ThinkingStyle::None,
            thinking_optional: false,
            efforts: None,
            budgets: None,
            max_tokens: None,
            max_tokens_field: "max_completion_tokens",
        }
    }
}

impl Profile {
    /// The vendor's word for an effort.
    #[must_use]
    pub fn effort(&self, effort: Effort) -> Option<&'static str> {
        self.efforts.map(|words| words[effort as usize])
    }

    /// The tokens to think with at an effort.
    #[must_use]
    pub fn budget(&self, effort: Effort) -> Option<u64> {
        self.budgets.map(|budgets| budgets[effort as usize])
    }
}

/// A row: what differs from the default for models whose name begins so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    interface: InterfaceKind,
    prefix: String,
    sampling: Option<bool>,
    sampling_with_thinking: Option<bool>,
    thinking: Option<ThinkingStyle>,
    thinking_optional: Option<bool>,
    efforts: Option<[String; 5]>,
    budgets: Option<[u64; 5]>,
    max_tokens: Option<u64>,
}

#[derive(Debug, Deserialize)]
struct Families {
    family: Vec<Family>,
}

static FAMILIES: LazyLock<Vec<Family>> = LazyLock::new(|| {
    let file: Families = toml::from_str(include_str!("profiles.toml")).expect("profiles.toml can be read");
    file.family
});

/// The profile of a model: every row of its interface whose prefix its name begins with, later rows over earlier
/// ones. A vendor's path before the name (`openai/gpt-4o`) doesn't count.
#[must_use]
pub fn profile(interface: InterfaceKind, model: &str) -> Profile {
    let name = model.rsplit('/').next().unwrap_or(model);
    let rows = FAMILIES.iter().filter(|row| row.interface == interface && name.starts_with(&row.prefix));
    rows.fold(Profile::default(), |profile, row| Profile {
        sampling: row.sampling.unwrap_or(profile.sampling),
        sampling_with_thinking: row.sampling_with_thinking.unwrap_or(profile.sampling_with_thinking),
        thinking: row.thinking.unwrap_or(profile.thinking),
        thinking_optional: row.thinking_optional.unwrap_or(profile.thinking_optional),
        efforts: row.efforts.as_ref().map(|words| words.each_ref().map(String::as_str)).or(profile.efforts),
        budgets: row.budgets.or(profile.budgets),
        max_tokens: row.max_tokens.or(profile.max_tokens),
        ..profile
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_rows_hold_over_earlier_ones() {
        let o3 = profile(InterfaceKind::OpenAi, "o3-mini");
        assert_eq!((o3.sampling, o3.thinking), (false, ThinkingStyle::ReasoningEffort));
        assert_eq!(profile(InterfaceKind::OpenAi, "gpt-4o"), Profile::default());
        let chat = profile(InterfaceKind::OpenAi, "openai/gpt-5-chat-latest");
        assert_eq!((chat.sampling, chat.thinking), (true, ThinkingStyle::None));
    }

    #[test]
    fn an_effort_has_a_word_and_a_budget() {
        let opus = profile(InterfaceKind::Anthropic, "claude-opus-4-6");
        assert_eq!((opus.effort(Effort::Minimal), opus.effort(Effort::Xhigh)), (Some("low"), Some("max")));
        assert_eq!(opus.budget(Effort::High), Some(16384));
        assert_eq!(Profile::default().effort(Effort::High), None);
    }
}
