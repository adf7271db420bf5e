//! Profiles: facts about a model family that change a request. A fact is a field here and nowhere else; which family
//! has which is in the rows of `profiles/INTERFACE.toml`.

mod family;

use serde::Deserialize;
use serde_json::{Map, Value};

pub use self::family::profile;
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
    /// OpenRouter: `reasoning.effort` with `reasoning.enabled`. Bedrock: `reasoning.effort`.
    ReasoningObject,
    /// By fields of the row alone, `thinking_on` and `thinking_off`: the family takes no effort.
    Switch,
    /// Qwen on Bedrock: `reasoning_config`.
    ReasoningConfig,
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

/// What becomes of the tool for structured output while a model thinks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ToolWithThinking {
    /// The model can be made to call it.
    #[default]
    Forced,
    /// It can be offered, and the model may answer without it.
    Offered,
    /// Output can't come through it.
    Never,
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
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
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
    /// Fields that a request to think has besides the effort; none are needed where it is empty.
    pub thinking_on: Option<Map<String, Value>>,
    /// Fields that tell it not to think, or to think as little as it can, where the style has no word for that or the
    /// family has another; none are needed where it is empty.
    pub thinking_off: Option<Map<String, Value>>,
    /// How the thinking of earlier turns goes back.
    pub thinking_back: ThinkingBack,
    /// Whether an earlier turn that called tools must bring its thinking, be it empty, when the model thinks.
    pub thinking_with_calls: bool,
    /// The vendor's words for the efforts, from minimal to xhigh; an effort the family doesn't know has the closest
    /// one's word. `None` when it takes no effort.
    pub efforts: Option<[String; 5]>,
    /// The tokens to think with at the efforts, from minimal to xhigh.
    pub budgets: Option<[u64; 5]>,
    /// The most output tokens to ask for when the user names none; only Anthropic requires one.
    pub max_tokens: Option<u64>,
    /// The field that limits output tokens, where the interface knows two.
    pub max_tokens_field: String,
    /// Who says the system prompt, where that is a message of its own: `system` or `user`.
    pub system_role: String,
    /// Whether it takes one system message at the beginning and no more.
    pub one_system_message: bool,
    /// Whether tokens are counted in streams only when that is asked for (`stream_options`).
    pub stream_options: bool,
    /// Fields that every request has.
    pub body: Option<Map<String, Value>>,
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
    /// What becomes of that tool while it thinks.
    pub tool_with_thinking: ToolWithThinking,
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
            max_tokens_field: "max_completion_tokens".to_owned(),
            system_role: "system".to_owned(),
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
            tool_with_thinking: ToolWithThinking::Forced,
            tool_choice: true,
            tool_choice_none: false,
            json_results: false,
            lone_results: false,
            result_status: true,
            leading_assistant: false,
            signed_thinking: false,
            thinking_from_user: false,
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
    pub fn effort(&self, effort: Effort) -> Option<&str> {
        self.efforts.as_ref().map(|words| words[effort as usize].as_str())
    }

    /// The tokens to think with at an effort.
    #[must_use]
    pub fn budget(&self, effort: Effort) -> Option<u64> {
        self.budgets.map(|budgets| budgets[effort as usize])
    }
}
