//! Receipt and registration (9, 10, 13).

use duban_proto::common::v1::{CaseFacts, CaseState};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    CaseAccepted, CaseRegistered, ComplaintReceived, MasksConfirmed, ReplyOccasion,
};
use jiff::Timestamp;
use regulation::{Numbered, Rules};
use uuid::Uuid;

use super::step::Step;
use super::{At, Outcome, Write, treat};
use crate::domain::{Automatic, Book, Case, Register, Rejection, Submit};

/// A system's complaint waits in the desk's queue; an officer's is registered at once; where the regulation says so, a
/// complete one is accepted at once, and number and acceptance are told in the very answer.
pub(super) fn submit(
    rules: &Rules,
    book: &Book,
    case_id: Uuid,
    submit: &Submit,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if book.case(case_id).is_some() {
        return Err(Rejection::CaseExists(case_id));
    }
    let case = Case::begin(case_id, submit.received.clone(), at.now);
    let mut step = Step::new(rules, rules.for_organ(at.organ), at, case);
    step.happened(Kind::ComplaintReceived(submit.received.clone()));
    if let Some(register) = &submit.register {
        give_number(&mut step, book, &register.prefix)?;
        treat::anonymous(&mut step, None);
        if let Some(automatic) = &submit.automatic {
            accept_at_once(&mut step, automatic);
        }
    }
    step.keeps(Write::Private(submit.private.clone()));
    Ok(step.done())
}

/// By a member of the staff, under the organ's next number (13). The complainant is told the number (16), or what becomes of an
/// anonymous one.
pub(super) fn register(mut step: Step<'_>, book: &Book, register: &Register) -> Result<Outcome, Rejection> {
    step.must_be_in(&[CaseState::Received])?;
    give_number(&mut step, book, &register.prefix)?;
    if !treat::anonymous(&mut step, Some(register.reply_id)) {
        let citation = step.cite_article("16");
        step.must_tell(register.reply_id, ReplyOccasion::Receipt, citation, None);
    }
    Ok(step.done())
}

/// The next number of the year, by the calendar of the regulation's zone; gapless, for it is counted under the lock of
/// the organ's ledger.
fn give_number(step: &mut Step<'_>, book: &Book, prefix: &str) -> Result<(), Rejection> {
    let year = step.regulation.counting().zone.to_datetime(step.at.now).year();
    let register = u32::try_from(year).unwrap_or_default();
    let ordinal = book.next_ordinal(register);
    let numbering = step.regulation.numbering(Numbered::Case).ok_or(Rejection::NoLimit("numbering"))?;
    let number = numbering.template.render(prefix, year, u64::from(ordinal));
    step.happens(Kind::CaseRegistered(CaseRegistered { number, year: register, ordinal }));
    Ok(())
}

fn accept_at_once(step: &mut Step<'_>, automatic: &Automatic) {
    let now = step.at.now;
    accepted(step, Vec::new(), now);
    if let Some((copy, masks)) = &automatic.working_copy {
        let copy = copy.clone();
        step.happens(Kind::MasksConfirmed(MasksConfirmed {
            working_copy: Some(copy.clone()),
            masks: *masks,
            automatic: true,
        }));
        step.answer().working_copy = Some(copy);
    }
}

/// What everybody else decides by, of a complaint as it came in.
pub(crate) fn facts(organ: &str, received: &ComplaintReceived) -> CaseFacts {
    CaseFacts {
        registering_organ: organ.to_owned(),
        channel: received.channel.clone(),
        source: received.source,
        grounds: received.grounds.clone(),
        respondents: received.respondents.clone(),
        weights: received.weights.clone(),
        leader_instruction: received.leader_instruction,
        external_due_at: received.external_due_at,
        urgency: received.urgency,
        public_opinion: received.public_opinion,
        ..CaseFacts::default()
    }
}

/// The case is accepted at this moment, on these grounds or, where there are none, on those it came with (13, 17).
pub(super) fn accepted(step: &mut Step<'_>, grounds: Vec<String>, at: Timestamp) {
    let mut facts = CaseFacts {
        number: step.case.number.clone(),
        accepted_at: Some(server::time::to_proto(at)),
        citation: Some(step.cite_article("13")),
        automatic: step.regulation.automatic_routing(),
        ..facts(step.at.organ, &step.case.received)
    };
    if !grounds.is_empty() {
        facts.grounds = grounds;
    }
    step.happens(Kind::CaseAccepted(CaseAccepted { facts: Some(facts) }));
}
