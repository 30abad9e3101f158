use calendar::Length;
use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::ExtensionState;
use jiff::Timestamp;
use uuid::Uuid;

use super::ClockKey;

/// An extension that was asked for in this ledger (17).
#[derive(Clone, Debug, PartialEq)]
pub struct Extension {
    /// Its id.
    pub id: Uuid,
    /// The clock.
    pub clock: ClockKey,
    /// The case's number.
    pub number: String,
    /// The whole length asked for, counted from the clock's start.
    pub length: Length,
    /// The end it would have.
    pub due_at: Timestamp,
    /// Who asked.
    pub requested_by: String,
    /// When.
    pub requested_at: Timestamp,
    /// The reason, kept beside the ledger.
    pub reason: ContentRef,
    /// Where it stands.
    pub state: ExtensionState,
    /// Who decided; empty before.
    pub decided_by: String,
    /// What was written with the decision, kept beside the ledger: granted, what the complainant is told; refused, why.
    pub words: ContentRef,
}
