//! The HTTP client of a provider.

use reqwest::redirect::Policy;

use super::failure;
use crate::config::{HttpVersion, ResolvedProvider};
use crate::wire::{ErrorKind, ModelError};

/// A client with the provider's own limits, proxy and certificates. Redirects are never followed by it: its own rules
/// would carry keys in custom headers to another origin.
///
/// # Errors
/// `ErrorKind::Config` for a CA file or proxy that can't be used, `ErrorKind::Tls` without any trusted certificates.
pub fn build(provider: &ResolvedProvider) -> Result<reqwest::Client, ModelError> {
    install_crypto();
    let mut builder = reqwest::Client::builder()
        .connect_timeout(provider.limits.connect)
        .redirect(Policy::none())
        .tcp_nodelay(true)
        .user_agent(concat!("llmbench/", env!("CARGO_PKG_VERSION")));
    if provider.direct {
        builder = builder.no_proxy();
    }
    if let Some(proxy) = &provider.proxy {
        let made = reqwest::Proxy::all(proxy.expose());
        let refused = |error| config(provider, &format!("proxy {proxy} can't be used: {}", failure::cause(error)));
        builder = builder.proxy(made.map_err(refused)?);
    }
    if let Some(path) = &provider.ca_file {
        let pem = std::fs::read(path)
            .map_err(|error| config(provider, &format!("ca_file {} can't be read: {error}", path.display())))?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem).ok().filter(|found| !found.is_empty());
        let certificates = certificates
            .ok_or_else(|| config(provider, &format!("ca_file {} holds no PEM certificate", path.display())))?;
        builder = builder.tls_certs_merge(certificates);
    }
    builder = match provider.http_version {
        Some(HttpVersion::Http1) => builder.http1_only(),
        Some(HttpVersion::Http2) => builder.http2_prior_knowledge(),
        None => builder,
    };
    builder.build().map_err(|error| {
        ModelError::new(ErrorKind::Tls, format!("no HTTP client could be made for {}: {error}", provider.name))
            .with_hint("install the system's CA certificates (Debian: ca-certificates), or set ca_file")
    })
}

/// Makes ring the process's crypto provider, once. A second call finds it installed, which is as good.
fn install_crypto() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn config(provider: &ResolvedProvider, what: &str) -> ModelError {
    ModelError::new(ErrorKind::Config, format!("[providers.{}] {what}", provider.name))
}
