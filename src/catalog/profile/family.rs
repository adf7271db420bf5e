//! Families: which models have which facts. Rows of `profiles/INTERFACE.toml`, matched by provider and by the model's name.

use std::collections::HashMap;
use std::sync::LazyLock;

use toml::{Table, Value};

use super::Profile;
use crate::catalog::{InterfaceKind, provider};

/// The rows of each interface, in order. Responses are asked of the same models as chat completions.
static FILES: [(InterfaceKind, &[&str]); 7] = [
    (InterfaceKind::OpenAi, &[include_str!("../profiles/openai.toml")]),
    (
        InterfaceKind::Responses,
        &[include_str!("../profiles/openai.toml"), include_str!("../profiles/openai-responses.toml")],
    ),
    (InterfaceKind::Anthropic, &[include_str!("../profiles/anthropic.toml")]),
    (InterfaceKind::Gemini, &[include_str!("../profiles/gemini.toml")]),
    (InterfaceKind::Mistral, &[include_str!("../profiles/mistral.toml")]),
    (InterfaceKind::Cohere, &[include_str!("../profiles/cohere.toml")]),
    (InterfaceKind::Bedrock, &[include_str!("../profiles/bedrock.toml")]),
];

static FAMILIES: LazyLock<HashMap<InterfaceKind, Vec<Family>>> = LazyLock::new(|| {
    let rows = |texts: &&[&str]| texts.iter().flat_map(|text| rows(text)).map(Family::of).collect();
    FILES.iter().map(|(interface, texts)| (*interface, rows(texts))).collect()
});

fn rows(text: &str) -> Vec<Table> {
    let wrong = |what: &dyn std::fmt::Display| -> ! { panic!("profiles: {what}\n{text}") };
    let file: HashMap<String, Vec<Table>> = toml::from_str(text).unwrap_or_else(|error| wrong(&error));
    file.into_iter().flat_map(|(name, rows)| if name == "family" { rows } else { wrong(&name) }).collect()
}

/// A row: what differs from the rows above it, for models whose name begins so.
#[derive(Debug)]
struct Family {
    /// Only at these providers; at any when there are none.
    providers: Vec<String>,
    /// The starts of the name, in small letters.
    prefixes: Vec<String>,
    /// The fields of [`Profile`] that are told.
    facts: Table,
}

impl Family {
    fn of(mut row: Table) -> Self {
        let mut texts = |name: &str| match row.remove(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(item) => item.as_str().map(str::to_owned).into_iter().collect(),
        };
        Self { providers: texts("provider"), prefixes: texts("prefix"), facts: row }
    }

    fn is_for(&self, provider: &str, name: &str) -> bool {
        let at_provider = self.providers.is_empty() || self.providers.iter().any(|only| only == provider);
        at_provider && self.prefixes.iter().any(|prefix| name.starts_with(prefix))
    }
}

/// The profile of a model at a provider: every row of its interface that is meant for that provider and whose prefix
/// its name begins with, later rows over earlier ones. A vendor's path before the name (`openai/gpt-4o`) doesn't count.
#[must_use]
pub fn profile(provider: &str, interface: InterfaceKind, model: &str) -> Profile {
    let name = model.rsplit('/').next().unwrap_or(model).to_lowercase();
    let name = without_region(provider, &name);
    let rows = FAMILIES.get(&interface).into_iter().flatten().filter(|row| row.is_for(provider, name));
    profile_of(&rows.flat_map(|row| row.facts.clone()).collect())
}

fn profile_of(facts: &Table) -> Profile {
    facts.clone().try_into().unwrap_or_else(|error| panic!("profiles: {error} in {facts}"))
}

/// The name without the region that the provider may serve it across.
fn without_region<'n>(at: &str, name: &'n str) -> &'n str {
    let regions = provider(at).map_or(&[][..], |row| &row.name_regions);
    let bare = |region: &String| name.strip_prefix(region.as_str())?.strip_prefix('.');
    regions.iter().find_map(bare).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{SchemaStyle, ThinkingStyle};
    use crate::settings::Effort;

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
                let strangers: Vec<_> = row.providers.iter().filter(|name| !speaks(name)).collect();
                assert!(strangers.is_empty(), "{strangers:?} don't speak {interface:?}");
                let cannot_match = |prefix: &&String| prefix.contains('/') || prefix.to_lowercase() != **prefix;
                assert!(!row.prefixes.is_empty(), "for whom is {row:?}?");
                profile_of(&row.facts);
                let missed: Vec<_> = row.prefixes.iter().filter(cannot_match).collect();
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
