//! The request on its way: address, headers, key, and the redirects that may be followed.

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Response, Url};
use tokio::time::timeout;

use super::exchange::keeps_request;
use super::failure;
use crate::auth::Secret;
use crate::catalog::AuthScheme;
use crate::config::ResolvedProvider;
use crate::wire::{ErrorKind, HttpRequest, Interface, ModelError};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// A request with all that is needed to send it.
pub struct Call<'a> {
    /// The provider's client.
    pub client: &'a reqwest::Client,
    /// The provider.
    pub provider: &'a ResolvedProvider,
    /// Its wire format.
    pub interface: &'static dyn Interface,
    /// The model, by the vendor's name.
    pub model: &'a str,
    /// The key.
    pub key: Option<&'a Secret>,
    /// What the interface wrote.
    pub request: &'a HttpRequest,
}

impl Call<'_> {
    /// Sends it and waits for the answer's headers. Only redirects that keep method and body, to the same origin, are
    /// followed; any other is returned as it is.
    ///
    /// # Errors
    /// No connection, no answer within the limit, or an address that is none.
    pub async fn send(&self) -> Result<Response, ModelError> {
        let mut url = self.url()?;
        let headers = self.headers()?;
        let body = serde_json::to_vec(&self.request.body)
            .map_err(|error| ModelError::new(ErrorKind::Config, format!("the request can't be written: {error}")))?;
        for _ in 0..MAX_REDIRECTS {
            let response = self.post(url.clone(), headers.clone(), body.clone()).await?;
            match same_origin_target(&url, &response) {
                Some(target) => url = target,
                None => return Ok(response),
            }
        }
        Err(ModelError::new(ErrorKind::Protocol, format!("{} redirects in a circle", self.provider.base_url)))
    }

    async fn post(&self, url: Url, headers: HeaderMap, body: Vec<u8>) -> Result<Response, ModelError> {
        let limit = self.provider.limits.first_byte;
        let sent = self.client.post(url).headers(headers).body(body).send();
        match timeout(limit, sent).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(failure::unanswered(self.provider, &error)),
            Err(_) => Err(failure::first_byte(&self.provider.name, limit)),
        }
    }

    /// The base URL with the interface's path behind it; a query of the base URL's own is kept.
    fn url(&self) -> Result<Url, ModelError> {
        let base = self.provider.base_url.trim_end_matches('/');
        let url = format!("{base}{}", self.request.path);
        Url::parse(&url).map_err(|error| {
            let message = format!("{:?} is no address for {}: {error}", self.provider.base_url, self.provider.name);
            ModelError::new(ErrorKind::Config, message).with_hint(format!(
                "set base_url in [providers.{}] to something like https://host/v1",
                self.provider.name
            ))
        })
    }

    fn headers(&self) -> Result<HeaderMap, ModelError> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        for (name, value) in &self.request.headers {
            self.insert(&mut headers, name, value)?;
        }
        if let (Some(secret), Some(key)) = (self.key, &self.provider.key) {
            self.insert_key(&mut headers, secret, key.scheme)?;
        }
        for (name, value) in &self.provider.headers {
            self.insert(&mut headers, name, value)?;
        }
        Ok(headers)
    }

    fn insert(&self, headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), ModelError> {
        let pair = name.parse::<HeaderName>().ok().zip(value.parse::<HeaderValue>().ok());
        let Some((name, value)) = pair else {
            let message = format!(
                "[providers.{}] header {name:?} can't be sent: it holds a character \
                                   that no header may",
                self.provider.name
            );
            return Err(ModelError::new(ErrorKind::Config, message));
        };
        headers.insert(name, value);
        Ok(())
    }

    fn insert_key(&self, headers: &mut HeaderMap, secret: &Secret, scheme: AuthScheme) -> Result<(), ModelError> {
        let (name, value) = match scheme {
            AuthScheme::Bearer => (AUTHORIZATION, format!("Bearer {}", secret.expose())),
            AuthScheme::XApiKey => (HeaderName::from_static("x-api-key"), secret.expose().to_owned()),
            AuthScheme::XGoogApiKey => (HeaderName::from_static("x-goog-api-key"), secret.expose().to_owned()),
            AuthScheme::ApiKey => (HeaderName::from_static("api-key"), secret.expose().to_owned()),
        };
        let mut value = HeaderValue::try_from(value).map_err(|_| {
            ModelError::new(
                ErrorKind::Auth,
                format!("the key of {} holds a character that no key has", self.provider.name),
            )
            .with_hint("copy it again, without line breaks")
        })?;
        value.set_sensitive(true);
        headers.insert(name, value);
        Ok(())
    }
}

fn same_origin_target(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let target = from.join(location).ok()?;
    (keeps_request(response.status()) && target.origin() == from.origin()).then_some(target)
}
