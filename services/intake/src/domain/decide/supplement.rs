//! What a complainant supplies (10): in time, or late, as the regulation judges it.

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{SupplementProvided, Treatment};
use regulation::LateSupplement;

use super::step::Step;
use super::{Outcome, Write, treat};
use crate::domain::{ProvideSupplement, Rejection};

/// As long as it is not decided on acceptance; also after the limit, and of one that was kept as a lead or declined only
/// because something was missing: nothing that comes is lost.
pub(super) fn provide(mut step: Step<'_>, supplement: &ProvideSupplement) -> Result<Outcome, Rejection> {
    if step.case.treatment == Treatment::Unspecified {
        step.must_be_in(&[CaseState::Received, CaseState::Registered, CaseState::SupplementRequested])?;
    } else {
        step.must_be_in(&[CaseState::Registered, CaseState::Lead, CaseState::Declined])?;
    }
    let (expected, actual) = (supplement.original.version, step.case.original_version() + 1);
    if expected != actual {
        // Two came at once: the second was sealed as a version that is taken.
        return Err(Rejection::Version { expected, actual });
    }
    let complete = supplement.missing.is_empty() && !supplement.anonymous;
    let takes_late = step.regulation.late_supplement() == LateSupplement::Reopen;
    if treat::has_run_out(&step, step.at.now) {
        // The tick has not come to it yet: what it would have found is decided here, with the same result.
        let told = (!(complete && takes_late)).then_some(supplement.reply_id);
        treat::unanswered(&mut step, told);
    }
    let treated = step.case.treatment != Treatment::Unspecified;
    let late = treated && !step.case.received.anonymous;
    step.happens(Kind::SupplementProvided(SupplementProvided {
        original: Some(supplement.original.clone()),
        missing: supplement.missing.clone(),
        respondents: supplement.respondents.clone(),
        late,
        anonymous: supplement.anonymous,
        no_contact: supplement.no_contact,
        reopens: treated && complete && (takes_late || !late),
    }));
    step.keeps(Write::Private(supplement.private.clone()));
    Ok(step.done())
}
