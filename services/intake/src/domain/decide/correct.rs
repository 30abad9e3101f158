//! What was registered wrong is put right (house).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::CaseCorrected;
use duban_proto::intake::v1::event::Kind;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Correct, Rejection};

/// At any time before the case is filed, on the version the officer saw.
pub(super) fn correct(mut step: Step<'_>, correct: &Correct) -> Result<Outcome, Rejection> {
    step.must_be_at(correct.version)?;
    if step.case.state == CaseState::Archived {
        return Err(Rejection::State(step.case.state));
    }
    step.happens(Kind::CaseCorrected(CaseCorrected {
        received: Some(correct.received.clone()),
        fields: correct.fields.clone(),
        reason: Some(correct.reason.clone()),
    }));
    step.answer().corrected.clone_from(&correct.fields);
    step.keeps(Write::Private(correct.private.clone()));
    Ok(step.done())
}
