use duban_proto::supervision::v1::{ClockPaused, ClockResumed};
use uuid::Uuid;

use super::Sealed;

/// What is asked, or told, of pauses of a case's time (house).
#[derive(Clone, Debug)]
pub enum Pausing {
    /// Somebody lets it stand still.
    Pause(PauseTime),
    /// Somebody lets it go on.
    Resume {
        /// The case.
        case_id: Uuid,
    },
    /// The organ that holds the case told this one, its home, that it stands still.
    NotePaused {
        /// The case.
        case_id: Uuid,
        /// As it was told.
        paused: Box<ClockPaused>,
    },
    /// The same, that it goes on.
    NoteResumed {
        /// The case.
        case_id: Uuid,
        /// As it was told.
        resumed: Box<ClockResumed>,
    },
}

/// Somebody lets the time of a case stand still.
#[derive(Clone, Debug)]
pub struct PauseTime {
    /// The case.
    pub case_id: Uuid,
    /// The cause, by its code in the regulation.
    pub cause: String,
    /// Why, in words.
    pub reason: Sealed,
}

/// Why the time can't be paused, or go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPaused {
    /// The regulation knows no such cause.
    #[error("the regulation knows no such cause")]
    NoSuchCause,
    /// This organ does not hold the case.
    #[error("this organ does not hold the case")]
    NotHeld,
    /// It stands still already.
    #[error("the time stands still already")]
    Stands,
    /// It runs.
    #[error("the time is not paused")]
    Runs,
    /// It is past its end.
    #[error("the time is past its end")]
    AfterTheEnd,
}

impl Pausing {
    /// The case.
    pub(crate) fn case_id(&self) -> Uuid {
        match self {
            Self::Pause(pause) => pause.case_id,
            Self::Resume { case_id }
            | Self::NotePaused { case_id, .. }
            | Self::NoteResumed { case_id, .. } => *case_id,
        }
    }

    /// The case that it brings a new data key for.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        match self {
            Self::Pause(pause) => pause.reason.brings_key(),
            _ => None,
        }
    }
}
