//! Request headers of a provider: the configuration's over the environment's.

use super::Known;
use crate::auth::Secret;

impl Known<'_> {
    /// Headers, each name once.
    pub fn headers(&self) -> Vec<(String, Secret)> {
        let mut headers = Vec::new();
        let of_row = self.row.into_iter().flat_map(|row| &row.headers_env);
        for (name, variable) in of_row {
            if let Some(value) = self.environment.get(variable) {
                put(&mut headers, name, Secret::new(value));
            }
        }
        let named = [("OpenAI-Organization", &self.entry.organization), ("OpenAI-Project", &self.entry.project)];
        for (name, value) in named {
            if let Some(value) = value {
                put(&mut headers, name, Secret::new(value));
            }
        }
        for (name, value) in &self.entry.headers {
            put(&mut headers, name, value.clone());
        }
        headers
    }
}

fn put(headers: &mut Vec<(String, Secret)>, name: &str, value: Secret) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}
