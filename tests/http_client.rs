//! How a provider is reached: the version of HTTP, proxies, certificates of one's own, headers.

#[path = "support/lanes.rs"]
mod lanes;
#[path = "support/server.rs"]
mod server;

use std::path::Path;
use std::sync::{Arc, Mutex};

use hyper::body::Bytes;
use lanes::{ask, text_of};
use llmbench::config::{Config, Environment};
use llmbench::model::{ErrorKind, Outcome, Overrides, Registry};
use llmbench::run::LaneRecord;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use server::Server;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How every connection to HTTP/2 begins: RFC 9113, 3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0";

/// A server that speaks both versions of HTTP, and remembers which one it was asked in.
struct Versions {
    url: String,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl Versions {
    async fn start(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}/v1", listener.local_addr().expect("an address"));
        let asked = Arc::<Mutex<Vec<&'static str>>>::default();
        let inbox = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, tls.clone(), Arc::clone(&inbox)));
            }
        });
        Self { url, asked }
    }

    /// With a certificate that nobody signed but itself.
    async fn with_tls() -> Self {
        // Another test may have installed it already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let certificate = CertificateDer::from_pem_file(data("throwaway_cert.pem")).expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(data("throwaway_key.pem")).expect("a key");
        let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate], key);
        let mut config = config.expect("they fit");
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Self::start(Some(Arc::new(config).into())).await
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tls").join(name).display().to_string()
}

async fn serve(stream: TcpStream, tls: Option<TlsAcceptor>, inbox: Arc<Mutex<Vec<&'static str>>>) {
    let Some(tls) = tls else {
        let mut start = [0; PREFACE.len()];
        let count = stream.peek(&mut start).await.unwrap_or(0);
        // One byte tells: no method of HTTP/1.1 that is used here begins with `PR`.
        return answer(stream, count > 1 && PREFACE.starts_with(&start[..count]), &inbox).await;
    };
    // A client that trusts nobody hangs up.
    let Ok(stream) = tls.accept(stream).await else { return };
    let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
    answer(stream, is_http2, &inbox).await;
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, is_http2: bool, inbox: &Mutex<Vec<&'static str>>) {
    inbox.lock().expect("no panic").push(if is_http2 { "2" } else { "1.1" });
    if is_http2 {
        let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
        while let Some(Ok((_, mut response))) = connection.accept().await {
            let head = http::Response::builder().header("content-type", "application/json");
            let mut body = response.send_response(head.body(()).expect("a head"), false).expect("sent");
            body.send_data(Bytes::from(hello()), true).expect("sent");
        }
        return;
    }
    let mut request = Vec::new();
    // The body is a JSON object, and nothing comes after it.
    while !request.ends_with(b"}") && stream.read_buf(&mut request).await.is_ok_and(|count| count > 0) {}
    // A client that has gone away needs no answer.
    let _ = stream.write_all(server::json(200, &hello()).as_bytes()).await;
    let _ = stream.shutdown().await;
}

fn hello() -> String {
    let choice = r#"{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}"#;
    format!(r#"{{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{choice}]}}"#)
}

/// Asks a provider of that name with these keys.
async fn asked(provider: &str, keys: &str, environment: Environment) -> LaneRecord {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), format!("[providers.{provider}]\nretries = 0\n{keys}\n")).expect("written");
    let config = Config::load(Some(file.path()), &environment).unwrap_or_else(|error| panic!("{error:?}"));
    let registry = Registry::new(config.into(), environment.into(), Overrides::default());
    ask(registry.model(&format!("{provider}:m")).expect("a model"), false).await
}

/// Asks a provider of one's own at this address.
async fn lab(url: &str, keys: &str) -> LaneRecord {
    asked("lab", &format!("interface = 'openai'\nbase_url = {url:?}\n{keys}"), Environment::default()).await
}

#[track_caller]
fn assert_hello(lane: &LaneRecord) {
    assert_eq!((lane.outcome(), text_of(lane)), (Outcome::Completed, "Hello".to_owned()), "{:?}", lane.error);
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let pairs = request.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value).next().unwrap_or_default()
}

#[tokio::test]
async fn without_tls_the_version_of_http_is_the_one_that_was_told() {
    for (keys, version) in [("", "1.1"), ("http_version = '1.1'", "1.1"), ("http_version = '2'", "2")] {
        let server = Versions::start(None).await;
        assert_hello(&lab(&server.url, keys).await);
        assert_eq!(server.asked(), [version], "{keys}");
    }
}

