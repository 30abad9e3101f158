//! The handler, under a deadline, its panics caught, malformed messages told as such.

use std::any::Any;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt as _;
use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower::Service;

use super::refused;
use crate::error::{Error, Reason, malformed};

pub(super) async fn guarded<S>(
    mut inner: S,
    request: Request<Body>,
    deadline: Option<Duration>,
) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Send,
    S::Future: Send,
{
    // A handler that panicked is gone with its request; what others share is behind locks that don't poison.
    let handled = AssertUnwindSafe(async move { inner.call(request).await }).catch_unwind();
    let outcome = match deadline {
        None => handled.await,
        Some(deadline) => match tokio::time::timeout(deadline, handled).await {
            Ok(outcome) => outcome,
            Err(_) => return refused(Error::of(Reason::TimedOut)),
        },
    };
    match outcome {
        Ok(Ok(response)) => told_if_malformed(response),
        Err(panic) => refused(panicked(panic.as_ref())),
    }
}

/// A panic as an error. Its text stays out of log and answer: it may quote what somebody wrote.
pub(super) fn panicked(_payload: &(dyn Any + Send)) -> Error {
    Error::internal("the handler panicked; the panic's own line has the place")
}

fn told_if_malformed(response: Response<Body>) -> Response<Body> {
    let status = Status::from_header_map(response.headers());
    match status.as_ref().and_then(malformed) {
        Some(error) => refused(error),
        None => response,
    }
}
