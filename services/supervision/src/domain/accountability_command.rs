use duban_proto::supervision::v1::{AccountabilityOutcome, ConductNoted, ConductTold};
use uuid::Uuid;

use super::Sealed;

/// What can be asked about accountability (21).
#[derive(Clone, Debug)]
pub enum AccountabilityCommand {
    /// Something was told of how a case is handled.
    Note(Box<ConductNoted>),
    /// What is known goes to the organ that may hold accountable.
    Tell {
        /// Which: the one above who handles the case, or that one itself.
        authority: String,
    },
    /// Another organ told what it knows.
    Hear(Box<ConductTold>),
    /// A file is opened.
    Open(Box<OpenFile>),
    /// A proposed file is let drop.
    Dismiss {
        /// Which.
        file_id: Uuid,
        /// Why, as "reason".
        reason: Sealed,
    },
    /// The organ concerned is heard.
    Hearing {
        /// Which file.
        file_id: Uuid,
        /// What it says, as "text".
        text: Sealed,
    },
    /// The file has its outcome.
    Conclude {
        /// Which.
        file_id: Uuid,
        /// One for each it is on.
        outcomes: Vec<AccountabilityOutcome>,
        /// Why, as "reason".
        reason: Sealed,
    },
    /// The organ that keeps a file, or the organ concerned, told something about it.
    Told(Box<duban_proto::supervision::v1::event::Kind>),
}

/// A file to be opened.
#[derive(Clone, Debug)]
pub struct OpenFile {
    /// The one that was proposed; `None`: by hand.
    pub file_id: Option<Uuid>,
    /// By hand: the organ that handled the case.
    pub organ: String,
    /// By hand: the case's home.
    pub home: String,
    /// By hand: the case's number.
    pub case_number: String,
    /// It is on the organ.
    pub on_organ: bool,
    /// It is on these persons.
    pub persons: Vec<String>,
    /// Why, as "reason".
    pub reason: Sealed,
}

impl AccountabilityCommand {
    /// Its texts.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Open(open) => Some(&open.reason),
            Self::Dismiss { reason, .. } | Self::Conclude { reason, .. } => Some(reason),
            Self::Hearing { text, .. } => Some(text),
            Self::Note(_) | Self::Tell { .. } | Self::Hear(_) | Self::Told(_) => None,
        }
    }
}
