//! Getting in with more than a key: credentials that are looked up, tokens that expire, requests that are signed.

use futures_util::future::BoxFuture;
use http::{HeaderMap, HeaderName, Method};
use reqwest::{Client, Url};

use super::{Secret, aws, google};
use crate::wire::ModelError;

/// What is told of a way to sign in. Nothing of it is looked up before the first request.
#[derive(Clone, Debug, PartialEq)]
pub enum SignInSettings {
    /// AWS credentials, every request signed.
    Aws(aws::Settings),
    /// Google's credentials, a token for an hour.
    Google(google::Settings),
}

/// A request that is ready but for what lets it in.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// The method.
    pub method: &'a Method,
    /// The whole address.
    pub url: &'a Url,
    /// The headers so far.
    pub headers: &'a HeaderMap,
    /// The body.
    pub body: &'a [u8],
}

/// What the credentials themselves say of the places of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Stands for `{region}`.
    pub region: Option<String>,
    /// Stands for `{project}`.
    pub project: Option<String>,
}

/// A way to get in. Shared by all lanes of a provider: what was looked up or exchanged once serves them all.
pub trait SignIn: Send + Sync {
    /// Looks up what is needed, before an attempt's clock starts, and tells what the address needs of it.
    ///
    /// # Errors
    /// `ErrorKind::Auth`: no credentials, or some that can't be used.
    fn places<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Places, ModelError>>;

    /// The headers that let this request in.
    ///
    /// # Errors
    /// `ErrorKind::Auth`: no credentials, or some that can't be used.
    fn authorize<'a>(
        &'a self,
        request: Outgoing<'a>,
        client: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<(HeaderName, Secret)>, ModelError>>;

    /// The provider has refused what was shown: the next request looks it up again.
    fn refused(&self);

    /// Where the credentials come from, as far as it is known without looking them up, for people.
    fn describe(&self) -> String;
}

impl SignInSettings {
    /// The way in, with nothing looked up yet.
    #[must_use]
    pub fn sign_in(&self) -> Box<dyn SignIn> {
        match self {
            Self::Aws(settings) => aws::sign_in(settings),
            Self::Google(settings) => google::sign_in(settings),
        }
    }

    /// Where the credentials come from, as far as it is known without looking them up, for people.
    #[must_use]
    pub fn describe(&self) -> String {
        self.sign_in().describe()
    }
}
