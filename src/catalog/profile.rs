//! Profiles: facts about a model family that change a request. Rows of `profiles/INTERFACE.toml`, matched by provider
//! and by the model's name.

use std::collections::HashMap;
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
    /// OpenRouter: `reasoning.effort` with `reasoning.enabled`. Bedrock: `reasoning.effort`.
    ReasoningObject,
    /// Qwen on Bedrock: `reasoning_config`.
    ReasoningConfig,
    /// Anthropic: `thinking.budget_tokens`.
    Budget,
    /// Anthropic: `thinking.type = "adaptive"` with `output_config.effort`.
    Adaptive,
    /// Gemini 2.5: `thinkingConfig.thinking_budget`.
    ThinkingBudget,
    /// Gemini 3: `thinkingConfig.thinking_level`.
    ThinkingLevel,
}

/// How a JSON schema is written for a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaStyle {
    /// As it is.
    #[default]
    Plain,
    /// OpenAI's, as services take it that are compatible with it: strict where every property is required, and none
    /// besides.
    OpenAi,
    /// OpenAI's, as its own service takes it: strict also with limits on the length of texts.
    OpenAiOwn,
    /// OpenAI's, with definitions where they are used (gpt-oss).
    InlinedOpenAi,
    /// As it is, but for definitions, which stand where they are used.
    Inlined,
    /// Anthropic's subset.
    Anthropic,
    /// Gemini's subset.
    Gemini,
    /// Gemini's subset as OpenRouter takes it: definitions where they are used, and `nullable`.
    OpenRouterGemini,
    /// Bedrock's subset.
    Bedrock,
}

