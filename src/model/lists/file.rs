//! The file of a kept list: its fields, and how it is read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::KeptList;
use crate::catalog::Rates;
use crate::wire::ListedModel;

/// The `format` of the file.
const FORMAT: &str = "llmbench.models";
/// The newest version that this program reads and the one it writes.
const VERSION: u32 = 1;

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u32,
}

#[derive(Serialize, Deserialize)]
struct Body {
    format: String,
    version: u32,
    provider: String,
    /// Where the list was told, as far as it may be shown.
    base_url: String,
    told_at: Timestamp,
    models: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    name: String,
    /// USD for a million tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price: Option<Rates>,
}

/// The file's content for a list that this provider told at that address.
pub fn write(provider: &str, base_url: &str, list: &KeptList) -> serde_json::Result<Vec<u8>> {
    let entry = |model: &ListedModel| Entry { name: model.name.clone(), price: model.rates };
    let mut json = serde_json::to_vec(&Body {
        format: FORMAT.to_owned(),
        version: VERSION,
        provider: provider.to_owned(),
        base_url: base_url.to_owned(),
        told_at: list.told_at,
        models: list.models.iter().map(entry).collect(),
    })?;
    json.push(b'\n');
    Ok(json)
}

/// The list in the file; `None` when it was told at another address.
///
/// # Errors
/// What is wrong with the file.
pub fn read(json: &[u8], base_url: &str) -> Result<Option<KeptList>, String> {
    let damaged = |error: serde_json::Error| format!("is damaged ({error})");
    let head: Head = serde_json::from_slice(json).map_err(damaged)?;
    if head.format != FORMAT {
        return Err("is no list of models".to_owned());
    }
    if head.version > VERSION {
        return Err(format!("is of a newer llmbench (version {})", head.version));
    }
    let body: Body = serde_json::from_slice(json).map_err(damaged)?;
    let model = |entry: Entry| ListedModel { name: entry.name, rates: entry.price };
    let list = KeptList { told_at: body.told_at, models: body.models.into_iter().map(model).collect() };
    Ok((body.base_url == base_url).then_some(list))
}
