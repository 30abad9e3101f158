//! What becomes of a complaint that nobody completes, or that is anonymous (10, house).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    ComplaintReceived, ReplyOccasion, SupplementProvided, Treatment, TreatmentCause,
};
use intake::domain::{Accept, Act, ExpireSupplement, Outcome, Rejection};

use crate::support::{CASE, LATE_REPLY, Ledger, at, due, ledger, names, received, told};

fn asked() -> Ledger {
    let mut ledger = ledger().with_incomplete();
    ledger.asks(&[]).unwrap();
    ledger
}

fn ticks(ledger: &mut Ledger) -> Outcome {
    let expire = ExpireSupplement { at: ledger.now, reply_id: LATE_REPLY };
    ledger.acts(Act::ExpireSupplement(expire)).unwrap()
}

fn supplement(outcome: &Outcome) -> &SupplementProvided {
    let found = outcome.facts.iter().find_map(|kind| match kind {
        Kind::SupplementProvided(event) => Some(event),
        _ => None,
    });
    found.expect("a supplement")
}

fn anonymous() -> ComplaintReceived {
    let missing = ["complainant.name", "complainant.contact"].map(str::to_owned).to_vec();
    ComplaintReceived { missing, anonymous: true, no_contact: true, ..received() }
}

#[test]
fn art_10_a_supplement_that_does_not_come_leaves_a_lead_once_and_is_told() {
    let mut ledger = asked();
    ledger.now = at("2026-03-09 23:59");
    assert!(ticks(&mut ledger).facts.is_empty(), "the last day is not over");
    ledger.now = at("2026-03-10 00:00");
    let outcome = ticks(&mut ledger);
    assert_eq!(names(&outcome), ["treated", "retention set", "reply due"]);
    let Some(Kind::ComplaintTreated(treated)) = outcome.facts.first() else { panic!("{outcome:?}") };
    assert_eq!((treated.treatment(), treated.cause()), (Treatment::Lead, TreatmentCause::Unanswered));
    assert_eq!(treated.due_at, Some(server::time::to_proto(at("2026-03-10 00:00"))));
    let citation = treated.citation.as_ref().unwrap();
    assert_eq!((citation.rule.as_str(), citation.regulation.as_str()), ("unanswered", "baoshan-2009-5"));
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Lead);
    assert_eq!((told(&outcome).state(), ledger.case().closing.as_str()), (CaseState::Lead, "unanswered"));
    assert!(ticks(&mut ledger).facts.is_empty(), "once");
}

#[test]
fn art_10_a_supplement_in_time_leaves_the_limit_nothing() {
    let mut ledger = asked();
    ledger.now = at("2026-03-09 23:59");
    let outcome = ledger.supplies(2).unwrap();
    assert!(!supplement(&outcome).late && !supplement(&outcome).reopens);
    ledger.now = at("2026-04-01 00:00");
    assert!(ticks(&mut ledger).facts.is_empty());
    assert_eq!(ledger.case().state, CaseState::Registered);
}

#[test]
fn art_10_a_late_supplement_is_kept_and_opens_the_case_again_as_the_regulation_says() {
    let mut ledger = asked();
    ledger.now = at("2026-03-20 09:00");
    ticks(&mut ledger);
    let outcome = ledger.supplies(2).unwrap();
    assert!(supplement(&outcome).late && supplement(&outcome).reopens);
    let case = ledger.case();
    assert_eq!(
        (case.state, case.treatment, case.closing.as_str()),
        (CaseState::Registered, Treatment::Unspecified, "")
    );
    assert_eq!(ledger.supplies(2).unwrap_err(), Rejection::Version { expected: 2, actual: 3 });
}

#[test]
fn art_10_late_is_late_also_before_the_tick_has_looked() {
    let mut ledger = asked();
    ledger.now = at("2026-03-10 00:00");
    let outcome = ledger.supplies(2).unwrap();
    assert_eq!(
        names(&outcome),
        ["treated", "retention set", "supplement provided"],
        "nobody is told what does not stand"
    );
    assert!(supplement(&outcome).late);
    assert_eq!(ledger.case().state, CaseState::Registered);
    assert!(ticks(&mut ledger).facts.is_empty());
}

