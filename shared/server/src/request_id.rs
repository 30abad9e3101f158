//! The id of a request, from the edge to the log line.

use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue};

/// The header it comes in and goes out with.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// Longer ones are replaced.
const MAX_LEN: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of a request: the client's `x-request-id` where it is well-formed (1 to 64 of `A-Z a-z 0-9 - _ .`), else one
/// of ours. In log lines as `request.id`, in errors as `RequestInfo`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// An id from text; `None` where it is not well-formed.
    pub fn parse(text: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        ((1..=MAX_LEN).contains(&text.len()) && text.bytes().all(allowed)).then(|| Self(text.into()))
    }

    /// The client's, or else the one made by `fresh`.
    pub(crate) fn of(headers: &HeaderMap, fresh: impl FnOnce() -> uuid::Uuid) -> Self {
        headers
            .get(HEADER)
            .and_then(|value| value.to_str().ok())
            .and_then(Self::parse)
            .unwrap_or_else(|| Self(fresh().to_string().into()))
    }

    /// The id of the request that this task is at work on; `None` outside of any.
    pub fn current() -> Option<Self> {
        CURRENT.try_with(Clone::clone).ok()
    }

    /// Runs a future under this id, see [`RequestId::current`].
    pub(crate) async fn scope<F: Future>(self, future: F) -> F::Output {
        CURRENT.scope(self, future).await
    }

    /// Runs a closure under this id.
    pub(crate) fn sync_scope<R>(&self, run: impl FnOnce() -> R) -> R {
        CURRENT.sync_scope(self.clone(), run)
    }

    /// As a header's value.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl AsRef<str> for RequestId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
