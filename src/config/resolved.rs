//! A provider as it will be called: the built-in row, the configuration over it, the environment beneath.

use std::path::PathBuf;
use std::time::Duration;

use super::HttpVersion;
use crate::auth::{Address, KeySource, Places, Secret, SignInSettings};
use crate::catalog::{self, AuthScheme, InterfaceKind, ListFormat, Provider};

/// The `base_url_source` of an address that nobody has told.
pub const BUILT_IN: &str = "built in";

/// A provider as it will be called.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedProvider {
    /// The name before the colon of `PROVIDER:MODEL`.
    pub name: String,
    /// The wire format it speaks.
    pub interface: InterfaceKind,
    /// The built-in provider in whose way it speaks it: whose profiles hold for its models.
    pub dialect: &'static str,
    /// Where it is served, without a slash at the end; empty for offline models. `{region}` stands for a region that
    /// only the sign-in knows.
    pub base_url: Address,
    /// Where the base URL was told: `the configuration`, a variable's name, or `built in`.
    pub base_url_source: String,
    /// What stands between the base URL and the interface's own path, with `{model}`, `{region}` and `{project}`.
    pub path_prefix: String,
    /// What stands there before the name of a model that is its whole path.
    pub short_prefix: Option<String>,
    /// Query fields of every request.
    pub query: Vec<(String, String)>,
    /// What is known of the places of its address.
    pub places: Places,
    /// Its key; `None` when it needs none and none is set.
    pub key: Option<ResolvedKey>,
    /// How to get in without a key.
    pub sign_in: Option<SignInSettings>,
    /// Why it can't be asked: the sentence that says which key is missing.
    pub missing_key: Option<String>,
    /// Further request headers. They replace the interface's own of the same name.
    pub headers: Vec<(String, Secret)>,
    /// How long to wait for what.
    pub limits: Limits,
    /// How often a failed request is tried again; `None` where the configuration does not say.
    pub retries: Option<u32>,
    /// A proxy for all of its requests, instead of the environment's.
    pub proxy: Option<Address>,
    /// Whether it is reached without any proxy, the environment's included.
    pub direct: bool,
    /// Certificates (PEM) to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The version of HTTP to speak; `None`: what the server prefers.
    pub http_version: Option<HttpVersion>,
    /// The program that answers, with its arguments, for `interface = "command"`.
    pub command: Option<Vec<String>>,
    /// The most requests at the same time.
    pub concurrency: Option<usize>,
}

impl ResolvedProvider {
    /// The form in which it tells which models it serves; `None` when it doesn't.
    #[must_use]
    pub fn list_format(&self) -> Option<ListFormat> {
        catalog::provider(self.dialect).and_then(Provider::list_format)
    }

    /// Whether it is served where the built-in provider itself is: there the vendor's prices hold.
    #[must_use]
    pub fn is_at_home(&self) -> bool {
        let home = || catalog::provider(self.dialect)?.base_url.as_deref();
        self.base_url_source == BUILT_IN || home() == Some(self.base_url.expose())
    }

    /// What stands between the base URL and this path of the interface's.
    #[must_use]
    pub fn prefix(&self, path: &str) -> &str {
        let short = self.short_prefix.as_deref().filter(|_| path.starts_with("/projects/"));
        short.unwrap_or(&self.path_prefix)
    }
}

/// A key and how it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedKey {
    /// Where it comes from.
    pub source: KeySource,
    /// How it is shown.
    pub scheme: AuthScheme,
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For the connection to stand.
    pub connect: Duration,
    /// From the request to the first byte of its answer.
    pub first_byte: Duration,
    /// Between two arrivals.
    pub idle: Duration,
    /// For the whole answer; `None`: a healthy stream is never cut.
    pub total: Option<Duration>,
}

/// Limits as far as somebody gave them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenLimits {
    /// For the connection to stand.
    pub connect: Option<Duration>,
    /// From the request to the first byte of its answer.
    pub first_byte: Option<Duration>,
    /// Between two arrivals.
    pub idle: Option<Duration>,
}

impl ResolvedProvider {
    /// The variable that holds its key, or would: what stands for the key where that must not.
    #[must_use]
    pub fn key_variable(&self) -> String {
        if let Some(KeySource::Variable { name, .. }) = self.key.as_ref().map(|key| &key.source) {
            return name.clone();
        }
        let letter = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
        self.name.chars().map(letter).chain("_API_KEY".chars()).collect()
    }
}

impl Limits {
    /// These, but for the given ones.
    #[must_use]
    pub fn with(self, given: GivenLimits) -> Self {
        Self {
            connect: given.connect.unwrap_or(self.connect),
            first_byte: given.first_byte.unwrap_or(self.first_byte),
            idle: given.idle.unwrap_or(self.idle),
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            first_byte: Duration::from_mins(10),
            idle: Duration::from_mins(2),
            total: None,
        }
    }
}
