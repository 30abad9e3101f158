//! Reports of obstruction or retaliation (12).

use std::sync::Arc;

use content::Draft;
use duban_proto::common::v1::{ContentRef, Finding};
use duban_proto::intake::v1::ReportReceived;
use jiff::Timestamp;
use uuid::Uuid;

use super::Private;

/// What is asked about a report, in the centre's ledger (12).
#[derive(Clone, Debug)]
pub enum OnReport {
    /// Take it in.
    Submit {
        /// What the entry says.
        received: Box<ReportReceived>,
        /// What is kept beside the ledger.
        private: Arc<Private>,
    },
    /// Put a reading on record.
    Open {
        /// For what.
        purpose: String,
    },
    /// Demand an answer of an organ.
    Demand(DemandAnswer),
    /// Answer that.
    Answer {
        /// The demand.
        demand_id: Uuid,
        /// The organ of who answers.
        organ: String,
        /// The answer.
        text: Draft,
    },
    /// The limit of an answer ran out.
    Overdue {
        /// The demand.
        demand_id: Uuid,
        /// The time by which that is judged.
        at: Timestamp,
    },
    /// Record the outcome.
    Close {
        /// What was found.
        finding: Finding,
        /// What was done.
        text: Draft,
    },
}

/// Demands an answer of an organ.
#[derive(Clone, Debug)]
pub struct DemandAnswer {
    /// The id it will have.
    pub demand_id: Uuid,
    /// The organ.
    pub organ: String,
    /// The demand as written.
    pub text: ContentRef,
    /// The text, under a key of its own.
    pub private: Arc<Private>,
}
