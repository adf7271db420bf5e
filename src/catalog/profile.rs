//! Profiles: facts about a model family that change a request. Rows of `profiles/INTERFACE.toml`, matched by provider
//! and by the model's name.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::InterfaceKind;
use crate::settings::Effort;

/// How thinking is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThinkingStyle {
    /// The family can't be asked to think.
    #[default]
    None,
    /// OpenAI: `reasoning_effort`; `reasoning.effort` among responses.
    ReasoningEffort,
    /// OpenRouter: `reasoning.effort` with `reasoning.enabled`.
    ReasoningObject,
    /// By fields of the row alone, `thinking_on` and `thinking_off`: the family takes no effort.
    Switch,
    /// Anthropic: `thinking.budget_tokens`.
    Budget,
    /// Anthropic: `thinking.type = "adaptive"` with `output_config.effort`.
    Adaptive,
    /// Cohere: `thinking.token_budget`.
    TokenBudget,
    /// Gemini 2.5: `thinkingConfig.thinking_budget`.
    ThinkingBudget,
    /// Gemini 3: `thinkingConfig.thinking_level`.
    ThinkingLevel,
}

/// How the thinking of earlier turns goes back to a model of an OpenAI-compatible service.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThinkingBack {
    /// In the field in which it came; between tags in the text when it came in none.
    #[default]
    AsItCame,
    /// Between tags in the text, wherever it came.
    Tags,
    /// In `reasoning_content`, wherever it came.
    ReasoningContent,
    /// In `reasoning`, wherever it came.
    Reasoning,
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
    /// Fields that a request to think has besides the effort.
    pub thinking_on: Option<&'static Map<String, Value>>,
    /// Fields that tell it not to think, or to think as little as it can, where the style has no word for that or the
    /// family has another.
    pub thinking_off: Option<&'static Map<String, Value>>,
    /// How the thinking of earlier turns goes back.
    pub thinking_back: ThinkingBack,
    /// Whether an earlier turn that called tools must bring its thinking, be it empty, when the model thinks.
    pub thinking_with_calls: bool,
    /// The vendor's words for the efforts, from minimal to xhigh; an effort the family doesn't know has the closest
    /// one's word. `None` when it takes no effort.
    pub efforts: Option<[&'static str; 5]>,
    /// The tokens to think with at the efforts, from minimal to xhigh.
    pub budgets: Option<[u64; 5]>,
    /// The most output tokens to ask for when the user names none; only Anthropic requires one.
    pub max_tokens: Option<u64>,
    /// The field that limits output tokens, where the interface knows two.
    pub max_tokens_field: &'static str,
    /// Who says the system prompt, where that is a message of its own: `system` or `user`.
    pub system_role: &'static str,
    /// Whether it takes one system message at the beginning and no more.
    pub one_system_message: bool,
    /// Whether tokens are counted in streams only when that is asked for (`stream_options`).
    pub stream_options: bool,
    /// Fields that every request has.
    pub body: Option<&'static Map<String, Value>>,
    /// How a schema for its output is written.
    pub schema: SchemaStyle,
    /// Whether the provider takes `strict` beside a schema.
    pub strict: bool,
    /// Whether the provider takes it beside a tool's schema as well.
    pub strict_tools: bool,
    /// Whether it takes a schema for its answer (native output).
    pub native_output: bool,
    /// Whether it doesn't see that schema and must be told it among the instructions.
    pub schema_in_instructions: bool,
    /// Whether it can be held to answer with any JSON object.
    pub json_object: bool,
    /// Whether it can be made to call the tool for its output.
    pub tool_choice_required: bool,
    /// Whether it can be made to while it thinks.
    pub tool_choice_with_thinking: bool,
    /// Whether models are addressed under their publisher (Vertex AI).
    pub publishers: bool,
    /// How many letters and digits the identifier of a tool call must have; any when there is no limit.
    pub tool_call_id_length: Option<usize>,
    /// Whether it can have before it what it reasoned in all turns before (OpenAI responses).
    pub reasoning_context: bool,
    /// Whether it takes back which role a message had in its answer (OpenAI responses).
    pub phase: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            sampling: true,
            sampling_with_thinking: true,
            thinking: ThinkingStyle::None,
            thinking_optional: false,
            thinks_by_default: false,
            thinking_on: None,
            thinking_off: None,
            thinking_back: ThinkingBack::AsItCame,
            thinking_with_calls: false,
            efforts: None,
            budgets: None,
            max_tokens: None,
            max_tokens_field: "max_completion_tokens",
            system_role: "system",
            one_system_message: false,
            stream_options: true,
            body: None,
            schema: SchemaStyle::Plain,
            strict: false,
            strict_tools: true,
            native_output: false,
            schema_in_instructions: false,
            json_object: false,
            tool_choice_required: true,
            tool_choice_with_thinking: true,
            publishers: false,
            tool_call_id_length: None,
            reasoning_context: false,
            phase: false,
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
    /// Only at this provider or these; any when there is none.
    #[serde(default, deserialize_with = "one_or_many")]
    provider: Vec<String>,
    /// The start of the name, in small letters; of several, one is enough.
    #[serde(deserialize_with = "one_or_many")]
    prefix: Vec<String>,
    sampling: Option<bool>,
    sampling_with_thinking: Option<bool>,
    thinking: Option<ThinkingStyle>,
    thinking_optional: Option<bool>,
    thinks_by_default: Option<bool>,
    thinking_on: Option<Map<String, Value>>,
    thinking_off: Option<Map<String, Value>>,
    thinking_back: Option<ThinkingBack>,
    thinking_with_calls: Option<bool>,
    efforts: Option<[String; 5]>,
    budgets: Option<[u64; 5]>,
    max_tokens: Option<u64>,
    max_tokens_field: Option<String>,
    system_role: Option<String>,
    one_system_message: Option<bool>,
    stream_options: Option<bool>,
    body: Option<Map<String, Value>>,
    schema: Option<SchemaStyle>,
    strict: Option<bool>,
    strict_tools: Option<bool>,
    native_output: Option<bool>,
    schema_in_instructions: Option<bool>,
    json_object: Option<bool>,
    tool_choice_required: Option<bool>,
    tool_choice_with_thinking: Option<bool>,
    publishers: Option<bool>,
    tool_call_id_length: Option<usize>,
    reasoning_context: Option<bool>,
    phase: Option<bool>,
}

