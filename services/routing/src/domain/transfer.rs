//! The handshake between a home and its holders: what can be asked, and what a case remembers of it (5(4), 6(2), 14, 20).

use duban_proto::common::v1::{CaseState, ContentRef};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    Designated, DesignationAsked, RecallAnswered, RecallRequested, ReturnDecided, TermLeft, TermState,
    TermSuperseded, TransferReturned,
};
use regulation::Approver;

use super::{Case, Sealed, Tenure};

/// What can be asked about a case's terms, and what other organs tell of them.
#[derive(Clone, Debug)]
pub enum Handshake {
    /// Give a term back.
    Return(GiveBack),
    /// Approve or drop a return that needs approval.
    DecideProposal {
        /// The term.
        term: u32,
        /// As what the caller may approve.
        approves_as: Vec<Approver>,
        /// Why it is dropped; absent where it is approved.
        dropped: Option<Sealed>,
    },
    /// The home decides on a return.
    DecideReturn {
        /// The term.
        term: u32,
        /// What it decides.
        decision: OnReturn,
        /// Why.
        reason: Sealed,
    },
    /// The home asks a term back.
    Recall {
        /// The term.
        term: u32,
        /// For this organ; absent: for itself.
        organ: Option<String>,
        /// Why.
        reason: Sealed,
    },
    /// The holder answers.
    AnswerRecall {
        /// The term.
        term: u32,
        /// Why it keeps the case; absent where it gives it back.
        kept: Option<Sealed>,
    },
    /// The home takes the case over at once (14(3), 20).
    TakeOver {
        /// The term.
        term: u32,
        /// Why.
        reason: Sealed,
    },
    /// A leader decides on a departure that a desk officer asked for.
    DecideDeparture {
        /// The version the caller saw.
        version: u32,
        /// Why it is rejected; absent where it is approved.
        rejected: Option<Sealed>,
    },
    /// Dispute the organ's competence (5(4)).
    AskDesignation {
        /// The version the caller saw.
        version: u32,
        /// Why.
        reason: Sealed,
    },
    /// Name the organ that handles the case, finally (5(4)).
    Designate {
        /// The version the caller saw.
        version: u32,
        /// The organ.
        organ: String,
        /// Why.
        reason: Sealed,
    },
    /// The holder told the home that it gives its term back.
    NoteReturn(TransferReturned),
    /// The home told the holder what it decided on its return.
    NoteReturnDecision(ReturnDecided),
    /// The home asked the holder for its term.
    NoteRecall(RecallRequested),
    /// The holder told the home its answer.
    NoteRecallAnswer(RecallAnswered),
    /// The home told the former holder that a later term took over.
    NoteSuperseded(TermSuperseded),
    /// The former holder told the home that it took note.
    NoteLeft {
        /// Which organ.
        organ: String,
        /// What it told.
        left: TermLeft,
    },
    /// Another organ disputes its competence.
    NoteDispute(DesignationAsked),
    /// The organ asked has designated.
    NoteDesignation(Designated),
}

/// A return, asked for.
#[derive(Clone, Debug)]
pub struct GiveBack {
    /// The term.
    pub term: u32,
    /// Why, by its code in the regulation.
    pub ground: String,
    /// The same in words.
    pub reason: Sealed,
    /// Whoever asks may approve it as well.
    pub approves: bool,
}

/// What the home decides on a return.
#[derive(Clone, Debug)]
pub enum OnReturn {
    /// The term stays, as a compulsory assignment.
    Insist,
    /// A new term begins.
    Agree {
        /// At this organ; absent: as the rules say.
        organ: Option<String>,
        /// As a compulsory assignment.
        compulsory: bool,
    },
}

/// A departure from the rule that a desk officer asked for.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Departed {
    /// The organ.
    #[prost(string, tag = "1")]
    pub organ: String,
    /// Why.
    #[prost(message, optional, tag = "2")]
    pub reason: Option<ContentRef>,
    /// Who asked.
    #[prost(string, tag = "3")]
    pub proposed_by: String,
    /// When.
    #[prost(int64, tag = "4")]
    pub proposed_at: i64,
    /// Who decided; empty before, and where the case was routed otherwise.
    #[prost(string, tag = "5")]
    pub decided_by: String,
    /// It was approved.
    #[prost(bool, tag = "6")]
    pub approved: bool,
    /// Why not.
    #[prost(message, optional, tag = "7")]
    pub rejected: Option<ContentRef>,
}

/// A dispute of competence, and how it was settled.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Disputed {
    /// What was asked.
    #[prost(message, optional, tag = "1")]
    pub asked: Option<DesignationAsked>,
    /// What was designated; absent before.
    #[prost(message, optional, tag = "2")]
    pub settled: Option<Designated>,
}

/// A return that needs approval.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Proposed {
    /// Why, by its code.
    #[prost(string, tag = "1")]
    pub ground: String,
    /// The same in words.
    #[prost(message, optional, tag = "2")]
    pub reason: Option<ContentRef>,
    /// Who asked.
    #[prost(string, tag = "3")]
    pub proposed_by: String,
    /// When.
    #[prost(int64, tag = "4")]
    pub proposed_at: i64,
    /// Who may approve it, by the regulation's codes.
    #[prost(string, repeated, tag = "5")]
    pub approvers: Vec<String>,
    /// Who decided; empty before.
    #[prost(string, tag = "6")]
    pub decided_by: String,
    /// It was approved.
    #[prost(bool, tag = "7")]
    pub approved: bool,
    /// Why not.
    #[prost(message, optional, tag = "8")]
    pub dropped: Option<ContentRef>,
}

