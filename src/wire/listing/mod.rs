//! Lists of models, as providers tell them: how one is asked for, and what a page of it says.
//!
//! Every format is a row of facts, a [`Shape`]. Entries without a usable name are left out, as are models of which the
//! provider itself says that they don't answer prompts. Never decides how many pages are read.

mod price;
mod shape;
#[cfg(test)]
mod tests;

use serde_json::Value;

use self::shape::Shape;
use super::vendor_error::excerpt;
use super::{ErrorKind, ModelError, provider_error};
use crate::catalog::{ListFormat, Rates};

/// The longest name that is taken over, in bytes; the longest ones known are ARNs of about 150.
const LONGEST_NAME: usize = 512;

/// A model, as its provider lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedModel {
    /// The name that a request has.
    pub name: String,
    /// What it costs, where the list says so.
    pub rates: Option<Rates>,
}

/// A page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListPage {
    /// The models, in the provider's order.
    pub models: Vec<ListedModel>,
    /// What the next page is asked for with; `None`: this is the last one.
    pub next: Option<String>,
}

/// A `GET` for a page, ready but for its origin and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Path and query, to be put behind the provider's base URL and path prefix. Begins with `/`.
    pub path: String,
    /// Headers that the format wants.
    pub headers: Vec<(&'static str, String)>,
}

/// Asks for a page: the first one, or the one behind `next` of the page before. `None` when there is no list.
#[must_use]
pub fn list_request(format: ListFormat, next: Option<&str>) -> Option<ListRequest> {
    let shape = Shape::of(format)?;
    let mut path = shape.path.to_owned();
    if let (Some(field), Some(next)) = (shape.next_field, next) {
        let joint = if path.contains('?') { '&' } else { '?' };
        let next = percent_encoding::utf8_percent_encode(next, percent_encoding::NON_ALPHANUMERIC);
        path = format!("{path}{joint}{field}={next}");
    }
    let headers = shape.headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Some(ListRequest { path, headers })
}

/// Reads a page from a 2xx answer's body.
///
/// # Errors
/// `ErrorKind::Provider` for an error object in its place, `ErrorKind::Protocol` when it is not a list.
pub fn list_page(format: ListFormat, body: &[u8]) -> Result<ListPage, ModelError> {
    let not_a_list = |what: &str| {
        let text = String::from_utf8_lossy(body);
        ModelError::new(ErrorKind::Protocol, format!("the list of models is {what}"))
            .with_body(Value::from(excerpt(&text)))
    };
    let json: Value = serde_json::from_slice(body).map_err(|error| not_a_list(&format!("not JSON: {error}")))?;
    let shape = Shape::of(format).ok_or_else(|| not_a_list("of no known form"))?;
    let Some(entries) = shape.entries(&json) else {
        return Err(match json.get("error").filter(|error| !error.is_null()) {
            Some(error) => provider_error(error.clone()),
            None => not_a_list("not what was expected"),
        });
    };
    let models = entries.iter().filter_map(|entry| model(&shape, entry)).collect();
    Ok(ListPage { models, next: (shape.next)(&json) })
}

fn model(shape: &Shape, entry: &Value) -> Option<ListedModel> {
    let name = entry.get(shape.name)?.as_str()?.trim();
    let name = name.strip_prefix(shape.name_prefix).unwrap_or(name);
    let is_usable = !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(char::is_control);
    (is_usable && (shape.answers_prompts)(entry))
        .then(|| ListedModel { name: name.to_owned(), rates: (shape.rates)(entry) })
}
