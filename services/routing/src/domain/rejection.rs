//! Why a command is rejected.

use competence::NoCompetentOrgan;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::ChangeState;
use duban_proto::routing::v1::InstrumentState;
use jiff::Timestamp;
use uuid::Uuid;

use super::PartRejection;

use super::Fault;

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
    /// A part of joint handling does not let it be done.
    #[error(transparent)]
    Part(#[from] PartRejection),
    /// A transfer that can't be returned (house).
    #[error("can't be returned: {why}")]
    ReturnNotAllowed {
        /// "past_limit", "compulsory", "returned".
        why: &'static str,
        /// Until when it could be; absent where there is no such time.
        return_by: Option<Timestamp>,
    },
    /// The directory does not let it be (4).
    #[error("the directory does not let it be: {} for {}", .0.why.code(), .0.organ)]
    Change(Fault),
    /// There is no such planned change.
    #[error("no planned change {0}")]
    ChangeNotFound(Uuid),
    /// The change took effect, lapsed or was cancelled.
    #[error("the change is {}", .0.as_str_name())]
    ChangeEnded(ChangeState),
    /// It was erased (16).
    #[error("erased since {0}")]
    Erased(Timestamp),
    /// There is no investigation record yet (18).
    #[error("no investigation record")]
    RecordMissing,
    /// No organ above could lend officers (18).
    #[error("no organ above {organ} could lend officers")]
    NoLender {
        /// The organ that asks.
        organ: String,
    },
    /// Too little evidence on the list (18).
    #[error("{given} pieces of evidence, {least} are needed")]
    EvidenceMissing {
        /// How many.
        given: usize,
        /// How many are needed.
        least: usize,
        /// The article; empty for a house rule.
        article: String,
    },
    /// An investigator drops out without a reason (18).
    #[error("{person} is replaced with a reason, not by appointing others")]
    ReplacementNeedsReason {
        /// Who.
        person: String,
    },
    /// The regulation does not let it be done.
    #[error("the regulation forbids it: {en}")]
    NotByRegulation {
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
        /// The article; empty for a house rule.
        article: String,
    },
    /// There is no such instrument on the case here.
    #[error("no instrument {0}")]
    NoInstrument(String),
    /// The instrument stands elsewhere.
    #[error("not for an instrument in state {}", .0.as_str_name())]
    InstrumentState(InstrumentState),
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
