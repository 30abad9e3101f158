//! A department answers what was referred to it, or does not (14(4), house).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{ReferralOutcome, ReferralState};
use intake::domain::{Act, Outcome, RecordReferralAnswer, Rejection, Way};

use crate::support::{CASE, Ledger, at, ledger, names};

fn referred() -> Ledger {
    let mut ledger = ledger().with_registered();
    ledger.closes(Way::Refer { department: "letters_and_visits".into() }).unwrap();
    ledger
}

fn answers(ledger: &mut Ledger) -> Result<Outcome, Rejection> {
    ledger.acts(Act::RecordReferralAnswer(Box::new(RecordReferralAnswer {
        answered_on: jiff::civil::date(2026, 3, 5),
        outcome: ReferralOutcome::Handled,
        text: None,
    })))
}

fn ticks(ledger: &mut Ledger) -> Outcome {
    let at = ledger.now;
    ledger.acts(Act::ReferralOverdue { at }).unwrap()
}

fn state(ledger: &Ledger) -> ReferralState {
    ledger.book.referral(CASE).unwrap().state()
}

#[test]
fn art_14_4_a_department_that_does_not_answer_in_time_is_to_be_reminded_once() {
    let mut ledger = referred();
    assert_eq!(ledger.book.referral(CASE).unwrap().due_at, Some(at("2026-03-24 00:00")));
    ledger.now = at("2026-03-23 23:59");
    assert!(ticks(&mut ledger).facts.is_empty());
    ledger.now = at("2026-03-24 00:00");
    assert_eq!(names(&ticks(&mut ledger)), ["referral overdue"]);
    assert_eq!((state(&ledger), ledger.case().state), (ReferralState::Overdue, CaseState::Referred));
    assert!(ticks(&mut ledger).facts.is_empty(), "once");
    answers(&mut ledger).unwrap();
    assert_eq!(state(&ledger), ReferralState::Answered);
}

#[test]
fn art_14_4_an_answer_is_recorded_once_and_only_where_something_was_referred() {
    let nothing = Rejection::Nothing { what: "referral", id: CASE };
    assert_eq!(answers(&mut ledger().with_registered()).unwrap_err(), nothing);
    let mut ledger = referred();
    let answered = answers(&mut ledger).unwrap().answer.referral.unwrap();
    assert_eq!((answered.answered_on.as_str(), answered.outcome()), ("2026-03-05", ReferralOutcome::Handled));
    assert_eq!(answers(&mut ledger).unwrap_err(), nothing);
    ledger.now = at("2026-04-30 00:00");
    assert!(ticks(&mut ledger).facts.is_empty(), "an answered one runs out no more");
}

#[test]
fn house_without_a_limit_nothing_runs_out() {
    let mut ledger = ledger().by_measures("answer_within = \"15 workdays\"\n", "").with_registered();
    ledger.closes(Way::Refer { department: "letters_and_visits".into() }).unwrap();
    ledger.now = at("2026-12-30 00:00");
    assert!(ticks(&mut ledger).facts.is_empty());
    assert_eq!(state(&ledger), ReferralState::Open);
}
