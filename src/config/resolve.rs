//! Makes a provider ready to be called: the configuration over the built-in row, the environment beneath.

mod address;
mod headers;
mod key;
mod sign_in;

use super::{Config, ConfigError, Environment, GivenLimits, Limits, ProviderEntry, ResolvedProvider};
use crate::catalog::{self, AuthScheme, Provider, closest};

/// All that is known of a provider, before it is put together.
#[derive(Clone, Copy)]
struct Known<'a> {
    name: &'a str,
    /// The built-in provider of that name.
    row: Option<&'static Provider>,
    /// The built-in provider in whose way it speaks.
    dialect: &'static Provider,
    entry: &'a ProviderEntry,
    environment: &'a Environment,
}

impl Config {
    /// The provider of that name. One that lacks its key is told by [`ResolvedProvider::missing_key`].
    ///
    /// # Errors
    /// No such provider (the closest known name is suggested), or one without an address.
    pub fn provider(&self, name: &str, environment: &Environment) -> Result<ResolvedProvider, ConfigError> {
        let empty = ProviderEntry::default();
        let (row, entry) = (catalog::provider(name), self.provider_entry(name).unwrap_or(&empty));
        let Some(dialect) = entry.interface.or(row) else { return Err(self.unknown_provider(name)) };
        Known { name, row, dialect, entry, environment }.resolve()
    }

    fn unknown_provider(&self, name: &str) -> ConfigError {
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

impl Known<'_> {
    fn resolve(&self) -> Result<ResolvedProvider, ConfigError> {
        let (base_url, base_url_source) = self.base_url()?;
        let plain = self.is_plain(&base_url);
        let headers = self.headers();
        let key = self.key(plain);
        let places = self.places();
        let has_key = key.is_some() || self.is_shown_by(&headers);
        let sign_in = if has_key { self.region_lookup(&base_url, &places) } else { self.sign_in(&places) };
        let missing_key = if key.is_some() || sign_in.is_some() { None } else { self.missing_key(&headers) };
        Ok(ResolvedProvider {
            name: self.name.to_owned(),
            interface: self.dialect.interface,
            dialect: &self.dialect.name,
            base_url,
            base_url_source,
            path_prefix: self.path_prefix(plain),
            short_prefix: self.dialect.short_prefix.clone(),
            query: self.query(plain)?,
            places,
            key,
            sign_in,
            missing_key,
            headers,
            limits: limits(self.entry),
            retries: self.entry.retries,
            proxy: self.entry.proxy.clone(),
            direct: false,
            ca_file: self.entry.ca_file.clone(),
            http_version: self.entry.http_version,
            command: self.entry.command.clone(),
            concurrency: self.entry.concurrency,
        })
    }

    /// How the provider's keys are shown.
    fn scheme(&self, plain: bool) -> AuthScheme {
        if plain { AuthScheme::Bearer } else { self.dialect.auth }
    }
}

fn limits(entry: &ProviderEntry) -> Limits {
    let given =
        GivenLimits { connect: entry.connect_timeout, first_byte: entry.first_byte_timeout, idle: entry.idle_timeout };
    Limits { total: entry.timeout, ..Limits::default() }.with(given)
}
