//! An address that may hold a password or a token, and shows itself without.

use std::fmt;

use super::secret::MASK;

/// An address as the user wrote it. `Display` and `Debug` leave out who logs in, and hide the values of its query.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Takes an address over as it is.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self(address.into())
    }

    /// The address itself, for the one place that connects to it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What it hides, each with its name: the password, and the values of its query.
    #[must_use]
    pub fn hidden(&self) -> Vec<(&str, &str)> {
        let (login, rest) = split_login(&self.0);
        let login = login.map(|login| login.split_once("://").map_or(login, |(_, login)| login));
        let password = login.map(|login| ("password", login.split_once(':').map_or(login, |(_, password)| password)));
        let query = rest.split_once('?').map_or("", |(_, query)| query);
        let pairs = query.split(['&', '#']).filter(|pair| !pair.is_empty());
        password.into_iter().chain(pairs.map(|pair| pair.split_once('=').unwrap_or(("key", pair)))).collect()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (login, rest) = split_login(&self.0);
        if let Some((scheme, _)) = login.and_then(|login| login.split_once("://")) {
            write!(formatter, "{scheme}://")?;
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let Some((place, query)) = rest.split_once('?') else { return formatter.write_str(rest) };
        let hidden = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) => format!("{name}={MASK}"),
            None if pair.is_empty() => String::new(),
            None => MASK.to_owned(),
        });
        write!(formatter, "{place}?{}", hidden.collect::<Vec<_>>().join("&"))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Address({self})")
    }
}

/// What stands before the `@` of an address, its scheme included, and what comes after. A password that was not
/// escaped may hold any character: where the host has no port that is a number, the last `@` counts.
fn split_login(address: &str) -> (Option<&str>, &str) {
    let start = address.find("://").map_or(0, |at| at + 3);
    let rest = &address[start..];
    let authority = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    let is_host = authority
        .rsplit_once(':')
        .is_none_or(|(_, port)| port.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit()));
    let at = authority.rfind('@').or_else(|| if is_host { None } else { rest.rfind('@') });
    match at {
        Some(at) => (Some(&address[..start + at]), &rest[at + 1..]),
        None => (None, address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_a_password_nor_a_token_is_shown() {
        let table = [
            ("https://host/v1", "https://host/v1"),
            ("http://me:secret@host/v1", "http://host/v1"),
            ("http://token@host:80/v1", "http://host:80/v1"),
            ("http://me:se/cr?e#t@host/v1", "http://host/v1"),
            ("me:secret@proxy:8080", "proxy:8080"),
            ("http://host:80/a@b", "http://host:80/a@b"),
            ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
            ("http://[::1]/a@b", "http://[::1]/a@b"),
            ("https://host/v1?key=secret&tenant=a", "https://host/v1?key=•••&tenant=•••"),
            ("https://host?secret", "https://host?•••"),
            ("https://host/#secret", "https://host/"),
            ("https://host?u=http://a@b/", "https://host?u=•••"),
            ("", ""),
        ];
        for (address, shown) in table {
            assert_eq!(Address::new(address).to_string(), shown, "{address}");
            assert_eq!(format!("{:?}", Address::new(address)), format!("Address({shown})"));
        }
    }

    #[test]
    fn what_is_hidden_is_known() {
        let address = Address::new("http://me:pw@host/v1?tenant=a&flag");
        assert_eq!(address.hidden(), [("password", "pw"), ("tenant", "a"), ("key", "flag")]);
        assert_eq!(Address::new("http://token@host").hidden(), [("password", "token")]);
        assert_eq!(Address::new("http://host/v1").hidden(), []);
    }
}
