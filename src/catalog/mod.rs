//! Who serves models, as data: providers, profiles of model families, known models and their prices.
//!
//! Resolves `PROVIDER:MODEL` by what is embedded. Never touches the network, the disk or the environment.

mod price;
mod profile;
mod provider;
mod suggest;

pub use price::{Cost, Long, Price, Rates, price};
pub use profile::{Profile, SchemaStyle, ThinkingBack, ThinkingStyle, ToolWithThinking, profile};
pub use provider::{AuthScheme, InterfaceKind, KeyVariable, ListFormat, Provider, SignInKind, provider, providers};
pub use suggest::closest;
