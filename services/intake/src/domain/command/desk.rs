//! What the desk decides (2, 10, 13, 14(4), 15, 21).

use content::Draft;
use duban_proto::intake::v1::{CaseLinked, Identifier, LinkKind, ReferralOutcome};
use jiff::civil::Date;
use uuid::Uuid;

use crate::domain::Other;

/// Accepts.
#[derive(Clone, Debug)]
pub struct Accept {
    /// The version the caller saw.
    pub version: u32,
    /// The grounds as settled; empty: those of the complaint.
    pub grounds: Vec<String>,
    /// The note, where there is one.
    pub note: Option<Draft>,
    /// Accepted although something is missing.
    pub despite_missing: bool,
    /// The id of the reply.
    pub reply_id: Uuid,
}

/// A way to end a case without accepting it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Declined on this ground of the regulation.
    Decline {
        /// Its code.
        ground: String,
    },
    /// Referred to this department.
    Refer {
        /// Its code.
        department: String,
    },
    /// Directed elsewhere in this way.
    Direct {
        /// Its code.
        way: String,
    },
}

/// Ends a case without accepting it.
#[derive(Clone, Debug)]
pub struct Close {
    /// The version the caller saw.
    pub version: u32,
    /// How.
    pub way: Way,
    /// The explanation, kept as content under the id of the reply.
    pub explanation: Option<Draft>,
    /// The id of the reply.
    pub reply_id: Uuid,
}

/// Makes the working copy.
#[derive(Clone, Debug)]
pub struct ConfirmMasks {
    /// The version of the original the masks are for.
    pub content_version: u32,
    /// How many places are masked.
    pub masks: u32,
    /// The working copy.
    pub copy: Draft,
}

/// What a [`Draft`] of the narrative with its masks is: all that anybody downstream gets to see (15).
pub const WORKING_COPY: &str = "working_copy";

/// What a department answered.
#[derive(Clone, Debug)]
pub struct RecordReferralAnswer {
    /// The date of the answer.
    pub answered_on: Date,
    /// What it answered.
    pub outcome: ReferralOutcome,
    /// Its words, where there are some.
    pub text: Option<Draft>,
}

/// Links a case to another.
#[derive(Clone, Debug)]
pub struct LinkCases {
    /// The other.
    pub other: Other,
    /// How they belong together.
    pub kind: LinkKind,
    /// What both have the same, where it was found; empty where an officer says so.
    pub matched: Vec<Identifier>,
}

/// Takes a link back.
#[derive(Clone, Debug)]
pub struct UnlinkCases {
    /// The other case.
    pub other: Uuid,
    /// The link as the other case has it, where this one has none.
    pub found: Option<CaseLinked>,
    /// Why.
    pub reason: Draft,
}
