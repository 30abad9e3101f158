//! What can be asked about a case's instruments, and after its result (3, 7, 22).

use calendar::Length;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    AcknowledgementOverdue, CaseReopened, InstrumentAcknowledged, InstrumentAddressee, InstrumentDelivery,
    InstrumentKind, InstrumentReplied,
};
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::Approver;

use super::{Departure, Sealed};

/// About a case's instruments, its limits, and its reopening.
#[derive(Clone, Debug)]
pub enum After {
    /// About an instrument.
    Instrument(Box<OnInstrument>),
    /// Open it again ex officio (3).
    Reopen(Box<Reopen>),
    /// The home told that it opened the case again.
    NoteReopened(Box<CaseReopened>),
    /// The tick found that limits ran out.
    RunOut {
        /// What its clock showed.
        at: Timestamp,
    },
    /// The home told that the acknowledgement is overdue.
    NoteUnacknowledged(AcknowledgementOverdue),
}

/// About an instrument, by its id.
#[derive(Clone, Debug)]
pub enum OnInstrument {
    /// Write one.
    Draft(DraftInstrument),
    /// Sign, number and issue it.
    Issue {
        /// The instrument.
        id: String,
        /// As what the caller may sign.
        signs_as: Vec<Approver>,
    },
    /// It was delivered.
    Deliver {
        /// The instrument.
        id: String,
        /// The day.
        on: Date,
        /// How.
        way: InstrumentDelivery,
    },
    /// It was answered.
    Answer(AnswerInstrument),
    /// The answer is in order.
    Accept {
        /// The instrument.
        id: String,
    },
    /// The answer goes back.
    Reject(RejectAnswer),
    /// It is withdrawn.
    Withdraw(WithdrawInstrument),
    /// The organ that it was sent to signed for it.
    NoteSigned {
        /// The organ.
        organ: String,
        /// When.
        at: Timestamp,
        /// What it told.
        signed: InstrumentAcknowledged,
    },
    /// The organ that it was sent to answered.
    NoteReply {
        /// The organ.
        organ: String,
        /// When.
        at: Timestamp,
        /// What it told.
        replied: InstrumentReplied,
    },
}

impl OnInstrument {
    /// What `kind`, recorded by the organ `organ` at `at`, tells of an instrument; nothing where it is about something else.
    pub(super) fn heard(kind: Kind, organ: String, at: Timestamp) -> Option<Self> {
        match kind {
            Kind::InstrumentAcknowledged(signed) => Some(Self::NoteSigned { organ, at, signed }),
            Kind::InstrumentReplied(replied) => Some(Self::NoteReply { organ, at, replied }),
            _ => None,
        }
    }

    /// Told by the organ that it was sent to.
    fn is_told(&self) -> bool {
        matches!(self, Self::NoteSigned { .. } | Self::NoteReply { .. })
    }
}

impl From<OnInstrument> for After {
    fn from(act: OnInstrument) -> Self {
        Self::Instrument(Box::new(act))
    }
}

/// Writes an instrument. Its id is the one of its text.
#[derive(Clone, Debug)]
pub struct DraftInstrument {
    /// What kind.
    pub kind: InstrumentKind,
    /// To whom.
    pub addressee: InstrumentAddressee,
    /// The measures recommended.
    pub measures: Vec<String>,
    /// How long the answer may take, where it is not as the regulation says.
    pub answer_within: Option<Length>,
    /// Title, words, and the addressee in words.
    pub text: Sealed,
}

/// Records an answer.
#[derive(Clone, Debug)]
pub struct AnswerInstrument {
    /// The instrument.
    pub id: String,
    /// The day it came.
    pub received_on: Date,
    /// The measure that was decided on, and the day.
    pub decided: Option<(String, Date)>,
    /// What it says, and who decided.
    pub text: Sealed,
}

/// Sends an answer back.
#[derive(Clone, Debug)]
pub struct RejectAnswer {
    /// The instrument.
    pub id: String,
    /// How long the next may take, where it is not as long as the first.
    pub answer_within: Option<Length>,
    /// Why.
    pub reason: Sealed,
}

/// Withdraws an instrument.
#[derive(Clone, Debug)]
pub struct WithdrawInstrument {
    /// The instrument.
    pub id: String,
    /// The caller is a leader.
    pub as_leader: bool,
    /// Why.
    pub reason: Sealed,
}

/// Opens a case again.
#[derive(Clone, Debug)]
pub struct Reopen {
    /// The version the caller saw.
    pub version: u32,
    /// To another organ than the rules name, with the same reason.
    pub departure: Option<Departure>,
    /// Why.
    pub reason: Sealed,
}

impl After {
    /// Asked for over the contracts, not told by a ledger or found by the tick.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        match self {
            Self::Instrument(act) => !act.is_told(),
            Self::Reopen(_) => true,
            Self::NoteReopened(_) | Self::RunOut { .. } | Self::NoteUnacknowledged(_) => false,
        }
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Reopen(reopen) => Some(&reopen.reason),
            Self::Instrument(act) => match act.as_ref() {
                OnInstrument::Draft(draft) => Some(&draft.text),
                OnInstrument::Answer(answer) => Some(&answer.text),
                OnInstrument::Reject(reject) => Some(&reject.reason),
                OnInstrument::Withdraw(withdraw) => Some(&withdraw.reason),
                OnInstrument::Issue { .. }
                | OnInstrument::Deliver { .. }
                | OnInstrument::Accept { .. }
                | OnInstrument::NoteSigned { .. }
                | OnInstrument::NoteReply { .. } => None,
            },
            Self::NoteReopened(_) | Self::RunOut { .. } | Self::NoteUnacknowledged(_) => None,
        }
    }

    /// It gives out a number.
    pub(crate) fn issues(&self) -> bool {
        matches!(self, Self::Instrument(act) if matches!(act.as_ref(), OnInstrument::Issue { .. }))
    }
}
