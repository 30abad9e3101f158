//! Why the rules of joint handling do not let something be done.

use duban_proto::common::v1::Finding;
use duban_proto::routing::v1::PartState;

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartRejection {
    /// Parts are not answered yet.
    #[error("parts are open: {0:?}")]
    Open(Vec<String>),
    /// No finding is given of these respondents.
    #[error("no finding of the respondents {0:?}")]
    FindingMissing(Vec<u32>),
    /// The finding is not the one that follows.
    #[error("{} given, {} follows", .given.as_str_name(), .expected.as_str_name())]
    FindingDiffers {
        /// What was given.
        given: Finding,
        /// What follows from the respondents', or from a part's opinion.
        expected: Finding,
    },
    /// The case has no such respondent.
    #[error("no respondent {0}")]
    NoRespondent(u32),
    /// A part covers the respondent already.
    #[error("part {part} covers the respondent")]
    Covered {
        /// The part, "1.2".
        part: String,
    },
    /// There is no such part here, or it is another organ's.
    #[error("no part {term}.{part} here")]
    NotHere {
        /// The term named.
        term: u32,
        /// The part named.
        part: u32,
    },
    /// The part does not let it be done.
    #[error("part {part} is {}", .state.as_str_name())]
    NotAllowed {
        /// The part, "1.2".
        part: String,
        /// Where it stands.
        state: PartState,
        /// Why, in Chinese.
        zh: &'static str,
        /// Why, in English.
        en: &'static str,
    },
    /// The organ can't handle the part.
    #[error("{organ} can't handle the part")]
    NotACoHandler {
        /// The organ.
        organ: String,
    },
    /// A finding is needed, or has no place, as the part has respondents or not.
    #[error("part {part} needs a finding: {needed}")]
    Finding {
        /// The part, "1.2".
        part: String,
        /// It needs one.
        needed: bool,
    },
}
