//! Officers that the parent lends for a case (18, house): asked, decided, and noted at the other organ.

use directory::Directory;
use duban_proto::common::v1::OrganKind;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    LoanDecided, LoanGround, LoanNoted, LoanRefusal, LoanRequested, LoanState, TermState, loan_noted::Told,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::inquiry::must_not_be_recused;
use super::step::Step;
use super::{At, Fact, Outcome};
use crate::domain::loan::decided;
use crate::domain::{Book, Inquired, Rejection};

/// The organ that could lend officers to another: the centre or sub-centre above it.
pub fn lender<'d>(directory: &'d Directory, organ: &str) -> Option<&'d str> {
    let parent = directory.parent(organ)?;
    matches!(parent.kind(), OrganKind::Centre | OrganKind::SubCentre).then_some(parent.code.as_str())
}

/// One request at a time: for investigators, or for somebody who decides on the disposition (19).
pub(super) fn request(
    mut step: Step<'_>,
    term: u32,
    loan_id: Uuid,
    (ground, wanted, approves): (LoanGround, u32, bool),
) -> Result<Outcome, Rejection> {
    let tenure = step.held(term)?;
    let under_way =
        matches!(tenure.state(), TermState::Acknowledged | TermState::Investigating | TermState::Returned);
    let under_way = under_way || (approves && tenure.state() == TermState::Submitted);
    if !under_way || tenure.inquiry.loans.iter().any(|loan| loan.state() == LoanState::Open) {
        return Err(step.not_in_state());
    }
    let recused = step.case.recused.iter().map(|recused| recused.event.person.clone());
    let mut excluded: Vec<String> = recused.chain(tenure.inquiry.ever.iter().cloned()).collect();
    excluded.sort_unstable();
    excluded.dedup();
    must_not_be_recused(&step, step.at.actor)?;
    let lender = lender(step.directory, step.at.organ);
    let lender = lender.ok_or_else(|| Rejection::NoLender { organ: step.at.organ.to_owned() })?.to_owned();
    let request = LoanRequested {
        term,
        loan_id: loan_id.to_string(),
        lender: lender.clone(),
        ground: ground.into(),
        wanted,
        excluded,
        facts: step.case.facts.clone(),
        approves,
    };
    step.tells(Kind::LoanRequested(request), Some(lender));
    let loans = step.case.current().map(|tenure| &tenure.inquiry.loans);
    let loan = loans.and_then(|loans| loans.last()).cloned();
    step.answer().inquiry = Some(Inquired { loan, ..Inquired::default() });
    Ok(step.done())
}

/// The parent need not know the case; what it was told before changes nothing.
pub(super) fn note_request(book: &Book, request: &LoanRequested, from: &str, at: Timestamp) -> Outcome {
    if book.staff().loan(&request.loan_id).is_some() {
        return Outcome::default();
    }
    let noted = LoanNoted {
        told: Some(Told::Requested(request.clone())),
        organ: from.to_owned(),
        at: Some(server::time::to_proto(at)),
    };
    Outcome { facts: vec![Fact { kind: Kind::LoanNoted(noted), audience: None }], ..Outcome::default() }
}

/// By a leader of the parent: none who withdrew from the case or took part in it.
pub(super) fn decide(
    book: &Book,
    case_id: Uuid,
    loan_id: Uuid,
    officers: &[String],
    refusal: LoanRefusal,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    if let Some(erased) = book.case(case_id).and_then(|case| case.erased_at) {
        return Err(Rejection::Erased(Timestamp::from_microsecond(erased).unwrap_or_default()));
    }
    let loan = book.staff().open_loan(&loan_id.to_string());
    let loan = loan.filter(|loan| loan.case_id == case_id.to_string());
    let mut loan = loan.cloned().ok_or(Rejection::Nothing { what: "loan", id: loan_id })?;
    if let Some(person) = officers.iter().find(|officer| loan.excluded.contains(officer)) {
        return Err(Rejection::PersonExcluded {
            person: person.clone(),
            zh: "该人员已参与或者回避该案,不得出借。",
            en: "The officer took part in the case or withdrew from it.",
            article: String::new(),
        });
    }
    let mut officers = officers.to_vec();
    officers.sort_unstable();
    officers.dedup();
    let decision = LoanDecided {
        term: loan.term,
        loan_id: loan.loan_id.clone(),
        borrower: loan.borrower.clone(),
        officers,
        refusal: refusal.into(),
    };
    decided(&mut loan, &decision, Some(server::time::to_proto(at.now)));
    let mut outcome = Outcome::default();
    outcome.facts.push(Fact { kind: Kind::LoanDecided(decision), audience: Some(loan.borrower.clone()) });
    outcome.answer.inquiry = Some(Inquired { loan: Some(loan), ..Inquired::default() });
    Ok(outcome)
}

/// Also where the term is over by now: then it is on record, and opens nothing.
pub(super) fn note_decision(
    mut step: Step<'_>,
    decision: &LoanDecided,
    from: &str,
    at: Timestamp,
) -> Outcome {
    let mut loans = step.case.terms.iter().flat_map(|tenure| &tenure.inquiry.loans);
    let waits = loans.any(|loan| {
        loan.loan_id == decision.loan_id && loan.lender == from && loan.state() == LoanState::Open
    });
    if !waits {
        return Outcome::default();
    }
    step.happens(Kind::LoanNoted(LoanNoted {
        told: Some(Told::Decided(decision.clone())),
        organ: from.to_owned(),
        at: Some(server::time::to_proto(at)),
    }));
    step.done()
}