/// One text, or a list of them.
fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMany {
        One(String),
        Many(Vec<String>),
    }
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(text) => vec![text],
        OneOrMany::Many(texts) => texts,
    })
}

#[derive(Debug, Deserialize)]
struct Families {
    family: Vec<Family>,
}

/// The rows of each interface, file after file: OpenAI's models are the same whichever of its interfaces they speak.
static FILES: [(InterfaceKind, &str); 8] = [
    (InterfaceKind::OpenAi, include_str!("profiles/openai.toml")),
    (InterfaceKind::Responses, include_str!("profiles/openai.toml")),
    (InterfaceKind::Responses, include_str!("profiles/openai-responses.toml")),
    (InterfaceKind::Anthropic, include_str!("profiles/anthropic.toml")),
    (InterfaceKind::Gemini, include_str!("profiles/gemini.toml")),
    (InterfaceKind::Mistral, include_str!("profiles/mistral.toml")),
    (InterfaceKind::Cohere, include_str!("profiles/cohere.toml")),
    (InterfaceKind::Bedrock, include_str!("profiles/bedrock.toml")),
];

static FAMILIES: LazyLock<HashMap<InterfaceKind, Vec<Family>>> = LazyLock::new(|| {
    let read = |text| toml::from_str::<Families>(text).unwrap_or_else(|error| panic!("profiles: {error}\n{text}"));
    let mut families: HashMap<InterfaceKind, Vec<Family>> = HashMap::new();
    for (interface, text) in &FILES {
        families.entry(*interface).or_default().extend(read(text).family);
    }
    families
});

/// The profile of a model at a provider: every row of its interface that is meant for that provider and whose prefix
/// its name begins with, later rows over earlier ones. A vendor's path before the name (`openai/gpt-4o`) doesn't count.
#[must_use]
pub fn profile(provider: &str, interface: InterfaceKind, model: &str) -> Profile {
    let name = model.rsplit('/').next().unwrap_or(model).to_lowercase();
    let rows = FAMILIES.get(&interface).into_iter().flatten();
    rows.filter(|row| row.is_for(provider, &name)).fold(Profile::default(), Family::over)
}

impl Family {
    fn is_for(&self, provider: &str, name: &str) -> bool {
        let at_provider = self.provider.is_empty() || self.provider.iter().any(|only| only == provider);
        at_provider && self.prefix.iter().any(|prefix| name.starts_with(prefix))
    }

