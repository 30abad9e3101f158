use std::error::Error;
use std::sync::Arc;

/// Why a command came to nothing, or may have.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError<R: Error + 'static> {
    /// The rules say no.
    #[error(transparent)]
    Rejected(R),
    /// The request id was used before, for something else.
    #[error("the request id was used before, with another request")]
    RequestReused,
    /// Too much waits for this organ already; nothing was done.
    #[error("{queued} commands wait for this organ already")]
    Overloaded {
        /// How many wait.
        queued: usize,
    },
    /// The database can't be reached or refused; nothing was done.
    #[error("the ledger can't be written now")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// The database refused this very command by a constraint; nothing was done.
    #[error("the database refused this command")]
    Refused(#[source] Arc<sqlx::Error>),
    /// The commit may or may not have happened, and could not be asked about. The same request id tells.
    #[error("it is not known whether this was committed: ask again with the same request id")]
    OutcomeUnknown,
    /// The service is stopping; nothing was done.
    #[error("the service is stopping")]
    Stopped,
    /// A bug: deciding panicked; nothing was done.
    #[error("deciding this command failed inside")]
    Panicked,
}

/// Why a follower's effects could not be applied now. All pass by trying again.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database can't be reached, or refused for a reason that passes.
    #[error("the ledger can't be written now")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// It is not known whether it was committed; the cursor tells.
    #[error("it is not known whether this was committed")]
    OutcomeUnknown,
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopped,
}
