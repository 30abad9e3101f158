//! What the callers are told when something is rejected or fails.

use directory::DirectoryError;
use server::{Error, Reason};

use crate::domain::review::ResultRejection;
use crate::domain::{NotExtended, NotPaused, NoticeRejection, Rejection};

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NoSuchCase(case_id) => Self::case_not_found(case_id),
            Rejection::FollowUp(why) => super::follow_up::rejected(&why),
            Rejection::KeyIsThere(_) => Self::unavailable(rejection),
            Rejection::NoSuchClock { case_id, term } => {
                Self::nothing_to_act_on("clock", format!("{case_id}/{term}"))
            }
            Rejection::NoSuchExtension { extension_id, .. } => {
                Self::nothing_to_act_on("extension", extension_id)
            }
            Rejection::NoSuchExclusion(id) => Self::nothing_to_act_on("exclusion", id),
            Rejection::NoSuchAnalysis(id) => Self::nothing_to_act_on("analysis", id),
            Rejection::NotTheLastVersion { last } => Self::state_not_allowed("CHANGED").meta("version", last),
            Rejection::OwnProposal { person, article } => {
                let (zh, en) =
                    ("提出剔除的人不得审批该事项。", "Whoever proposed the exclusion does not decide on it.");
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
            Rejection::Notice(rejection) => rejection.into(),
            Rejection::Stopped(state) | Rejection::Decided(state) => Self::state_not_allowed(state),
            Rejection::ExtensionNotAllowed { why, most, article } => {
                let error =
                    Self::new(Reason::ExtensionNotAllowed, not_extended(why), sentence(&why.to_string()));
                error.meta("most", most).article(article)
            }
            Rejection::Result(rejection) => rejection.into(),
            Rejection::NotApprover { approvers, article } => {
                let (zh, en) =
                    ("该期限须由其他有权人员批准。", "A length like this is for another to approve.");
                let error = Self::new(Reason::ApproverNotCompetent, zh, en);
                error.meta("approvers", approvers).article(article)
            }
            Rejection::PauseNotAllowed { why, causes, article } => {
                let error = Self::new(Reason::PauseNotAllowed, not_paused(why), sentence(&why.to_string()));
                error.meta("causes", causes).article(article)
            }
            Rejection::OwnRequest { person, article } => {
                let (zh, en) = (
                    "申请延长的人不得审批该申请。",
                    "Whoever asked for the extension does not decide on it.",
                );
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
        }
    }
}

impl From<ResultRejection> for Error {
    fn from(rejection: ResultRejection) -> Self {
        match rejection {
            ResultRejection::NoSuchAppeal(appeal_id) => Self::nothing_to_act_on("appeal", appeal_id),
            ResultRejection::Review { why, article } => {
                Self::of(Reason::ReviewNotAllowed).meta("why", why).article(article)
            }
            ResultRejection::Appeal { why, article } => {
                Self::of(Reason::AppealNotAllowed).meta("why", why).article(article)
            }
            ResultRejection::TooLate { due_on, article } => {
                Self::of(Reason::AppealTooLate).meta("due_on", due_on).article(article)
            }
            ResultRejection::TookPart { person, article } => {
                let (zh, en) = (
                    "参与调查、审批或者复查的人员不得再作决定。",
                    "Whoever investigated, approved or reviewed the result does not decide on it again.",
                );
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
            ResultRejection::NotYours { person, article } => {
                let (zh, en) = ("该复查由他人承办。", "Somebody else took the review up.");
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
        }
    }
}

impl From<NoticeRejection> for Error {
    fn from(rejection: NoticeRejection) -> Self {
        match rejection {
            NoticeRejection::NoSuchNotice(id) => Self::nothing_to_act_on("notice", id),
            NoticeRejection::NoSuchFile(id) => Self::nothing_to_act_on("file", id),
            NoticeRejection::NoticeState(state) => Self::of(Reason::NoticeState).meta("state", state),
            NoticeRejection::FileState(state) => Self::of(Reason::AccountabilityState).meta("state", state),
            NoticeRejection::NotThisOrgan(organ) => Self::organ_out_of_scope(&organ),
            NoticeRejection::Excluded { person, zh, en, article } => {
                Self::new(Reason::PersonExcluded, zh, en).meta("person", person).article(article)
            }
            NoticeRejection::NotByRegulation { zh, en, article } => {
                Self::new(Reason::RegulationForbids, zh, en).article(article)
            }
        }
    }
}

fn not_extended(why: NotExtended) -> &'static str {
    match why {
        NotExtended::NotProvided => "规定未允许延长该期限。",
        NotExtended::AfterTheEnd => "期限届满后不得申请延长。",
        NotExtended::TooLong => "延长后的期限超过规定的最长期限。",
        NotExtended::NotLonger => "申请的期限自起算日计,并不长于现有期限。",
        NotExtended::OtherUnit => "期限的单位与规定不一致。",
        NotExtended::AlreadyAsked => "该期限已有一项延长申请等待审批。",
    }
}

fn not_paused(why: NotPaused) -> &'static str {
    match why {
        NotPaused::NoSuchCause => "规定没有该项中止事由,办理期限不得中止。",
        NotPaused::NotHeld => "本单位不是该投诉件的承办单位。",
        NotPaused::Stands => "办理期限已经中止。",
        NotPaused::Runs => "办理期限没有中止。",
        NotPaused::AfterTheEnd => "期限届满后不得中止。",
    }
}

/// An error's own words as a sentence.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).chain(['.']).collect()
}

/// Why the directory could not be read.
pub(super) fn directory_error(error: DirectoryError) -> Error {
    match error {
        DirectoryError::Database(error) => error.into(),
        DirectoryError::Damaged { .. } => Error::internal(error),
    }
}

/// Why a text could not be sealed or opened.
pub(super) fn content_error(error: content::ContentError) -> Error {
    match error {
        content::ContentError::Database(error) => error.into(),
        content::ContentError::Erased(erasure) => erasure.into(),
        other => Error::internal(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_says_the_article_in_both_languages() {
        let why = NotExtended::TooLong;
        let error: Error =
            Rejection::ExtensionNotAllowed { why, most: "30 workdays".into(), article: "17".into() }.into();
        assert_eq!(error.reason(), Reason::ExtensionNotAllowed);
        let (zh, en) = error.sentences();
        assert!(zh.contains("最长期限"), "{zh}");
        assert_eq!(en, "It reaches past the longest time in all.");
    }
}
