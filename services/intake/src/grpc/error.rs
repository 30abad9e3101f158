//! What the callers are told when the rules say no.

use server::{Error, Reason, Violations};

use crate::domain::Rejection;

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::CaseNotFound(case_id) => Self::case_not_found(case_id),
            Rejection::CaseExists(_) => Self::internal(rejection),
            Rejection::Version { expected, actual } => Self::version_mismatch(expected, actual),
            Rejection::State(state) => Self::state_not_allowed(state_name(state.as_str_name())),
            Rejection::Forbidden { article, fields, zh, en } => Self::new(Reason::RegulationForbids, zh, en)
                .article(article.unwrap_or_default())
                .meta("fields", fields.join(",")),
            Rejection::Nothing { what, id } => Self::nothing_to_act_on(what, id),
            Rejection::PersonExcluded(person) => Self::new(
                Reason::PersonExcluded,
                "查阅人不得审批本人的申请。",
                "The reader does not decide on the reader's own request.",
            )
            .meta("person", person)
            .article("15"),
            Rejection::NoLimit(stage) => Self::new(
                Reason::RegulationForbids,
                "办法没有规定这一事项的期限或者编号。",
                format!("The regulation says nothing of: {stage}."),
            ),
        }
    }
}

/// A state as in the contracts, without the enum's name: "REGISTERED".
fn state_name(name: &str) -> &str {
    name.strip_prefix("CASE_STATE_").unwrap_or(name)
}

/// One wrong field, as the whole error.
pub(super) fn wrong(field: &str, zh: impl Into<String>, en: impl Into<String>) -> Error {
    let mut check = Violations::default();
    check.add(field, zh.into(), en.into());
    match check.finish() {
        Err(error) => error,
        Ok(()) => Error::of(Reason::FieldViolations),
    }
}
