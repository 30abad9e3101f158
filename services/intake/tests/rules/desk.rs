use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::ReplyOccasion;
use intake::domain::{Accept, Act, Command, Rejection};
use server::time::to_proto;

use crate::support::{CASE, at, due, ledger, names, received, told};

fn article(rejection: Rejection) -> (String, Vec<String>) {
    match rejection {
        Rejection::Forbidden { article, fields, .. } => (article.unwrap_or_default(), fields),
        other => panic!("{other:?}"),
    }
}

#[test]
fn art_10_the_complainant_has_five_workdays_to_supply_what_is_missing() {
    let mut ledger = ledger().with_incomplete();
    let outcome = ledger.asks(&[]).unwrap();
    assert_eq!(names(&outcome), ["supplement requested", "reply due"]);
    assert_eq!(outcome.answer.due_at, Some(to_proto(at("2026-03-10 00:00"))), "Monday's end");
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Supplement);
    assert_eq!(ledger.asks(&[]).unwrap_err(), Rejection::State(CaseState::SupplementRequested));

    let outcome = ledger.supplies(2).unwrap();
    assert_eq!((told(&outcome).state(), told(&outcome).missing.len()), (CaseState::Registered, 0));
    assert_eq!(ledger.case().original_version(), 2);
    assert_eq!(ledger.case().supplement_due_at, None);
}

#[test]
fn nothing_is_asked_for_where_nothing_is_missing_unless_it_is_named() {
    let mut ledger = ledger().with_registered();
    assert_eq!(ledger.asks(&[]).unwrap_err(), Rejection::Nothing { what: "supplement", id: CASE });
    assert_eq!(names(&ledger.asks(&["complainant.name"]).unwrap()), ["supplement requested", "reply due"]);
}

#[test]
fn of_two_supplements_at_once_the_second_is_told_of_the_first() {
    let mut ledger = ledger().with_incomplete();
    ledger.supplies(2).unwrap();
    assert_eq!(ledger.supplies(2).unwrap_err(), Rejection::Version { expected: 2, actual: 3 });
    ledger.supplies(3).unwrap();
}

#[test]
fn art_10_what_is_missing_keeps_a_case_from_being_accepted_unless_the_officer_says_so() {
    let mut ledger = ledger().with_incomplete();
    let refused = ledger.accepts(&[], false).unwrap_err();
    assert_eq!(article(refused), ("10".into(), vec!["complainant.contact".into()]));
    let accept = Accept { despite_missing: true, ..ledger.acceptance(&[], false) };
    let outcome = ledger.acts(Act::Accept(accept)).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::Accepted);
}

#[test]
fn art_8_acceptance_needs_a_ground_and_the_sixth_needs_a_note() {
    let mut ledger = ledger();
    let received = duban_proto::intake::v1::ComplaintReceived { grounds: Vec::new(), ..received() };
    ledger.submits(CASE, received, true);
    assert_eq!(article(ledger.accepts(&[], false).unwrap_err()).1, ["grounds"]);
    assert!(matches!(ledger.accepts(&["8.6"], false), Err(Rejection::Forbidden { .. })));
    let outcome = ledger.accepts(&["8.6"], true).unwrap();
    assert_eq!(told(&outcome).grounds, ["8.6"]);
    assert_eq!(outcome.writes.len(), 1, "the note is kept");
}

#[test]
fn art_16_acceptance_starts_the_time_and_the_complainant_is_told() {
    let mut ledger = ledger().with_registered();
    ledger.now = at("2026-03-03 09:00");
    let outcome = ledger.accepts(&[], false).unwrap();
    assert_eq!(names(&outcome), ["accepted", "reply due"]);
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Accepted);
    assert_eq!(ledger.case().accepted_at, Some(at("2026-03-03 09:00")));
}

#[test]
fn an_officer_acts_on_the_case_as_it_is() {
    let mut ledger = ledger().with_registered();
    let stale = ledger.acceptance(&[], false);
    ledger.asks(&["complainant.name"]).unwrap();
    let refused = ledger.acts(Act::Accept(stale)).unwrap_err();
    assert_eq!(refused, Rejection::Version { expected: 2, actual: 3 });
}

#[test]
fn a_system_knows_of_its_own_complaints_only() {
    let mut ledger = ledger();
    let received = duban_proto::intake::v1::ComplaintReceived { agency: "12345".into(), ..received() };
    ledger.submits(CASE, received, false);
    let withdraw = |agency: &str| Command {
        case_id: Some(CASE),
        agency: Some(agency.into()),
        act: Act::Withdraw { goes_on: false },
    };
    assert_eq!(ledger.does(&withdraw("hotline")).unwrap_err(), Rejection::CaseNotFound(CASE));
    assert_eq!(names(&ledger.does(&withdraw("12345")).unwrap()), ["withdrawn", "retention set"]);
}

#[test]
fn house_a_complaint_is_withdrawn_once_and_not_after_the_conclusion() {
    let mut ledger = ledger().with_accepted();
    let outcome = ledger.acts(Act::Withdraw { goes_on: true }).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::Accepted, "the centre goes on");
    let again = ledger.acts(Act::Withdraw { goes_on: false }).unwrap_err();
    assert_eq!(again, Rejection::State(CaseState::Withdrawn));

    let mut concluded = crate::support::ledger().with_concluded();
    let late = concluded.acts(Act::Withdraw { goes_on: false }).unwrap_err();
    assert_eq!(late, Rejection::State(CaseState::Concluded));
}
