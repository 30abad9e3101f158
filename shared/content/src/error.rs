use server::Reason;
use uuid::Uuid;

use crate::Erasure;

/// Why prose could not be read or prepared.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The case has no data key: it never had one here.
    #[error("case {case_id} has no data key in organ {organ}")]
    NoKey {
        /// The organ.
        organ: String,
        /// The case.
        case_id: Uuid,
    },
    /// It was erased.
    #[error("case {} was erased on {}: {}", .0.case_id, .0.at, .0.what.code())]
    Erased(Erasure),
    /// There is no such text.
    #[error("content {item_id} version {version} of case {case_id} is not there")]
    Missing {
        /// The case.
        case_id: Uuid,
        /// The item.
        item_id: Uuid,
        /// Its version.
        version: u32,
    },
    /// What was sealed is shorter than the commitment's key, or not text.
    #[error("content {item_id} is damaged")]
    Damaged {
        /// The item.
        item_id: Uuid,
    },
    /// It does not open.
    #[error("content can't be sealed or opened")]
    Seal(#[from] seal::SealError),
    /// The database failed.
    #[error("content can't be read from the database")]
    Database(#[from] sqlx::Error),
}

impl From<ContentError> for server::Error {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::Database(error) => error.into(),
            ContentError::Erased(erasure) => erasure.into(),
            other => Self::internal(other),
        }
    }
}

impl From<Erasure> for server::Error {
    fn from(erasure: Erasure) -> Self {
        let error = Self::of(Reason::Erased).meta("what", erasure.what.code()).meta("erased_at", erasure.at);
        error.article(erasure.article)
    }
}
