//! What becomes of a complaint that nobody completes in time, or that is anonymous (10, house).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ComplaintTreated, ReplyOccasion, Treatment, TreatmentCause};
use jiff::Timestamp;
use regulation::TreatmentRule;
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, retention};
use crate::domain::ExpireSupplement;

/// The limit of a supplement ran out, as the tick found; nothing where it did not, or was dealt with already. Due is judged by
/// the tick's clock, so that a ledger whose time was once turned ahead lets nothing run out early.
pub(super) fn expire(mut step: Step<'_>, expire: &ExpireSupplement) -> Outcome {
    if !has_run_out(&step, expire.at) {
        return Outcome::default();
    }
    unanswered(&mut step, Some(expire.reply_id));
    step.done()
}

/// Something was asked for, and the limit is over.
pub(super) fn has_run_out(step: &Step<'_>, now: Timestamp) -> bool {
    let asked = step.case.state == CaseState::SupplementRequested;
    asked && step.case.supplement_due_at.is_some_and(|due| due <= now)
}

/// What the regulation says of one that nobody completed. With a reply's id, the complainant is told.
pub(super) fn unanswered(step: &mut Step<'_>, reply_id: Option<Uuid>) {
    let due_at = step.case.supplement_due_at.map(server::time::to_proto);
    let rule = step.regulation.unanswered();
    treat(step, TreatmentCause::Unanswered, rule, due_at, reply_id);
}

/// What the regulation says of one that is anonymous; true where that ends it. Nothing for any other.
pub(super) fn anonymous(step: &mut Step<'_>, reply_id: Option<Uuid>) -> bool {
    if !step.case.received.anonymous {
        return false;
    }
    let rule = step.regulation.anonymous();
    treat(step, TreatmentCause::Anonymous, rule, None, reply_id);
    treatment(rule) != Treatment::WithoutReply
}

fn treat(
    step: &mut Step<'_>,
    cause: TreatmentCause,
    rule: &TreatmentRule,
    due_at: Option<prost_types::Timestamp>,
    reply_id: Option<Uuid>,
) {
    let treatment = treatment(rule);
    let citation = step.cite(&rule.basis, code(cause), Some(&rule.text));
    step.happens(Kind::ComplaintTreated(ComplaintTreated {
        treatment: treatment.into(),
        cause: cause.into(),
        due_at,
        citation: Some(citation.clone()),
    }));
    retention::set(step, None);
    let occasion = match treatment {
        Treatment::Lead => ReplyOccasion::Lead,
        Treatment::Declined => ReplyOccasion::Declined,
        Treatment::WithoutReply | Treatment::Unspecified => return,
    };
    if let Some(reply_id) = reply_id {
        step.must_tell(reply_id, occasion, citation, None);
    }
}

/// The code under which a case that ends so is closed, and which the citation names as its rule.
pub(in crate::domain) fn code(cause: TreatmentCause) -> &'static str {
    match cause {
        TreatmentCause::Unspecified => "",
        TreatmentCause::Unanswered => "unanswered",
        TreatmentCause::Anonymous => "anonymous",
    }
}

fn treatment(rule: &TreatmentRule) -> Treatment {
    match rule.treatment {
        regulation::Treatment::Lead => Treatment::Lead,
        regulation::Treatment::WithoutReply => Treatment::WithoutReply,
        regulation::Treatment::Decline => Treatment::Declined,
    }
}