/// A return, and what the home decided on it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Returned {
    /// What was returned.
    #[prost(message, optional, tag = "1")]
    pub returned: Option<TransferReturned>,
    /// What was decided; absent before.
    #[prost(message, optional, tag = "2")]
    pub decided: Option<ReturnDecided>,
}

/// A recall, and its answer.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Recalled {
    /// What was asked.
    #[prost(message, optional, tag = "1")]
    pub asked: Option<RecallRequested>,
    /// What was answered; absent before.
    #[prost(message, optional, tag = "2")]
    pub answered: Option<RecallAnswered>,
}

/// Something the holder did under its term, which it may not have told the home.
#[derive(Clone, PartialEq, prost::Message)]
pub struct OwnAct {
    /// What, by the name of the event.
    #[prost(string, tag = "1")]
    pub act: String,
    /// When.
    #[prost(int64, tag = "2")]
    pub at: i64,
}

impl Handshake {
    /// What `kind`, recorded by the organ `from`, asks of the organ it is addressed to; nothing where it is no part of the
    /// handshake. Who tells it stands in the ledger it comes from, whatever the event says.
    pub(super) fn heard(kind: Kind, from: &str) -> Option<Self> {
        let organ = from.to_owned();
        Some(match kind {
            Kind::TransferReturned(event) => Self::NoteReturn(TransferReturned { organ, ..event }),
            Kind::ReturnDecided(event) => Self::NoteReturnDecision(event),
            Kind::RecallRequested(event) => Self::NoteRecall(event),
            Kind::RecallAnswered(event) => Self::NoteRecallAnswer(RecallAnswered { organ, ..event }),
            Kind::TermSuperseded(event) => Self::NoteSuperseded(event),
            Kind::TermLeft(left) => Self::NoteLeft { organ, left },
            Kind::DesignationAsked(event) => Self::NoteDispute(DesignationAsked { organ, ..event }),
            Kind::Designated(event) => Self::NoteDesignation(event),
            _ => return None,
        })
    }

    /// Asked for over the contracts, not told by a ledger.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        match self {
            Self::Return(_)
            | Self::DecideProposal { .. }
            | Self::DecideReturn { .. }
            | Self::Recall { .. }
            | Self::AnswerRecall { .. }
            | Self::TakeOver { .. }
            | Self::DecideDeparture { .. }
            | Self::AskDesignation { .. }
            | Self::Designate { .. } => true,
            Self::NoteReturn(_)
            | Self::NoteReturnDecision(_)
            | Self::NoteRecall(_)
            | Self::NoteRecallAnswer(_)
            | Self::NoteSuperseded(_)
            | Self::NoteLeft { .. }
            | Self::NoteDispute(_)
            | Self::NoteDesignation(_) => false,
        }
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Return(give_back) => Some(&give_back.reason),
            Self::DecideReturn { reason, .. }
            | Self::Recall { reason, .. }
            | Self::TakeOver { reason, .. }
            | Self::AskDesignation { reason, .. }
            | Self::Designate { reason, .. } => Some(reason),
            Self::DecideProposal { dropped: text, .. }
            | Self::AnswerRecall { kept: text, .. }
            | Self::DecideDeparture { rejected: text, .. } => text.as_ref(),
            _ => None,
        }
    }
}

impl Case {
    /// The current term's number as far as it is known here: where a later one took over, that one's.
    pub fn known_term(&self) -> u32 {
        self.current().map_or(0, |tenure| tenure.term.max(tenure.superseded_by))
    }

    /// The departure that waits for a leader, while the case is not routed.
    pub fn open_departure(&self) -> Option<&Departed> {
        let waits = self.state() == CaseState::Accepted && self.reported_to.is_empty();
        self.departures.last().filter(|departed| waits && departed.decided_by.is_empty())
    }

    /// The dispute that a designation settles.
    pub(super) fn settled_by(&mut self, designated: &Designated) -> Option<&mut Disputed> {
        self.disputes.iter_mut().find(|disputed| {
            let asked = disputed.asked.as_ref().and_then(|asked| asked.asked_at);
            disputed.settled.is_none() && asked == designated.asked_at
        })
    }

    /// The dispute that waits for a designation, while the term that it is about is the current one.
    pub fn open_dispute(&self) -> Option<&DesignationAsked> {
        let open = self.disputes.last().filter(|disputed| disputed.settled.is_none())?;
        open.asked.as_ref().filter(|asked| asked.term == self.current_term())
    }
}

impl Tenure {
    /// Before the holder's own report: the case may still go elsewhere at its wish.
    pub(super) fn is_early(&self) -> bool {
        matches!(self.state(), TermState::Begun | TermState::Acknowledged | TermState::Investigating)
    }

    /// The return that waits for the home.
    pub fn open_return(&self) -> Option<&TransferReturned> {
        self.returned.as_ref().filter(|returned| returned.decided.is_none())?.returned.as_ref()
    }

    /// The return that waits for approval.
    pub fn open_proposal(&self) -> Option<&Proposed> {
        self.proposals.last().filter(|proposed| proposed.decided_by.is_empty() && !self.compulsory)
    }

    /// The recall that waits for an answer.
    pub fn open_recall(&self) -> Option<&RecallRequested> {
        self.recalls.last().filter(|recalled| recalled.answered.is_none())?.asked.as_ref()
    }
}
