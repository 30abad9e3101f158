use duban_proto::supervision::v1::{ClockKind, StopReason};
use supervision::domain::{ClockKey, Counts, Which};

use crate::support::{CASE, at, ledger};

#[test]
fn a_home_that_handles_its_own_case_counts_it_once() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    ledger.fires("2026-03-13 00:00");
    assert_eq!(ledger.counts(), Counts { received: 1, open: 1, due_soon: 1, ..Counts::default() });
    ledger.fires("2026-03-17 00:00");
    assert_eq!(ledger.counts(), Counts { received: 1, open: 1, overdue: 1, ..Counts::default() });
    ledger.stops(Which::All, StopReason::Concluded, "2026-03-17 09:00");
    assert_eq!(ledger.counts(), Counts { received: 1, concluded: 1, ..Counts::default() });
}

#[test]
fn a_term_held_for_another_home_is_held_and_not_received() {
    let mut ledger = ledger("baoshan.luodian");
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 11:00", "2026-03-02 10:00", "baoshan");
    assert_eq!(ledger.counts(), Counts { held: 1, ..Counts::default() });
    ledger.stops(Which::Term(1), StopReason::Concluded, "2026-03-03 09:00");
    assert_eq!(ledger.counts(), Counts::default());
}

#[test]
fn in_time_and_moved_away() {
    let mut home = ledger("baoshan").with_case();
    home.stops(Which::All, StopReason::Concluded, "2026-03-16 09:00");
    assert_eq!(home.counts(), Counts { received: 1, concluded: 1, on_time: 1, ..Counts::default() });
    let mut below = ledger("baoshan.luodian").with_case();
    below.stops(Which::Term(0), StopReason::HomeMoved, "2026-03-03 09:00");
    assert_eq!(below.counts(), Counts::default(), "the parent counts it");
}

#[test]
fn art_3_a_case_that_was_opened_again_is_open_once_more_and_the_first_clock_stays_as_judged() {
    let mut home = ledger("baoshan").with_case();
    home.stops(Which::All, StopReason::Concluded, "2026-03-16 09:00");
    home.starts_again(2, "2026-04-01 10:00", "baoshan.luodian");
    assert_eq!(
        home.counts(),
        Counts { received: 1, open: 1, concluded: 1, on_time: 1, ..Counts::default() },
        "received once"
    );
    let clock = home.book.clock(ClockKey::term(CASE, 2)).unwrap();
    assert_eq!(
        (clock.kind(), clock.due_at),
        (ClockKind::Case, at("2026-04-17 00:00")),
        "its own ten workdays"
    );
    let rungs = home.fires("2026-04-20 10:00");
    assert!(rungs.iter().any(|rung| rung.rung == "reminder"), "the ladder of a case: {rungs:?}");
    assert_eq!(home.counts().overdue, 1);
    home.stops(Which::All, StopReason::Concluded, "2026-04-20 11:00");
    assert_eq!(home.counts(), Counts { received: 1, concluded: 1, on_time: 1, ..Counts::default() });
    assert!(home.book.clock(ClockKey::case(CASE)).unwrap().stopped.unwrap().on_time);
}
