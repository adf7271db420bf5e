//! The table of `tests/data/schema_styles.json`: what PydanticAI 2.68.0 (with anthropic 2.12.0's `transform_schema`)
//! makes of each schema, written by
//! ```python
//! transformer = TRANSFORMER(copy.deepcopy(schema), strict=strict)
//! {"schema": transformer.walk(), "strict": transformer.is_strict_compatible if strict is None else strict}
//! ```
//! with `strict=True` for the styles named `native` and `None` for all others, and these transformers: `open-ai`
//! `OpenAIJsonSchemaTransformer`, `open-ai-own` `_OpenAIJsonSchemaTransformer`, `inlined-open-ai`
//! `_GptOssJsonSchemaTransformer`, `inlined` `InlineDefsJsonSchemaTransformer`, `anthropic`
//! `AnthropicJsonSchemaTransformer`, `gemini` `GoogleJsonSchemaTransformer`, `open-router-gemini`
//! `_OpenRouterGoogleJsonSchemaTransformer`, `bedrock` `_BedrockJsonSchemaTransformerWithoutContains`. A style for which
//! it raises an error is left out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::*;

#[derive(Deserialize)]
struct Case {
    name: String,
    schema: Map<String, Value>,
    styles: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    schema: Map<String, Value>,
    strict: bool,
}

fn in_style(style: &str, schema: &Map<String, Value>) -> Styled {
    let (style, purpose) = match style.strip_suffix(" native") {
        Some(style) => (style, Purpose::Native),
        None => (style, Purpose::Loose),
    };
    let style = serde_json::from_value(Value::from(style)).expect("a style");
    styled(&Profile { schema: style, ..Profile::default() }, schema, purpose)
}

#[test]
fn schemas_are_written_as_pydantic_ai_writes_them() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("../../../tests/data/schema_styles.json")).expect("the table");
    let mut wrong = Vec::new();
    for case in &cases {
        for (style, expected) in &case.styles {
            let styled = in_style(style, &case.schema);
            // As text: the order of the keywords counts where a schema stands among the instructions.
            let [ours, theirs] =
                [styled.schema, expected.schema.clone()].map(|schema| Value::Object(schema).to_string());
            if (&ours, styled.strict) != (&theirs, Some(expected.strict)) {
                wrong.push(format!(
                    "{}, {style}:\n  {ours} {:?}\n  {theirs} {}",
                    case.name, styled.strict, expected.strict
                ));
            }
        }
    }
    assert!(cases.len() >= 30 && wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_schema_that_cannot_be_inlined_stays_as_it_is() {
    let schema = |value: Value| value.as_object().cloned().expect("an object");
    let nothing = schema(json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/None"}}}));
    let circle = schema(json!({"type": "object", "properties": {"a": {"$ref": "#/properties/a"}}}));
    // Each definition holds the next one ten times.
    let definition = |at: usize| {
        let next = json!({"$ref": format!("#/$defs/{}", at + 1)});
        let properties: Map<_, _> = (0..10).map(|name| (name.to_string(), next.clone())).collect();
        (at.to_string(), json!({"type": "object", "properties": properties}))
    };
    let mut definitions: Map<_, _> = (0..20).map(definition).collect();
    definitions.insert("20".to_owned(), json!({"type": "string"}));
    let huge = schema(json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": definitions}));
    // Each definition holds the next one, within a list of lists.
    let within = |at: usize| {
        let next = json!({"$ref": format!("#/$defs/{}", at + 1)});
        let lists = (0..90).fold(next, |inner, _| json!({"type": "array", "items": inner}));
        (at.to_string(), lists)
    };
    let mut definitions: Map<_, _> = (0..100).map(within).collect();
    definitions.insert("100".to_owned(), json!({"type": "string"}));
    let deep = schema(json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": definitions}));
    for schema in [nothing, circle, huge, deep] {
        assert_eq!(in_style("inlined", &schema).schema, schema);
    }
}
