//! Where a provider is served.

use super::Known;
use crate::auth::{Address, Places};
use crate::config::{BUILT_IN, ConfigError};

impl Known<'_> {
    /// The base URL without a slash at its end, and where it was told.
    pub fn base_url(&self) -> Result<(Address, String), ConfigError> {
        let (url, source) = self.told_base_url().ok_or_else(|| self.nowhere())?;
        if url.contains('?') {
            return Ok((Address::new(url), source));
        }
        let url = url.trim_end_matches('/');
        let url = if self.is_plain_host(url) && !url.ends_with("/v1") { format!("{url}/v1") } else { url.to_owned() };
        Ok((Address::new(self.without_prefix(&url)), source))
    }

    /// The base URL without the part of the prefix that some write behind it: `https://host/openai` (Azure).
    fn without_prefix<'u>(&self, url: &'u str) -> &'u str {
        let first = self.dialect.path_prefix.split('/').nth(1).filter(|_| self.dialect.v1_is_plain);
        let cut = first.and_then(|first| url.strip_suffix(first)?.strip_suffix('/'));
        cut.unwrap_or(url)
    }

    /// Whether the address is of a host that knows OpenAI's own form alone.
    fn is_plain_host(&self, url: &str) -> bool {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        let host = split_port(rest.split('/').next().unwrap_or_default()).0.to_lowercase();
        self.dialect.plain_hosts.iter().any(|ending| host.ends_with(ending))
    }

    /// What stands between the base URL and the interface's own path. A key of Vertex AI's express mode knows its
    /// project by itself: <https://cloud.google.com/vertex-ai/generative-ai/docs/start/express-mode/overview>.
    pub fn path_prefix(&self, plain: bool) -> String {
        match &self.dialect.short_prefix {
            _ if plain => String::new(),
            Some(short) if self.entry.api_key.is_some() => short.clone(),
            _ => self.dialect.path_prefix.clone(),
        }
    }

    fn told_base_url(&self) -> Option<(String, String)> {
        if let Some(url) = self.entry.base_url.as_ref().or(self.entry.azure_endpoint.as_ref()) {
            return Some((url.expose().to_owned(), "the configuration".to_owned()));
        }
        if !self.dialect.interface.is_http() {
            return Some((String::new(), BUILT_IN.to_owned()));
        }
        // Where to sign in is no matter of the name: such a provider of one's own is served where the built-in one is.
        let row = self.row.or_else(|| self.dialect.sign_in.map(|_| self.dialect))?;
        if let Some((name, url)) = self.environment.first(row.base_url_env.iter().map(String::as_str)) {
            return Some((url.trim().to_owned(), name.to_owned()));
        }
        let built_in = self.of_region(row.base_url.as_ref()?);
        let host = row.host_env.as_deref().and_then(|name| Some((name, self.environment.get(name)?)));
        Some(match host {
            Some((name, host)) => (with_host(&built_in, host), name.to_owned()),
            None => (built_in, BUILT_IN.to_owned()),
        })
    }

    /// The built-in address of the region, as far as the region is known.
    fn of_region(&self, base_url: &str) -> String {
        match self.places().region {
            Some(region) => match self.dialect.region_urls.get(&region) {
                Some(url) => url.clone(),
                None => base_url.replace("{region}", &region),
            },
            None => base_url.to_owned(),
        }
    }

    /// Region and project, as far as they are told before anything is looked up.
    pub fn places(&self) -> Places {
        let told = |own: &Option<String>, variables: &[String]| {
            let variable = || self.environment.first(variables.iter().map(String::as_str));
            own.clone().or_else(|| Some(variable()?.1.trim().to_owned()))
        };
        let of_key = self.dialect.key_region.as_ref().filter(|_| self.entry.api_key.is_some());
        let region = || told(&self.entry.region, &self.dialect.region_env).or_else(|| self.dialect.region.clone());
        Places {
            region: of_key.filter(|_| self.entry.region.is_none()).cloned().or_else(region),
            project: told(&self.entry.project_id, &self.dialect.project_env),
        }
    }

    /// Whether the address is OpenAI's own form, where the provider knows another one too.
    pub fn is_plain(&self, base_url: &Address) -> bool {
        let path = base_url.expose().split('?').next().unwrap_or_default();
        self.dialect.v1_is_plain && path.trim_end_matches('/').ends_with("/v1")
    }

    /// Query fields of every request; `plain` is an address that knows none.
    pub fn query(&self, plain: bool) -> Result<Vec<(String, String)>, ConfigError> {
        if plain {
            return self.entry.api_version.as_ref().map_or(Ok(Vec::new()), |_| Err(self.needless_version()));
        }
        let field = |(name, variable): (&String, &String)| {
            let told = self.entry.api_version.clone().or_else(|| self.environment.get(variable).map(str::to_owned));
            Ok((name.clone(), told.ok_or_else(|| self.lacks_field(name, variable))?))
        };
        self.dialect.query_env.iter().map(field).collect()
    }

    fn lacks_field(&self, name: &str, variable: &str) -> ConfigError {
        let key = name.replace('-', "_");
        ConfigError::new(format!("provider {:?} needs {name}", self.name)).with_hint(format!(
            "set {key} in [providers.{}], or {variable}; an address that ends in /v1 needs none",
            self.name
        ))
    }

    fn needless_version(&self) -> ConfigError {
        ConfigError::new(format!("api_version in [providers.{}] is for other addresses", self.name))
            .with_hint("leave it out: an address that ends in /v1 takes none")
    }

    fn nowhere(&self) -> ConfigError {
        let variables = self.row.map(|row| row.base_url_env.join(" or ")).filter(|names| !names.is_empty());
        let variables = variables.map(|names| format!(", or {names}")).unwrap_or_default();
        ConfigError::new(format!("provider {:?} has no address", self.name))
            .with_hint(format!("set base_url in [providers.{}]{variables}", self.name))
    }
}

