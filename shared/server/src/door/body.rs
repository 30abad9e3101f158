//! The body of an answer on its way out: under the request's id, its panics caught, streams ended in time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures::future::BoxFuture;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::call::panicked;
use super::observe::Observation;
use crate::error::{Error, Reason};
use crate::request_id::RequestId;
use crate::serve::Limits;
use crate::shutdown::Shutdown;

/// A body that passes frames on, until it ends or has to.
pub(super) struct DoorBody {
    inner: Body,
    id: RequestId,
    observation: Observation,
    end: Option<BoxFuture<'static, Error>>,
    ended: bool,
}

/// When a stream has to end: after its total time, or shortly after the server begins to stop.
pub(super) fn end(limits: &Limits, shutdown: &Shutdown) -> BoxFuture<'static, Error> {
    let (total, grace, shutdown) = (limits.stream_total, limits.stream_grace, shutdown.clone());
    Box::pin(async move {
        let stopped = async {
            shutdown.begun().await;
            tokio::time::sleep(grace).await;
        };
        tokio::select! {
            () = tokio::time::sleep(total) => Error::new(
                Reason::Unavailable,
                "数据流已达最长时限,请从上次位置重新连接。",
                "The stream has reached its longest time; connect again from where you are.",
            ),
            () = stopped => Error::new(Reason::Unavailable, "服务正在停止。", "The service is stopping."),
        }
    })
}

impl DoorBody {
    pub(super) fn new(
        inner: Body,
        id: RequestId,
        observation: Observation,
        end: Option<BoxFuture<'static, Error>>,
    ) -> Self {
        Self { inner, id, observation, end, ended: false }
    }

    /// Ends the body with this error in the trailers.
    fn cut(&mut self, error: Error) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.ended = true;
        let mut trailers = HeaderMap::new();
        let status = self.id.sync_scope(|| Status::from(error));
        match status.add_header(&mut trailers) {
            Ok(()) => {
                self.observation.head(&trailers);
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
            Err(status) => Poll::Ready(Some(Err(status))),
        }
    }
}

impl HttpBody for DoorBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        if let Some(Poll::Ready(error)) = this.end.as_mut().map(|end| end.as_mut().poll(context)) {
            return this.cut(error);
        }
        let Self { inner, id, .. } = this;
        let polled = id.sync_scope(|| catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll_frame(context))));
        match polled {
            Ok(polled) => {
                if let Poll::Ready(Some(Ok(frame))) = &polled
                    && let Some(trailers) = frame.trailers_ref()
                {
                    this.observation.head(trailers);
                }
                polled
            }
            Err(panic) => this.cut(panicked(panic.as_ref())),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.ended || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        if self.end.is_some() { SizeHint::default() } else { self.inner.size_hint() }
    }
}
