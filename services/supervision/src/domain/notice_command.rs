use calendar::Length;
use duban_proto::supervision::v1::{Instrument, event::Kind};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Rejection, Sealed};

/// What can be asked about reminders and supervision notices (16, 20).
#[derive(Clone, Debug)]
pub enum NoticeCommand {
    /// Somebody signs one.
    Issue(Box<IssueNotice>),
    /// Somebody does something about one.
    On(Box<OnNotice>),
    /// The tick found answers that are overdue.
    Lapse {
        /// What the tick's clock showed.
        at: Timestamp,
        /// The cases and their notices.
        notices: Vec<(Uuid, Uuid)>,
    },
    /// Another organ told something about one.
    Note {
        /// The case.
        case_id: Uuid,
        /// What was told.
        told: Box<Kind>,
    },
}

/// A notice to be issued by hand.
#[derive(Clone, Debug)]
pub struct IssueNotice {
    /// Its id.
    pub notice_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// The case's number.
    pub case_number: String,
    /// A reminder or a supervision notice.
    pub instrument: Instrument,
    /// The organ it is for.
    pub organ: String,
    /// The prefix of the issuing organ's numbers, "宝效投".
    pub number_prefix: String,
    /// How long the answer may take; `None`: as the regulation says.
    pub answer_within: Option<Length>,
    /// What it says, as "text".
    pub text: Sealed,
}

/// Something done about a notice.
#[derive(Clone, Debug)]
pub struct OnNotice {
    /// The case.
    pub case_id: Uuid,
    /// The notice.
    pub notice_id: Uuid,
    /// What.
    pub act: NoticeAct,
}

/// What is done about a notice.
#[derive(Clone, Debug)]
pub enum NoticeAct {
    /// The organ it is for has seen it.
    Acknowledge,
    /// That organ answers.
    Answer {
        /// What it did, by codes of the regulation.
        measures: Vec<String>,
        /// What it says, as "text".
        text: Sealed,
    },
    /// The answer is in order.
    Accept {
        /// Which.
        round: u32,
    },
    /// The answer goes back.
    Reject {
        /// Which.
        round: u32,
        /// How long the next may take; `None`: as the regulation says.
        answer_within: Option<Length>,
        /// Why, as "reason".
        reason: Sealed,
    },
    /// It is taken back.
    Withdraw {
        /// Why, as "reason".
        reason: Sealed,
    },
}

/// Why something about a notice or a file of accountability is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoticeRejection {
    /// There is no such notice here.
    #[error("there is no notice {0} here")]
    NoSuchNotice(Uuid),
    /// It does not stand where this can be done.
    #[error("the notice is {0}")]
    NoticeState(&'static str),
    /// There is no such file here.
    #[error("there is no file {0} here")]
    NoSuchFile(Uuid),
    /// It does not stand where this can be done.
    #[error("the file is {0}")]
    FileState(&'static str),
    /// This organ may not.
    #[error("not this organ's to do")]
    NotThisOrgan(String),
    /// This person may not.
    #[error("{en}")]
    Excluded {
        /// The subject.
        person: String,
        /// The sentence.
        zh: &'static str,
        /// The same.
        en: &'static str,
        /// The article; empty for a house rule.
        article: String,
    },
    /// The regulation does not let this be done.
    #[error("{en}")]
    NotByRegulation {
        /// The sentence.
        zh: &'static str,
        /// The same.
        en: &'static str,
        /// The article; empty for a house rule.
        article: String,
    },
}

impl From<NoticeRejection> for Rejection {
    fn from(rejection: NoticeRejection) -> Self {
        Self::Notice(rejection)
    }
}

impl NoticeCommand {
    /// The case; `None` where it is about many.
    pub(crate) fn case_id(&self) -> Option<Uuid> {
        match self {
            Self::Issue(issue) => Some(issue.case_id),
            Self::On(on) => Some(on.case_id),
            Self::Note { case_id, .. } => Some(*case_id),
            Self::Lapse { .. } => None,
        }
    }

    /// The cases of a command about many.
    pub(crate) fn many(&self) -> impl Iterator<Item = Uuid> {
        let notices = match self {
            Self::Lapse { notices, .. } => notices.as_slice(),
            _ => &[],
        };
        notices.iter().map(|(case_id, _)| *case_id)
    }

    /// Its texts.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Issue(issue) => Some(&issue.text),
            Self::On(on) => match &on.act {
                NoticeAct::Answer { text, .. } => Some(text),
                NoticeAct::Reject { reason, .. } | NoticeAct::Withdraw { reason } => Some(reason),
                NoticeAct::Acknowledge | NoticeAct::Accept { .. } => None,
            },
            Self::Lapse { .. } | Self::Note { .. } => None,
        }
    }
}
