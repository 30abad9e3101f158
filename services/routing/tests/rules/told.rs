//! What one organ's ledger tells another's: once, and void where its term is no longer current.

use duban_proto::common::v1::CaseState;
use routing::domain::Act;

use crate::support::{CENTRE, District, LEADER, TOWN, about_a_clerk, names, routing};

/// What the town reports when it has concluded.
fn concluded() -> (District, Act) {
    let mut district = District::acknowledged();
    district.works(TOWN);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    let mut mail = district.take_mail();
    let (from, fact) = mail.pop().unwrap();
    assert!(mail.is_empty());
    let now = district.now;
    (district, Act::heard(fact.kind, &from, now).unwrap().unwrap())
}

#[test]
fn art_6_2_a_result_concludes_the_case_at_its_home_once() {
    let (mut district, result) = concluded();
    assert_eq!(district.state(CENTRE), CaseState::InHandling);
    assert_eq!(names(&district.hears(CENTRE, result.clone())), ["case_concluded"]);
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
    assert_eq!(names(&district.hears(CENTRE, result)), [""; 0], "heard again");
}

#[test]
fn art_6_2_an_act_of_a_term_that_ended_is_kept_and_void() {
    let (mut district, result) = concluded();
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    assert_eq!(names(&district.hears(CENTRE, result.clone())), ["act_voided"]);
    assert_eq!(district.state(CENTRE), CaseState::Withdrawn);
    let [void] = district.case(CENTRE).void_acts.as_slice() else { panic!("one act is void") };
    assert_eq!((void.term, void.organ.as_str(), void.act.as_str()), (1, TOWN, "result_reported"));
    assert_eq!(names(&district.hears(CENTRE, result)), [""; 0], "heard again");
}

#[test]
fn an_acknowledgement_of_a_term_nobody_gave_is_void() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let now = district.now;
    let told = |term| Act::NoteAcknowledgement { term, organ: TOWN.into(), at: now };
    assert_eq!(names(&district.hears(CENTRE, told(2))), ["act_voided"]);
    assert_eq!(names(&district.hears(CENTRE, told(1))), ["transfer_noted"]);
    assert_eq!(names(&district.hears(CENTRE, told(1))), [""; 0], "heard again");
}

#[test]
fn a_term_told_twice_begins_once() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    district.does(CENTRE, LEADER, routing(2)).unwrap();
    let (from, fact) = district.take_mail().remove(0);
    let now = district.now;
    let told = Act::heard(fact.kind, &from, now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, told.clone())), ["term_received"]);
    assert_eq!(names(&district.hears(TOWN, told)), [""; 0]);
    assert_eq!(district.case(TOWN).terms.len(), 1);
}

#[test]
fn a_home_moves_only_to_where_the_case_was_reported() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    assert_eq!(names(&district.hears(CENTRE, Act::MoveHome { home: TOWN.into() })), [""; 0]);
}

#[test]
fn the_outcome_is_for_the_organ_that_registered_and_is_not_the_home() {
    let mut district = District::acknowledged();
    district.concludes(TOWN);
    let again = Act::NoteOutcome(duban_proto::routing::v1::CaseConcluded::default());
    assert_eq!(names(&district.hears(CENTRE, again)), [""; 0]);
}
