//! What can be asked of intake: well-formed, sealed, and prepared before any lock is taken.

mod arrival;
mod delivery;
mod desk;
mod identity;
mod report;
mod told;

pub use arrival::{
    Automatic, Correct, ExpireSupplement, Import, Private, ProvideSupplement, Register, RequestSupplement,
    SealedIdentity, Submit,
};
pub use delivery::{BeginDelivery, DecideDelivery, EndDelivery, Ended, SendReply};
pub use desk::{
    Accept, Close, ConfirmMasks, LinkCases, RecordReferralAnswer, UnlinkCases, WORKING_COPY, Way,
};
pub use identity::{DecideGrant, Disposal, Erase, RequestGrant};
pub use report::{DemandAnswer, OnReport};
pub use told::{NoteChanged, NoteExtension, NoteHandling, NoteReopened};

use content::Draft;
use duban_proto::common::v1::Organ;
use duban_proto::intake::v1::{ErasureGround, OfficersLent, UrgencySet};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Attach, OnInstruction, OnSummary};

/// A command, and the case it is about.
#[derive(Clone, Debug)]
pub struct Command {
    /// The case; absent where it is about none.
    pub case_id: Option<Uuid>,
    /// The system that acts, where it may act on its own submissions only; absent for an officer and for a service.
    pub agency: Option<String>,
    /// What is asked.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Act {
    /// Take in a complaint (9, 10).
    Submit(Box<Submit>),
    /// Take over a running case from paper (house).
    Import(Box<Import>),
    /// Register one that waits (13).
    Register(Register),
    /// Ask the complainant for what is missing (10).
    RequestSupplement(RequestSupplement),
    /// Record what the complainant supplied.
    ProvideSupplement(Box<ProvideSupplement>),
    /// Put right what was registered wrong (house).
    Correct(Box<Correct>),
    /// Accept (13).
    Accept(Accept),
    /// Decline, refer or direct elsewhere (2, 10, 14(4)).
    Close(Close),
    /// Record the withdrawal (house).
    Withdraw {
        /// The centre goes on with the matter.
        goes_on: bool,
    },
    /// Make the working copy (15).
    ConfirmMasks(ConfirmMasks),
    /// Record how a reply went (17).
    SendReply(SendReply),
    /// Begin to send a reply by a port (17).
    BeginDelivery(BeginDelivery),
    /// Record how that went (17).
    EndDelivery(EndDelivery),
    /// Decide how a delivery goes on (17).
    DecideDelivery(DecideDelivery),
    /// Put a reading of the identity on record (15).
    OpenIdentity {
        /// For what.
        purpose: String,
    },
    /// Put disturbing conduct on record (11).
    RecordConduct {
        /// When it happened.
        occurred_at: Timestamp,
        /// What happened.
        text: Draft,
    },
    /// Ask to read the identity (15).
    RequestGrant(RequestGrant),
    /// Decide on that, or take a grant back (15).
    DecideGrant(DecideGrant),
    /// Put a reading by a grant on record (15).
    OpenByGrant {
        /// The grant.
        grant_id: Uuid,
        /// The organ of who reads.
        organ: String,
    },
    /// Link the case to another (21).
    Link(LinkCases),
    /// Take a link back (house).
    Unlink(UnlinkCases),
    /// Something with a file of the case.
    Attach(Attach),
    /// Routing told how the case goes on.
    NoteHandling(NoteHandling),
    /// Supervision told that the time was extended (17).
    NoteExtension(NoteExtension),
    /// Routing told that the case was opened again (3).
    NoteReopened(NoteReopened),
    /// Routing told that a respondent's appeal changed the result (5(2)).
    NoteChanged(NoteChanged),
    /// Record what a department answered to a referral (14(4), house).
    RecordReferralAnswer(Box<RecordReferralAnswer>),
    /// The limit of a referral's answer ran out (house).
    ReferralOverdue {
        /// The time by which that is judged.
        at: Timestamp,
    },
    /// Something about a report of obstruction or retaliation (12); its id is in the place of the case's.
    OnReport(Box<OnReport>),
    /// Something about a summary for the respondent, or the original in its place (15).
    OnSummary(Box<OnSummary>),
    /// Something about a leader's instruction (14(1), house).
    OnInstruction(Box<OnInstruction>),
    /// The complainant rates how the case was handled (16, house).
    Rate(Box<Rate>),
    /// The limit of a supplement ran out (10, house).
    ExpireSupplement(ExpireSupplement),
    /// Routing told of an organ.
    NoteOrgan(Box<Organ>),
    /// Put cases on a disposal list (16).
    ProposeDisposal(Disposal),
    /// Decide on a disposal list (16).
    DecideDisposal {
        /// The list, with the cases that were on it when it was read.
        list: Disposal,
        /// Erase, or keep.
        approved: bool,
    },
    /// Take in a demand to erase the identity (15).
    RequestErasure {
        /// The id it will have.
        demand_id: Uuid,
        /// Why.
        ground: ErasureGround,
    },
    /// Decide on such a demand (15).
    DecideErasure {
        /// The demand.
        demand_id: Uuid,
        /// Erase, or keep.
        granted: bool,
    },
    /// Delete what was decided on and stands on the erasure list (15, 16).
    Erase(Erase),
    /// Say how urgent the case is (house).
    SetUrgency(UrgencySet),
    /// Routing told that officers are on loan for a case (18).
    NoteLent(Box<OfficersLent>),
}

/// What the complainant thinks of the result.
#[derive(Clone, Debug)]
pub struct Rate {
    /// The code of how they were treated.
    pub attitude: String,
    /// The code of what came of it.
    pub result: String,
    /// In their words.
    pub words: Option<Draft>,
    /// They ask that the result be looked at again.
    pub look_asked: bool,
}

impl Act {
    /// The cases of an act that is about many.
    pub(crate) fn many(&self) -> Vec<Uuid> {
        match self {
            Self::ProposeDisposal(list) | Self::DecideDisposal { list, .. } => list.cases.clone(),
            Self::Erase(erase) => erase.listed.iter().map(|one| one.erasure.case_id).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether it depends on how long its cases are kept, or on what was erased of them.
    pub(crate) fn needs_retention(&self) -> bool {
        !matches!(self, Self::Submit(_) | Self::NoteOrgan(_))
    }
}
