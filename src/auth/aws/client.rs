//! The HTTP client that AWS's own crate asks for credentials with: ring, as everywhere, and the environment's proxy, as
//! AWS's own tools take it. The provider's `proxy` and `ca_file` are for the provider alone.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{SharedHttpClient, SharedHttpConnector, http_client_fn};

/// The client. A connector is made for each request: lookups are few.
pub fn client() -> SharedHttpClient {
    http_client_fn(|settings, components| {
        let mut builder: ConnectorBuilder = Connector::builder();
        builder.set_connector_settings(Some(settings.clone())).set_sleep_impl(components.sleep_impl());
        builder.set_proxy_config(Some(ProxyConfig::from_env()));
        SharedHttpConnector::new(builder.tls_provider(Provider::Rustls(CryptoMode::Ring)).build())
    })
}