/// `url` at another host, as Ollama reads `OLLAMA_HOST`: `host`, `host:port`, `:port` or an address. What it leaves
/// out is `url`'s; a server that listens on every address is reached on this machine's own.
fn with_host(url: &str, host: &str) -> String {
    let host = host.trim().trim_matches(['"', '\'']);
    let (own_port, path) = port_and_path(url);
    let (scheme, rest) = host.split_once("://").unwrap_or(("http", host));
    let (place, own_path) =
        rest.split_once('/').map_or((rest, ""), |(place, path)| (place, path.trim_end_matches('/')));
    let (name, port) = split_port(place);
    let usual = match host.split_once("://").map(|(scheme, _)| scheme) {
        Some("http") => "80",
        Some("https") => "443",
        _ => own_port,
    };
    let name = if matches!(name, "" | "0.0.0.0" | "[::]" | "::") { "127.0.0.1" } else { name };
    let base = format!("{scheme}://{name}:{}", port.unwrap_or(usual));
    let prefix = own_path.strip_suffix(path).unwrap_or(own_path).trim_end_matches('/');
    if prefix.is_empty() { format!("{base}/{path}") } else { format!("{base}/{prefix}/{path}") }
}

/// The port and the path, without its slash, of an address that has both.
fn port_and_path(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, path) = rest.split_once('/').unwrap_or((rest, ""));
    (split_port(place).1.unwrap_or("80"), path)
}

/// `host:port`, also with an IPv6 address in brackets; a bare IPv6 address has no port.
fn split_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) && is_host(name) => {
            (name, Some(port))
        }
        _ => (place, None),
    }
}

/// Whether what stands before the last colon is a whole host, with or without a login before it.
fn is_host(name: &str) -> bool {
    let name = name.rsplit('@').next().unwrap_or_default();
    !name.contains(':') || name.ends_with(']')
}

#[cfg(test)]
mod tests {
    use super::with_host;

    #[test]
    fn every_form_of_a_host() {
        let table = [
            ("192.168.1.5", "http://192.168.1.5:11434/v1"),
            ("box:8080", "http://box:8080/v1"),
            (":8080", "http://127.0.0.1:8080/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("0.0.0.0:5000", "http://127.0.0.1:5000/v1"),
            ("[::]:5000", "http://127.0.0.1:5000/v1"),
            ("[::1]", "http://[::1]:11434/v1"),
            ("http://box:8080", "http://box:8080/v1"),
            ("http://box:8080/", "http://box:8080/v1"),
            ("http://box:8080/v1", "http://box:8080/v1"),
            ("https://box/ollama", "https://box:443/ollama/v1"),
            ("http://box", "http://box:80/v1"),
            ("me:pw@box:8080", "http://me:pw@box:8080/v1"),
        ];
        for (host, expected) in table {
            assert_eq!(with_host("http://127.0.0.1:11434/v1", host), expected, "{host}");
        }
    }
}