/// Facts about a model family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each fact is a yes or no of its own, named in a row")]
pub struct Profile {
    /// Takes `temperature`, `top_p` and penalties.
    pub sampling: bool,
    /// Takes them also when it was asked to think.
    pub sampling_with_thinking: bool,
    /// How thinking is asked for.
    pub thinking: ThinkingStyle,
    /// Whether it can be told not to think.
    pub thinking_optional: bool,
    /// Whether it thinks unless told not to.
    pub thinks_by_default: bool,
    /// The vendor's word for thinking without an effort of the user's; empty: none is needed.
    pub effort_on: Option<&'static str>,
    /// The vendor's word for not thinking, or for thinking as little as it can; empty: none is needed.
    pub effort_off: Option<&'static str>,
    /// The vendor's words for the efforts, from minimal to xhigh; an effort the family doesn't know has the closest
    /// one's word. `None` when it takes no effort.
    pub efforts: Option<[&'static str; 5]>,
    /// The tokens to think with at the efforts, from minimal to xhigh.
    pub budgets: Option<[u64; 5]>,
    /// The most output tokens to ask for when the user names none; only Anthropic requires one.
    pub max_tokens: Option<u64>,
    /// The field that limits output tokens, where the interface knows two.
    pub max_tokens_field: &'static str,
    /// How a schema for its output is written.
    pub schema: SchemaStyle,
    /// Whether the provider takes `strict` beside a schema.
    pub strict: bool,
    /// Whether it takes a schema for its answer (native output).
    pub native_output: bool,
    /// Whether it can be held to answer with any JSON object.
    pub json_object: bool,
    /// Whether it can be made to call the tool for its output.
    pub tool_choice_required: bool,
    /// Whether its output can come through a tool while it thinks.
    pub tool_with_thinking: bool,
    /// Takes a word on whether to call tools at all.
    pub tool_choice: bool,
    /// Can be told to call none of its tools (Claude on Bedrock).
    pub tool_choice_none: bool,
    /// Reads what a tool returned as JSON, else as text (Bedrock).
    pub json_results: bool,
    /// What a tool returned must be alone in its turn (Bedrock).
    pub lone_results: bool,
    /// Takes a word on whether a tool succeeded (Bedrock).
    pub result_status: bool,
    /// A conversation may begin with its own turn (Bedrock).
    pub leading_assistant: bool,
    /// Takes back thinking with its signature (Bedrock).
    pub signed_thinking: bool,
    /// Thinking without a signature of its own stands in the user's turn (Bedrock).
    pub thinking_from_user: bool,
    /// Whether models are addressed under their publisher (Vertex AI).
    pub publishers: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            sampling: true,
            sampling_with_thinking: true,
            thinking: ThinkingStyle::None,
            thinking_optional: false,
            thinks_by_default: false,
            effort_on: None,
            effort_off: None,
            efforts: None,
            budgets: None,
            max_tokens: None,
            max_tokens_field: "max_completion_tokens",
            schema: SchemaStyle::Plain,
            strict: false,
            native_output: false,
            json_object: false,
            tool_choice_required: true,
            tool_with_thinking: true,
            tool_choice: true,
            tool_choice_none: false,
            json_results: false,
            lone_results: false,
            result_status: true,
            leading_assistant: false,
            signed_thinking: false,
            thinking_from_user: false,
            publishers: false,
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

/// A row: what differs from the rows above it, for models whose name begins so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Family {
    /// Only at this provider; any when there is none.
    provider: Option<String>,
    /// The start of the name, in small letters.
    prefix: String,
    sampling: Option<bool>,
    sampling_with_thinking: Option<bool>,
    thinking: Option<ThinkingStyle>,
    thinking_optional: Option<bool>,
    thinks_by_default: Option<bool>,
    effort_on: Option<String>,
    effort_off: Option<String>,
    efforts: Option<[String; 5]>,
    budgets: Option<[u64; 5]>,
    max_tokens: Option<u64>,
    max_tokens_field: Option<String>,
    schema: Option<SchemaStyle>,
    strict: Option<bool>,
    native_output: Option<bool>,
    json_object: Option<bool>,
    tool_choice_required: Option<bool>,
    tool_with_thinking: Option<bool>,
    tool_choice: Option<bool>,
    tool_choice_none: Option<bool>,
    json_results: Option<bool>,
    lone_results: Option<bool>,
    result_status: Option<bool>,
    leading_assistant: Option<bool>,
    signed_thinking: Option<bool>,
    thinking_from_user: Option<bool>,
    publishers: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Families {
    family: Vec<Family>,
}

/// The rows of each interface.
static FILES: [(InterfaceKind, &str); 7] = [
    (InterfaceKind::OpenAi, include_str!("profiles/openai.toml")),
    (InterfaceKind::Responses, include_str!("profiles/openai-responses.toml")),
    (InterfaceKind::Anthropic, include_str!("profiles/anthropic.toml")),
    (InterfaceKind::Gemini, include_str!("profiles/gemini.toml")),
    (InterfaceKind::Mistral, include_str!("profiles/mistral.toml")),
    (InterfaceKind::Cohere, include_str!("profiles/cohere.toml")),
    (InterfaceKind::Bedrock, include_str!("profiles/bedrock.toml")),
];

static FAMILIES: LazyLock<HashMap<InterfaceKind, Vec<Family>>> = LazyLock::new(|| {
    let read = |text| toml::from_str::<Families>(text).unwrap_or_else(|error| panic!("profiles: {error}\n{text}"));
    FILES.iter().map(|(interface, text)| (*interface, read(text).family)).collect()
});

/// The profile of a model at a provider: every row of its interface that is meant for that provider and whose prefix
/// its name begins with, later rows over earlier ones. What stands before the name doesn't count: a vendor's path
/// (`openai/gpt-4o`, `arn:…:inference-profile/us.amazon.nova-lite-v1:0`) and a region.
#[must_use]
pub fn profile(provider: &str, interface: InterfaceKind, model: &str) -> Profile {
    let name = model.rsplit('/').next().unwrap_or(model).to_lowercase();
    let name = without_region(provider, &name);
    let rows = FAMILIES.get(&interface).into_iter().flatten();
    let rows = rows.filter(|row| row.provider.as_deref().is_none_or(|only| only == provider));
    rows.filter(|row| name.starts_with(&row.prefix)).fold(Profile::default(), Family::over)
}

/// The name without the region that the provider may serve it across.
fn without_region<'n>(provider: &str, name: &'n str) -> &'n str {
    let regions = super::provider(provider).map_or(&[][..], |row| &row.name_regions);
    let bare = |region: &String| name.strip_prefix(region.as_str())?.strip_prefix('.');
    regions.iter().find_map(bare).unwrap_or(name)
}

