//! Structured output: read from a whole answer, and held to its schema.

use std::error::Error;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ReferencingError, Retrieve, Uri, Validator};
use serde_json::{Map, Value};

use crate::message::{FinishReason, ModelResponse, ResponsePart};
use crate::settings::{OutputMode, OutputSpec};
use crate::wire::{ErrorKind, ModelError, OUTPUT_TOOL, WrongOutput};

/// The most problems that are told of one output.
const MAX_PROBLEMS: usize = 10;
/// The ways in which output may come, in PydanticAI's words.
const BY_TEXT: &str = "return text";
const BY_CALL: &str = "include your response in a tool call";
/// The most characters that are told of one problem.
const MAX_LENGTH: usize = 300;

/// What an answer holds of the structured output that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// The output, which fits its schema.
    Fits(Value),
    /// What is wrong with it, a sentence each, with the path of the value where there is one; never empty.
    Wrong(Vec<String>),
}

impl Verdict {
    /// Reads an answer that was asked for in this way. Where nobody asked for a tool by name, text without any call is taken
    /// as well, as in PydanticAI.
    #[must_use]
    pub fn of(spec: &OutputSpec, mode: OutputMode, response: &ModelResponse) -> Self {
        let found = match mode {
            OutputMode::Tool if spec.mode.is_some() => arguments(response, &[BY_CALL]),
            OutputMode::Tool if !calls_any_tool(response) && has_text(response) => text(response),
            OutputMode::Tool => arguments(response, &[BY_TEXT, BY_CALL]),
            OutputMode::Native | OutputMode::Prompted => text(response),
        };
        let checked = found.and_then(|outputs| first_fitting(&validator(spec.schema())?, outputs));
        checked.map_or_else(Self::Wrong, Self::Fits)
    }

    /// The failure that output is which doesn't fit.
    #[must_use]
    pub fn error(&self, response: &ModelResponse) -> Option<ModelError> {
        let Self::Wrong(problems) = self else { return None };
        let first = problems.first().map(String::as_str).unwrap_or_default();
        let more = match problems.len() {
            0 | 1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        let error =
            ModelError::new(ErrorKind::InvalidOutput, format!("the output doesn't fit the schema: {first}{more}"));
        let wrong_output = WrongOutput { answer: response.clone(), problems: problems.clone() };
        let error = ModelError { wrong_output: Some(Box::new(wrong_output)), ..error };
        Some(match response.finish_reason {
            Some(FinishReason::Length) => error.with_hint("the answer stopped at its token limit; raise max_tokens"),
            _ => error,
        })
    }
}

/// What holds values to a schema. It never fetches anything: a schema that refers to another file or address can't be
/// used.
///
/// # Errors
/// What is wrong with the schema, a sentence each.
pub fn validator(schema: &Map<String, Value>) -> Result<Validator, Vec<String>> {
    let built = jsonschema::options().with_retriever(Nothing).build(&Value::Object(schema.clone()));
    built.map_err(|error| {
        vec![match error.kind() {
            ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) => {
                format!("$ref {uri:?} stands elsewhere, and nothing is fetched; put it into the schema's $defs")
            }
            _ => problem(&error),
        }]
    })
}

/// Fetches nothing.
struct Nothing;

impl Retrieve for Nothing {
    fn retrieve(&self, _uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        Err("nothing is fetched".into())
    }
}

/// The arguments of every call of the tool for the output; `wanted`: what is missing without one.
fn arguments(response: &ModelResponse, wanted: &[&str]) -> Result<Vec<Value>, Vec<String>> {
    let calls = response.parts.iter().filter_map(|part| match part {
        ResponsePart::ToolCall(call) if call.tool_name == OUTPUT_TOOL => Some(call.args_json()),
        _ => None,
    });
    let calls: Vec<String> = calls.collect();
    if calls.is_empty() {
        return Err(vec![please(wanted)]);
    }
    calls.iter().map(|args| json(args)).collect()
}

/// The text as JSON.
fn text(response: &ModelResponse) -> Result<Vec<Value>, Vec<String>> {
    if has_text(response) { json(&response.text()).map(|output| vec![output]) } else { Err(vec![please(&[BY_TEXT])]) }
}

