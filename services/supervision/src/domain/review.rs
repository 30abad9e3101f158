//! What can be asked of reviews and appeals (5(2), 20), and why it is refused.

use duban_proto::common::v1::{AppealOutcome, Finding};
use duban_proto::supervision::v1::{
    AppealAdmitted, AppealDecided, AppealRegistered, AppealWithdrawn, Conclusion, ReinvestigationOrdered,
    ResultOverturned, ReviewOutcome,
};
use jiff::civil::Date;
use uuid::Uuid;

use super::Sealed;

/// A command about the result of a case.
#[derive(Clone, Debug)]
pub struct OnResult {
    /// The case.
    pub case_id: Uuid,
    /// What is asked.
    pub act: ResultAct,
}

/// What is asked.
#[derive(Clone, Debug)]
pub enum ResultAct {
    /// Routing told that the case was concluded; or the home did.
    NoteConclusion(Box<Conclusion>),
    /// Routing told that the case was opened again; or the home did.
    NoteOverturned(ResultOverturned),
    /// Another authority ordered a reinvestigation.
    NoteOrdered(Box<ReinvestigationOrdered>),
    /// Another organ registered an appeal.
    NoteAppeal(Box<AppealRegistered>),
    /// The authority admitted or refused a late appeal.
    NoteAdmitted(AppealAdmitted),
    /// The authority decided an appeal.
    NoteDecided(Box<AppealDecided>),
    /// The organ that registered an appeal told that it was withdrawn.
    NoteWithdrawn(AppealWithdrawn),
    /// Somebody takes a review up (20).
    TakeUp,
    /// Somebody decides it (20).
    Decide(DecideReview),
    /// A respondent appeals (5(2)).
    Register(Box<RegisterAppeal>),
    /// Somebody admits or refuses a late appeal (5(2)).
    Admit(AdmitAppeal),
    /// Somebody decides an appeal (5(2)).
    DecideAppeal(Box<DecideAppeal>),
    /// The respondent withdraws it.
    Withdraw {
        /// The appeal.
        appeal_id: Uuid,
    },
}

/// Decides a review.
#[derive(Clone, Debug)]
pub struct DecideReview {
    /// What it comes to.
    pub outcome: ReviewOutcome,
    /// The id of the reinvestigation, where one is ordered.
    pub order_id: Uuid,
    /// Why.
    pub reason: Sealed,
}

/// Takes an appeal in.
#[derive(Clone, Debug)]
pub struct RegisterAppeal {
    /// The new appeal's id.
    pub appeal_id: Uuid,
    /// Whose, by the place in the facts.
    pub respondent: u32,
    /// The day the respondent was told the result.
    pub told_on: Date,
    /// The day it came.
    pub filed_on: Date,
    /// A reason is given why it is late.
    pub excused: bool,
    /// What is asked.
    pub words: Sealed,
}

/// Admits or refuses a late appeal.
#[derive(Clone, Debug)]
pub struct AdmitAppeal {
    /// The appeal.
    pub appeal_id: Uuid,
    /// Admitted.
    pub admitted: bool,
    /// Why.
    pub reason: Sealed,
}

/// Decides an appeal.
#[derive(Clone, Debug)]
pub struct DecideAppeal {
    /// The appeal.
    pub appeal_id: Uuid,
    /// What becomes of it.
    pub outcome: AppealOutcome,
    /// What is found now, where the result is changed.
    pub finding: Finding,
    /// The measures now, where the result is changed.
    pub measures: Vec<String>,
    /// The id of the reinvestigation, where the result is revoked.
    pub order_id: Uuid,
    /// Why.
    pub reason: Sealed,
}

/// Why a review is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReviewed {
    /// The regulation has no reviews.
    #[error("not_provided")]
    NotProvided,
    /// No result of the case is known here.
    #[error("no_result")]
    NoResult,
    /// Another organ reviews it.
    #[error("not_the_authority")]
    NotTheAuthority,
    /// Somebody has to take it up first.
    #[error("not_taken_up")]
    NotTakenUp,
    /// It is over, or the case was opened again.
    #[error("not_open")]
    NotOpen,
}

/// Why an appeal is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAppealed {
    /// The regulation has no appeals.
    #[error("not_provided")]
    NotProvided,
    /// No result of the case is known here, or it counts no more.
    #[error("no_result")]
    NoResult,
    /// The case has no such respondent.
    #[error("no_such_respondent")]
    NoSuchRespondent,
    /// The respondent can't have been told before there was a result, nor appeal before being told.
    #[error("before_the_result")]
    BeforeTheResult,
    /// The day has not come.
    #[error("in_the_future")]
    InTheFuture,
    /// The respondent appealed against this result before.
    #[error("appealed_already")]
    AppealedAlready,
    /// Another organ decides it.
    #[error("not_the_authority")]
    NotTheAuthority,
    /// It is over.
    #[error("not_open")]
    NotOpen,
    /// It did not come late, or was admitted already.
    #[error("not_late")]
    NotLate,
    /// What is found is what was found before.
    #[error("nothing_changed")]
    NothingChanged,
}

/// Why something about a result is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResultRejection {
    /// There is no such appeal.
    #[error("there is no appeal {0} here")]
    NoSuchAppeal(Uuid),
    /// A review.
    #[error("the result cannot be reviewed: {why}")]
    Review {
        /// Why.
        why: NotReviewed,
        /// The article.
        article: String,
    },
    /// An appeal.
    #[error("no appeal: {why}")]
    Appeal {
        /// Why.
        why: NotAppealed,
        /// The article.
        article: String,
    },
    /// An appeal came too late, and without a reason.
    #[error("the appeal came after {due_on}")]
    TooLate {
        /// The last day.
        due_on: Date,
        /// The article.
        article: String,
    },
    /// Who handled, approved or reviewed it does not decide on it.
    #[error("{person} took part before")]
    TookPart {
        /// The subject.
        person: String,
        /// The article.
        article: String,
    },
    /// Somebody else took the review up.
    #[error("{person} did not take the review up")]
    NotYours {
        /// The subject.
        person: String,
        /// The article.
        article: String,
    },
}

impl ResultAct {
    /// The texts that come with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Decide(decide) => Some(&decide.reason),
            Self::Register(register) => Some(&register.words),
            Self::Admit(admit) => Some(&admit.reason),
            Self::DecideAppeal(decide) => Some(&decide.reason),
            _ => None,
        }
    }
}