    fn over(profile: Profile, row: &'static Self) -> Profile {
        Profile {
            sampling: row.sampling.unwrap_or(profile.sampling),
            sampling_with_thinking: row.sampling_with_thinking.unwrap_or(profile.sampling_with_thinking),
            thinking: row.thinking.unwrap_or(profile.thinking),
            thinking_optional: row.thinking_optional.unwrap_or(profile.thinking_optional),
            thinks_by_default: row.thinks_by_default.unwrap_or(profile.thinks_by_default),
            thinking_on: row.thinking_on.as_ref().or(profile.thinking_on),
            thinking_off: row.thinking_off.as_ref().or(profile.thinking_off),
            thinking_back: row.thinking_back.unwrap_or(profile.thinking_back),
            thinking_with_calls: row.thinking_with_calls.unwrap_or(profile.thinking_with_calls),
            efforts: row.efforts.as_ref().map(|words| words.each_ref().map(String::as_str)).or(profile.efforts),
            budgets: row.budgets.or(profile.budgets),
            max_tokens: row.max_tokens.or(profile.max_tokens),
            max_tokens_field: row.max_tokens_field.as_deref().unwrap_or(profile.max_tokens_field),
            system_role: row.system_role.as_deref().unwrap_or(profile.system_role),
            one_system_message: row.one_system_message.unwrap_or(profile.one_system_message),
            stream_options: row.stream_options.unwrap_or(profile.stream_options),
            body: row.body.as_ref().or(profile.body),
            schema: row.schema.unwrap_or(profile.schema),
            strict: row.strict.unwrap_or(profile.strict),
            strict_tools: row.strict_tools.unwrap_or(profile.strict_tools),
            native_output: row.native_output.unwrap_or(profile.native_output),
            schema_in_instructions: row.schema_in_instructions.unwrap_or(profile.schema_in_instructions),
            json_object: row.json_object.unwrap_or(profile.json_object),
            tool_choice_required: row.tool_choice_required.unwrap_or(profile.tool_choice_required),
            tool_choice_with_thinking: row.tool_choice_with_thinking.unwrap_or(profile.tool_choice_with_thinking),
            publishers: row.publishers.unwrap_or(profile.publishers),
            tool_call_id_length: row.tool_call_id_length.or(profile.tool_call_id_length),
            reasoning_context: row.reasoning_context.unwrap_or(profile.reasoning_context),
            phase: row.phase.unwrap_or(profile.phase),
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
    fn a_row_can_be_meant() {
        for (interface, rows) in FAMILIES.iter() {
            for row in rows {
                // The rows of chat completions hold for responses too.
                let read_for = |kind| {
                    kind == *interface || (kind, *interface) == (InterfaceKind::OpenAi, InterfaceKind::Responses)
                };
                let speaks = |name: &&String| crate::catalog::provider(name).is_some_and(|one| read_for(one.interface));
                let strangers: Vec<_> = row.provider.iter().filter(|name| !speaks(name)).collect();
                assert!(strangers.is_empty(), "{strangers:?} don't speak {interface:?}");
                let cannot_match = |prefix: &&String| prefix.contains('/') || prefix.to_lowercase() != **prefix;
                let missed: Vec<_> = row.prefix.iter().filter(cannot_match).collect();
                assert!(missed.is_empty(), "no name begins with {missed:?}");
            }
        }
    }

    #[test]
    fn a_row_may_be_for_several_providers_and_names() {
        let of = |provider, model| profile(provider, InterfaceKind::OpenAi, model);
        assert_eq!([of("groq", "x").schema, of("huggingface", "x").schema], [SchemaStyle::Plain; 2]);
        assert_eq!([of("lab", "x").schema, of("groq", "qwq-32b").schema], [SchemaStyle::OpenAi, SchemaStyle::Inlined]);
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
    fn an_effort_has_a_word_and_a_budget() {
        let opus = profile("anthropic", InterfaceKind::Anthropic, "claude-opus-4-6");
        assert_eq!((opus.effort(Effort::Minimal), opus.effort(Effort::Xhigh)), (Some("low"), Some("max")));
        assert_eq!(opus.budget(Effort::High), Some(16384));
        assert_eq!(Profile::default().effort(Effort::High), None);
    }
}
