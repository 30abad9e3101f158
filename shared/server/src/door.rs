//! The door every call goes through, in this order: request id, metrics, admission (load), authentication and the
//! access table, then the handler under a deadline, with its panics caught and malformed messages told as such.
//!
//! One layer and one file a step, so that the order is written down once, in [`DoorService`].

mod access;
mod admission;
mod body;
mod call;
mod observe;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures::future::BoxFuture;
use http::{Request, Response};
use jiff::Timestamp;
use tonic::body::Body;
use tower::{Layer, Service};
use tracing::Instrument as _;

pub use self::access::Access;
use self::admission::Admission;
use self::body::DoorBody;
use self::observe::Observation;
use crate::error::{Error, unimplemented};
use crate::ids::Ids;
use crate::methods::{self, Method};
use crate::request_id::{self, RequestId};
use crate::serve::Limits;
use crate::shutdown::Shutdown;

/// Tells the time: from the process's clock, which tests and the demo turn.
pub type Now = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// What the door needs to know.
#[derive(Clone)]
pub struct Door {
    /// Who is let in, for what.
    pub access: Arc<Access>,
    /// Makes request ids.
    pub ids: Arc<dyn Ids>,
    /// Tells the time.
    pub now: Now,
}

/// The door as a tower layer.
#[derive(Clone)]
pub(crate) struct DoorLayer(Arc<Inside>);

/// A service behind the door.
#[derive(Clone)]
pub(crate) struct DoorService<S> {
    inner: S,
    inside: Arc<Inside>,
}

struct Inside {
    door: Door,
    limits: Limits,
    admission: Admission,
    shutdown: Shutdown,
}

impl DoorLayer {
    pub(crate) fn new(door: Door, limits: Limits, shutdown: Shutdown) -> Self {
        let admission = Admission::new(limits.concurrent_requests);
        Self(Arc::new(Inside { door, limits, admission, shutdown }))
    }
}

impl<S> Layer<S> for DoorLayer {
    type Service = DoorService<S>;

    fn layer(&self, inner: S) -> DoorService<S> {
        DoorService { inner, inside: Arc::clone(&self.0) }
    }
}

impl<S> Service<Request<Body>> for DoorService<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The one that is ready is used up; its clone takes its place.
        let fresh = self.inner.clone();
        let ready = std::mem::replace(&mut self.inner, fresh);
        let inside = Arc::clone(&self.inside);
        Box::pin(async move { Ok(inside.pass(ready, request).await) })
    }
}

impl Inside {
    async fn pass<S>(&self, inner: S, request: Request<Body>) -> Response<Body>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Send + 'static,
        S::Future: Send,
    {
        let id = RequestId::of(request.headers(), || self.door.ids.new_id((self.door.now)()));
        let method = methods::of_path(request.uri().path());
        let mut observation = Observation::begin(method);
        let span = tracing::info_span!("rpc", rpc = observation.rpc(), request.id = %id);
        let answer = self.answer(inner, request, method, id.clone());
        let mut response = id.clone().scope(answer).instrument(span).await;
        if let Some(value) = id.header() {
            response.headers_mut().insert(request_id::HEADER, value);
        }
        observation.head(response.headers());
        let end = method.filter(Method::is_long).map(|_| body::end(&self.limits, &self.shutdown));
        response.map(|inner| Body::new(DoorBody::new(inner, id, observation, end)))
    }

    async fn answer<S>(
        &self,
        inner: S,
        mut request: Request<Body>,
        method: Option<Method>,
        id: RequestId,
    ) -> Response<Body>
    where
        S: Service<Request<Body>, Response = Response<Body>, Error = Infallible> + Send + 'static,
        S::Future: Send,
    {
        let Some(method) = method else { return unimplemented().into_http() };
        let admitted = self.admission.enter().and_then(|place| {
            let caller = self.door.access.admit(&request, method, id, (self.door.now)())?;
            request.extensions_mut().insert(caller);
            Ok(place)
        });
        match admitted {
            Ok(_place) => {
                let deadline = method.is_unary().then_some(self.limits.request);
                call::guarded(inner, request, deadline).await
            }
            Err(error) => refused(error),
        }
    }
}

/// An error as a whole answer.
fn refused(error: Error) -> Response<Body> {
    tonic::Status::from(error).into_http()
}
