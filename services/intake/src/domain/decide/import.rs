//! A running case from paper (house).

use duban_proto::intake::v1::CaseRegistered;
use duban_proto::intake::v1::event::Kind;
use regulation::Rules;
use uuid::Uuid;

use super::step::Step;
use super::submit::accepted;
use super::{At, Outcome, Write};
use crate::domain::{Book, Case, Import, Rejection};

/// It has been registered, and perhaps accepted, on paper: with the number and the days it has there. Nobody is told.
pub(super) fn import(
    rules: &Rules,
    book: &Book,
    case_id: Uuid,
    import: &Import,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if book.case(case_id).is_some() {
        return Err(Rejection::CaseExists(case_id));
    }
    let case = Case::begin(case_id, import.received.clone(), at.now);
    let mut step = Step::new(rules, rules.for_organ(at.organ), at, case);
    step.happened(Kind::ComplaintReceived(import.received.clone()));
    let (year, ordinal) = import.place.unwrap_or_default();
    step.happens(Kind::CaseRegistered(CaseRegistered { number: import.number.clone(), year, ordinal }));
    if let Some(accepted_at) = import.accepted_at {
        accepted(&mut step, Vec::new(), accepted_at);
    }
    step.keeps(Write::Private(import.private.clone()));
    Ok(step.done())
}
