//! Takes keys out of what is told of a failure: providers, proxies and redirects quote what they were sent.

use serde_json::Value;

use crate::auth::{Address, MASK, Secret};
use crate::config::ResolvedProvider;
use crate::wire::ModelError;

/// What is shorter is no secret, and taking it out would garble every sentence it stands in.
const SHORTEST: usize = 4;
/// Words in the names of headers and query fields whose values are secrets.
const SECRET_NAMES: [&str; 9] =
    ["auth", "key", "token", "secret", "password", "cookie", "credential", "session", "sig"];

/// The secrets of one provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask(Vec<Secret>);

impl Mask {
    /// What must not be told: what was shown to get in, the values of headers that look like one, and what addresses hold.
    pub fn new(provider: &ResolvedProvider, shown: impl IntoIterator<Item = Secret>) -> Self {
        let shown: Vec<Secret> = shown.into_iter().collect();
        let headers = provider.headers.iter().map(|(name, value)| (name.as_str(), value.expose()));
        let addresses = [Some(&provider.base_url), provider.proxy.as_ref()].into_iter().flatten();
        let named = headers.chain(addresses.flat_map(Address::hidden)).filter(|(name, _)| is_secret(name));
        let mut secrets: Vec<&str> = shown
            .iter()
            .flat_map(|secret| [Some(secret.expose()), without_scheme(secret.expose())])
            .flatten()
            .collect();
        secrets.extend(named.flat_map(|(_, value)| [Some(value), without_scheme(value)]).flatten());
        // A placeholder such as `ollama` for Ollama is none.
        secrets.retain(|secret| secret.trim().len() >= SHORTEST && *secret != provider.name);
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets.into_iter().map(Secret::new).collect())
    }

    /// The failure without them.
    pub fn error(&self, error: ModelError) -> ModelError {
        ModelError {
            message: self.text(&error.message),
            hint: error.hint.map(|hint| self.text(&hint)),
            body: error.body.map(|body| self.value(body)),
            errors: error.errors.into_iter().map(|error| self.error(error)).collect(),
            ..error
        }
    }

    /// A request's header without them, nor with any other value that its name tells to be one.
    pub fn header(&self, name: &str, value: &str) -> String {
        let masked = self.text(value);
        if masked == value && is_secret(name) { MASK.to_owned() } else { masked }
    }

    /// An answer's header without them. Many of their names tell of tokens and keys and mean none.
    pub fn answer_header(&self, name: &str, value: &str) -> String {
        if name.contains("cookie") { MASK.to_owned() } else { self.text(value) }
    }

    /// A text without them.
    pub fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| secret.mask(&text))
    }

    fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(&text)),
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => {
                fields.into_iter().map(|(name, value)| (self.text(&name), self.value(value))).collect()
            }
            other => other,
        }
    }
}

/// `KEY` of `Bearer KEY`: alone it is a secret too.
fn without_scheme(value: &str) -> Option<&str> {
    value.split_once(' ').map(|(_, key)| key)
}

/// Whether the value of a header or query field of that name is one.
pub fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_NAMES.iter().any(|word| name.contains(word))
}
