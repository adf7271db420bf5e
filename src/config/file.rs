//! The configuration file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Environment, FallbackOn};
use crate::settings::Settings;

/// What the user configured. The default is an empty file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config {
    /// The file it was read from; `None` when there is none.
    pub path: Option<PathBuf>,
    /// The theme's name.
    pub theme: Option<String>,
    /// Settings for every model.
    pub defaults: Settings,
    /// Providers by name, in the file's order.
    pub providers: Vec<(String, ProviderEntry)>,
    /// Model aliases by name, in the file's order.
    pub models: Vec<(String, ModelEntry)>,
    /// The workbench.
    pub ui: Ui,
    /// Key bindings: action → chord.
    pub keys: BTreeMap<String, String>,
    /// Where sessions are kept, if not in the platform's place.
    pub sessions_dir: Option<PathBuf>,
}

/// `[providers.NAME]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProviderEntry {}

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

/// Why the configuration can't be used: one sentence with file, line and column where there is one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConfigError {
    /// The sentence.
    pub message: String,
}

impl Config {
    /// Reads the configuration: `explicit` (`--config`), else `LLMBENCH_CONFIG`, else the platform's place. The last
    /// may be missing.
    ///
    /// # Errors
    /// A file that was asked for and can't be read, or one that is wrong.
    pub fn load(_explicit: Option<&Path>, _environment: &Environment) -> Result<Self, ConfigError> {
        Ok(Self::default())
    }

    /// The alias or chain of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&ModelEntry> {
        self.models.iter().find(|(alias, _)| alias == name).map(|(_, entry)| entry)
    }
}