#[test]
fn art_10_a_late_supplement_that_leaves_something_missing_is_kept_and_no_more() {
    let mut ledger = asked();
    ledger.now = at("2026-03-10 00:00");
    ticks(&mut ledger);
    let still = vec!["complainant.contact".to_owned()];
    let outcome = ledger.supplies_but(2, still).unwrap();
    assert!(supplement(&outcome).late && !supplement(&outcome).reopens);
    assert_eq!((ledger.case().state, ledger.case().original_version()), (CaseState::Lead, 2));
}

#[test]
fn art_10_what_is_anonymous_is_a_lead_on_registration_and_nobody_is_told() {
    let mut ledger = ledger();
    let outcome = ledger.submits(CASE, anonymous(), true);
    assert_eq!(names(&outcome), ["received", "registered", "treated", "retention set"]);
    assert!(told(&outcome).anonymous);
    assert_eq!((told(&outcome).state(), told(&outcome).treatment()), (CaseState::Lead, Treatment::Lead));

    // It may still be taken up, which nobody can be told either.
    assert!(matches!(ledger.accepts(&[], false), Err(Rejection::Forbidden { .. })));
    let accept = Accept { despite_missing: true, ..ledger.acceptance(&[], false) };
    assert_eq!(names(&ledger.acts(Act::Accept(accept)).unwrap()), ["accepted"]);
}

#[test]
fn art_10_a_system_that_stands_between_is_told_what_becomes_of_an_anonymous_one() {
    let mut ledger = ledger();
    let received = ComplaintReceived { agency: "12345".into(), ..anonymous() };
    assert_eq!(names(&ledger.submits(CASE, received, false)), ["received"]);
    let outcome = ledger.registers().unwrap();
    assert_eq!(names(&outcome), ["registered", "treated", "retention set", "reply due"]);
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Lead);
}

#[test]
fn art_10_who_names_themselves_later_is_no_more_anonymous() {
    let mut ledger = ledger();
    ledger.submits(CASE, anonymous(), true);
    let outcome = ledger.supplies(2).unwrap();
    assert!(!supplement(&outcome).late && supplement(&outcome).reopens);
    assert!(!told(&outcome).anonymous);
    assert_eq!(ledger.case().state, CaseState::Registered);
    assert!(names(&ledger.accepts(&[], false).unwrap()).contains(&"reply due"));
}

#[test]
fn house_by_another_regulation_it_is_handled_without_a_reply_or_declined() {
    let mut without =
        ledger().by_measures("treatment = \"lead\"", "treatment = \"without_reply\"").with_incomplete();
    without.asks(&[]).unwrap();
    without.now = at("2026-03-10 00:00");
    assert_eq!(names(&ticks(&mut without)), ["treated"]);
    assert_eq!(without.case().state, CaseState::Registered);
    assert_eq!(names(&without.accepts(&[], false).unwrap()), ["accepted"], "the contact is missed no more");

    let mut declined =
        ledger().by_measures("treatment = \"lead\"", "treatment = \"decline\"").with_incomplete();
    declined.asks(&[]).unwrap();
    declined.now = at("2026-03-10 00:00");
    let outcome = ticks(&mut declined);
    assert_eq!(
        (names(&outcome), told(&outcome).state()),
        (vec!["treated", "retention set", "reply due"], CaseState::Declined)
    );
    assert_eq!(due(&outcome).occasion(), ReplyOccasion::Declined);

    let mut kept = ledger().by_measures("late = \"reopen\"", "late = \"keep\"").with_incomplete();
    kept.asks(&[]).unwrap();
    kept.now = at("2026-03-10 00:00");
    let outcome = kept.supplies(2).unwrap();
    assert_eq!(names(&outcome), ["treated", "retention set", "reply due", "supplement provided"]);
    assert_eq!(kept.case().state, CaseState::Lead);
}