impl Family {
    fn over(profile: Profile, row: &'static Self) -> Profile {
        Profile {
            sampling: row.sampling.unwrap_or(profile.sampling),
            sampling_with_thinking: row.sampling_with_thinking.unwrap_or(profile.sampling_with_thinking),
            thinking: row.thinking.unwrap_or(profile.thinking),
            thinking_optional: row.thinking_optional.unwrap_or(profile.thinking_optional),
            thinks_by_default: row.thinks_by_default.unwrap_or(profile.thinks_by_default),
            effort_on: row.effort_on.as_deref().or(profile.effort_on),
            effort_off: row.effort_off.as_deref().or(profile.effort_off),
            efforts: row.efforts.as_ref().map(|words| words.each_ref().map(String::as_str)).or(profile.efforts),
            budgets: row.budgets.or(profile.budgets),
            max_tokens: row.max_tokens.or(profile.max_tokens),
            max_tokens_field: row.max_tokens_field.as_deref().unwrap_or(profile.max_tokens_field),
            schema: row.schema.unwrap_or(profile.schema),
            strict: row.strict.unwrap_or(profile.strict),
            native_output: row.native_output.unwrap_or(profile.native_output),
            json_object: row.json_object.unwrap_or(profile.json_object),
            tool_choice_required: row.tool_choice_required.unwrap_or(profile.tool_choice_required),
            tool_with_thinking: row.tool_with_thinking.unwrap_or(profile.tool_with_thinking),
            tool_choice: row.tool_choice.unwrap_or(profile.tool_choice),
            tool_choice_none: row.tool_choice_none.unwrap_or(profile.tool_choice_none),
            json_results: row.json_results.unwrap_or(profile.json_results),
            lone_results: row.lone_results.unwrap_or(profile.lone_results),
            result_status: row.result_status.unwrap_or(profile.result_status),
            leading_assistant: row.leading_assistant.unwrap_or(profile.leading_assistant),
            signed_thinking: row.signed_thinking.unwrap_or(profile.signed_thinking),
            thinking_from_user: row.thinking_from_user.unwrap_or(profile.thinking_from_user),
            publishers: row.publishers.unwrap_or(profile.publishers),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        assert!(FAMILIES.values().all(|rows| !rows.is_empty()));
    }

    #[test]
    fn later_rows_hold_over_earlier_ones() {
        let o3 = profile("openai", InterfaceKind::OpenAi, "o3-mini");
        assert_eq!((o3.sampling, o3.thinking), (false, ThinkingStyle::ReasoningEffort));
        assert_eq!(profile("openai", InterfaceKind::OpenAi, "gpt-4o").thinking, ThinkingStyle::None);
        let chat = profile("openai", InterfaceKind::OpenAi, "openai/gpt-5-chat-latest");
        assert_eq!((chat.sampling, chat.thinking), (true, ThinkingStyle::None));
    }

    #[test]
    fn neither_a_region_nor_an_arn_counts() {
        let profile = |model: &str| profile("bedrock", InterfaceKind::Bedrock, model);
        let plain = profile("anthropic.claude-sonnet-4-5-20250929-v1:0");
        assert_eq!((plain.thinking, plain.native_output), (ThinkingStyle::Budget, true));
        for before in ["us.", "us-gov.", "global.", "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu."] {
            assert_eq!(profile(&format!("{before}anthropic.claude-sonnet-4-5-20250929-v1:0")), plain, "{before}");
        }
        assert_eq!(profile("mars.anthropic.claude-sonnet-4-5-20250929-v1:0").thinking, ThinkingStyle::None);
    }

    #[test]
    fn an_effort_has_a_word_and_a_budget() {
        let opus = profile("anthropic", InterfaceKind::Anthropic, "claude-opus-4-6");
        assert_eq!((opus.effort(Effort::Minimal), opus.effort(Effort::Xhigh)), (Some("low"), Some("max")));
        assert_eq!(opus.budget(Effort::High), Some(16384));
        assert_eq!(Profile::default().effort(Effort::High), None);
    }
}
