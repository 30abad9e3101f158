//! What a server is configured with.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Method, header};
use serde::Deserialize;
use tonic::transport::{Certificate, Identity, ServerTlsConfig};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// A server's settings.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// Where to listen; port 0 for any free one.
    pub listen: SocketAddr,
    /// TLS; plain text where absent.
    pub tls: Option<Tls>,
    /// Browsers (gRPC-Web).
    pub cors: Cors,
    /// Limits.
    pub limits: Limits,
}

/// TLS, from files in PEM.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and its chain.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
    /// Who signs the clients' certificates; where given, a client without one is not let in.
    pub client_ca: Option<PathBuf>,
}

/// Browsers, by gRPC-Web.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cors {
    /// The origins whose pages may call, `https://board.example.gov.cn`; none: gRPC-Web is off.
    pub allowed_origins: Vec<String>,
}

/// Limits, with the defaults of every server.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Streams open on one connection: 100.
    pub streams_per_connection: u32,
    /// Connections at once; more are closed when accepted: 1,024.
    pub connections: usize,
    /// Requests at work at once, streams not counted once they run; more are told OVERLOADED: 1,024.
    pub concurrent_requests: usize,
    /// A unary call, from its head to its answer: 10 s.
    pub request: Duration,
    /// A stream's answer, in all: 2 h. The client goes on from where it is.
    pub stream_total: Duration,
    /// How long streams go on after the shutdown began: 1 s.
    pub stream_grace: Duration,
    /// How long calls go on after the shutdown began: 10 s.
    pub drain: Duration,
    /// Pings on an idle connection: 30 s.
    pub keepalive_interval: Duration,
    /// An unanswered ping ends the connection: 20 s.
    pub keepalive_timeout: Duration,
    /// A connection is asked to go after: 30 min.
    pub connection_age: Duration,
    /// TLS handshake: 5 s.
    pub tls_handshake: Duration,
    /// All headers of a request: 16 KiB.
    pub header_bytes: u32,
}

/// Why a server can't start, or failed.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be listened on.
    #[error("cannot listen on {address}: {}", bind_help(source))]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Development tokens are accepted, and others could reach the listener.
    #[error(
        "development tokens are on, but {address} is not a loopback address: listen on 127.0.0.1, or configure the token issuer's keys"
    )]
    DevTokensOffLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// A file of the TLS settings can't be read.
    #[error("cannot read {path}", path = path.display())]
    TlsFile {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Certificate and key are not usable.
    #[error("the TLS certificate or key is not usable")]
    Tls(#[source] tonic::transport::Error),
    /// An origin is not one.
    #[error("{0:?} is not an origin: give scheme, host and port only, like https://board.example.gov.cn")]
    Origin(String),
    /// The contracts' descriptors are not usable for reflection.
    #[error("reflection cannot read the contracts' descriptors")]
    Reflection(#[source] tonic_reflection::server::Error),
    /// The server failed while serving.
    #[error("the server failed")]
    Serve(#[source] tonic::transport::Error),
    /// The server's task failed.
    #[error("the server's task failed")]
    Task(#[source] tokio::task::JoinError),
}

fn bind_help(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            "the port is in use by another program; stop it, or choose another port".to_owned()
        }
        io::ErrorKind::PermissionDenied => {
            "not permitted; ports below 1024 need rights, choose a higher one".to_owned()
        }
        io::ErrorKind::AddrNotAvailable => "this machine has no such address".to_owned(),
        _ => error.to_string(),
    }
}

impl ServerSettings {
    /// Plain text, no browsers, the usual limits.
    pub fn new(listen: SocketAddr) -> Self {
        Self { listen, tls: None, cors: Cors::default(), limits: Limits::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            streams_per_connection: 100,
            connections: 1024,
            concurrent_requests: 1024,
            request: Duration::from_secs(10),
            stream_total: Duration::from_hours(2),
            stream_grace: Duration::from_secs(1),
            drain: Duration::from_secs(10),
            keepalive_interval: Duration::from_secs(30),
            keepalive_timeout: Duration::from_secs(20),
            connection_age: Duration::from_mins(30),
            tls_handshake: Duration::from_secs(5),
            header_bytes: 16 * 1024,
        }
    }
}

impl Tls {
    pub(super) fn config(&self) -> Result<ServerTlsConfig, ServeError> {
        let read = |path: &PathBuf| {
            std::fs::read(path).map_err(|source| ServeError::TlsFile { path: path.clone(), source })
        };
        let identity = Identity::from_pem(read(&self.certificate)?, read(&self.key)?);
        let config = ServerTlsConfig::new().identity(identity);
        match &self.client_ca {
            None => Ok(config),
            Some(path) => Ok(config.client_ca_root(Certificate::from_pem(read(path)?))),
        }
    }
}

impl Cors {
    /// Whether browsers are let in at all.
    pub fn is_on(&self) -> bool {
        !self.allowed_origins.is_empty()
    }

    pub(super) fn layer(&self) -> Result<Option<CorsLayer>, ServeError> {
        if !self.is_on() {
            return Ok(None);
        }
        let origins = self.allowed_origins.iter().map(|text| origin(text)).collect::<Result<Vec<_>, _>>()?;
        let asked =
            ["x-grpc-web", "x-user-agent", "grpc-timeout", "x-request-id"].map(HeaderName::from_static);
        let told = ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id"];
        let layer = CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::POST])
            .allow_headers(
                asked.into_iter().chain([header::CONTENT_TYPE, header::AUTHORIZATION]).collect::<Vec<_>>(),
            )
            .expose_headers(told.map(HeaderName::from_static))
            .max_age(Duration::from_hours(1));
        Ok(Some(layer))
    }
}

fn origin(text: &str) -> Result<HeaderValue, ServeError> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_origin = host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '*', '?', '#', ' ']));
    let value = is_origin.then(|| HeaderValue::from_str(text).ok()).flatten();
    value.ok_or_else(|| ServeError::Origin(text.to_owned()))
}
