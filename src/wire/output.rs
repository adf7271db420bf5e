//! What the interfaces share when structured output is asked for: which mode holds, and the words that PydanticAI uses.

use serde_json::{Map, Value};

use super::request::thinks;
use super::schema::{self, Purpose};
use super::{Call, ErrorKind, ModelError};
use crate::catalog::ToolWithThinking;
use crate::settings::{OutputMode, OutputSpec};

/// The tool whose arguments are the output.
pub const TOOL_NAME: &str = "final_result";
/// What the model is told of that tool.
const TOOL_DESCRIPTION: &str = "The final response which ends this conversation";

/// The tool for the output.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputTool {
    /// What the model is told of it.
    pub description: String,
    /// The schema of its arguments, in the model's style.
    pub parameters: Map<String, Value>,
    /// Whether the model shall be held to it to the letter: send `strict: true`, else leave it out.
    pub strict: bool,
}

/// The schema that the interface itself holds an answer to.
#[derive(Clone, Debug, PartialEq)]
pub struct NativeOutput {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// The schema, in the model's style.
    pub schema: Map<String, Value>,
    /// Whether the model shall be held to it to the letter: send `strict` as it is; `None`: leave it out.
    pub strict: Option<bool>,
}

/// The mode that holds for a call: the user's choice, or the model's own way. That is a tool, but for a model that can't
/// be made to call one while it thinks.
#[must_use]
pub fn mode(call: &Call<'_>) -> OutputMode {
    let own = match call.profile.tool_with_thinking {
        ToolWithThinking::Forced => OutputMode::Tool,
        _ if !thinks(call) => OutputMode::Tool,
        _ if call.profile.native_output => OutputMode::Native,
        ToolWithThinking::Offered => OutputMode::Tool,
        ToolWithThinking::Never => OutputMode::Prompted,
    };
    call.output.and_then(|spec| spec.mode).unwrap_or(own)
}

/// Whether the model can be made to call the tool for its output.
#[must_use]
pub fn can_force_tool(call: &Call<'_>) -> bool {
    let forced_thinking = call.profile.tool_with_thinking == ToolWithThinking::Forced;
    call.profile.tool_choice_required && (forced_thinking || !thinks(call))
}

fn asked<'a>(call: &Call<'a>, wanted: OutputMode) -> Option<&'a OutputSpec> {
    call.output.filter(|_| mode(call) == wanted)
}

/// The tool, when the output comes through one.
#[must_use]
pub fn tool(call: &Call<'_>) -> Option<OutputTool> {
    let spec = asked(call, OutputMode::Tool)?;
    let description = match spec.description() {
        Some(own) => format!("{own}. {TOOL_DESCRIPTION}"),
        None => TOOL_DESCRIPTION.to_owned(),
    };
    let styled = schema::styled(call.profile, &bare(spec), Purpose::Loose);
    let strict = call.profile.strict && call.profile.strict_tools && styled.strict == Some(true);
    Some(OutputTool { description, parameters: styled.schema, strict })
}

/// The schema without its description, which is told in words of its own.
fn bare(spec: &OutputSpec) -> Map<String, Value> {
    let mut schema = spec.schema().clone();
    schema.shift_remove("description");
    schema
}

/// The schema, when the interface itself shall hold the answer to it.
///
/// # Errors
/// `ErrorKind::Config`: the model has no such mode.
pub fn native(call: &Call<'_>) -> Result<Option<NativeOutput>, ModelError> {
    let Some(spec) = asked(call, OutputMode::Native) else { return Ok(None) };
    if !call.profile.native_output {
        let error = ModelError::new(ErrorKind::Config, "Native structured output is not supported by this model.");
        return Err(error.with_hint("choose the output mode tool or prompted"));
    }
    let styled = schema::styled(call.profile, &bare(spec), Purpose::Native);
    Ok(Some(NativeOutput {
        name: spec.title().unwrap_or(TOOL_NAME).to_owned(),
        description: spec.description().map(str::to_owned),
        schema: styled.schema,
        strict: styled.strict.filter(|_| call.profile.strict),
    }))
}

/// Whether the answer shall be any JSON object: the schema is among the instructions, and the model can be held so far.
#[must_use]
pub fn is_json_object(call: &Call<'_>) -> bool {
    call.profile.json_object && asked(call, OutputMode::Prompted).is_some()
}

/// What stands among the instructions when the schema does.
#[must_use]
pub fn instructions(call: &Call<'_>) -> Option<String> {
    let told_natively = asked(call, OutputMode::Native).filter(|_| call.profile.schema_in_instructions);
    let spec = asked(call, OutputMode::Prompted).or(told_natively)?;
    let mut schema = schema::styled(call.profile, &bare(spec), Purpose::Loose).schema;
    for (name, text) in [("title", spec.title()), ("description", spec.description())] {
        if let Some(text) = text {
            schema.insert(name.to_owned(), Value::from(text));
        }
    }
    let schema = schema::python_json(&Value::Object(schema));
    Some(format!(
        "\nAlways respond with a JSON object that's compatible with this schema:\n\n{schema}\n\n\
         Don't include any text or Markdown fencing before or after.\n"
    ))
}
