//! A service account: its key signs an assertion, which is exchanged for a token (RFC 7523).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Serialize;
use serde_json::Value;

use super::credentials::{SCOPE, field, unusable};
use crate::auth::Secret;
use crate::wire::ModelError;

/// Who the assertion is for. Google's own libraries write it also where the account's `token_uri` is another.
const AUDIENCE: &str = "https://oauth2.googleapis.com/token";
/// How long an assertion counts, in seconds: the most that is allowed.
const LIFETIME: i64 = 3600;

/// A service account, as Google's key file has it:
/// <https://cloud.google.com/iam/docs/keys-create-delete#creating>.
pub struct Account {
    email: String,
    key_id: Option<String>,
    key: RsaKeyPair,
    /// Where an assertion is exchanged for a token.
    pub token_uri: String,
    /// The project it belongs to.
    pub project: Option<String>,
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    scope: &'static str,
    aud: &'static str,
    iat: i64,
    exp: i64,
}

impl Account {
    /// Reads the account that stands at `place`.
    ///
    /// # Errors
    /// A field is missing, or the key is no RSA key.
    pub fn read(account: &Value, place: &str) -> Result<Self, ModelError> {
        let optional = |name: &str| field(account, name, place).ok();
        Ok(Self {
            email: field(account, "client_email", place)?,
            key: rsa_key(&field(account, "private_key", place)?)
                .ok_or_else(|| unusable(place, "its private_key is no RSA key in PEM"))?,
            key_id: optional("private_key_id"),
            token_uri: optional("token_uri").unwrap_or_else(|| AUDIENCE.to_owned()),
            project: optional("project_id"),
        })
    }

    /// The form that is exchanged for a token, signed at `now` (seconds since 1970).
    ///
    /// # Errors
    /// The key can't sign.
    pub fn form(&self, now: i64, place: &str) -> Result<Vec<(&'static str, Secret)>, ModelError> {
        let assertion = self.assertion(now).ok_or_else(|| unusable(place, "its private_key can't sign"))?;
        let grant_type = Secret::new("urn:ietf:params:oauth:grant-type:jwt-bearer");
        Ok(vec![("grant_type", grant_type), ("assertion", Secret::new(&assertion))])
    }

    /// The signed assertion, a JWT.
    pub fn assertion(&self, now: i64) -> Option<String> {
        let header = Header { typ: "JWT", alg: "RS256", kid: self.key_id.as_deref() };
        let claims = Claims { iss: &self.email, scope: SCOPE, aud: AUDIENCE, iat: now, exp: now + LIFETIME };
        let signed = format!("{}.{}", encoded(&header)?, encoded(&claims)?);
        let mut signature = vec![0; self.key.public().modulus_len()];
        self.key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn encoded(part: &impl Serialize) -> Option<String> {
    Some(URL_SAFE_NO_PAD.encode(serde_json::to_vec(part).ok()?))
}

fn rsa_key(pem: &str) -> Option<RsaKeyPair> {
    match PrivateKeyDer::from_pem_slice(pem.as_bytes()).ok()? {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()).ok(),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).ok(),
        _ => None,
    }
}
