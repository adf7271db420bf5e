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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Rates;
    use crate::config::{Config, Environment};
    use crate::wire::ListedModel;

    fn provider(name: &str, variables: &[(&str, &str)]) -> ResolvedProvider {
        let environment =
            variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Environment>();
        Config::default().provider(name, &environment).expect("a built-in provider")
    }

    fn kept(models: &[(&str, Option<f64>)]) -> KeptList {
        let rates = |input| Rates { input, output: input, cache_read: None, cache_write: None };
        let model =
            |(name, input): &(&str, Option<f64>)| ListedModel { name: (*name).to_owned(), rates: input.map(rates) };
        let told_at = "2026-11-24T23:00:00Z".parse().expect("a timestamp");
        KeptList { told_at, models: models.iter().map(model).collect() }
    }

    #[test]
    fn a_price_holds_only_where_the_vendor_itself_serves() {
        let input = |variables: &[(&str, &str)]| {
            known_price(&provider("openai", variables), "gpt-4o", None).map(|price| price.rates.input)
        };
        assert_eq!(input(&[]), Some(2.5));
        assert_eq!(input(&[("OPENAI_BASE_URL", "https://api.openai.com/v1/")]), Some(2.5));
        assert_eq!(input(&[("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1")]), None);
        assert_eq!(known_price(&provider("ollama", &[]), "llama3.2", None), None);
        assert_eq!(known_price(&provider("test", &[]), "brief", None), None);
    }

    #[test]
    fn what_the_provider_has_told_comes_first() {
        let price = |input| {
            let kept = kept(&[("gpt-4o", input)]);
            let price = known_price(&provider("openai", &[]), "gpt-4o", Some(&kept)).expect("a price");
            (price.rates.input, price.source, price.date.to_string())
        };
        assert_eq!(price(Some(1.0)), (1.0, "https://api.openai.com/v1".to_owned(), "2026-11-24".to_owned()));
        assert_eq!(price(None).0.to_string(), "2.5");
    }

    #[test]
    fn well_known_models_stand_first_and_each_once() {
        let list = kept(&[("deepseek-v9", None), ("deepseek-chat", None), ("deepseek-v9", None)]);
        let names = known_models(&provider("deepseek", &[]), Some(&list));
        assert_eq!(names, ["deepseek-chat", "deepseek-reasoner", "deepseek-v9"]);
    }
}
