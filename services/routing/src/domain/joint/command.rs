//! What can be asked about parts, and what organs tell each other of them.

use duban_proto::common::v1::Finding;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    OpinionQueried, OpinionSubmitted, PartBegun, PartChanged, PartReturnGround, PartReturned,
};
use jiff::Timestamp;

use super::super::Sealed;

/// A part, as a command names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartNamed {
    /// The lead's term.
    pub term: u32,
    /// Its number.
    pub part: u32,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum Joint {
    /// The home asks other organs.
    Add(Box<AddParts>),
    /// A co-handling organ takes note.
    Acknowledge(PartNamed),
    /// It gives its part back.
    Return {
        /// The part.
        named: PartNamed,
        /// Why.
        ground: PartReturnGround,
        /// Why in words.
        note: Sealed,
    },
    /// The home decides what becomes of a part.
    Decide(Box<DecidePart>),
    /// An opinion is put before the leader.
    Submit(Box<SubmitOpinion>),
    /// The leader approves it, or sends it back with a reason.
    DecideOpinion {
        /// The part.
        named: PartNamed,
        /// Why it is not approved; absent where it is.
        reason: Option<Sealed>,
    },
    /// Home or lead sends an opinion back.
    Query(Box<Query>),
    /// The home goes on without an overdue part.
    Excuse {
        /// The part.
        named: PartNamed,
        /// Why.
        reason: Sealed,
    },
    /// A part begins here, as the home told.
    Receive(Box<PartBegun>),
    /// The home told what a part has become.
    Note(Box<PartChanged>),
    /// A co-handling organ told the home that it acknowledged.
    NoteAcknowledged {
        /// The part.
        named: PartNamed,
        /// The organ.
        organ: String,
        /// When.
        at: Timestamp,
    },
    /// It told the home that it gives the part back.
    NoteReturned {
        /// The organ.
        organ: String,
        /// What it said.
        returned: PartReturned,
    },
    /// It told the home its opinion.
    NoteOpinion(Box<OpinionTold>),
    /// The lead told the home that an opinion is to be sent back.
    NoteQuery {
        /// The lead.
        organ: String,
        /// What it said.
        queried: OpinionQueried,
    },
}

/// Other organs are asked.
#[derive(Clone, Debug)]
pub struct AddParts {
    /// The lead's term.
    pub term: u32,
    /// The organ an officer chose; absent where the rules name them.
    pub organ: Option<String>,
    /// The respondents.
    pub respondents: Vec<u32>,
    /// Until when, where it was said.
    pub due_at: Option<Timestamp>,
    /// Question and reason; absent where there is neither.
    pub words: Option<Sealed>,
}

/// What becomes of a part.
#[derive(Clone, Debug)]
pub struct DecidePart {
    /// The part.
    pub named: PartNamed,
    /// The organ that has it from now on; absent where it is dropped.
    pub next: Option<Reassign>,
    /// Why.
    pub reason: Sealed,
}

/// Another organ for a part.
#[derive(Clone, Debug)]
pub struct Reassign {
    /// The organ.
    pub organ: String,
    /// Until when, where it was said.
    pub due_at: Option<Timestamp>,
}

/// An opinion.
#[derive(Clone, Debug)]
pub struct SubmitOpinion {
    /// The part.
    pub named: PartNamed,
    /// What was found; unspecified where the part is a question only.
    pub finding: Finding,
    /// The measures proposed.
    pub measures: Vec<String>,
    /// Who investigated.
    pub investigators: Vec<String>,
    /// The words.
    pub opinion: Sealed,
}

/// An opinion is sent back.
#[derive(Clone, Debug)]
pub struct Query {
    /// The part.
    pub named: PartNamed,
    /// Until when, where it was said.
    pub due_at: Option<Timestamp>,
    /// Why.
    pub reason: Sealed,
}

/// An opinion from another organ.
#[derive(Clone, Debug)]
pub struct OpinionTold {
    /// The organ.
    pub organ: String,
    /// The opinion.
    pub opinion: OpinionSubmitted,
    /// When it was approved.
    pub approved_at: Timestamp,
}

impl Joint {
    /// Asked for over the contracts, not told by a ledger.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        !matches!(
            self,
            Self::Receive(_)
                | Self::Note(_)
                | Self::NoteAcknowledged { .. }
                | Self::NoteReturned { .. }
                | Self::NoteOpinion(_)
                | Self::NoteQuery { .. }
        )
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Add(add) => add.words.as_ref(),
            Self::Return { note, .. } => Some(note),
            Self::Decide(decide) => Some(&decide.reason),
            Self::Submit(submit) => Some(&submit.opinion),
            Self::DecideOpinion { reason, .. } => reason.as_ref(),
            Self::Query(query) => Some(&query.reason),
            Self::Excuse { reason, .. } => Some(reason),
            _ => None,
        }
    }

    /// What an entry of the organ `from` asks of the one it is addressed to; nothing where it is of another kind.
    pub(crate) fn heard(kind: Kind, organ: String, at: Timestamp) -> Option<Self> {
        Some(match kind {
            Kind::PartBegun(begun) => Self::Receive(Box::new(begun)),
            Kind::PartChanged(changed) => Self::Note(Box::new(changed)),
            Kind::PartAcknowledged(event) => {
                let named = PartNamed { term: event.term, part: event.part };
                Self::NoteAcknowledged { named, organ, at }
            }
            Kind::PartReturned(returned) => Self::NoteReturned { organ, returned },
            Kind::OpinionDecided(event) => {
                let opinion = event.opinion.unwrap_or_default();
                Self::NoteOpinion(Box::new(OpinionTold { organ, opinion, approved_at: at }))
            }
            Kind::OpinionQueried(queried) => Self::NoteQuery { organ, queried },
            _ => return None,
        })
    }
}
