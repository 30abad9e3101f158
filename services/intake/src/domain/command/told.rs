//! What other services tell of a case (3, 17, 18).

use content::Draft;
use duban_proto::common::v1::{CaseState, Finding};
use jiff::Timestamp;
use uuid::Uuid;

/// How the case goes on.
#[derive(Clone, Debug)]
pub struct NoteHandling {
    /// Where it stands; only ever further on than where it stood.
    pub state: CaseState,
    /// The organ responsible now; empty: as before.
    pub organ: String,
    /// The term; 0: as before.
    pub term: u32,
    /// What was found.
    pub finding: Finding,
    /// When it was approved, for the limit of the reply (17).
    pub approved_at: Option<Timestamp>,
    /// The id of the reply, where one becomes due.
    pub reply_id: Uuid,
    /// For how long the archivist files it, in years; 0 is for ever. Only where it is archived.
    pub retention_years: u32,
}

/// The time was extended.
#[derive(Clone, Debug)]
pub struct NoteExtension {
    /// The whole length, counted from acceptance.
    pub length: String,
    /// The article that lets it be extended.
    pub article: String,
    /// The new end, as supervision told it.
    pub due_at: Option<Timestamp>,
    /// The id of the reply.
    pub reply_id: Uuid,
    /// What the complainant is told for a reason, kept as content under the id of the reply; `None` where nothing was written.
    pub told: Option<Draft>,
}

/// A result was changed on appeal (5(2)).
#[derive(Clone, Debug)]
pub struct NoteChanged {
    /// What is found now.
    pub finding: Finding,
    /// The article.
    pub article: String,
    /// The id of the reply.
    pub reply_id: Uuid,
}

/// A case was opened again.
#[derive(Clone, Debug)]
pub struct NoteReopened {
    /// How often, from 1.
    pub reopening: u32,
    /// The home.
    pub home: String,
    /// The article.
    pub article: String,
    /// The id of the reply.
    pub reply_id: Uuid,
}
