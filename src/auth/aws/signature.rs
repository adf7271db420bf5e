//! SigV4: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>, by AWS's own crate.
//!
//! A model's name is escaped once in the path that is sent, and the whole path a second time in what is signed, as for
//! every service of AWS's but S3.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use http::HeaderName;
use http::header::{CONTENT_TYPE, HOST};
use reqwest::Url;

use crate::auth::{Outgoing, Secret};
use crate::wire::{ErrorKind, ModelError};

/// The service, whatever its address is.
const SERVICE: &str = "bedrock";

/// The headers that sign a request. Content type and host are signed, and whatever is meant for AWS; of other headers
/// proxies may make what they like.
///
/// # Errors
/// `ErrorKind::Auth`: a header that can't be signed.
pub fn headers(
    request: Outgoing<'_>,
    credentials: &Credentials,
    region: &str,
    time: SystemTime,
) -> Result<Vec<(HeaderName, Secret)>, ModelError> {
    let identity = credentials.clone().into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(SERVICE)
        .time(time)
        .settings(SigningSettings::default())
        .build()
        .map_err(|error| unsigned(&error))?
        .into();
    let signed = request.headers.iter().filter(|(name, _)| is_signed(name));
    let signed = signed.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    let url = without_login(request.url);
    let signable = SignableRequest::new(request.method.as_str(), &url, signed, SignableBody::Bytes(request.body))
        .map_err(|error| unsigned(&error))?;
    let (instructions, _) = sign(signable, &params).map_err(|error| unsigned(&error))?.into_parts();
    let headers = instructions.headers().map(|(name, value)| Some((name.parse().ok()?, Secret::new(value))));
    Ok(headers.flatten().collect())
}

fn is_signed(name: &HeaderName) -> bool {
    *name == CONTENT_TYPE || *name == HOST || name.as_str().starts_with("x-amz-")
}

/// The address as it is asked: who logs in at a proxy or gateway before it is no part of that.
fn without_login(url: &Url) -> String {
    let mut url = url.clone();
    // An address over HTTP can go without both.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

fn unsigned(error: &(dyn std::error::Error + 'static)) -> ModelError {
    ModelError::new(ErrorKind::Auth, format!("the request can't be signed: {}", super::failure::innermost(error)))
}
