//! What the user configured: the TOML file, and what it makes of the built-in providers together with the environment.

mod environment;
mod error;
mod fallback_on;
mod file;
mod located;
mod paths;
mod read;
mod resolve;
mod resolved;
mod usable;

pub use environment::Environment;
pub use error::ConfigError;
pub use fallback_on::FallbackOn;
pub use file::{ApiKey, Config, HttpVersion, ModelEntry, ProviderEntry, Ui};
pub use located::Located;
pub use paths::{Location, cache_dir};
pub(crate) use read::{Table, document};
pub use resolved::{BUILT_IN, GivenLimits, Limits, ResolvedKey, ResolvedProvider};
