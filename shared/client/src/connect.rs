//! How a client gets to a service, and who it says it is.

use std::path::PathBuf;
use std::time::Duration;

use tonic::metadata::MetadataValue;
use tonic::metadata::errors::InvalidMetadataValue;
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, ClientTlsConfig};
use tonic::{Request, Status};

/// A channel on which every call carries a token.
pub type Endpoint = InterceptedService<Channel, Bearer>;

/// Where a service is.
#[derive(Clone, Debug)]
pub struct Target {
    /// `http://host:port`, or `https://…`.
    pub url: String,
    /// The authority that signs its certificate, in PEM.
    pub ca: Option<PathBuf>,
}

/// Why a service can't be reached.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Not a URL.
    #[error("{url:?} is not where a service could be: expected as http://127.0.0.1:50051")]
    Url {
        /// What was given.
        url: String,
        /// Why.
        source: tonic::transport::Error,
    },
    /// The certificate of the authority can't be read.
    #[error("cannot read the certificate {}", path.display())]
    Ca {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Without one, no certificate is trusted.
    #[error(
        "{url} is https, and no authority is trusted: name the one that signs its certificate with --ca FILE, or as server.peers_ca"
    )]
    NoCa {
        /// Where.
        url: String,
    },
    /// Nobody answers.
    #[error("no service answers at {url}: is `duban up` running there?")]
    Silent {
        /// Where.
        url: String,
        /// Why.
        source: tonic::transport::Error,
    },
    /// The token is no header value.
    #[error("the token has characters that no token has")]
    Token(#[from] InvalidMetadataValue),
}

/// Adds a token to every call; none for the public.
#[derive(Clone)]
pub struct Bearer(Option<MetadataValue<tonic::metadata::Ascii>>);

impl std::fmt::Debug for Bearer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Bearer(…)")
    }
}

impl Bearer {
    /// This token.
    pub fn new(token: &str) -> Result<Self, ConnectError> {
        let mut value = MetadataValue::try_from(format!("Bearer {token}"))?;
        value.set_sensitive(true);
        Ok(Self(Some(value)))
    }

    /// No token.
    pub fn none() -> Self {
        Self(None)
    }
}

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert("authorization", value.clone());
        }
        Ok(request)
    }
}

impl Target {
    /// Plain text.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), ca: None }
    }

    /// The endpoint, not connected yet.
    pub fn endpoint(&self) -> Result<tonic::transport::Endpoint, ConnectError> {
        let wrong = |source| ConnectError::Url { url: self.url.clone(), source };
        let endpoint = tonic::transport::Endpoint::from_shared(self.url.clone())
            .map_err(wrong)?
            .connect_timeout(Duration::from_secs(5))
            .tcp_nodelay(true)
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_while_idle(true);
        let Some(path) = &self.ca else {
            let secret = endpoint.uri().scheme_str() == Some("https");
            return if secret { Err(ConnectError::NoCa { url: self.url.clone() }) } else { Ok(endpoint) };
        };
        let pem = std::fs::read(path).map_err(|source| ConnectError::Ca { path: path.clone(), source })?;
        let tls = ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem));
        endpoint.tls_config(tls).map_err(wrong)
    }

    /// Connects, so that a wrong address shows at once.
    pub async fn channel(&self) -> Result<Channel, ConnectError> {
        let silent = |source| ConnectError::Silent { url: self.url.clone(), source };
        self.endpoint()?.connect().await.map_err(silent)
    }
}

/// Connects to `target`, with `bearer` on every call.
pub async fn connect(target: &Target, bearer: Bearer) -> Result<Endpoint, ConnectError> {
    Ok(InterceptedService::new(target.channel().await?, bearer))
}
