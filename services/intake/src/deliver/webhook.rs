//! A webhook: the reply is posted as JSON, signed; the receiver answers 2xx once it has it.

use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response, StatusCode, Url};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::ports::Secret;
use super::signature::signature;
use super::{Fault, Then};

/// How much of an answer's body is read, so that the connection can be used again; nothing in it counts.
const MOST_READ: usize = 64 * 1024;

/// A receiver.
#[derive(Debug)]
pub(super) struct Webhook {
    client: Client,
    url: Url,
    secrets: Vec<Secret>,
}

impl Webhook {
    /// A receiver at this address, whose certificate is signed by an authority that the system trusts, or by `ca` alone.
    pub(super) fn new(
        url: Url,
        secrets: Vec<Secret>,
        ca: Option<&[u8]>,
        timeout: Duration,
    ) -> Result<Self, String> {
        // The one provider there is here; an error says that it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .timeout(timeout)
            .redirect(Policy::none())
            .https_only(url.scheme() == "https")
            .user_agent("duban");
        let builder = match ca {
            Some(pem) => builder.tls_certs_only(authorities(pem)?),
            None => builder,
        };
        let client = builder.build().map_err(|error| error.to_string())?;
        Ok(Self { client, url, secrets })
    }

    /// Posts a reply under its delivery's id.
    pub(super) async fn send(
        &self,
        id: Uuid,
        now: Timestamp,
        body: &Zeroizing<Vec<u8>>,
    ) -> Result<(), Fault> {
        let (id, timestamp) = (id.to_string(), now.as_second());
        let request = self
            .client
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header("webhook-id", &id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature(&self.secrets, &id, timestamp, body))
            .body(body.to_vec());
        let answer = request.send().await.map_err(|error| unanswered(&error))?;
        let judged = judge(answer.status(), answer.headers(), now);
        read(answer).await;
        judged
    }
}

/// The certificates of a PEM file: at least one, or nobody would be trusted.
fn authorities(pem: &[u8]) -> Result<Vec<Certificate>, String> {
    match Certificate::from_pem_bundle(pem) {
        Ok(authorities) if authorities.is_empty() => Err("no certificate in PEM".to_owned()),
        Ok(authorities) => Ok(authorities),
        Err(error) => Err(error.to_string()),
    }
}

/// No answer: it was never reached, or it did not say in time what became of it.
fn unanswered(error: &reqwest::Error) -> Fault {
    if error.is_connect() {
        Fault::new("unreachable", Then::Again(None))
    } else if error.is_timeout() {
        Fault::new("timeout", Then::Unsure)
    } else {
        Fault::new("broken", Then::Unsure)
    }
}

/// What an answer means. After an error of the receiver's own it may have taken the reply all the same; "too many" and
/// "not now" say that it did not.
fn judge(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Result<(), Fault> {
    let then = match status {
        _ if status.is_success() => return Ok(()),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_EARLY => {
            Then::Again(asked(headers, now))
        }
        StatusCode::REQUEST_TIMEOUT => Then::Again(None),
        _ if status.is_server_error() => Then::Unsure,
        _ => Then::Never,
    };
    Err(Fault::new(format!("http_{}", status.as_u16()), then))
}

/// `Retry-After`: seconds, or a date.
fn asked(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Duration::try_from(now.duration_until(date)).ok()
}

/// Reads the rest of an answer, up to a bound.
async fn read(mut answer: Response) {
    let mut read = 0;
    while let Ok(Some(chunk)) = answer.chunk().await {
        read += chunk.len();
        if read > MOST_READ {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn then(status: u16, retry_after: Option<&str>) -> Option<Then> {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, text.parse().unwrap());
        }
        judge(StatusCode::from_u16(status).unwrap(), &headers, NOW).err().map(|fault| fault.then)
    }

    #[test]
    fn an_answer_says_whether_it_makes_sense_to_try_again() {
        assert_eq!([then(200, None), then(204, None)], [None, None]);
        for refused in [301, 400, 401, 404, 410, 422] {
            assert_eq!(then(refused, None), Some(Then::Never), "{refused}");
        }
        assert_eq!([then(500, None), then(502, None)], [Some(Then::Unsure); 2]);
        assert_eq!([then(408, None), then(429, None), then(503, None)], [Some(Then::Again(None)); 3]);
    }

    /// A receiver on this machine that speaks TLS under a certificate of its own, and answers each call with 204.
    async fn secure() -> (Url, String) {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
        let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .unwrap();
        let acceptor = tokio_rustls::TlsAcceptor::from(std::sync::Arc::new(config));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut read = [0; 4096];
                let _ = stream.read(&mut read).await;
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
            }
        });
        (format!("https://localhost:{port}/").parse().unwrap(), made.cert.pem())
    }

    #[tokio::test]
    async fn over_tls_the_receiver_is_who_the_authority_says() {
        let (url, ca) = secure().await;
        let secrets = vec!["whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX".parse().unwrap()];
        let limit = Duration::from_secs(10);
        let body = Zeroizing::new(b"{}".to_vec());
        let known = Webhook::new(url.clone(), secrets.clone(), Some(ca.as_bytes()), limit).unwrap();
        assert_eq!(known.send(Uuid::from_u128(1), NOW, &body).await, Ok(()));
        let unknown = Webhook::new(url.clone(), secrets.clone(), None, limit).unwrap();
        let fault = unknown.send(Uuid::from_u128(1), NOW, &body).await.unwrap_err();
        assert_eq!(fault, Fault::new("unreachable", Then::Again(None)), "nothing is told to a stranger");
        assert!(Webhook::new(url, secrets, Some(b"no certificate"), limit).is_err());
    }

    #[test]
    fn a_wish_to_wait_is_seconds_or_a_date() {
        let wait = |text| then(503, Some(text));
        assert_eq!(wait("120"), Some(Then::Again(Some(Duration::from_mins(2)))));
        let date = "Thu, 01 Jan 1970 00:05:00 GMT";
        assert_eq!(wait(date), Some(Then::Again(Some(Duration::from_mins(5)))));
        assert_eq!([wait("soon"), wait("-1")], [Some(Then::Again(None)); 2]);
    }
}
