//! What can be asked of routing: well-formed, sealed, and prepared before any lock is taken.

use content::{Draft, Listed, NewKey};
use duban_proto::common::v1::{CaseFacts, ContentRef, Finding, Organ};
use duban_proto::routing::v1::{
    CaseConcluded, RecordKind, RespondentFinding, ResultReported, TermBegun, UrgencyNoted,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::Joint;

use super::Inquire;

use super::{AnyGuidance, Handshake};

use super::After;

use super::Ordered;

use super::{Succession, Takeover};

use super::{OnInstrument, OnReceived};

/// A command, and the case it is about.
#[derive(Clone, Debug)]
pub struct Command {
    /// The case; absent where it is about none.
    pub case_id: Option<Uuid>,
    /// What is asked.
    pub act: Act,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Act {
    /// Establish or change organs (4).
    Establish(Vec<Organ>),
    /// A change of the directory, or what comes of it for a case (4).
    Succession(Box<Succession>),
    /// An organ above takes over the home of a case (20).
    Takeover(Box<Takeover>),
    /// An accepted case comes in, from intake or from below.
    Open(Box<Open>),
    /// Intake told that the masks are confirmed (15).
    NoteWorkingCopy(ContentRef),
    /// Facts were registered wrong.
    CorrectFacts {
        /// As they are now.
        facts: Box<CaseFacts>,
        /// The organ that told it; absent where it was the own intake.
        from: Option<String>,
    },
    /// Intake told that the complaint was withdrawn; or the home told the holder.
    NoteWithdrawal {
        /// The centre goes on with the matter.
        goes_on: bool,
    },
    /// Intake told that the complainant has the result (17); or the registering organ told the home.
    NoteReply {
        /// When.
        at: Timestamp,
    },
    /// Settle the competent organ (5, 6, 14).
    Route(Box<Route>),
    /// Take note of a case handed over.
    Acknowledge {
        /// The term.
        term: u32,
    },
    /// Appoint investigators (18).
    Appoint(Appoint),
    /// File a record (18).
    File(Box<File>),
    /// Put report and form before the leader (19).
    Submit(Box<Submit>),
    /// The leader sends them back.
    Return {
        /// The term.
        term: u32,
        /// Why.
        reason: Sealed,
    },
    /// The leader approves (19).
    Approve {
        /// The term.
        term: u32,
    },
    /// File and archive (16).
    Archive(Archive),
    /// A term begins here, as the home told.
    ReceiveTerm(Box<TermTold>),
    /// Another organ told the home that it acknowledged.
    NoteAcknowledgement {
        /// The term.
        term: u32,
        /// The organ.
        organ: String,
        /// When.
        at: Timestamp,
    },
    /// Another organ told the home its result.
    NoteResult(OutcomeTold),
    /// The parent took the case over.
    MoveHome {
        /// The parent.
        home: String,
    },
    /// The organ that the case was reported up to told that its home moved on.
    FollowHome {
        /// The home now.
        home: String,
        /// The home before, which told it.
        from: String,
    },
    /// The home told the registering organ the outcome.
    NoteOutcome(CaseConcluded),
    /// The home told the registering organ that the file is closed.
    NoteArchive(Archive),
    /// Who investigates, and how (18, 19).
    Inquire(Box<Inquire>),
    /// Intake told that the case was erased, or another organ that was told so (16).
    Erase(Listed),
    /// Joint handling (house).
    Joint(Joint),
    /// The handshake between the home and the holders of its terms (5(4), 6(2), 14, 20).
    Transfer(Box<Handshake>),
    /// Questions to the centre, and its guidance (5(4), 23).
    Guidance(Box<AnyGuidance>),
    /// About its instruments, its limits, and its reopening (3, 7, 22).
    After(After),
    /// What supervision ordered about the result (5(2), 20).
    Ordered(Box<Ordered>),
    /// About an instrument that another organ sent (7, 22).
    Received(OnReceived),
    /// Intake told how urgent the case is; or the home told the holder.
    NoteUrgency(UrgencyNoted),
}

/// A text, sealed, with the case's data key where the case has none here yet.
#[derive(Clone, Debug)]
pub struct Sealed {
    /// The text.
    pub draft: Draft,
    /// The key.
    pub key: Option<NewKey>,
}

/// An accepted case.
#[derive(Clone, Debug)]
pub struct Open {
    /// The facts.
    pub facts: CaseFacts,
    /// The organ that reported it up; empty where this organ registered it.
    pub came_from: String,
}

/// Routes a case.
#[derive(Clone, Debug)]
pub struct Route {
    /// The version the caller saw.
    pub version: u32,
    /// To another organ than the rules name, with a reason.
    pub departure: Option<Departure>,
}

/// A departure from the rule.
#[derive(Clone, Debug)]
pub struct Departure {
    /// The organ.
    pub organ: String,
    /// Why.
    pub reason: Sealed,
    /// Asked for by a leader, so that it stands at once; else it waits for one.
    pub stands: bool,
}

/// Appoints investigators.
#[derive(Clone, Debug)]
pub struct Appoint {
    /// The term.
    pub term: u32,
    /// The officers.
    pub investigators: Vec<String>,
}

/// Files a record.
#[derive(Clone, Debug)]
pub struct File {
    /// The term.
    pub term: u32,
    /// What kind.
    pub kind: RecordKind,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// The investigators present.
    pub investigators: Vec<String>,
    /// The interviewee confirmed it.
    pub confirmed: bool,
    /// Place and words.
    pub record: Sealed,
}

/// Submits report and form.
#[derive(Clone, Debug)]
pub struct Submit {
    /// The term.
    pub term: u32,
    /// What was found.
    pub finding: Finding,
    /// The measures.
    pub measures: Vec<String>,
    /// What was found of each respondent that no part covers; may be empty.
    pub findings: Vec<RespondentFinding>,
    /// Report and opinion.
    pub report: Sealed,
}

/// Archives.
#[derive(Clone, Copy, Debug)]
pub struct Archive {
    /// How long it is kept; 0 is for ever.
    pub retention_years: u32,
}

/// A term that begins here.
#[derive(Clone, Debug)]
pub struct TermTold {
    /// As it began at the home.
    pub term: TermBegun,
    /// When.
    pub begun_at: Timestamp,
}

/// A result from another organ.
#[derive(Clone, Debug)]
pub struct OutcomeTold {
    /// The organ.
    pub organ: String,
    /// The result.
    pub result: ResultReported,
}

/// Something kept beside the ledger.
#[derive(Clone, Debug)]
pub enum Write {
    /// The data key of a case that is new here.
    Key(NewKey),
    /// A text.
    Text(Draft),
    /// Deletes what is listed as erased.
    Erase(Listed),
}

impl Command {
    /// The case for which it brings a data key.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        self.act.sealed().and_then(|sealed| sealed.key.as_ref()).map(|key| key.case_id)
    }
}

impl Act {
    /// Asked for over the contracts, not told by a ledger.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        if let Self::Inquire(inquire) = self {
            return inquire.is_asked_by_a_person();
        }
        if let Self::Transfer(handshake) = self {
            return handshake.is_asked_by_a_person();
        }
        if let Self::After(after) = self {
            return after.is_asked_by_a_person();
        }
        if let Self::Received(received) = self {
            return received.is_asked_by_a_person();
        }
        matches!(
            self,
            Self::Route(_)
                | Self::Acknowledge { .. }
                | Self::Appoint(_)
                | Self::File(_)
                | Self::Submit(_)
                | Self::Return { .. }
                | Self::Approve { .. }
                | Self::Archive(_)
        ) || matches!(self, Self::Joint(joint) if joint.is_asked_by_a_person())
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Route(route) => route.departure.as_ref().map(|departure| &departure.reason),
            Self::File(file) => Some(&file.record),
            Self::Submit(submit) => Some(&submit.report),
            Self::Return { reason, .. } => Some(reason),
            Self::Joint(joint) => joint.sealed(),
            Self::Inquire(inquire) => inquire.sealed(),
            Self::Transfer(handshake) => handshake.sealed(),
            Self::Guidance(guidance) => guidance.sealed(),
            Self::After(after) => after.sealed(),
            Self::Received(received) => received.sealed(),
            Self::Takeover(takeover) => takeover.sealed(),
            _ => None,
        }
    }

    /// The cases that it is about, beside the command's own.
    pub(crate) fn cases(&self) -> &[Uuid] {
        match self {
            Self::Inquire(inquire) => inquire.cases(),
            _ => &[],
        }
    }

    /// Judged by who acts for whom.
    pub(crate) fn needs_deputies(&self) -> bool {
        if let Self::After(After::Instrument(act)) = self {
            return matches!(act.as_ref(), OnInstrument::Draft(_));
        }
        matches!(
            self,
            Self::File(_) | Self::Submit(_) | Self::Return { .. } | Self::Approve { .. } | Self::Inquire(_)
        )
    }
}
