//! What AWS says in headers, whatever the interface: its name for a failure, and its identifier of an exchange.

use reqwest::header::HeaderMap;

use super::send::Call;
use crate::wire::ModelError;

/// What AWS calls a request that was signed with credentials it doesn't know, or that are wrong or old:
/// <https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html>.
const WRONG_CREDENTIALS: [&str; 6] = [
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "IncompleteSignatureException",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
];

/// The failure with AWS's name for it, if it has one: `x-amzn-errortype: UnrecognizedClientException:http://…`
/// (<https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>).
pub fn named(call: &Call<'_>, headers: &HeaderMap, error: ModelError) -> ModelError {
    let name = header(headers, "x-amzn-errortype").and_then(|kind| kind.split(':').next()).unwrap_or_default().trim();
    if name.is_empty() {
        return error;
    }
    let error = ModelError { message: format!("{} ({name})", error.message), ..error };
    let is_signed = call.provider.key.is_none() && WRONG_CREDENTIALS.contains(&name);
    match call.connection.signed_in_with().filter(|_| is_signed) {
        Some(credentials) => error.with_hint(format!(
            "signed in with {credentials}; are they right and still valid, and is this machine's clock right?"
        )),
        None => error,
    }
}

/// AWS's identifier of an exchange, which stands in no body.
pub fn request_id(headers: &HeaderMap) -> Option<String> {
    header(headers, "x-amzn-requestid").map(str::to_owned)
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
