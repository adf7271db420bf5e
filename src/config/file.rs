//! The configuration file.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::paths::Location;
use super::read::read;
use super::{ConfigError, Environment, FallbackOn, Located};
use crate::auth::{Address, Secret, ServiceAccount};
use crate::catalog::{self, Provider};
use crate::settings::Settings;

/// What the user configured. The default is an empty file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file it was read from; `None` when there is none.
    pub path: Option<PathBuf>,
    /// The theme's name.
    pub theme: Option<Located<String>>,
    /// Settings for every model.
    pub defaults: Settings,
    /// Providers by name, in the file's order.
    pub providers: Vec<(String, ProviderEntry)>,
    /// Model aliases by name, in the file's order.
    pub models: Vec<(String, ModelEntry)>,
    /// The workbench.
    pub ui: Ui,
    /// Key bindings: action and chords, in the file's order.
    pub keys: Vec<(Located<String>, Located<String>)>,
    /// Where sessions are kept, if not in the platform's place.
    pub sessions_dir: Option<PathBuf>,
    /// What is right but may not be what the user thinks: a sentence with its place each.
    pub warnings: Vec<String>,
}

/// `[providers.NAME]`. What is `None` is left to the built-in provider of that name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderEntry {
    /// The built-in provider whose interface it speaks, and in whose way.
    pub interface: Option<&'static Provider>,
    /// The key.
    pub api_key: Option<ApiKey>,
    /// Where it is served.
    pub base_url: Option<Address>,
    /// Further request headers.
    pub headers: Vec<(String, Secret)>,
    /// Azure's name for the base URL.
    pub azure_endpoint: Option<Address>,
    /// An Entra ID token (Azure), in place of a key.
    pub azure_ad_token: Option<ApiKey>,
    /// The version of the interface (Azure).
    pub api_version: Option<String>,
    /// Where it is served (Bedrock, Vertex AI).
    pub region: Option<String>,
    /// The profile of AWS's own files.
    pub profile: Option<String>,
    /// AWS credentials written down.
    pub aws_access_key_id: Option<String>,
    /// Their secret.
    pub aws_secret_access_key: Option<Secret>,
    /// Their session's token, for credentials that last an hour or so.
    pub aws_session_token: Option<Secret>,
    /// The Google Cloud project.
    pub project_id: Option<String>,
    /// A Google service account.
    pub service_account: Option<ServiceAccount>,
    /// The program that answers, with its arguments (`interface = "command"`).
    pub command: Option<Vec<String>>,
    /// OpenAI's organization.
    pub organization: Option<String>,
    /// OpenAI's project.
    pub project: Option<String>,
    /// How long to wait for the connection.
    pub connect_timeout: Option<Duration>,
    /// How long to wait for the first byte.
    pub first_byte_timeout: Option<Duration>,
    /// How long to wait between two arrivals.
    pub idle_timeout: Option<Duration>,
    /// How long the whole answer may take.
    pub timeout: Option<Duration>,
    /// How often a failed request is tried again.
    pub retries: Option<u32>,
    /// A proxy.
    pub proxy: Option<Address>,
    /// Certificates to trust besides the system's.
    pub ca_file: Option<PathBuf>,
    /// The version of HTTP to speak.
    pub http_version: Option<HttpVersion>,
    /// The most requests at the same time.
    pub concurrency: Option<usize>,
}

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpVersion {
    /// 1.1, also where the server offers 2.
    Http1,
    /// 2 without asking first, also without TLS.
    Http2,
}

/// `api_key`.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiKey {
    /// The key itself.
    Literal(Secret),
    /// The variable that holds it.
    Variable(String),
    /// The command that prints it: the program and its arguments; never empty.
    Command(Vec<String>),
}

/// `[models.NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub enum ModelEntry {
    /// Another name for a model, with settings of its own.
    Alias {
        /// `PROVIDER:MODEL` or another alias.
        model: String,
        /// Settings that lie over the defaults.
        settings: Settings,
    },
    /// A chain.
    Fallback {
        /// Its models, in order; never empty.
        models: Vec<String>,
        /// What makes the next one be asked; never empty.
        on: Vec<FallbackOn>,
        /// Settings that lie over the defaults, for each of its models.
        settings: Settings,
    },
}

/// `[ui]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ui {
    /// Models that are picked when the workbench opens.
    pub selected: Vec<String>,
}

impl Config {
    /// Reads the configuration: `explicit` (`--config`), else `LLMBENCH_CONFIG`, else the platform's place. The last
    /// may be missing.
    ///
    /// # Errors
    /// A file that was asked for and can't be read, or one that is wrong.
    pub fn load(explicit: Option<&Path>, environment: &Environment) -> Result<Self, ConfigError> {
        let location = Location::of_config(explicit, environment);
        let Some(path) = location.path() else { return Ok(Self::default()) };
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound && !matches!(location, Location::Named(_)) => {
                return Ok(Self::default());
            }
            Err(error) => return Err(unreadable(path, &error.to_string())),
        };
        match str::from_utf8(&bytes) {
            Ok(text) => read(path, text, is_open_to_others(path)),
            Err(error) => Err(unreadable(path, &format!("byte {} is not UTF-8", error.valid_up_to() + 1))),
        }
    }

    /// The alias or chain of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|(alias, _)| alias == name).map(|(_, entry)| entry)
    }

    /// The `[providers.NAME]` of that name, or of another name of the same built-in provider.
    #[must_use]
    pub fn provider_entry(&self, name: &str) -> Option<&ProviderEntry> {
        let row = catalog::provider(name).map(|row| &row.name);
        let entry =
            |known: &str| known == name || row.is_some() && catalog::provider(known).map(|row| &row.name) == row;
        let exact = self.providers.iter().find(|(known, _)| known == name);
        exact.or_else(|| self.providers.iter().find(|(known, _)| entry(known))).map(|(_, entry)| entry)
    }

    /// Every provider there is, built in or configured; a configured built-in one comes twice.
    pub fn provider_names(&self) -> impl Iterator<Item = &str> {
        let names = |row: &'static Provider| row.aliases.iter().chain([&row.name]).map(String::as_str);
        let built_in = catalog::providers().iter().flat_map(names);
        built_in.chain(self.providers.iter().map(|(name, _)| name.as_str()))
    }
}

fn unreadable(path: &Path, reason: &str) -> ConfigError {
    ConfigError::new(format!("the configuration {} can't be read: {reason}", path.display()))
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_path: &Path) -> bool {
    false
}
