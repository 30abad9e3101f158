use duban_proto::common::v1::Light;
use duban_proto::supervision::v1::{Instrument, StopReason, event::Kind};
use jiff::SignedDuration;
use proptest::prelude::*;
use supervision::domain::time::from_wire;
use supervision::domain::{ClockKey, Which};

use crate::support::{CASE, at, ledger, names};

const ALL: [&str; 6] = ["due_soon", "due", "overdue", "reminder", "supervision_notice", "attention"];

#[test]
fn art_17_ten_workdays_from_acceptance_the_start_day_not_counted() {
    let ledger = ledger("baoshan").with_case();
    assert_eq!(ledger.due(0), at("2026-03-17 00:00"));
}

#[test]
fn each_rung_fires_once_in_order_and_at_its_time() {
    let mut ledger = ledger("baoshan").with_case();
    assert!(ledger.fires("2026-03-12 23:59").is_empty());
    assert_eq!(names(&ledger.fires("2026-03-13 00:00")), ["due_soon"]);
    assert!(ledger.fires("2026-03-13 00:00").is_empty(), "it fired already");
    assert_eq!(names(&ledger.fires("2026-03-16 00:00")), ["due"]);
    let overdue = ledger.fires("2026-03-17 00:00");
    assert_eq!(names(&overdue), ["overdue"]);
    assert_eq!(overdue[0].light(), Light::Red);
    assert_eq!(overdue[0].citation.as_ref().unwrap().article, "17");
    assert!(!overdue[0].late);
}

#[test]
fn after_a_stop_what_was_missed_fires_at_once_in_order_and_says_that_it_is_late() {
    let mut ledger = ledger("baoshan").with_case();
    let fired = ledger.fires("2026-04-30 08:00");
    assert_eq!(names(&fired), ALL);
    assert!(fired.iter().all(|rung| rung.late));
    assert_eq!(fired.iter().map(|rung| rung.index).collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5]);
}

#[test]
fn a_rung_is_late_only_more_than_a_second_after_its_time() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.now = at("2026-03-13 00:00") + SignedDuration::from_secs(1);
    assert!(!ledger.fires_at(ledger.now)[0].late);
    ledger.now = at("2026-03-16 00:00") + SignedDuration::from_millis(1001);
    assert!(ledger.fires_at(ledger.now)[0].late);
}

#[test]
fn art_20_a_supervision_notice_has_a_number_and_a_date_to_answer_by() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    let fired = ledger.fires("2026-03-20 00:00");
    let notices: Vec<_> =
        fired.iter().filter(|rung| rung.instrument() == Instrument::SupervisionNotice).collect();
    let numbers: Vec<_> = notices.iter().map(|rung| rung.instrument_number.as_str()).collect();
    assert_eq!(numbers, ["宝效督〔2026〕1号"]);
    assert_eq!(from_wire(notices[0].answer_by.as_ref()), at("2026-03-26 00:00"));
    assert_eq!(notices[0].citation.as_ref().unwrap().article, "20");
}

#[test]
fn a_stopped_clock_fires_nothing() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.stops(Which::All, StopReason::Concluded, "2026-03-10 12:00");
    assert!(ledger.fires("2026-04-30 08:00").is_empty());
}

#[test]
fn art_17_time_is_judged_by_the_approval_and_not_by_when_it_is_noted() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.now = at("2026-03-20 09:00");
    let facts = ledger.stops(Which::All, StopReason::Concluded, "2026-03-16 23:59").facts;
    let Kind::ClockStopped(stopped) = &facts[0].kind else { panic!("{facts:?}") };
    assert!(stopped.on_time);
    assert_eq!(stopped.workdays, 10);
    assert!(ledger.stops(Which::All, StopReason::Concluded, "2026-03-20 23:59").facts.is_empty());
}

#[test]
fn a_clock_never_starts_again() {
    let mut ledger = ledger("baoshan").with_case();
    let again = ledger.starts(ClockKey::case(CASE), "2026-03-09 10:00", "2026-03-09 10:00", "baoshan");
    assert!(again.facts.is_empty());
    assert_eq!(ledger.due(0), at("2026-03-17 00:00"));
}

#[test]
fn art_17_a_terms_clock_is_capped_by_the_cases() {
    let mut ledger = ledger("baoshan.luodian");
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-09 10:00", "2026-03-02 10:00", "baoshan");
    assert_eq!(ledger.due(1), at("2026-03-17 00:00"));
    let clock = ledger.book.clock(ClockKey::term(CASE, 1)).unwrap();
    assert_eq!(clock.length.to_string(), "5 workdays");
}

#[test]
fn a_calendar_that_changed_is_worked_out_again_once_and_on_record() {
    let mut ledger = ledger("baoshan").with_case();
    let key = ClockKey::case(CASE);
    let again = supervision::domain::Command::WorkOutAgain(vec![key]);
    assert!(ledger.does("service:supervision", &again).unwrap().facts.is_empty());
    let mut clock = ledger.book.clock(key).unwrap().clone();
    clock.calendar = "another".into();
    clock.due_at = at("2026-03-18 00:00");
    ledger.book.with_clocks([clock]);
    let facts = ledger.does("service:supervision", &again).unwrap().facts;
    assert!(matches!(facts[0].kind, Kind::ClockMoved(_)));
    assert_eq!(ledger.due(0), at("2026-03-17 00:00"));
}

proptest! {
    #[test]
    fn whenever_the_tick_comes_every_rung_fires_once_and_in_order(steps in prop::collection::vec(0_i64..200, 1..60)) {
        let mut ledger = ledger("baoshan").with_case();
        let mut fired = Vec::new();
        let hours = steps.into_iter().chain([24 * 60]);
        for step in hours {
            ledger.now += SignedDuration::from_hours(step);
            let now = ledger.now;
            for rung in ledger.fires_at(now) {
                prop_assert!(from_wire(rung.due_at.as_ref()) <= now);
                fired.push(rung.rung);
            }
        }
        prop_assert_eq!(fired, ALL);
    }
}
