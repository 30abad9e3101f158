use uuid::Uuid;

use super::review::ResultRejection;

use super::follow_up::NotFollowedUp;

use super::NotPaused;

use super::NoticeRejection;

/// Why a command is rejected. Nothing is written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The case is not known here.
    #[error("case {0} is not known here")]
    NoSuchCase(Uuid),
    /// The case got a data key since this command was made: it has to be made again, with that one.
    #[error("case {0} got a data key in between")]
    KeyIsThere(Uuid),
    /// The case has no such clock here.
    #[error("case {case_id} has no clock of term {term} here")]
    NoSuchClock {
        /// The case.
        case_id: Uuid,
        /// The term; 0 for the case's own clock.
        term: u32,
    },
    /// The case has no such extension here.
    #[error("case {case_id} has no extension {extension_id} here")]
    NoSuchExtension {
        /// The case.
        case_id: Uuid,
        /// The extension.
        extension_id: Uuid,
    },
    /// There is no such exclusion here.
    #[error("there is no exclusion {0} here")]
    NoSuchExclusion(Uuid),
    /// There is no such analysis here.
    #[error("there is no analysis {0} here")]
    NoSuchAnalysis(Uuid),
    /// The version signed is not the last.
    #[error("the last version is {last}")]
    NotTheLastVersion {
        /// The last.
        last: u32,
    },
    /// Who proposed an exclusion does not decide on it (24, house).
    #[error("who proposed the exclusion does not decide on it")]
    OwnProposal {
        /// The subject.
        person: String,
        /// The article.
        article: String,
    },
    /// The clock has stopped.
    #[error("the clock has stopped: {0}")]
    Stopped(&'static str),
    /// The extension is decided already.
    #[error("the extension is decided already: {0}")]
    Decided(&'static str),
    /// The follow-up does not let this be done (house).
    #[error(transparent)]
    FollowUp(#[from] NotFollowedUp),
    /// The time can't be extended so (17).
    #[error("the time cannot be extended: {why}")]
    ExtensionNotAllowed {
        /// Why.
        why: NotExtended,
        /// The longest in all, "30 workdays"; empty where nothing can be extended.
        most: String,
        /// The article.
        article: String,
    },
    /// A length like this is for another to approve (17).
    #[error("a length like this is for another to approve")]
    NotApprover {
        /// Who may, by their codes in the regulation.
        approvers: String,
        /// The article.
        article: String,
    },
    /// The time can't be paused, or go on (house).
    #[error("{why}")]
    PauseNotAllowed {
        /// Why.
        why: NotPaused,
        /// The causes that the regulation knows, by their codes; empty where it knows none.
        causes: String,
        /// The article of the limit.
        article: String,
    },
    /// About a notice, or a file of accountability (16, 20, 21).
    #[error(transparent)]
    Notice(NoticeRejection),
    /// Who asked for the time does not decide on it (17: somebody else approves).
    #[error("who asked for the extension does not decide on it")]
    OwnRequest {
        /// The subject.
        person: String,
        /// The article.
        article: String,
    },
    /// About the result of a case (5(2), 20).
    #[error(transparent)]
    Result(#[from] ResultRejection),
}

/// Why the time can't be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotExtended {
    /// The regulation extends no such clock.
    #[error("the regulation extends no such clock")]
    NotProvided,
    /// It is asked after the end.
    #[error("it is asked after the end")]
    AfterTheEnd,
    /// It reaches past the longest time in all.
    #[error("it reaches past the longest time in all")]
    TooLong,
    /// The whole length asked for ends no later than the clock does now.
    #[error("the whole length asked for, counted from the start, is no longer than the one there is")]
    NotLonger,
    /// The length is in another unit than the regulation's.
    #[error("the length is in another unit than the regulation's")]
    OtherUnit,
    /// Another one waits for its decision.
    #[error("another extension of this clock waits for its decision")]
    AlreadyAsked,
}
