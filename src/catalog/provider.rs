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
    /// OpenAI responses.
    #[serde(rename = "openai-responses")]
    Responses,
    /// Anthropic messages.
    Anthropic,
    /// Google's generateContent.
    Gemini,
    /// Mistral's chat completions.
    Mistral,
    /// Cohere's chat, version 2.
    Cohere,
    /// Amazon Bedrock's Converse and ConverseStream.
    Bedrock,
    /// A program of the user's: JSON lines on standard input and output.
    Command,
    /// A saved session, answering as it did.
    Recorded,
    /// Offline: the deterministic model made for demonstrations and tests.
    Test,
}

impl InterfaceKind {
    /// The name in the configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenAi => "openai",
            Self::Responses => "openai-responses",
            Self::Anthropic => "anthropic",
            Self::Gemini => "gemini",
            Self::Mistral => "mistral",
            Self::Cohere => "cohere",
            Self::Bedrock => "bedrock",
            Self::Command => "command",
            Self::Recorded => "recorded",
            Self::Test => "test",
        }
    }

    /// Whether it goes over HTTP, to an address.
    #[must_use]
    pub const fn is_http(self) -> bool {
        !matches!(self, Self::Command | Self::Recorded | Self::Test)
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

/// A way to get in that is more than showing a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInKind {
    /// AWS credentials, every request signed (SigV4).
    Aws,
    /// Google's application default credentials, a token for an hour.
    Google,
}

/// The form in which a provider tells which models it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListFormat {
    /// OpenAI's `GET /models`, and whatever is compatible with it.
    #[serde(rename = "openai")]
    OpenAi,
    /// OpenAI's with the price of each model (OpenRouter).
    #[serde(rename = "openrouter")]
    OpenRouter,
    /// Anthropic's, page by page.
    Anthropic,
    /// Google's, page by page.
    Gemini,
    /// Mistral's: OpenAI's with what each model can do.
    Mistral,
    /// Cohere's, page by page.
    Cohere,
    /// It tells no list where its models are served.
    Untold,
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
#[expect(clippy::struct_excessive_bools, reason = "each fact is a yes or no of its own, named in a row")]
pub struct Provider {
    /// The name before the colon of `PROVIDER:MODEL`.
    #[serde(skip)]
    pub name: String,
    /// Other names for it.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name people know it by.
    pub label: String,
    /// The wire format it speaks.
    pub interface: InterfaceKind,
    /// Where it is served, without the interface's own path; `None` when every user has an address of their own.
    /// `{region}` stands for the region.
    pub base_url: Option<String>,
    /// Environment variables that can hold another base URL, the first one set wins.
    #[serde(default)]
    pub base_url_env: Vec<String>,
    /// An environment variable that can hold another host and port, without the base URL's scheme and path.
    pub host_env: Option<String>,
    /// What stands between the base URL and the interface's own path. `{model}`, `{region}` and `{project}` stand for
    /// what a request has in their place.
    #[serde(default)]
    pub path_prefix: String,
    /// What stands there instead where neither project nor region is asked for: with a key, and before the name of a
    /// model that is its whole path, `projects/…`.
    pub short_prefix: Option<String>,
    /// Query fields of every request that are filled from environment variables: field → variable.
    #[serde(default)]
    pub query_env: BTreeMap<String, String>,
    /// A base URL that ends in `/v1` is OpenAI's own form of address: no prefix, no query, a bearer key (Azure).
    #[serde(default)]
    pub v1_is_plain: bool,
    /// Hosts, by their endings, that know OpenAI's own form alone: `/v1` stands behind their base URL.
    #[serde(default)]
    pub plain_hosts: Vec<String>,
    /// Environment variables that can hold the region, the first one set wins.
    #[serde(default)]
    pub region_env: Vec<String>,
    /// The region when none is told.
    pub region: Option<String>,
    /// The region in its place where a key is shown.
    pub key_region: Option<String>,
    /// Base URLs of regions that have a form of their own: region → base URL.
    #[serde(default)]
    pub region_urls: BTreeMap<String, String>,
    /// Regions that may stand before a model's name, with a dot between, without being part of it: those that it is
    /// served across (Bedrock's inference profiles).
    #[serde(default)]
    pub name_regions: Vec<String>,
    /// Environment variables that can hold the project, the first one set wins.
    #[serde(default)]
    pub project_env: Vec<String>,
    /// How to get in without a key.
    pub sign_in: Option<SignInKind>,
    /// Offered for picking only when the configuration names it, or one of its variables (`shown_by` included) is set.
    #[serde(default)]
    pub opt_in: bool,
    /// Further variables that tell that somebody uses it.
    #[serde(default)]
    pub shown_by: Vec<String>,
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
    /// The form of its own list of models, where that is not its interface's usual one.
    pub list_format: Option<ListFormat>,
    /// Words in the names of that list's models that don't answer prompts, where the list itself doesn't say so.
    #[serde(default)]
    pub list_leaves_out: Vec<String>,
    /// Whether it tells that list to everybody, without a key.
    #[serde(default)]
    pub open_list: bool,
    /// What to do when it doesn't have a model. `{model}` stands for the model's name.
    pub when_unknown: Option<String>,
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

/// The built-in provider of that name, or with that alias.
#[must_use]
pub fn provider(name: &str) -> Option<&'static Provider> {
    providers().iter().find(|provider| provider.name == name || provider.aliases.iter().any(|alias| alias == name))
}

