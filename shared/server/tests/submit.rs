//! What the ledger's writer and the database answer, as clients are told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use std::sync::Arc;

use ledger::SubmitError;
use server::{Error, Reason};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

/// A service's own rejection.
#[derive(Debug, thiserror::Error)]
#[error("the case moved on")]
struct Moved;

impl From<Moved> for Error {
    fn from(_: Moved) -> Self {
        Self::version_mismatch(3, 4)
    }
}

fn told(error: SubmitError<Moved>) -> Status {
    Error::from(error).into()
}

fn broken() -> Arc<sqlx::Error> {
    Arc::new(sqlx::Error::Io(std::io::Error::other("10.0.0.7 refused")))
}

#[test]
fn each_outcome_has_its_reason_and_code() {
    let table = [
        (SubmitError::Rejected(Moved), "VERSION_MISMATCH", Code::Aborted),
        (SubmitError::RequestReused, "REQUEST_ID_REUSED", Code::AlreadyExists),
        (SubmitError::Overloaded { queued: 17 }, "OVERLOADED", Code::ResourceExhausted),
        (SubmitError::Unavailable(broken()), "UNAVAILABLE", Code::Unavailable),
        (SubmitError::Refused(broken()), "INTERNAL", Code::Internal),
        (SubmitError::OutcomeUnknown, "OUTCOME_UNKNOWN", Code::Unknown),
        (SubmitError::Stopped, "UNAVAILABLE", Code::Unavailable),
        (SubmitError::Panicked, "INTERNAL", Code::Internal),
    ];
    for (error, reason, code) in table {
        let status = told(error);
        assert_eq!(status.get_details_error_info().unwrap().reason, reason);
        assert_eq!(status.code(), code, "{reason}");
        let again = matches!(code, Code::ResourceExhausted | Code::Unavailable);
        assert_eq!(status.get_details_retry_info().is_some(), again, "{reason}");
        let whole = format!("{status:?}{}", String::from_utf8_lossy(status.details()));
        assert!(!whole.contains("10.0.0.7"), "{whole}");
    }
}

#[test]
fn what_the_client_needs_to_know_is_in_the_details() {
    let overloaded = told(SubmitError::Overloaded { queued: 17 }).get_details_error_info().unwrap();
    assert_eq!(overloaded.metadata["queue"], "17");
    let unknown = told(SubmitError::OutcomeUnknown);
    assert!(unknown.message().contains("same request_id"), "{}", unknown.message());
    assert!(unknown.get_details_localized_message().unwrap().message.contains("同一请求编号"));
}

#[test]
fn a_query_fails_by_the_database_or_by_our_fault() {
    let lost = Error::from(sqlx::Error::Io(std::io::Error::other("gone")));
    assert_eq!(lost.reason(), Reason::Unavailable);
    assert_eq!(Error::from(sqlx::Error::PoolTimedOut).reason(), Reason::Unavailable);
    assert_eq!(Error::from(sqlx::Error::RowNotFound).reason(), Reason::Internal);
    assert!(std::error::Error::source(&lost).is_some());
}
