//! Identifiers of tool calls that fit a model: some take only those of a certain length, and a history may hold those of
//! any vendor. PydanticAI's way of making them, so that the same history makes the same request.

use std::collections::{HashMap, HashSet};

use sha2::{Digest, Sha256};

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The identifiers of one request.
#[derive(Debug)]
pub struct CallIds {
    /// How many characters an identifier must have; any when there is no limit.
    length: Option<usize>,
    fitting: HashMap<String, String>,
    taken: HashSet<String>,
}

impl CallIds {
    /// None yet.
    pub fn new(length: Option<usize>) -> Self {
        Self { length, fitting: HashMap::new(), taken: HashSet::new() }
    }

    /// The identifier to send for this one: itself where it fits, else a hash of it. A call and its result get the same.
    pub fn fit(&mut self, id: &str) -> String {
        let Some(length) = self.length else { return id.to_owned() };
        if let Some(fitting) = self.fitting.get(id) {
            return fitting.clone();
        }
        let fits = id.len() == length && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let mut fitting = if fits { id.to_owned() } else { hashed(id, length) };
        let mut attempt = 0;
        while self.taken.contains(&fitting) {
            attempt += 1;
            fitting = hashed(&format!("{id}#{attempt}"), length);
        }
        self.taken.insert(fitting.clone());
        self.fitting.insert(id.to_owned(), fitting.clone());
        fitting
    }
}

/// The lowest digits of the SHA-256 to the base 62, the lowest first.
fn hashed(id: &str, length: usize) -> String {
    let mut number = Sha256::digest(id).to_vec();
    (0..length).map(|_| char::from(ALPHABET[divide(&mut number)])).collect()
}

/// Divides a number, its highest byte first, by the base; returns the rest.
fn divide(number: &mut [u8]) -> usize {
    let base = ALPHABET.len();
    number.iter_mut().fold(0, |rest, byte| {
        let dividend = rest << 8 | usize::from(*byte);
        *byte = (dividend / base) as u8;
        dividend % base
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_the_rest_is_hashed_as_pydantic_ai_does() {
        let mut ids = CallIds::new(Some(9));
        assert_eq!(ids.fit("call_1"), "RksXkbv4v");
        assert_eq!(ids.fit("7QjFNcS8z"), "7QjFNcS8z");
        assert_eq!(ids.fit("call_1"), "RksXkbv4v");
        assert_eq!(CallIds::new(None).fit("call_1"), "call_1");
    }

    #[test]
    fn two_calls_never_share_an_identifier() {
        let mut ids = CallIds::new(Some(9));
        assert_eq!(ids.fit("RksXkbv4v"), "RksXkbv4v");
        let other = ids.fit("call_1");
        assert_eq!(other, hashed("call_1#1", 9));
        assert_eq!(ids.fit("call_1"), other);
    }
}
