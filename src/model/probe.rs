//! Whether a provider answers: by the cheapest thing it can be asked.

use std::time::Duration;

use reqwest::Version;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Connection, EventSink, Model, Overrides, Registry, Request, known_price};
use crate::catalog::{self, InterfaceKind};
use crate::config::ResolvedProvider;
use crate::message::{ModelMessage, ModelRequest};
use crate::settings::Settings;
use crate::wire::{ErrorKind, ModelError, rejects_model};

/// The tokens that a probe asks for: some models refuse to answer in fewer.
const TOKENS: u64 = 16;

/// What a provider has answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Probed {
    /// Its list of models.
    Listed {
        /// How many there are.
        models: usize,
        /// The version of HTTP that was spoken.
        version: Version,
    },
    /// A request to this model, of a few tokens.
    Asked {
        /// The model.
        model: String,
        /// Whether it has such a model.
        has_it: bool,
    },
    /// Nothing: there is nothing cheap that it could be asked. Why, in one sentence.
    Unasked(String),
}

impl Registry {
    /// Asks the provider for its list of models; where it tells none, its cheapest well-known model for a few tokens.
    /// Waits no longer than `limit`.
    ///
    /// # Errors
    /// Whatever keeps it from answering.
    pub async fn probe(&self, provider: &str, limit: Duration) -> Result<Probed, ModelError> {
        let connection = self.connection(provider)?;
        let provider = connection.provider();
        if !provider.interface.is_http() {
            let is_program = provider.interface == InterfaceKind::Command;
            let why = if is_program { "it is a program of yours" } else { "it is offline" };
            return Ok(Probed::Unasked(why.to_owned()));
        }
        if let Some(missing) = &provider.missing_key {
            return Err(ModelError::new(ErrorKind::Auth, missing));
        }
        if provider.list_format().is_some() {
            let listed = connection.list_models(limit).await?;
            return Ok(Probed::Listed { models: listed.models.len(), version: listed.version });
        }
        let Some(model) = cheapest(provider) else {
            let why = "it tells no list of its models, and none of them is known to ask".to_owned();
            return Ok(Probed::Unasked(why));
        };
        let late = |_| {
            let message = format!("{} did not answer within {limit:?}", provider.name);
            Err(ModelError::new(ErrorKind::Timeout, message))
        };
        timeout(limit, self.ask(&connection, model)).await.unwrap_or_else(late)
    }

    async fn ask(&self, connection: &Connection, model: &str) -> Result<Probed, ModelError> {
        let once = Overrides { retries: Some(0), ..Overrides::default() };
        let asked = self.with_overrides(once).model(&format!("{}:{model}", connection.provider().name))?;
        let has_it = match say_hi(asked.as_ref()).await {
            Ok(()) => true,
            Err(error) if error.status.is_some_and(|status| rejects_model(status, error.body.as_ref())) => false,
            Err(error) => return Err(error),
        };
        Ok(Probed::Asked { model: model.to_owned(), has_it })
    }
}

/// The provider's well-known model whose answers cost the least, as far as that is known; else the first one.
fn cheapest(provider: &ResolvedProvider) -> Option<&'static str> {
    let known = &catalog::provider(&provider.name).or_else(|| catalog::provider(provider.dialect))?.models;
    let priced = known.iter().filter_map(|model| Some((known_price(provider, model, None)?.rates.output, model)));
    let cheapest = priced.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, model)| model);
    cheapest.or_else(|| known.first()).map(String::as_str)
}

async fn say_hi(model: &dyn Model) -> Result<(), ModelError> {
    let request = Request {
        messages: vec![ModelMessage::Request(ModelRequest::user("Hi", None, None))],
        settings: Settings { max_tokens: Some(TOKENS), ..Settings::default() },
        ..Request::default()
    };
    // Nobody listens: whether it answers is all that is asked.
    let (sender, _) = mpsc::channel(1);
    model.request(&request, &EventSink::new(0, sender), &CancellationToken::new()).await.map(drop)
}
