//! What the ledger's writer and the database answer, as the caller is told.

use ledger::SubmitError;

use super::{Error, Reason};

impl<R> From<SubmitError<R>> for Error
where
    R: std::error::Error + 'static + Into<Error>,
{
    fn from(error: SubmitError<R>) -> Self {
        match error {
            SubmitError::Rejected(rejection) => rejection.into(),
            SubmitError::RequestReused => Self::of(Reason::RequestIdReused),
            SubmitError::Overloaded { queued } => Self::of(Reason::Overloaded).meta("queue", queued),
            SubmitError::Unavailable(cause) => Self::unavailable(cause),
            SubmitError::Refused(cause) => Self::internal(cause),
            SubmitError::OutcomeUnknown => Self::of(Reason::OutcomeUnknown),
            SubmitError::Stopped => Self::unavailable("the writer is stopping"),
            SubmitError::Panicked => Self::internal("deciding the command panicked"),
        }
    }
}

/// A query outside the ledger: unavailable where the database is, else a fault of the program.
impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if postgres::is_unavailable(&error) { Self::unavailable(error) } else { Self::internal(error) }
    }
}
