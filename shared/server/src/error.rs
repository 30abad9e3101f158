//! What a handler returns when it rejects, and the one table from reasons to gRPC codes.
//!
//! A rejection carries a reason (`duban.common.v1.ErrorReason`), a sentence in Chinese and in English, the article
//! where there is one, and facts. An internal cause goes to the log under the request's id, never to the caller.

mod build;
mod malformed;
mod sentence;
mod status;
mod submit;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub use duban_proto::common::v1::ErrorReason as Reason;
use tonic::Code;

pub use self::malformed::malformed;
pub(crate) use self::status::unimplemented;
use crate::violations::Violation;

type Cause = Box<dyn std::error::Error + Send + Sync + 'static>;

/// A rejection on its way to the caller. Small: the parts are boxed.
#[derive(Debug)]
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    reason: Reason,
    zh: Cow<'static, str>,
    en: Cow<'static, str>,
    article: Option<String>,
    metadata: Vec<(&'static str, String)>,
    violations: Vec<Violation>,
    retry_after: Option<Duration>,
    cause: Option<Cause>,
}

/// The gRPC code of each reason, as documented in `duban/common/v1/error_reason.proto`.
pub const fn code(reason: Reason) -> Code {
    match reason {
        Reason::FieldViolations | Reason::PageTokenInvalid | Reason::MalformedMessage => {
            Code::InvalidArgument
        }
        Reason::TokenInvalid => Code::Unauthenticated,
        Reason::RoleNotAllowed | Reason::OrganOutOfScope => Code::PermissionDenied,
        Reason::CaseNotFound
        | Reason::OrganNotFound
        | Reason::TrackingNotFound
        | Reason::InstrumentNotFound
        | Reason::ChangeNotFound => Code::NotFound,
        Reason::RequestIdReused => Code::AlreadyExists,
        Reason::VersionMismatch => Code::Aborted,
        Reason::StateNotAllowed
        | Reason::TermSuperseded
        | Reason::RegulationForbids
        | Reason::NoCompetentOrgan
        | Reason::TooFewInvestigators
        | Reason::PersonExcluded
        | Reason::MasksNotConfirmed
        | Reason::MaskedValue
        | Reason::ExtensionNotAllowed
        | Reason::RecordMissing
        | Reason::InstrumentState
        | Reason::NothingToActOn
        | Reason::PartsOpen
        | Reason::FindingMissing
        | Reason::FindingDiffers
        | Reason::PartNotAllowed
        | Reason::NoLender
        | Reason::EvidenceMissing
        | Reason::ReplacementNeedsReason
        | Reason::ReturnNotAllowed
        | Reason::ChangeNotPossible
        | Reason::ChangeEnded
        | Reason::VolumeIncomplete
        | Reason::IdentityRevealed
        | Reason::SummaryNotReviewed
        | Reason::TooManyAttempts
        | Reason::NoticeState
        | Reason::AccountabilityState
        | Reason::ReviewNotAllowed
        | Reason::AppealTooLate
        | Reason::AppealNotAllowed
        | Reason::Erased
        | Reason::FollowUpState
        | Reason::LookNotAllowed
        | Reason::ApproverNotCompetent
        | Reason::PauseNotAllowed => Code::FailedPrecondition,
        Reason::Overloaded => Code::ResourceExhausted,
        Reason::Unavailable => Code::Unavailable,
        Reason::OutcomeUnknown => Code::Unknown,
        Reason::LedgerBehind => Code::DataLoss,
        Reason::TimedOut => Code::DeadlineExceeded,
        Reason::Internal | Reason::Unspecified => Code::Internal,
    }
}

/// The reason as clients see it: `FIELD_VIOLATIONS`.
pub fn reason_name(reason: Reason) -> &'static str {
    let name = reason.as_str_name();
    name.strip_prefix("ERROR_REASON_").unwrap_or(name)
}

impl Error {
    /// The reason.
    pub fn reason(&self) -> Reason {
        self.0.reason
    }

    /// The gRPC code it goes out with.
    pub fn code(&self) -> Code {
        code(self.0.reason)
    }

    /// The sentence, in Chinese and in English.
    pub fn sentences(&self) -> (&str, &str) {
        (&self.0.zh, &self.0.en)
    }

    /// What is wrong with which field.
    pub fn field_violations(&self) -> &[Violation] {
        &self.0.violations
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", reason_name(self.0.reason), self.0.en)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}
