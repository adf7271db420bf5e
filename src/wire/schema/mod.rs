//! JSON schemas in the styles that model families take, as PydanticAI's `JsonSchemaTransformer`s write them.

mod anthropic;
mod bedrock;
mod gemini;
mod inline;
mod openai;
mod python;
mod walk;

use serde_json::{Map, Value};

use self::inline::{Changes, inlined};
use crate::catalog::{Profile, SchemaStyle};

pub use python::json as python_json;

/// What a schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The arguments of a tool, or the instructions: any schema will do.
    Loose,
    /// The interface holds an answer to it, and knows a subset only.
    Native,
}

/// A schema in a style.
#[derive(Clone, Debug, PartialEq)]
pub struct Styled {
    /// The schema.
    pub schema: Map<String, Value>,
    /// Whether a model can be held to it to the letter; `None` where the style doesn't say.
    pub strict: Option<bool>,
}

/// The schema in the style of the model's family.
#[must_use]
pub fn styled(profile: &Profile, schema: &Map<String, Value>, purpose: Purpose) -> Styled {
    let strict = purpose == Purpose::Native;
    let (schema, strict) = match profile.schema {
        SchemaStyle::Plain => (schema.clone(), None),
        SchemaStyle::OpenAi => of_openai(schema, false),
        SchemaStyle::OpenAiOwn => of_openai(schema, true),
        SchemaStyle::InlinedOpenAi => of_openai(&without_references(schema), false),
        SchemaStyle::Inlined => (without_references(schema), Some(true)),
        SchemaStyle::Anthropic => (anthropic::styled(schema, strict), Some(strict)),
        SchemaStyle::Gemini => (gemini::styled(schema), Some(true)),
        SchemaStyle::OpenRouterGemini => (gemini::for_openrouter(schema).unwrap_or_else(|| schema.clone()), Some(true)),
        SchemaStyle::Bedrock => (bedrock::styled(schema, strict), Some(strict)),
    };
    Styled { schema, strict }
}

fn of_openai(schema: &Map<String, Value>, own: bool) -> (Map<String, Value>, Option<bool>) {
    let (schema, strict) = openai::styled(schema, own);
    (schema, Some(strict))
}

/// The schema with its definitions where they are used; as it is when that can't be done.
fn without_references(schema: &Map<String, Value>) -> Map<String, Value> {
    inlined(schema, Changes { change: |_| {}, nullable: false, everywhere: true }).unwrap_or_else(|| schema.clone())
}

#[cfg(test)]
mod tests;