fn has_text(response: &ModelResponse) -> bool {
    !response.text().trim().is_empty()
}

fn calls_any_tool(response: &ModelResponse) -> bool {
    response.parts.iter().any(|part| matches!(part, ResponsePart::ToolCall(_)))
}

/// What an answer without any output is told, in PydanticAI's words.
fn please(wanted: &[&str]) -> String {
    format!("Please {}.", wanted.join(" or "))
}

fn json(text: &str) -> Result<Value, Vec<String>> {
    serde_json::from_str(without_fence(text)).map_err(|error| vec![format!("no JSON: {error}")])
}

/// The object between Markdown fences, if the text is not one already; text before and after them doesn't count.
fn without_fence(text: &str) -> &str {
    if text.starts_with('{') {
        return text;
    }
    text.match_indices("```").find_map(|(at, fence)| fenced_object(&text[at + fence.len()..])).unwrap_or(text)
}

/// The object that begins in the line after a fence and its language, up to the brace before the closing fence, or
/// before the end.
fn fenced_object(text: &str) -> Option<&str> {
    let (language, rest) = text.split_once('\n')?;
    let language = language.strip_suffix('\r').unwrap_or(language);
    if !rest.starts_with('{') || !language.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let ends = rest.match_indices('}').map(|(at, brace)| at + brace.len());
    let closes = |end: &usize| {
        let after = rest[*end..].trim_start();
        after.is_empty() || after.starts_with("```")
    };
    ends.into_iter().find(closes).map(|end| &rest[..end])
}

/// The first output that fits; else what is wrong with the first one.
fn first_fitting(validator: &Validator, outputs: Vec<Value>) -> Result<Value, Vec<String>> {
    let mut outputs = outputs.into_iter().peekable();
    let problems = outputs.peek().map(|first| problems(validator, first)).unwrap_or_default();
    outputs.find(|output| validator.is_valid(output)).ok_or(problems)
}

fn problems(validator: &Validator, output: &Value) -> Vec<String> {
    let mut errors = validator.iter_errors(output);
    let mut problems: Vec<String> = errors.by_ref().take(MAX_PROBLEMS).map(|error| problem(&error)).collect();
    match errors.count() {
        0 => {}
        more => problems.push(format!("… and {more} more")),
    }
    problems
}

/// The sentence behind the path of the value: `/city: 3 is not of type "string"`.
fn problem(error: &jsonschema::ValidationError<'_>) -> String {
    let path = error.instance_path().as_str();
    let place = if path.is_empty() { String::new() } else { format!("{path}: ") };
    shortened(&format!("{place}{error}"))
}

