//! Who serves models, as data: providers, profiles of model families, known models.
//!
//! Resolves `PROVIDER:MODEL` by what is embedded. Never touches the network, the disk or the environment.

mod profile;
mod provider;
mod suggest;

pub use profile::{Profile, SchemaStyle, ThinkingBack, ThinkingStyle, profile};
pub use provider::{AuthScheme, InterfaceKind, KeyVariable, Provider, SignInKind, provider, providers};
pub use suggest::closest;
