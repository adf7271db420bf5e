//! The embedded and the kept, together.

use std::collections::HashSet;

use jiff::tz::TimeZone;

use super::KeptList;
use crate::catalog::{self, Price};
use crate::config::ResolvedProvider;

/// The names of the provider's models that are known: the well-known ones first, then what its own list has besides.
#[must_use]
pub fn known_models(provider: &ResolvedProvider, kept: Option<&KeptList>) -> Vec<String> {
    let embedded = catalog::provider(&provider.name).map_or(&[][..], |row| &row.models[..]);
    let kept = kept.into_iter().flat_map(|list| &list.models);
    let mut seen = HashSet::new();
    let names = embedded.iter().chain(kept.map(|model| &model.name));
    names.filter(|name| seen.insert(name.as_str())).cloned().collect()
}

/// What the model costs: as the provider itself has told, else as its vendor's page says. What is served at an address
/// of the user's own may cost anything: that is not known.
#[must_use]
pub fn known_price(provider: &ResolvedProvider, model: &str, kept: Option<&KeptList>) -> Option<Price> {
    told(provider, model, kept)
        .or_else(|| if provider.is_at_home() { catalog::price(provider.dialect, model) } else { None })
}

fn told(provider: &ResolvedProvider, model: &str, kept: Option<&KeptList>) -> Option<Price> {
    let kept = kept?;
    let rates = kept.models.iter().find(|listed| listed.name == model)?.rates?;
    let date = kept.told_at.to_zoned(TimeZone::UTC).date();
    Some(Price { rates, long: None, source: provider.base_url.to_string(), date })
}
