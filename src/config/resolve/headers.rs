//! Request headers of a provider: the configuration's over the environment's.

use super::Known;

impl Known<'_> {
    /// Headers, each name once.
    pub fn headers(&self) -> Vec<(String, String)> {
        let mut headers = Vec::new();
        let of_row = self.row.into_iter().flat_map(|row| &row.headers_env);
        for (name, variable) in of_row {
            if let Some(value) = self.environment.get(variable) {
                put(&mut headers, name, value);
            }
        }
        let named = [("OpenAI-Organization", &self.entry.organization), ("OpenAI-Project", &self.entry.project)];
        for (name, value) in named {
            if let Some(value) = value {
                put(&mut headers, name, value);
            }
        }
        for (name, value) in &self.entry.headers {
            put(&mut headers, name, value);
        }
        headers
    }
}

fn put(headers: &mut Vec<(String, String)>, name: &str, value: &str) {
    headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value.to_owned()));
}
