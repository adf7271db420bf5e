//! A key that can't print itself.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

/// What stands where a secret stood.
pub const MASK: &str = "•••";
/// So many first characters of a key tell no more than whose it is: `sk-proj-`.
const FEW: usize = 8;

/// A key or token. `Debug` shows a placeholder, there is no `Display`, and it is wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a key over, without the white space that pasting leaves around it.
    #[must_use]
    pub fn new(key: &str) -> Self {
        Self(SecretString::from(key.trim()))
    }

    /// The key itself, for the one place that puts it into a header.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }

    /// `text` with every occurrence of the key taken out: providers quote keys in their error messages. So is the
    /// beginning of a key at the text's end, where a bound may have cut it.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let masked = text.replace(self.expose(), MASK);
        match self.cut_key(masked.trim_end_matches('…')) {
            Some(before) => format!("{before}{MASK}{}", if masked.ends_with('…') { "…" } else { "" }),
            None => masked,
        }
    }

    /// What stands before the beginning of the key that `text` ends with. A few characters are no secret.
    fn cut_key<'a>(&self, text: &'a str) -> Option<&'a str> {
        let key = self.expose();
        let mut beginnings = (FEW + 1..key.len()).rev().filter_map(|end| key.get(..end));
        beginnings.find_map(|beginning| text.strip_suffix(beginning))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(•••)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|key| Self::new(&key))
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn it_never_shows() {
        let secret = Secret::new(" sk-123\n");
        assert_eq!(format!("{secret:?}"), "Secret(•••)");
        assert_eq!(secret.expose(), "sk-123");
        assert_eq!(secret.mask("bad key sk-123!"), "bad key •••!");
    }

    #[test]
    fn not_even_where_a_bound_has_cut_it() {
        let secret = Secret::new("sk-proj-1234567890");
        for (text, expected) in [
            ("bad key sk-proj-12345678", "bad key •••"),
            ("bad key sk-proj-1…", "bad key •••…"),
            ("bad key sk-proj-1234567890…", "bad key •••…"),
            ("keys begin with sk-", "keys begin with sk-"),
        ] {
            assert_eq!(secret.mask(text), expected);
        }
    }
}
