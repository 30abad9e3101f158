//! A receiver of webhooks, over real HTTP: it answers as the test says, and keeps what came.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::eventually;

/// The key that it shares with the sender.
pub const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX";

/// How it answers.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// With this status.
    Status(u16),
    /// With this status, and the wish not to be asked for so many seconds.
    Later(u16, u32),
    /// Never: it has it, and says nothing.
    Silence,
}

/// What came.
#[derive(Clone, Debug)]
pub struct Hit {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: String,
    /// The body.
    pub body: String,
    /// The signature is that of the key over id, timestamp and body.
    pub signed: bool,
}

/// A receiver that runs until the test ends.
#[derive(Clone, Debug)]
pub struct Receiver {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    answers: VecDeque<Answer>,
    hits: Vec<Hit>,
}

impl Receiver {
    /// Answers so, in this order; then always with 204.
    pub async fn start(answers: &[Answer]) -> Self {
        let shared =
            Arc::new(Mutex::new(Shared { answers: answers.iter().copied().collect(), hits: Vec::new() }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/replies", post(take)).with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, shared }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}/replies", self.address)
    }

    /// What came so far.
    pub fn hits(&self) -> Vec<Hit> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner).hits.clone()
    }

    /// The same, once so many came.
    pub async fn has(&self, count: usize) -> Vec<Hit> {
        eventually(&format!("{count} webhooks"), async || {
            let hits = self.hits();
            (hits.len() >= count).then_some(hits)
        })
        .await
    }
}

async fn take(State(shared): State<Arc<Mutex<Shared>>>, headers: HeaderMap, body: Bytes) -> Response {
    let answer = {
        let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
        shared.hits.push(hit(&headers, &body));
        shared.answers.pop_front().unwrap_or(Answer::Status(204))
    };
    let status = |code| StatusCode::from_u16(code).expect("a status");
    match answer {
        Answer::Status(code) => status(code).into_response(),
        Answer::Later(code, seconds) => {
            (status(code), [("retry-after", seconds.to_string())]).into_response()
        }
        Answer::Silence => std::future::pending().await,
    }
}

fn hit(headers: &HeaderMap, body: &[u8]) -> Hit {
    let header =
        |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, timestamp) = (header("webhook-id"), header("webhook-timestamp"));
    let key = STANDARD.decode(SECRET.trim_start_matches("whsec_")).expect("base64");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("a key");
    mac.update(format!("{id}.{timestamp}.").as_bytes());
    mac.update(body);
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    let signed = header("webhook-signature").split(' ').any(|one| one == signature);
    Hit { id, timestamp, body: String::from_utf8_lossy(body).into_owned(), signed }
}
