//! What can be asked of intake: well-formed, sealed, and prepared before any lock is taken.

use std::sync::Arc;

use bytes::Bytes;
use content::{Draft, Listed, NewKey};
use duban_proto::common::v1::{CaseState, ContentRef, Finding, Organ, RespondentFacts};
use duban_proto::intake::v1::{
    CaseLinked, ComplaintReceived, DeliveryDecision, DeliveryOutcome, ErasureGround, Identifier, LinkKind,
    ReferralOutcome, ReportReceived,
};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Attach, OnInstruction, OnSummary, Other};

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
}

/// A disposal list.
#[derive(Clone, Debug)]
pub struct Disposal {
    /// Its id.
    pub list_id: Uuid,
    /// Its cases.
    pub cases: Vec<Uuid>,
}

/// Erasures to be done, all of one organ.
#[derive(Clone, Debug)]
pub struct Erase {
    /// What, as listed.
    pub listed: Vec<Listed>,
    /// A backup had brought it back, and it is deleted again already.
    pub restored: bool,
}

/// A complaint that comes in.
#[derive(Clone, Debug)]
pub struct Submit {
    /// What the entry says.
    pub received: ComplaintReceived,
    /// It is registered at once, with this prefix of the organ's numbers; absent where it waits in the desk's queue.
    pub register: Option<Register>,
    /// It is accepted at once by the rules, and these masks count as confirmed.
    pub automatic: Option<Automatic>,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// A running case from paper.
#[derive(Clone, Debug)]
pub struct Import {
    /// What the entry says.
    pub received: ComplaintReceived,
    /// Its number.
    pub number: String,
    /// Year and place of the number in the organ's register; absent where it is not one of the register's.
    pub place: Option<(u32, u32)>,
    /// When it was accepted; absent where that is not decided.
    pub accepted_at: Option<Timestamp>,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// What the rules do with a complaint that has everything (house setting `automatic_acceptance`).
#[derive(Clone, Debug)]
pub struct Automatic {
    /// The working copy, where the proposed masks are taken as confirmed too; and the number of masks.
    pub working_copy: Option<(ContentRef, u32)>,
}

/// How a case gets its number.
#[derive(Clone, Debug)]
pub struct Register {
    /// The organ's own prefix, "宝效投".
    pub prefix: String,
    /// The id of the reply that tells the number; unused where it is told in the answer.
    pub reply_id: Uuid,
}

/// Asks for what is missing.
#[derive(Clone, Debug)]
pub struct RequestSupplement {
    /// The version the caller saw.
    pub version: u32,
    /// The fields asked for; empty: all that are missing.
    pub fields: Vec<String>,
    /// The id of the reply.
    pub reply_id: Uuid,
}

/// What the complainant supplied.
#[derive(Clone, Debug)]
pub struct ProvideSupplement {
    /// The new version of the sealed original.
    pub original: ContentRef,
    /// What is still missing.
    pub missing: Vec<String>,
    /// The respondents as known now.
    pub respondents: Vec<RespondentFacts>,
    /// It is anonymous, as known now.
    pub anonymous: bool,
    /// It gives no way to reach the complainant, as known now.
    pub no_contact: bool,
    /// The id of the reply, where the limit has run out unnoticed.
    pub reply_id: Uuid,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

/// Puts right what was registered wrong.
#[derive(Clone, Debug)]
pub struct Correct {
    /// The version the caller saw.
    pub version: u32,
    /// What the entry says: the complaint as it ought to be.
    pub received: ComplaintReceived,
    /// What changed, by name.
    pub fields: Vec<String>,
    /// Why.
    pub reason: ContentRef,
    /// What is kept beside the ledger.
    pub private: Arc<Private>,
}

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

/// How a reply went.
#[derive(Clone, Debug)]
pub struct SendReply {
    /// The reply.
    pub reply_id: Uuid,
    /// The form.
    pub form: String,
    /// How it went.
    pub outcome: DeliveryOutcome,
    /// The text as told.
    pub text: Draft,
}

/// Begins to send a reply.
#[derive(Clone, Debug)]
pub struct BeginDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// Which attempt, from 1: the next one, or somebody else was first.
    pub attempt: u32,
    /// The port.
    pub port: String,
    /// The form it has there.
    pub form: String,
    /// It may come twice there.
    pub repeatable: bool,
    /// Until when nobody else sends it.
    pub until: Timestamp,
    /// The text, where this is the first attempt that has one.
    pub text: Option<Draft>,
    /// The port needs to know who complains.
    pub opens_identity: bool,
}

/// How an attempt to send went.
#[derive(Clone, Debug)]
pub struct EndDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// Which attempt.
    pub attempt: u32,
    /// How it went.
    pub how: Ended,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The receiver took it.
    Sent,
    /// It did not arrive, or may not have.
    Failed {
        /// Why.
        code: String,
        /// When it is tried again, quiet hours apart; absent: not by the program.
        again_at: Option<Timestamp>,
        /// It may have arrived, and must not be sent twice.
        unknown: bool,
    },
}

/// Decides how a delivery goes on.
#[derive(Clone, Debug)]
pub struct DecideDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// What is decided.
    pub decision: DeliveryDecision,
    /// Why.
    pub reason: Draft,
    /// How the complainant was told; empty unless by other means.
    pub form: String,
    /// What the complainant was told, by other means.
    pub text: Option<Draft>,
}

/// Asks to read the identity of a case.
#[derive(Clone, Debug)]
pub struct RequestGrant {
    /// The id it will have.
    pub grant_id: Uuid,
    /// The organ of who asks, and will read.
    pub organ: String,
    /// For what.
    pub purpose: String,
    /// Why.
    pub reason: Draft,
}

/// Decides on a grant.
#[derive(Clone, Copy, Debug)]
pub struct DecideGrant {
    /// The grant.
    pub grant_id: Uuid,
    /// For how long from now; absent: refused, or taken back.
    pub valid: Option<SignedDuration>,
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

/// The limit of a supplement ran out.
#[derive(Clone, Copy, Debug)]
pub struct ExpireSupplement {
    /// The time by which that is judged.
    pub at: Timestamp,
    /// The id of the reply, where one becomes due.
    pub reply_id: Uuid,
}

/// What is kept beside the ledger and can't be rebuilt from it. Does not print what it protects.
#[derive(Debug)]
pub struct Private {
    /// The data key of a case that begins.
    pub key: Option<NewKey>,
    /// Texts.
    pub drafts: Vec<Draft>,
    /// The sealed identity.
    pub identity: Option<SealedIdentity>,
}

/// Who complains, sealed, and the blind indexes by which the same person is found again.
#[derive(Clone, Debug)]
pub struct SealedIdentity {
    /// The case.
    pub case_id: Uuid,
    /// The ciphertext of the `Complainant`, under the case's key.
    pub sealed: Bytes,
    /// Kind and keyed hash of each identifier.
    pub indexes: Vec<(i16, [u8; 32])>,
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
