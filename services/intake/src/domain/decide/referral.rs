//! A department answers a referral, or does not in time (14(4), house).

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ReferralAnswered, ReferralOverdue, ReferralState};
use jiff::Timestamp;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Book, RecordReferralAnswer, Rejection, referral_message};

/// Once, in time or late.
pub(super) fn answer(
    mut step: Step<'_>,
    book: &Book,
    answer: &RecordReferralAnswer,
) -> Result<Outcome, Rejection> {
    let case_id = step.case.case_id;
    let open = book.referral(case_id).filter(|referral| referral.state() != ReferralState::Answered);
    let mut referral = open.ok_or(Rejection::Nothing { what: "referral", id: case_id })?.clone();
    let answered = ReferralAnswered {
        department: referral.department.clone(),
        answered_on: answer.answered_on.to_string(),
        outcome: answer.outcome.into(),
        text: answer.text.as_ref().map(content::Draft::reference),
    };
    referral.answer = Some(answered.clone());
    step.answer().referral = Some(referral_message(&referral, step.at.organ, &step.case.number.clone()));
    step.happens(Kind::ReferralAnswered(answered));
    if let Some(text) = &answer.text {
        step.keeps(Write::Draft(text.clone()));
    }
    Ok(step.done())
}

/// Its limit ran out, as the tick found; nothing where it was answered, or that is on record already.
pub(super) fn overdue(mut step: Step<'_>, book: &Book, now: Timestamp) -> Outcome {
    let due = book.referral(step.case.case_id).filter(|one| one.next_at().is_some_and(|due| due <= now));
    let Some(referral) = due else { return Outcome::default() };
    step.happens(Kind::ReferralOverdue(ReferralOverdue {
        department: referral.department.clone(),
        due_at: referral.due_at.map(server::time::to_proto),
        citation: referral.citation.clone(),
    }));
    step.done()
}
