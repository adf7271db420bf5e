//! Makes a provider ready to be called: the configuration over the built-in row, the environment beneath.

mod address;
mod headers;
mod key;

use super::{Config, ConfigError, Environment, InterfaceChoice, Limits, ProviderEntry, ResolvedProvider};
use crate::catalog::{self, AuthScheme, InterfaceKind, Provider, closest};

/// All that is known of a provider, before it is put together.
#[derive(Clone, Copy)]
struct Known<'a> {
    name: &'a str,
    row: Option<&'a Provider>,
    entry: &'a ProviderEntry,
    environment: &'a Environment,
    interface: InterfaceKind,
}

impl Config {
    /// The provider of that name. One that lacks its key is told by [`ResolvedProvider::missing_key`].
    ///
    /// # Errors
    /// No such provider (the closest known name is suggested), one that this version doesn't have yet, or one without
    /// an address.
    pub fn provider(&self, name: &str, environment: &Environment) -> Result<ResolvedProvider, ConfigError> {
        let (row, entry) = (catalog::provider(name), self.provider_entry(name));
        if row.is_none() && entry.is_none_or(|entry| entry.interface.is_none()) {
            return Err(self.unknown_provider(name));
        }
        let empty = ProviderEntry::default();
        let entry = entry.unwrap_or(&empty);
        let interface = interface(name, row, entry)?;
        Known { name, row, entry, environment, interface }.resolve()
    }

    fn unknown_provider(&self, name: &str) -> ConfigError {
        if catalog::is_planned(name) {
            return ConfigError::new(format!("provider {name:?} is not built into this version yet"));
        }
        let error = ConfigError::new(format!("unknown provider {name:?}"));
        match closest(name, self.provider_names()) {
            Some(known) => error.with_hint(format!("did you mean {known:?}?")),
            None => error.with_hint(format!(
                "known are {}; one of your own needs [providers.{name}] with interface and base_url",
                self.names().join(", ")
            )),
        }
    }

    /// Built-in providers, then those of one's own; each once.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let built_in = catalog::providers().iter().map(|row| row.name.as_str());
        let own = self.providers.iter().map(|(name, _)| name.as_str()).filter(|name| catalog::provider(name).is_none());
        built_in.chain(own).collect()
    }
}

fn interface(name: &str, row: Option<&Provider>, entry: &ProviderEntry) -> Result<InterfaceKind, ConfigError> {
    match (&entry.interface, row) {
        (Some(InterfaceChoice::Built(interface)), _) => Ok(*interface),
        (Some(InterfaceChoice::Planned(interface)), _) => {
            let what = format!("interface {interface:?} of provider {name:?} is not built into this version yet");
            Err(ConfigError::new(what))
        }
        (None, Some(row)) => Ok(row.interface),
        (None, None) => Err(ConfigError::new(format!("[providers.{name}] lacks interface"))),
    }
}

impl Known<'_> {
    fn resolve(&self) -> Result<ResolvedProvider, ConfigError> {
        let (base_url, base_url_source) = self.base_url()?;
        let headers = self.headers();
        let key = self.key();
        let missing_key = if key.is_some() { None } else { self.missing_key(&headers) };
        Ok(ResolvedProvider {
            name: self.name.to_owned(),
            interface: self.interface,
            base_url,
            base_url_source,
            key,
            missing_key,
            headers,
            limits: limits(self.entry),
            retries: self.entry.retries,
            proxy: self.entry.proxy.clone(),
            ca_file: self.entry.ca_file.clone(),
            concurrency: self.entry.concurrency,
        })
    }

    /// How the provider's keys are shown: as its row says, unless it speaks another interface than the row's.
    fn scheme(&self) -> AuthScheme {
        match (self.row.filter(|row| row.interface == self.interface), self.interface) {
            (Some(row), _) => row.auth,
            (None, InterfaceKind::Anthropic) => AuthScheme::XApiKey,
            (None, InterfaceKind::Gemini) => AuthScheme::XGoogApiKey,
            (None, _) => AuthScheme::Bearer,
        }
    }
}

fn limits(entry: &ProviderEntry) -> Limits {
    let usual = Limits::default();
    Limits {
        connect: entry.connect_timeout.unwrap_or(usual.connect),
        first_byte: entry.first_byte_timeout.unwrap_or(usual.first_byte),
        idle: entry.idle_timeout.unwrap_or(usual.idle),
        total: entry.timeout,
    }
}
