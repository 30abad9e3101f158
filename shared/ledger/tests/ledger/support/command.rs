use std::fmt;

use ledger::{CaseId, Organ};
use uuid::Uuid;

/// What the tests ask of a ledger; `tag` tells commands apart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Command {
    pub(crate) case: CaseId,
    pub(crate) tag: String,
    pub(crate) does: Does,
}

/// A command for everything that may happen to one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Does {
    /// Adds to the case's counter.
    Add(i64),
    /// Makes so many entries.
    Burst(u32),
    /// Addresses an entry to another organ.
    Send(Organ),
    /// Comes to nothing.
    Nothing,
    /// Is rejected.
    Reject,
    /// Panics when it is decided.
    Panic,
    /// Panics when its second entry is taken into the book.
    PanicLate,
    /// Is refused by a constraint when it is saved.
    Violate,
    /// Is refused by a constraint at COMMIT.
    ViolateLate,
    /// Panics when it is saved, after half of it was.
    CrashSaving,
}

impl Command {
    pub(crate) fn new(case: u128, tag: impl fmt::Display, does: Does) -> Self {
        Self { case: CaseId(Uuid::from_u128(case)), tag: tag.to_string(), does }
    }

    pub(crate) fn add(case: u128, tag: impl fmt::Display) -> Self {
        Self::new(case, tag, Does::Add(1))
    }
}

/// What an entry holds.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Event {
    #[prost(string, tag = "1")]
    pub(crate) tag: String,
    #[prost(sint64, tag = "2")]
    pub(crate) by: i64,
    #[prost(uint32, tag = "3")]
    pub(crate) index: u32,
    #[prost(uint32, tag = "4")]
    pub(crate) of: u32,
    #[prost(bool, tag = "5")]
    pub(crate) panics: bool,
    #[prost(bool, tag = "6")]
    pub(crate) sent: bool,
}

impl ledger::Event for Event {
    const TYPE_URL: &'static str = "type.googleapis.com/test.Event";

    fn kind(&self) -> &'static str {
        match (self.sent, self.of) {
            (true, _) => "sent",
            (false, 1) => "added",
            (false, _) => "burst",
        }
    }
}

/// What the one who asked is told: the counter afterwards, and the number of the first entry.
#[derive(Clone, PartialEq, prost::Message)]
pub(crate) struct Answer {
    #[prost(sint64, tag = "1")]
    pub(crate) total: i64,
    #[prost(uint64, tag = "2")]
    pub(crate) seq: u64,
}

/// The rules say no.
#[derive(Debug, PartialEq, thiserror::Error)]
#[error("{0} is against the rules")]
pub(crate) struct Rejection(pub(crate) String);
