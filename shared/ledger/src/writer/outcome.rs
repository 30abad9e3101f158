use std::sync::Arc;

use jiff::Timestamp;

use super::unit::{Item, Progress};
use crate::{ApplyError, Committed, Domain, Position, SubmitError};

/// Why a unit may not be tried as it is again.
#[derive(Clone, Debug)]
pub(crate) enum Mark {
    /// Its rules panicked, or the loading or saving of it.
    Panicked,
    /// The database refused what it wrote.
    Refused(Arc<sqlx::Error>),
    /// A later command of it was rejected after an earlier one had taken effect.
    Rejected(String),
}

impl Mark {
    /// For the table of what was put aside.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::Panicked => "deciding it failed inside".to_owned(),
            Self::Refused(error) => format!("the database refused it: {error}"),
            Self::Rejected(reason) => reason.clone(),
        }
    }

    /// For one who is told that nothing can be written.
    pub(crate) fn error(self) -> Arc<sqlx::Error> {
        match self {
            Self::Refused(error) => error,
            Self::Panicked | Self::Rejected(_) => Arc::new(sqlx::Error::WorkerCrashed),
        }
    }
}

/// Why nothing more of a batch can be written now.
#[derive(Clone, Debug)]
pub(crate) enum Stop {
    /// Nothing of it was done.
    Unavailable(Arc<sqlx::Error>),
    /// It may have been done.
    Unknown,
}

/// Where a command's first entry stands, before and after hashes are known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// The entry of this index in the batch.
    Entry(usize),
    /// It made none: the head.
    Head,
    /// It was there before.
    Known(Position, i64),
}

/// What a unit came to, if the transaction commits.
pub(crate) enum Outcome<D: Domain> {
    Answered { answer: D::Answer, place: Place, replayed: bool },
    Failed(SubmitError<D::Rejection>),
    Progress(Progress),
}

impl<D: Domain> Item<D> {
    /// Tells what came of it. One who waits no longer is not missed.
    pub(crate) fn settle(self, outcome: Outcome<D>, at: impl Fn(Place) -> (Position, Timestamp)) {
        match (self, outcome) {
            (Self::Command { reply, .. }, Outcome::Answered { answer, place, replayed }) => {
                let (position, recorded_at) = at(place);
                drop(reply.send(Ok(Committed { answer, position, recorded_at, replayed })));
            }
            (Self::Command { reply, .. }, Outcome::Failed(error)) => drop(reply.send(Err(error))),
            (Self::Effect { reply, .. }, Outcome::Progress(progress)) => drop(reply.send(Ok(progress))),
            // An outcome of the other kind is never made; the one who waits is told that nothing is known.
            (Self::Command { reply, .. }, Outcome::Progress(_)) => {
                drop(reply.send(Err(SubmitError::OutcomeUnknown)));
            }
            (Self::Effect { reply, .. }, _) => drop(reply.send(Err(ApplyError::OutcomeUnknown))),
        }
    }

    /// Tells that it could not be written.
    pub(crate) fn stop(self, stop: &Stop) {
        match (self, stop) {
            (Self::Command { reply, .. }, Stop::Unavailable(error)) => {
                drop(reply.send(Err(SubmitError::Unavailable(Arc::clone(error)))));
            }
            (Self::Command { reply, .. }, Stop::Unknown) => {
                drop(reply.send(Err(SubmitError::OutcomeUnknown)));
            }
            (Self::Effect { reply, .. }, Stop::Unavailable(error)) => {
                drop(reply.send(Err(ApplyError::Unavailable(Arc::clone(error)))));
            }
            (Self::Effect { reply, .. }, Stop::Unknown) => drop(reply.send(Err(ApplyError::OutcomeUnknown))),
        }
    }
}
