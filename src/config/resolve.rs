//! Makes a provider ready to be called: the configuration over the built-in row, the environment beneath.

use super::{Config, ConfigError, Environment, ResolvedProvider};

impl Config {
    /// The provider of that name.
    ///
    /// # Errors
    /// No such provider (the closest known name is suggested), or one without an address.
    pub fn provider(&self, _name: &str, _environment: &Environment) -> Result<ResolvedProvider, ConfigError> {
        Err(ConfigError { message: "not written yet".to_owned() })
    }

    /// The providers that can be used as things are: a key in the configuration or the environment, or none needed.
    #[must_use]
    pub fn usable_providers(&self, _environment: &Environment) -> Vec<ResolvedProvider> {
        Vec::new()
    }
}
