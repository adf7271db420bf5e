//! The provider's own list of models, asked for page by page, over the same connection as every request.

use std::collections::HashSet;
use std::time::Duration;

use reqwest::{Method, Response, Version};
use tokio::time::timeout;

use super::exchange::{content_type, refused};
use super::send::{self, Shown};
use super::{Connection, failure};
use crate::auth::Secret;
use crate::catalog::{self, ListFormat};
use crate::wire::{ErrorKind, ListPage, ListedModel, ModelError, list_page, list_request};

/// The most of a page that is read; the longest list known, OpenRouter's, is under 1 MiB.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// The most pages that are read: what goes on for longer goes on for ever.
const MAX_PAGES: usize = 100;

/// A list of models as its provider told it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The models, each once, in the provider's order.
    pub models: Vec<ListedModel>,
    /// The version of HTTP that was spoken.
    pub version: Version,
}

impl Connection {
    /// Asks the provider which models it serves, and waits for the whole list no longer than `limit`.
    ///
    /// # Errors
    /// `ErrorKind::Config` when it tells no list; else whatever keeps the list, the whole of it, from being had.
    pub async fn list_models(&self, limit: Duration) -> Result<Listed, ModelError> {
        let Some(format) = self.provider().list_format() else {
            let message = format!("{} tells no list of its models where they are served", self.provider().name);
            return Err(ModelError::new(ErrorKind::Config, message));
        };
        let late = |_| {
            let message = format!("{} did not tell its models within {limit:?}", self.provider().name);
            Err(ModelError::new(ErrorKind::Timeout, message))
        };
        timeout(limit, self.ask_for_list(format)).await.unwrap_or_else(late)
    }

    async fn ask_for_list(&self, format: ListFormat) -> Result<Listed, ModelError> {
        let key = self.key().await?;
        let _slot = self.slot().await;
        let shown = Shown::default();
        let listed = self.pages(format, key.as_ref(), &shown).await;
        self.told(listed, key, shown).await
    }

    async fn pages(&self, format: ListFormat, key: Option<&Secret>, shown: &Shown) -> Result<Listed, ModelError> {
        let mut listed = Listed { models: Vec::new(), version: Version::HTTP_11 };
        let mut next = None;
        for _ in 0..MAX_PAGES {
            let (page, version) = self.page(format, next.as_deref(), key, shown).await?;
            listed.version = version;
            listed.models.extend(page.models);
            if page.next.is_none() {
                self.tidy(&mut listed.models);
                return Ok(listed);
            }
            if page.next == next {
                return Err(self.endless("repeats a page"));
            }
            next = page.next;
        }
        Err(self.endless(&format!("has over {MAX_PAGES} pages")))
    }

    async fn page(
        &self,
        format: ListFormat,
        next: Option<&str>,
        key: Option<&Secret>,
        shown: &Shown,
    ) -> Result<(ListPage, Version), ModelError> {
        let request = list_request(format, next).ok_or_else(|| self.endless("has no known form"))?;
        let call = send::Call {
            client: self.client().await?,
            connection: self,
            provider: self.provider(),
            model: None,
            places: self.places().await?,
            key,
            shown,
            watcher: None,
            method: Method::GET,
            path: &request.path,
            headers: &request.headers,
            body: Vec::new(),
        };
        let response = call.send().await?;
        if response.status().is_redirection() {
            return Err(failure::redirected(&response));
        }
        if !response.status().is_success() {
            return Err(refused(&call, response).await);
        }
        if let Some(encoding) = failure::compressed(response.headers()) {
            return Err(encoding);
        }
        let (version, is_html) = (response.version(), content_type(response.headers()).contains("html"));
        let page = list_page(format, &self.body(response).await?);
        let page = page.map_err(|error| if is_html { failure::page(self.provider(), error) } else { error })?;
        Ok((page, version))
    }

    /// Each model once, and only those that answer prompts, as far as that is known.
    fn tidy(&self, models: &mut Vec<ListedModel>) {
        let row = catalog::provider(&self.provider().name);
        let mut seen = HashSet::new();
        models.retain(|model| !row.is_some_and(|row| row.leaves_out(&model.name)) && seen.insert(model.name.clone()));
    }

    /// The whole body, within the limits.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, ModelError> {
        let idle = self.provider().limits.idle;
        let mut body = Vec::new();
        loop {
            match timeout(idle, response.chunk()).await {
                Ok(Ok(Some(bytes))) if body.len() + bytes.len() > MAX_PAGE_BYTES => {
                    return Err(self.endless("has a page of over 16 MiB"));
                }
                Ok(Ok(Some(bytes))) => body.extend_from_slice(&bytes),
                Ok(Ok(None)) => return Ok(body),
                Ok(Err(error)) => return Err(failure::broken(error)),
                Err(_) => return Err(failure::idle(idle)),
            }
        }
    }

    fn endless(&self, what: &str) -> ModelError {
        ModelError::new(ErrorKind::Protocol, format!("the list of models of {} {what}", self.provider().name))
    }
}
