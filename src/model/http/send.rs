//! The request on its way: address, headers, key, and the redirects that may be followed.

use std::sync::{Mutex, PoisonError};

use percent_encoding::AsciiSet;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION};
use reqwest::{Method, Response, Url};
use tokio::time::{Instant, timeout};

use super::exchange::keeps_request;
use super::{Connection, Mask, failure, mask};
use crate::auth::{Outgoing, Places, Secret};
use crate::catalog::{self, AuthScheme};
use crate::config::ResolvedProvider;
use crate::model::{AnswerHead, EventSink, LaneEvent, SentRequest};
use crate::wire::{ErrorKind, ModelError};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 5;

/// What a model's name may hold unescaped in a path: RFC 3986, 2.3.
const UNRESERVED: &AsciiSet = &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The secrets that were shown to get in, once they are known: what is told of a failure must not hold them.
pub type Shown = Mutex<Vec<Secret>>;

/// A request with all that is needed to send it.
pub struct Call<'a> {
    /// The provider's client.
    pub client: &'a reqwest::Client,
    /// What lets requests in.
    pub connection: &'a Connection,
    /// The provider.
    pub provider: &'a ResolvedProvider,
    /// The model that is asked, by the vendor's name; `None` for a request to no model.
    pub model: Option<&'a str>,
    /// What stands for the places of the address.
    pub places: Places,
    /// The key.
    pub key: Option<&'a Secret>,
    /// The secrets that were shown.
    pub shown: &'a Shown,
    /// Who watches what goes over the wire.
    pub watcher: Option<&'a EventSink>,
    /// What is sent.
    pub method: Method,
    /// Path and query, behind the provider's base URL and path prefix.
    pub path: &'a str,
    /// Headers that the wire format wants.
    pub headers: &'a [(&'static str, String)],
    /// The JSON body; empty when there is none.
    pub body: Vec<u8>,
}