#[tokio::test]
async fn with_tls_the_version_of_http_is_agreed_on() {
    for (keys, version) in [("", "2"), ("http_version = '1.1'", "1.1"), ("http_version = '2'", "2")] {
        let server = Versions::with_tls().await;
        let keys = format!("ca_file = {:?}\n{keys}", data("throwaway_cert.pem"));
        assert_hello(&lab(&server.url, &keys).await);
        assert_eq!(server.asked(), [version], "{keys}");
    }
}

#[tokio::test]
async fn a_certificate_of_ones_own_is_trusted_when_ca_file_names_it() {
    let server = Versions::with_tls().await;
    let lane = lab(&server.url, "").await;
    let error = lane.error.as_ref().expect("no trust");
    assert_eq!(error.kind, ErrorKind::Tls, "{error:?}");
    assert_eq!(error.hint.as_deref(), Some("if its certificate is your own, set ca_file in [providers.lab]"));
    assert_eq!(server.asked(), [""; 0]);
}

#[tokio::test]
async fn a_ca_file_that_cannot_be_used_is_told() {
    let table =
        [("/no/such/file".to_owned(), "can't be read: "), (data("throwaway_key.pem"), "holds no PEM certificate")];
    for (path, sentence) in table {
        let lane = lab("https://127.0.0.1:1/v1", &format!("ca_file = {path:?}")).await;
        let error = lane.error.as_ref().expect("a failure");
        assert_eq!(error.kind, ErrorKind::Config, "{error:?}");
        assert!(error.message.starts_with(&format!("[providers.lab] ca_file {path} {sentence}")), "{error}");
    }
}

#[tokio::test]
async fn a_proxy_carries_every_request() {
    let proxy = Server::answering(|_| server::json(200, &hello()));
    let keys = format!("proxy = {:?}", proxy.url.replace("http://", "http://me:pw@"));
    assert_hello(&lab("http://upstream.invalid/v1", &keys).await);
    let request = &proxy.requests()[0];
    assert!(request.starts_with("POST http://upstream.invalid/v1/chat/completions HTTP/1.1\r\n"), "{request}");
    assert_eq!(header(request, "proxy-authorization"), "Basic bWU6cHc=");
}

#[tokio::test]
async fn a_proxy_is_asked_for_a_tunnel_to_a_safe_place() {
    let proxy = Server::answering(|_| server::json(502, ""));
    let lane = lab("https://upstream.invalid/v1", &format!("proxy = {:?}", proxy.url)).await;
    assert_eq!(lane.error.as_ref().map(|error| error.kind), Some(ErrorKind::Connect), "{:?}", lane.error);
    let request = &proxy.requests()[0];
    assert!(request.starts_with("CONNECT upstream.invalid:443 HTTP/1.1\r\n"), "{request}");
}

#[tokio::test]
async fn organization_project_and_own_headers_arrive() {
    let names = ["openai-organization", "openai-project", "x-team", "authorization", "user-agent"];
    let usual = concat!("llmbench/", env!("CARGO_PKG_VERSION"));
    let table = [
        ("", ["org-env", "proj-env", "", "Bearer k", usual]),
        ("organization = 'org'\nproject = 'proj'", ["org", "proj", "", "Bearer k", usual]),
        (
            "headers = { X-Team = 'bench', openai-project = 'own', Authorization = 'Basic x', User-Agent = 'me' }",
            ["org-env", "own", "bench", "Basic x", "me"],
        ),
    ];
    for (keys, expected) in table {
        let server = Server::answering(|_| server::json(200, &hello()));
        let environment = Environment::from([
            ("OPENAI_API_KEY", "k"),
            ("OPENAI_BASE_URL", &server.url),
            ("OPENAI_ORG_ID", "org-env"),
            ("OPENAI_PROJECT_ID", "proj-env"),
        ]);
        assert_hello(&asked("openai", keys, environment).await);
        let requests = server.requests();
        assert!(requests[0].starts_with("POST /chat/completions "), "{}", requests[0]);
        assert_eq!(names.map(|name| header(&requests[0], name)), expected, "{keys}");
    }
}
