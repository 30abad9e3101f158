//! What the callers are told when the rules say no.

use duban_proto::intake::v1::ErasureKind;
use server::{Error, Reason, Violations};
use uuid::Uuid;

use crate::domain::Rejection;

/// Cases named in an error at the most: it travels in a header of limited size.
const MOST_NAMED: usize = 20;

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
            Rejection::PersonExcluded { person, article } => Self::new(
                Reason::PersonExcluded,
                "不得审批本人提出或者与本人有关的事项。",
                "Nobody decides on what they asked for themselves or for what is about them.",
            )
            .meta("person", person)
            .article(article),
            Rejection::MasksNotConfirmed => Self::of(Reason::MasksNotConfirmed).article("15"),
            Rejection::Erased(gone) => {
                let what = if gone.kind == ErasureKind::Identity { "identity" } else { "case" };
                let error = Self::of(Reason::Erased).meta("what", what).meta("erased_at", gone.at);
                error.article(gone.article())
            }
            Rejection::NotDue(cases) => {
                let named = cases.iter().take(MOST_NAMED).map(Uuid::to_string).collect::<Vec<_>>();
                let error = Self::new(
                    Reason::RegulationForbids,
                    "所列投诉件中有尚未办结、保管期限未满、已列入其他清册或者与在办件关联的,不得处置。",
                    "Some of these cases have not ended, are still to be kept, are on a list, or are linked to an open one.",
                );
                error.meta("cases", named.join(",")).meta("count", cases.len()).article("16")
            }
            Rejection::NotResponsible { organ } => Self::organ_out_of_scope(&organ),
            Rejection::TooManyAttempts { most } => Self::of(Reason::TooManyAttempts).meta("most", most),
            Rejection::NotReviewed => Self::of(Reason::SummaryNotReviewed).article("15"),
            Rejection::IdentityRevealed { findings } => {
                Self::of(Reason::IdentityRevealed).meta("findings", findings).article("15")
            }
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
