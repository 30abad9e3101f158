//! Why a command is rejected.

use competence::NoCompetentOrgan;
use duban_proto::common::v1::CaseState;
use jiff::Timestamp;
use uuid::Uuid;

use super::Missing;

/// Why the rules do not let something be done. Carries no prose of a case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// There is no such case in this organ's ledger.
    #[error("no case {0}")]
    CaseNotFound(Uuid),
    /// The case got a data key here in between: seal again under that.
    #[error("case {0} has a data key already")]
    KeyIsThere(Uuid),
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
    /// Another term is current, or this organ does not hold it.
    #[error("term {named} is not current here: {current} is")]
    Term {
        /// The term named.
        named: u32,
        /// The current one; 0 where there is none.
        current: u32,
    },
    /// The working copy is not made yet (15).
    #[error("the masks are not confirmed")]
    MasksNotConfirmed,
    /// No organ here is competent (5).
    #[error(transparent)]
    NoCompetentOrgan(#[from] NoCompetentOrgan),
    /// The organ named would judge itself or its head, or registers no cases.
    #[error("{organ} can't handle this case")]
    NotAHandler {
        /// The organ.
        organ: String,
    },
    /// Too few investigators (18).
    #[error("{given} investigators, {least} are needed")]
    TooFewInvestigators {
        /// How many.
        given: usize,
        /// How many are needed.
        least: usize,
        /// The article.
        article: String,
    },
    /// This person may not do it.
    #[error("{person} may not do this")]
    PersonExcluded {
        /// Who.
        person: String,
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
        /// The article; empty for a house rule.
        article: String,
    },
    /// It was erased (16).
    #[error("erased since {0}")]
    Erased(Timestamp),
    /// There is no investigation record yet (18).
    #[error("no investigation record")]
    RecordMissing,
    /// The file lacks documents that the regulation asks for (16).
    #[error("the file lacks {}", .missing.iter().map(|one| one.code).collect::<Vec<_>>().join(", "))]
    VolumeIncomplete {
        /// All that is missing, in the regulation's order.
        missing: Vec<Missing>,
        /// The article.
        article: String,
    },
    /// There is nothing of the kind.
    #[error("no {what} to act on")]
    Nothing {
        /// What: "disposition".
        what: &'static str,
        /// The case.
        id: Uuid,
    },
}