impl Call<'_> {
    /// Sends it and waits for the answer's headers. Only redirects that keep method and body, to the same origin, are
    /// followed; any other is returned as it is.
    ///
    /// # Errors
    /// No connection, no answer within the limit, or an address that is none.
    pub async fn send(&self) -> Result<Response, ModelError> {
        let mut url = self.url()?;
        let headers = self.all_headers()?;
        for _ in 0..MAX_REDIRECTS {
            let headers = self.authorized(&url, headers.clone()).await?;
            self.tell(&url, &headers).await;
            let response = self.send_to(url.clone(), headers).await?;
            match same_origin_target(&url, &response) {
                Some(target) => {
                    self.tell_of(&response).await;
                    url = target;
                }
                None => return Ok(response),
            }
        }
        Err(ModelError::new(ErrorKind::Protocol, format!("{} redirects in a circle", self.provider.base_url)))
    }

    /// Tells what goes out, where somebody watches.
    async fn tell(&self, url: &Url, headers: &HeaderMap) {
        let Some(watcher) = self.watcher else { return };
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mask = Mask::new(self.provider, shown.into_iter().chain(self.key.cloned()));
        let url = without_login(url.clone());
        let variable = self.provider.key_variable();
        let request = SentRequest::new(self.method.as_str(), url.as_str(), pairs(headers), &self.body, variable, mask);
        watcher.send(LaneEvent::Sent(Box::new(request))).await;
    }

    /// Tells how an answer begins, where somebody watches.
    pub async fn tell_of(&self, response: &Response) {
        if let Some(watcher) = self.watcher {
            let version = format!("{:?}", response.version());
            let (status, headers) = (response.status().as_u16(), pairs(response.headers()));
            watcher.send(LaneEvent::Answered(Box::new(AnswerHead { version, status, headers }))).await;
        }
    }

    /// Tells what came of an answer's body, where somebody watches.
    pub async fn tell_bytes(&self, at: Instant, bytes: &[u8]) {
        if let Some(watcher) = self.watcher {
            watcher.send_at(at, LaneEvent::Bytes(bytes.to_vec())).await;
        }
    }

    async fn send_to(&self, url: Url, headers: HeaderMap) -> Result<Response, ModelError> {
        let limit = self.provider.limits.first_byte;
        let request = self.client.request(self.method.clone(), url).headers(headers);
        let request = if self.body.is_empty() { request } else { request.body(self.body.clone()) };
        let sent = request.send();
        match timeout(limit, sent).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(failure::unanswered(self.provider, error)),
            Err(_) => Err(failure::first_byte(&self.provider.name, limit)),
        }
    }

    /// The headers with what signs this request, where a key alone doesn't let it in.
    async fn authorized(&self, url: &Url, headers: HeaderMap) -> Result<HeaderMap, ModelError> {
        let outgoing = Outgoing { method: &self.method, url, headers: &headers, body: &self.body };
        let mut signed = headers.clone();
        for (name, secret) in self.connection.authorize(outgoing).await? {
            let refused = |_| ModelError::new(ErrorKind::Auth, format!("header {name} can't be sent"));
            let mut value = HeaderValue::try_from(secret.expose()).map_err(refused)?;
            value.set_sensitive(true);
            // The time of a signature and the like are no secrets.
            if mask::is_secret(name.as_str()) {
                self.shown.lock().unwrap_or_else(PoisonError::into_inner).push(secret);
            }
            signed.insert(name, value);
        }
        Ok(signed)
    }

    fn url(&self) -> Result<Url, ModelError> {
        let base = self.provider.base_url.expose();
        let base = self.placed(base)?;
        let mut path = format!("{}{}", self.placed(self.provider.prefix(self.path))?, self.path);
        for (name, value) in &self.provider.query {
            let joint = if path.contains('?') { '&' } else { '?' };
            path = format!("{path}{joint}{name}={}", escaped(value));
        }
        extended(&base, &path).ok_or_else(|| {
            let message = format!("{} is no address for {}", self.provider.base_url, self.provider.name);
            ModelError::new(ErrorKind::Config, message).with_hint(format!(
                "set base_url in [providers.{}] to something like https://host/v1",
                self.provider.name
            ))
        })
    }

    /// Part of an address with what stands for its places.
    fn placed(&self, address: &str) -> Result<String, ModelError> {
        let places = [
            ("region", &self.places.region),
            ("project", &self.places.project),
            ("model", &self.model.map(str::to_owned)),
        ];
        places.into_iter().try_fold(address.to_owned(), |address, (name, value)| {
            let mark = format!("{{{name}}}");
            match value {
                _ if !address.contains(&mark) => Ok(address),
                Some(value) => Ok(address.replace(&mark, &escaped(value))),
                None => Err(self.misses(name)),
            }
        })
    }

    fn misses(&self, place: &str) -> ModelError {
        let name = &self.provider.name;
        let row = catalog::provider(self.provider.dialect);
        let (key, variables) = match place {
            "region" => ("region", row.map(|row| &row.region_env)),
            _ => ("project_id", row.map(|row| &row.project_env)),
        };
        let variables = variables.map(|names| names.join(" or ")).unwrap_or_default();
        ModelError::new(ErrorKind::Auth, format!("no {place} for {name}"))
            .with_hint(format!("set {variables}, or {key} in [providers.{name}]"))
    }

    fn all_headers(&self) -> Result<HeaderMap, ModelError> {
        let mut headers = HeaderMap::new();
        if !self.body.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in self.headers {
            self.insert(&mut headers, name, value)?;
        }
        if let (Some(secret), Some(key)) = (self.key, &self.provider.key) {
            self.insert_key(&mut headers, secret, key.scheme)?;
        }
        for (name, value) in &self.provider.headers {
            self.insert(&mut headers, name, value.expose())?;
        }
        Ok(headers)
    }

    fn insert(&self, headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), ModelError> {
        let pair = name.parse::<HeaderName>().ok().zip(value.parse::<HeaderValue>().ok());
        let Some((name, value)) = pair else {
            let provider = &self.provider.name;
            let message = format!("[providers.{provider}] header {name:?} can't be sent: it holds a wrong character");
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

/// An address without who logs in: a base URL may hold a password.
fn without_login(mut url: Url) -> Url {
    // An address that can't have a login has none.
    let _ = url.set_password(None).and_then(|()| url.set_username(""));
    url
}

/// Headers as text.
fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn escaped(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, UNRESERVED).to_string()
}

/// The base URL with the interface's path behind its own, and both queries joined.
fn extended(base: &str, path: &str) -> Option<Url> {
    let mut url = Url::parse(base).ok().filter(Url::has_host)?;
    let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
    let path = format!("{}{path}", url.path().trim_end_matches('/'));
    let queries = [url.query(), query].into_iter().flatten().filter(|query| !query.is_empty());
    let query = queries.collect::<Vec<_>>().join("&");
    url.set_path(&path);
    url.set_query((!query.is_empty()).then_some(&query));
    url.set_fragment(None);
    Some(url)
}

fn same_origin_target(from: &Url, response: &Response) -> Option<Url> {
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let target = from.join(location).ok()?;
    (keeps_request(response.status()) && target.origin() == from.origin()).then_some(target)
}

#[cfg(test)]
mod tests {
    use super::extended;

    #[test]
    fn a_path_is_put_behind_every_form_of_a_base_url() {
        let table = [
            ("http://h", "/chat", "http://h/chat"),
            ("http://h/", "/chat", "http://h/chat"),
            ("http://h/v1", "/chat", "http://h/v1/chat"),
            ("http://h/a/v1//", "/chat", "http://h/a/v1/chat"),
            ("http://h/v1?tenant=a", "/chat", "http://h/v1/chat?tenant=a"),
            ("http://h/v1/?tenant=a/", "/chat?alt=sse", "http://h/v1/chat?tenant=a/&alt=sse"),
            ("http://h?", "/m:stream?alt=sse", "http://h/m:stream?alt=sse"),
            ("http://me:pw@h:1/v1#x", "/chat", "http://me:pw@h:1/v1/chat"),
            ("http://h/v%201", "/m%2Fn", "http://h/v%201/m%2Fn"),
        ];
        for (base, path, expected) in table {
            assert_eq!(extended(base, path).map(String::from).as_deref(), Some(expected), "{base} {path}");
        }
        for base in ["", "h/v1", "http://", "http://h:port", "mailto:me"] {
            assert_eq!(extended(base, "/chat"), None, "{base}");
        }
    }
}
