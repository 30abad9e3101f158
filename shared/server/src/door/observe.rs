//! Counts and times calls, for Prometheus.

use std::time::Instant;

use http::HeaderMap;
use tonic::Code;

use crate::methods::Method;
use crate::telemetry::names;

/// One call from its arrival to the end of its answer; recorded when dropped, whatever ended it.
pub(super) struct Observation {
    method: Option<Method>,
    started: Instant,
    code: Option<Code>,
}

impl Observation {
    pub(super) fn begin(method: Option<Method>) -> Self {
        let observation = Self { method, started: Instant::now(), code: None };
        metrics::gauge!(names::IN_FLIGHT, "rpc" => observation.rpc()).increment(1.0);
        observation
    }

    /// The label: unknown paths share one, or a stranger could fill the memory with labels.
    pub(super) fn rpc(&self) -> &'static str {
        self.method.map_or("unknown", |method| method.name)
    }

    /// Looks for the code in a head (an answer without a body) or in trailers.
    pub(super) fn head(&mut self, headers: &HeaderMap) {
        if let Some(status) = headers.get("grpc-status") {
            self.code = Some(Code::from_bytes(status.as_bytes()));
        }
    }
}

impl Drop for Observation {
    fn drop(&mut self) {
        let rpc = self.rpc();
        // No code: the client went away before the end.
        let code = code_name(self.code.unwrap_or(Code::Cancelled));
        metrics::gauge!(names::IN_FLIGHT, "rpc" => rpc).decrement(1.0);
        metrics::counter!(names::REQUESTS, "rpc" => rpc, "code" => code).increment(1);
        if self.method.is_some_and(|method| method.is_unary()) {
            metrics::histogram!(names::DURATION, "rpc" => rpc).record(self.started.elapsed());
        }
    }
}

const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
