//! Providers: who serves models and how to get in. One row of `providers.toml` each.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A wire format, by its name in the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InterfaceKind {
    /// OpenAI chat completions, and whatever is compatible with it.
    #[serde(rename = "openai")]
    OpenAi,
    /// Anthropic messages.
    Anthropic,
    /// Google's generateContent.
    Gemini,
    /// Offline: the deterministic model made for demonstrations and tests.
    Test,
}

impl InterfaceKind {
    /// The interfaces that a provider of one's own can speak, by their names in the configuration.
    pub const NAMES: [(&'static str, Self); 3] =
        [("openai", Self::OpenAi), ("anthropic", Self::Anthropic), ("gemini", Self::Gemini)];

    /// Interfaces of the contract that this version doesn't have yet.
    pub const PLANNED: [&'static str; 5] = ["openai-responses", "mistral", "cohere", "bedrock", "command"];

    /// The name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Test => "test",
        }
    }
}

/// How a key is shown to the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AuthScheme {
    /// `Authorization: Bearer KEY`
    #[default]
    Bearer,
    /// `x-api-key: KEY`
    XApiKey,
    /// `x-goog-api-key: KEY`
    XGoogApiKey,
    /// `api-key: KEY`
    ApiKey,
}

/// An environment variable that can hold a provider's key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyVariable {
    /// Its name.
    pub env: String,
    /// How this key is shown, if not as the provider's other keys are.
    pub scheme: Option<AuthScheme>,
}

/// Who serves models and how to get in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// The name before the colon of `PROVIDER:MODEL`.
    #[serde(skip)]
    pub name: String,
    /// The name people know it by.
    pub label: String,
    /// The wire format it speaks.
    pub interface: InterfaceKind,
    /// Where it is served, without the interface's own path; `None` when every user has an address of their own.
    pub base_url: Option<String>,
    /// Environment variables that can hold another base URL, the first one set wins.
    #[serde(default)]
    pub base_url_env: Vec<String>,
    /// An environment variable that can hold another host and port, without the base URL's scheme and path.
    pub host_env: Option<String>,
    /// How a key is shown.
    #[serde(default)]
    pub auth: AuthScheme,
    /// Environment variables that can hold the key, the first one set wins.
    #[serde(default)]
    pub keys: Vec<KeyVariable>,
    /// Whether it answers without a key.
    #[serde(default)]
    pub key_optional: bool,
    /// Request headers that are filled from environment variables: header name → variable.
    #[serde(default)]
    pub headers_env: BTreeMap<String, String>,
    /// Whether it runs on the user's own machine, needing neither account nor network.
    #[serde(default)]
    pub local: bool,
    /// What to do when nobody answers at its address.
    pub when_refused: Option<String>,
    /// The vendor's page on keys and models.
    #[serde(default)]
    pub docs: String,
    /// Well-known models, for picking from; any other name may be typed.
    #[serde(default)]
    pub models: Vec<String>,
}

static PROVIDERS: LazyLock<Vec<Provider>> = LazyLock::new(|| {
    let rows: toml::Table = toml::from_str(include_str!("providers.toml")).expect("providers.toml is TOML");
    rows.into_iter()
        .map(|(name, row)| {
            let row: Provider = row.try_into().unwrap_or_else(|error| panic!("providers.toml, {name}: {error}"));
            Provider { name, ..row }
        })
        .collect()
});

/// The built-in providers.
#[must_use]
pub fn providers() -> &'static [Provider] {
    &PROVIDERS
}

/// The built-in provider of that name.
#[must_use]
pub fn provider(name: &str) -> Option<&'static Provider> {
    providers().iter().find(|provider| provider.name == name)
}

/// Providers of the contract that this version doesn't have yet.
const PLANNED: [&str; 16] = [
    "openai-responses",
    "google-vertex",
    "groq",
    "mistral",
    "cohere",
    "bedrock",
    "azure",
    "deepseek",
    "openrouter",
    "grok",
    "xai",
    "perplexity",
    "fireworks",
    "together",
    "recorded",
    "command",
];

/// Whether a provider of that name is known to come.
#[must_use]
pub fn is_planned(name: &str) -> bool {
    PLANNED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_can_be_read() {
        let names: Vec<_> = providers().iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["openai", "anthropic", "google-gla", "ollama", "test"]);
    }

    #[test]
    fn a_row_without_a_key_says_so() {
        for row in providers() {
            assert!(row.key_optional || !row.keys.is_empty(), "{}: where does its key come from?", row.name);
        }
    }
}
