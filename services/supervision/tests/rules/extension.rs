use duban_proto::common::v1::Light;
use duban_proto::supervision::v1::{ExtensionState, StopReason, event::Kind};
use supervision::domain::{ClockKey, NotExtended, Rejection, Which};

use crate::support::{CASE, Ledger, at, extension_of, ledger, names};

fn why(rejection: Rejection) -> NotExtended {
    match rejection {
        Rejection::ExtensionNotAllowed { why, most, article } => {
            assert_eq!((most.as_str(), article.as_str()), ("30 workdays", "17"));
            why
        }
        other => panic!("{other:?}"),
    }
}

fn asked() -> Ledger {
    let mut ledger = ledger("baoshan").with_case();
    ledger.asks(0, "20 workdays", 7).unwrap();
    ledger
}

#[test]
fn art_17_an_extension_granted_by_somebody_else_moves_the_end() {
    let mut ledger = asked();
    let decision = ledger.decides("li.na", 7, true).unwrap();
    assert_eq!(extension_of(&decision.answer), ("20 workdays".to_owned(), ExtensionState::Granted.into()));
    assert_eq!(ledger.due(0), at("2026-03-31 00:00"));
    assert_eq!(decision.answer.clock.unwrap().length, "20 workdays");
}

#[test]
fn art_17_an_extension_refused_moves_nothing_and_is_decided_once() {
    let mut ledger = asked();
    let decision = ledger.decides("li.na", 7, false).unwrap();
    assert_eq!(decision.facts.len(), 1);
    assert_eq!(ledger.due(0), at("2026-03-17 00:00"));
    assert_eq!(ledger.decides("li.na", 7, true).unwrap_err(), Rejection::Decided("REFUSED"));
}

#[test]
fn art_17_extension_never_past_30_workdays() {
    let mut ledger = ledger("baoshan").with_case();
    assert_eq!(why(ledger.asks(0, "31 workdays", 7).unwrap_err()), NotExtended::TooLong);
    ledger.asks(0, "30 workdays", 7).unwrap();
    ledger.decides("li.na", 7, true).unwrap();
    assert_eq!(why(ledger.asks(0, "31 workdays", 8).unwrap_err()), NotExtended::TooLong);
}

#[test]
fn art_17_not_after_the_end() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.now = at("2026-03-17 00:00");
    assert_eq!(why(ledger.asks(0, "20 workdays", 7).unwrap_err()), NotExtended::AfterTheEnd);
}

#[test]
fn art_17_not_by_whoever_asked() {
    let mut ledger = asked();
    let rejection = ledger.decides("zhang.wei", 7, true).unwrap_err();
    assert_eq!(rejection, Rejection::OwnRequest { person: "zhang.wei".into(), article: "17".into() });
    assert_eq!(ledger.due(0), at("2026-03-17 00:00"));
}

#[test]
fn no_shorter_no_other_unit_and_no_second_one_at_a_time() {
    let mut ledger = ledger("baoshan").with_case();
    assert_eq!(why(ledger.asks(0, "10 workdays", 7).unwrap_err()), NotExtended::NotLonger);
    assert_eq!(why(ledger.asks(0, "20 days", 7).unwrap_err()), NotExtended::OtherUnit);
    ledger.asks(0, "20 workdays", 7).unwrap();
    assert_eq!(why(ledger.asks(0, "25 workdays", 8).unwrap_err()), NotExtended::AlreadyAsked);
}

#[test]
fn not_for_a_clock_that_is_stopped_or_not_there() {
    let mut ledger = asked();
    assert_eq!(
        ledger.asks(3, "20 workdays", 8).unwrap_err(),
        Rejection::NoSuchClock { case_id: CASE, term: 3 }
    );
    ledger.stops(Which::All, StopReason::Concluded, "2026-03-05 12:00");
    assert_eq!(ledger.decides("li.na", 7, true).unwrap_err(), Rejection::Stopped("CONCLUDED"));
    let mut other = crate::support::ledger("baoshan");
    assert_eq!(other.asks(0, "20 workdays", 8).unwrap_err(), Rejection::NoSuchCase(CASE));
}

#[test]
fn rungs_that_fired_for_an_end_that_is_withdrawn_are_annulled_and_fire_again_for_the_new_one() {
    let mut ledger = asked();
    assert_eq!(names(&ledger.fires("2026-03-13 00:00")), ["due_soon"]);
    assert_eq!(ledger.counts().due_soon, 1);
    let facts = ledger.decides("li.na", 7, true).unwrap().facts;
    let Kind::ClockMoved(moved) = &facts[1].kind else { panic!("{facts:?}") };
    assert_eq!((moved.rungs_standing, moved.light()), (0, Light::Green));
    assert_eq!(ledger.counts().due_soon, 0);
    assert!(ledger.fires("2026-03-26 23:59").is_empty());
    assert_eq!(names(&ledger.fires("2026-03-27 00:00")), ["due_soon"]);
}

#[test]
fn a_holders_extension_takes_the_homes_clock_along_up_to_30_workdays_from_acceptance() {
    let mut home = ledger("baoshan").with_case();
    let mut holder = ledger("baoshan.luodian");
    holder.starts(ClockKey::term(CASE, 1), "2026-03-09 10:00", "2026-03-02 10:00", "baoshan");
    holder.now = at("2026-03-10 09:00");
    assert_eq!(why(holder.asks(1, "30 workdays", 7).unwrap_err()), NotExtended::TooLong);
    holder.asks(1, "20 workdays", 7).unwrap();
    let facts = holder.decides("li.na", 7, true).unwrap().facts;
    assert_eq!(facts[0].audience.as_ref().unwrap().as_str(), "baoshan");
    home.now = holder.now;
    let noted = home.hears(&facts[0]).facts;
    assert!(matches!(noted[0].kind, Kind::ExtensionDecided(_)));
    assert_eq!(noted[0].audience, None, "the home registered it: its own intake reads it here");
    assert_eq!(home.due(0), holder.due(1));
    assert!(home.hears(&facts[0]).facts.is_empty(), "heard twice, done once");
}

#[test]
fn a_request_that_brings_a_second_data_key_is_made_again_with_the_first() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    ledger.asks_with_new_key(0, 7).unwrap();
    assert_eq!(ledger.asks_with_new_key(1, 8).unwrap_err(), Rejection::KeyIsThere(CASE));
    ledger.asks(1, "20 workdays", 8).unwrap();
}
