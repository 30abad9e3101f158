//! Why a command is rejected.

use duban_proto::common::v1::CaseState;
use uuid::Uuid;

use super::Gone;

/// Why the rules do not let something be done. Carries no prose of a case and nobody's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no such case in this organ's ledger, or the caller may not know of it.
    #[error("no case {0}")]
    CaseNotFound(Uuid),
    /// A case with this id is there already.
    #[error("case {0} is there already")]
    CaseExists(Uuid),
    /// The case moved on since the version the caller saw.
    #[error("version {expected} expected, the case is at {actual}")]
    Version {
        /// What the caller saw.
        expected: u32,
        /// What it is.
        actual: u32,
    },
    /// Not in this state.
    #[error("not in state {}", .0.as_str_name())]
    State(CaseState),
    /// The regulation does not let it be done.
    #[error("the regulation forbids it: {en}")]
    Forbidden {
        /// The article; absent for a house setting.
        article: Option<String>,
        /// Which fields are concerned, by name; may be none.
        fields: Vec<String>,
        /// In Chinese.
        zh: String,
        /// In English.
        en: String,
    },
    /// There is no such thing on the case.
    #[error("no {what} to act on")]
    Nothing {
        /// What: "reply", "supplement", "working_copy".
        what: &'static str,
        /// Its id, or the case's.
        id: Uuid,
    },
    /// The person may not do it: two have to know (15).
    #[error("{person} may not decide here")]
    PersonExcluded {
        /// Who.
        person: String,
        /// The article; empty for a house rule.
        article: &'static str,
    },
    /// It was erased, or its erasure is decided on (15, 16).
    #[error("erased since {}", .0.at)]
    Erased(Gone),
    /// The working copy is not made yet (15).
    #[error("the masks are not confirmed")]
    MasksNotConfirmed,
    /// These cases may not be disposed of: not ended, not due, on a list already, or linked to an open one (16).
    #[error("{} cases may not be disposed of", .0.len())]
    NotDue(Vec<Uuid>),
    /// The organ is not the one that acts here: not responsible for the case, or not the one that wrote it (15).
    #[error("{organ} does not act here")]
    NotResponsible {
        /// The organ of who asked.
        organ: String,
    },
    /// So many were sent in on the case by this person, whatever became of them (15, house).
    #[error("{most} sent in already")]
    TooManyAttempts {
        /// How many the regulation lets them.
        most: u32,
    },
    /// Nobody decides on what they did not look at (15, house).
    #[error("not reviewed by who decides")]
    NotReviewed,
    /// It certainly tells who complains (15). For the approver only.
    #[error("{findings} findings leave no doubt")]
    IdentityRevealed {
        /// How many places.
        findings: u32,
    },
    /// A limit that the regulation has to set is not there.
    #[error("the regulation sets no limit for {0}")]
    NoLimit(&'static str),
}
