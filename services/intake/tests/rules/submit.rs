use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::ReplyOccasion;
use duban_proto::intake::v1::event::Kind;
use intake::domain::{Act, Rejection, Submit};

use crate::support::{CASE, OTHER_CASE, at, due, kept, ledger, names, received, told};

#[test]
fn art_13_a_desk_registers_at_once_and_tells_the_number_in_the_answer() {
    let outcome = ledger().submits(CASE, received(), true);
    assert_eq!(names(&outcome), ["received", "registered"], "no reply is due: the number is in the answer");
    let case = told(&outcome);
    assert_eq!(
        (case.number.as_str(), case.state(), case.version),
        ("宝效投〔2026〕1号", CaseState::Registered, 2)
    );
}

#[test]
fn art_13_what_a_system_hands_in_waits_until_an_officer_registers_it() {
    let mut ledger = ledger();
    let outcome = ledger.submits(CASE, received(), false);
    assert_eq!(names(&outcome), ["received"]);
    assert_eq!((told(&outcome).number.as_str(), told(&outcome).state()), ("", CaseState::Received));

    let outcome = ledger.registers().unwrap();
    assert_eq!(names(&outcome), ["registered", "reply due"]);
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Receipt);
    assert_eq!(ledger.registers().unwrap_err(), Rejection::State(CaseState::Registered));
}

#[test]
fn art_13_numbers_go_on_without_a_gap_and_begin_anew_with_the_year_in_shanghai() {
    let mut ledger = ledger();
    ledger.now = at("2026-12-31 23:59");
    ledger.submits(CASE, received(), true);
    let outcome = ledger.submits(OTHER_CASE, received(), true);
    assert_eq!(told(&outcome).number, "宝效投〔2026〕2号");
    ledger.now = at("2027-01-01 00:00");
    let outcome = ledger.submits(uuid::Uuid::from_u128(3), received(), true);
    assert_eq!(told(&outcome).number, "宝效投〔2027〕1号");
}

#[test]
fn house_where_the_rules_accept_at_once_all_of_it_is_one_decision() {
    let mut ledger = ledger();
    let outcome = ledger.submits_automatically();
    assert_eq!(names(&outcome), ["received", "registered", "accepted", "masks confirmed"]);
    let Kind::CaseAccepted(accepted) = &outcome.facts[2] else { panic!("{outcome:?}") };
    let facts = accepted.facts.as_ref().unwrap();
    assert_eq!((facts.number.as_str(), facts.registering_organ.as_str()), ("宝效投〔2026〕1号", "baoshan"));
    assert_eq!(facts.accepted_at, Some(server::time::to_proto(ledger.now)));
    assert!(told(&outcome).masks_confirmed);
    assert_eq!(told(&outcome), &intake::domain::summary(ledger.case(), "baoshan"), "answer and ledger agree");
}

#[test]
fn a_case_begins_once() {
    let mut ledger = ledger().with_registered();
    let submit = Submit { received: received(), register: None, automatic: None, private: kept(Vec::new()) };
    assert_eq!(ledger.acts(Act::Submit(Box::new(submit))).unwrap_err(), Rejection::CaseExists(CASE));
}