fn shortened(sentence: &str) -> String {
    match sentence.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", &sentence[..end]),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::message::ToolCall;

    fn spec() -> OutputSpec {
        let schema = json!({"type": "object", "required": ["city"], "properties": {"city": {"type": "string"}}});
        OutputSpec::new(schema.as_object().expect("an object"), None)
    }

    fn wrong(problem: &str) -> Verdict {
        Verdict::Wrong(vec![problem.to_owned()])
    }

    fn of_text(text: &str) -> Verdict {
        let response = ModelResponse { parts: vec![ResponsePart::text(text)], ..ModelResponse::default() };
        Verdict::of(&spec(), OutputMode::Native, &response)
    }

    fn of_calls(calls: &[(&str, &str)]) -> Verdict {
        let call = |(name, args): &(&str, &str)| -> ToolCall {
            serde_json::from_value(json!({"tool_name": name, "args": args, "tool_call_id": "1"})).expect("a call")
        };
        let parts = calls.iter().map(|one| ResponsePart::ToolCall(call(one))).collect();
        Verdict::of(&spec(), OutputMode::Tool, &ModelResponse { parts, ..ModelResponse::default() })
    }

    #[test]
    fn text_is_read_as_json_with_or_without_fences() {
        let paris = Verdict::Fits(json!({"city": "Paris"}));
        for text in [
            r#"{"city": "Paris"}"#,
            " \n{\"city\": \"Paris\"}\n",
            "```json\n{\"city\": \"Paris\"}\n```",
            "Here it is:\r\n\r\n```\r\n{\"city\": \"Paris\"}```\nDone.",
            "```JSON\n{\"city\": \"Paris\"}",
            "``` not this\n```\n{\"city\": \"Paris\"}  \n```",
        ] {
            assert_eq!(of_text(text), paris, "{text}");
        }
        let nested = "```json\n{\"city\": \"{}\", \"more\": {\"a\": {}}}\n```";
        assert_eq!(of_text(nested), Verdict::Fits(json!({"city": "{}", "more": {"a": {}}})));
        assert_eq!(of_text("Paris"), wrong("no JSON: expected value at line 1 column 1"));
        assert_eq!(of_text(" "), wrong("Please return text."));
        assert_eq!(of_text("{}"), wrong("\"city\" is a required property"));
    }

    #[test]
    fn a_call_is_the_output() {
        assert_eq!(of_calls(&[("final_result", r#"{"city": "Paris"}"#)]), Verdict::Fits(json!({"city": "Paris"})));
        assert_eq!(of_calls(&[("final_result", r#"{"city": 3}"#)]), wrong("/city: 3 is not of type \"string\""));
        assert_eq!(of_calls(&[("final_result", "")]), wrong("\"city\" is a required property"));
        let two = [("final_result", r#"{"city": 3}"#), ("final_result", r#"{"city": "Rome"}"#)];
        assert_eq!(of_calls(&two), Verdict::Fits(json!({"city": "Rome"})));
        assert_eq!(of_calls(&[("other", "{}")]), wrong("Please return text or include your response in a tool call."));
    }

    #[test]
    fn text_is_output_unless_a_tool_was_asked_for_by_name() {
        let of = |mode, text: &str| {
            let response = ModelResponse { parts: vec![ResponsePart::text(text)], ..ModelResponse::default() };
            Verdict::of(&OutputSpec::new(spec().schema(), mode), OutputMode::Tool, &response)
        };
        let (paris, tool) = ("{\"city\": \"Paris\"}", Some(OutputMode::Tool));
        assert_eq!(of(None, paris), Verdict::Fits(json!({"city": "Paris"})));
        assert_eq!(of(None, "Paris"), wrong("no JSON: expected value at line 1 column 1"));
        assert_eq!(of(None, " "), wrong("Please return text or include your response in a tool call."));
        assert_eq!(of(tool, paris), wrong("Please include your response in a tool call."));
    }

    #[test]
    fn problems_are_bounded() {
        let schema = json!({"type": "object", "additionalProperties": {"type": "string"}});
        let spec = OutputSpec::new(schema.as_object().expect("an object"), None);
        let output: Map<_, _> = (10..30).map(|name| (name.to_string(), json!("x".len()))).collect();
        let text = Value::Object(output).to_string();
        let response = ModelResponse { parts: vec![ResponsePart::text(text)], ..ModelResponse::default() };
        let Verdict::Wrong(problems) = Verdict::of(&spec, OutputMode::Prompted, &response) else { panic!("it fits") };
        assert_eq!((problems.len(), problems[0].as_str()), (11, "/10: 1 is not of type \"string\""));
        assert_eq!(problems[10], "… and 10 more");
        assert_eq!(shortened(&"é".repeat(400)).chars().count(), MAX_LENGTH + 1);
    }

    #[test]
    fn a_schema_elsewhere_is_not_fetched() {
        let schema = json!({"type": "object", "properties": {"a": {"$ref": "https://localhost:1/a.json"}}});
        let problems = validator(schema.as_object().expect("an object")).expect_err("not fetched");
        assert!(problems[0].contains("https://localhost:1/a.json"), "{problems:?}");
        let circle = json!({"type": "object", "allOf": [{"$ref": "#"}]});
        let spec = OutputSpec::new(circle.as_object().expect("an object"), None);
        let response = ModelResponse { parts: vec![ResponsePart::text("{}")], ..ModelResponse::default() };
        assert_eq!(Verdict::of(&spec, OutputMode::Native, &response), Verdict::Fits(json!({})));
    }
}
