//! What the user configured: the TOML file, and what it makes of the built-in providers together with the environment.

mod environment;
mod fallback_on;
mod file;
mod resolve;
mod resolved;

pub use environment::Environment;
pub use fallback_on::FallbackOn;
pub use file::{Config, ConfigError, ModelEntry, ProviderEntry, Ui};
pub use resolved::{Limits, ResolvedKey, ResolvedProvider};