impl Provider {
    /// Whether a model of its list doesn't answer prompts, by its name.
    #[must_use]
    pub fn leaves_out(&self, model: &str) -> bool {
        self.list_leaves_out.iter().any(|word| model.contains(word))
    }

    /// The form in which it tells which models it serves; `None` when it doesn't.
    #[must_use]
    pub fn list_format(&self) -> Option<ListFormat> {
        let usual = match self.interface {
            InterfaceKind::OpenAi | InterfaceKind::Responses => ListFormat::OpenAi,
            InterfaceKind::Anthropic => ListFormat::Anthropic,
            InterfaceKind::Gemini => ListFormat::Gemini,
            InterfaceKind::Mistral => ListFormat::Mistral,
            InterfaceKind::Cohere => ListFormat::Cohere,
            InterfaceKind::Bedrock | InterfaceKind::Command | InterfaceKind::Recorded | InterfaceKind::Test => {
                ListFormat::Untold
            }
        };
        Some(self.list_format.unwrap_or(usual)).filter(|format| *format != ListFormat::Untold)
    }

    /// Every variable that is read for it.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        let keys = self.keys.iter().map(|key| &key.env);
        let places = self.base_url_env.iter().chain(&self.host_env).chain(&self.region_env).chain(&self.project_env);
        keys.chain(places).chain(self.query_env.values()).chain(&self.shown_by).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_promised_name_is_there_and_none_twice() {
        let promised = "openai openai-responses anthropic google-gla google-vertex groq mistral cohere bedrock azure \
            deepseek ollama openrouter grok xai perplexity fireworks together test recorded command";
        let missing: Vec<_> = promised.split_whitespace().filter(|name| provider(name).is_none()).collect();
        assert_eq!(missing, [""; 0]);
        let names = providers().iter().flat_map(|row| row.aliases.iter().chain([&row.name]));
        let unique: std::collections::BTreeSet<_> = names.clone().collect();
        assert_eq!(unique.len(), names.count(), "a name is given twice");
    }

    #[test]
    fn a_row_says_where_it_is_served() {
        for row in providers().iter().filter(|row| row.interface.is_http()) {
            let scheme = if row.local { "http://127.0.0.1:" } else { "https://" };
            let is_address = |url: &String| url.starts_with(scheme) && !url.ends_with('/');
            let is_told = row.base_url.as_ref().map_or(!row.base_url_env.is_empty(), is_address);
            assert!(is_told && row.docs.starts_with("https://"), "{}: {:?}, {:?}", row.name, row.base_url, row.docs);
        }
    }

    #[test]
    fn a_row_without_a_key_says_so() {
        for row in providers() {
            assert!(
                row.key_optional || !row.keys.is_empty() || row.sign_in.is_some(),
                "{}: where does its key come from?",
                row.name
            );
        }
    }
}
