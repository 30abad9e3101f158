//! What the callers are told when something is rejected or fails.

use directory::DirectoryError;
use server::{Error, Reason};

use crate::domain::{NotExtended, Rejection};

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::NoSuchCase(case_id) => Self::case_not_found(case_id),
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
            Rejection::Stopped(state) | Rejection::Decided(state) => Self::state_not_allowed(state),
            Rejection::ExtensionNotAllowed { why, most, article } => {
                let error =
                    Self::new(Reason::ExtensionNotAllowed, not_extended(why), sentence(&why.to_string()));
                error.meta("most", most).article(article)
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
