//! How urgent a case is (house).

use duban_proto::common::v1::{Action, CaseState, Urgency};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseCorrected, UrgencySet};
use intake::domain::{Act, Outcome, Rejection, allowed_actions};

use crate::support::{Ledger, at, ledger, names};

fn sets(ledger: &mut Ledger, urgency: Urgency, public_opinion: bool) -> Result<Outcome, Rejection> {
    ledger.acts(Act::SetUrgency(UrgencySet { urgency: urgency.into(), public_opinion }))
}

#[test]
fn house_it_is_said_at_any_time_before_the_end_and_goes_with_the_facts() {
    let mut ledger = ledger().with_registered();
    let outcome = sets(&mut ledger, Urgency::MostUrgent, true).unwrap();
    assert_eq!(names(&outcome), ["urgency set"]);
    let told = outcome.answer.case.unwrap();
    assert_eq!((told.urgency(), told.public_opinion), (Urgency::MostUrgent, true));
    assert_eq!(names(&sets(&mut ledger, Urgency::MostUrgent, true).unwrap()), [""; 0], "said once more");
    let accepted = ledger.accepts(&[], false).unwrap();
    let facts = accepted.facts.iter().find_map(|kind| match kind {
        Kind::CaseAccepted(event) => event.facts.clone(),
        _ => None,
    });
    let facts = facts.unwrap();
    assert_eq!((facts.urgency(), facts.public_opinion), (Urgency::MostUrgent, true));
    sets(&mut ledger, Urgency::Unspecified, false).unwrap();
    assert!(!ledger.case().received.public_opinion);
}

#[test]
fn house_a_correction_of_the_complaint_takes_it_not_back() {
    let mut ledger = ledger().with_accepted();
    sets(&mut ledger, Urgency::Urgent, true).unwrap();
    let mut case = ledger.case().clone();
    let mut received = case.received.clone();
    (received.urgency, received.public_opinion) = (0, false);
    let corrected = CaseCorrected { received: Some(received), ..CaseCorrected::default() };
    assert!(case.apply(&Kind::CaseCorrected(corrected), at("2026-03-03 10:00")));
    assert_eq!((case.received.urgency(), case.received.public_opinion), (Urgency::Urgent, true));
}

#[test]
fn house_nobody_says_it_of_a_case_that_ended() {
    let mut ledger = ledger().with_accepted();
    ledger.acts(Act::Withdraw { goes_on: false }).unwrap();
    let refused = sets(&mut ledger, Urgency::Urgent, false).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Withdrawn));
    let may = |role: access::Role| allowed_actions(ledger.case(), |asked| asked == role);
    assert!(!may(access::Role::Desk).contains(&Action::SetUrgency));
}
