//! Making errors.

use std::borrow::Cow;
use std::time::Duration;

use super::{Error, Parts, Reason, sentence};
use crate::violations::Violation;

/// When to try again where nothing better is known.
const RETRY_AFTER: Duration = Duration::from_secs(1);

impl Error {
    /// A rejection in words of its own; see [`Error::of`] for the usual sentence of a reason.
    pub fn new(reason: Reason, zh: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        let retry_after = matches!(reason, Reason::Overloaded | Reason::Unavailable).then_some(RETRY_AFTER);
        Self(Box::new(Parts {
            reason,
            zh: zh.into(),
            en: en.into(),
            article: None,
            metadata: Vec::new(),
            violations: Vec::new(),
            retry_after,
            cause: None,
        }))
    }

    /// A rejection with the reason's own sentence.
    pub fn of(reason: Reason) -> Self {
        let (zh, en) = sentence::of(reason);
        Self::new(reason, zh, en)
    }

    /// The article it rests on, `17`: in the metadata and in a `PreconditionFailure`.
    #[must_use]
    pub fn article(mut self, article: impl Into<String>) -> Self {
        self.0.article = Some(article.into()).filter(|article| !article.is_empty());
        self
    }

    /// A fact for programs, under a key documented with the reason. Never a person's name, never a text.
    #[must_use]
    #[allow(clippy::needless_pass_by_value)] // numbers and texts alike, as callers have them
    pub fn meta(mut self, key: &'static str, value: impl ToString) -> Self {
        self.0.metadata.push((key, value.to_string()));
        self
    }

    /// What is wrong with which fields.
    #[must_use]
    pub fn violations(mut self, violations: Vec<Violation>) -> Self {
        self.0.violations = violations;
        self
    }

    /// When it makes sense to try again.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// The internal cause: logged under the request's id when the error goes out, told to nobody.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// A fault of the program.
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> Self {
        Self::of(Reason::Internal).caused_by(cause)
    }

    /// The database, or another service, can't be reached.
    pub fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>) -> Self {
        Self::of(Reason::Unavailable).caused_by(cause)
    }

    /// No such case, or none the caller may know of.
    pub fn case_not_found(case_id: impl ToString) -> Self {
        Self::of(Reason::CaseNotFound).meta("case_id", case_id)
    }

    /// No such organ; `nearest` is the code most like it.
    pub fn organ_not_found(organ: &str, nearest: Option<&str>) -> Self {
        let error = Self::of(Reason::OrganNotFound).meta("organ", organ);
        match nearest {
            Some(nearest) => error.meta("nearest", nearest),
            None => error,
        }
    }

    /// The role may do it, not for this organ.
    pub fn organ_out_of_scope(organ: &str) -> Self {
        Self::of(Reason::OrganOutOfScope).meta("organ", organ)
    }

    /// The case moved on.
    pub fn version_mismatch(expected: u32, actual: u32) -> Self {
        Self::of(Reason::VersionMismatch).meta("expected", expected).meta("actual", actual)
    }

    /// The case is in a state in which this can't be done.
    pub fn state_not_allowed(state: &str) -> Self {
        Self::of(Reason::StateNotAllowed).meta("state", state)
    }

    /// There is nothing of the kind to act on.
    pub fn nothing_to_act_on(what: &str, id: impl ToString) -> Self {
        Self::of(Reason::NothingToActOn).meta("what", what).meta("id", id)
    }

    /// The access table has no row for this caller.
    pub fn role_not_allowed(denied: &access::Denied) -> Self {
        Self::of(Reason::RoleNotAllowed).meta("rpc", format!("/{}", denied.rpc)).meta("roles", &denied.roles)
    }

    /// The token is missing where one is needed, or refused.
    pub fn token_invalid(why: impl ToString) -> Self {
        Self::of(Reason::TokenInvalid).meta("why", why)
    }
}

impl From<access::TokenError> for Error {
    fn from(error: access::TokenError) -> Self {
        Self::token_invalid(error)
    }
}
