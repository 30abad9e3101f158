//! Each start day of 2024 to 2026, against a plain count over the days that the State Council announced, typed in from its notices.

use std::collections::BTreeSet;

use duban_proto::supervision::v1::StopReason;
use jiff::civil::{Date, Weekday, date};
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use prost::Message as _;
use sha2::{Digest as _, Sha256};
use supervision::domain::decide::Fact;
use supervision::domain::{Clock, ClockKey, Which};
use uuid::Uuid;

use crate::support::{Ledger, ledger};

/// Days off, first and last: 国办发明电〔2023〕7号, 〔2024〕12号, 〔2025〕7号.
const OFF: [(Date, Date); 20] = [
    (date(2023, 12, 30), date(2024, 1, 1)),
    (date(2024, 2, 10), date(2024, 2, 17)),
    (date(2024, 4, 4), date(2024, 4, 6)),
    (date(2024, 5, 1), date(2024, 5, 5)),
    (date(2024, 6, 10), date(2024, 6, 10)),
    (date(2024, 9, 15), date(2024, 9, 17)),
    (date(2024, 10, 1), date(2024, 10, 7)),
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
    (date(2026, 4, 4), date(2026, 4, 6)),
    (date(2026, 5, 1), date(2026, 5, 5)),
    (date(2026, 6, 19), date(2026, 6, 21)),
    (date(2026, 9, 25), date(2026, 9, 27)),
    (date(2026, 10, 1), date(2026, 10, 7)),
];

/// Weekend days on which people work.
const MADE_UP: [Date; 17] = [
    date(2024, 2, 4),
    date(2024, 2, 18),
    date(2024, 4, 7),
    date(2024, 4, 28),
    date(2024, 5, 11),
    date(2024, 9, 14),
    date(2024, 9, 29),
    date(2024, 10, 12),
    date(2025, 1, 26),
    date(2025, 2, 8),
    date(2025, 4, 27),
    date(2025, 9, 28),
    date(2025, 10, 11),
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
];
const MADE_UP_LATE: [Date; 2] = [date(2026, 9, 20), date(2026, 10, 10)];

/// Every workday from 2023 to 2027, in order.
fn workdays() -> Vec<Date> {
    let off = |day: Date| OFF.iter().any(|(first, last)| (*first..=*last).contains(&day));
    let made_up: BTreeSet<Date> = MADE_UP.into_iter().chain(MADE_UP_LATE).collect();
    let weekend = |day: Date| matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    let all = date(2023, 12, 1).series(1.day()).take_while(|day| *day < date(2027, 3, 1));
    all.filter(|day| made_up.contains(day) || (!weekend(*day) && !off(*day))).collect()
}

/// 0:00 of a day in Shanghai.
fn begins(day: Date) -> Timestamp {
    TimeZone::get("Asia/Shanghai").unwrap().to_timestamp(day.at(0, 0, 0, 0)).unwrap()
}

fn started(day: Date) -> Clock {
    let mut ledger = ledger("baoshan");
    let start = format!("{day} 10:00");
    ledger.starts(ClockKey::case(Uuid::from_u128(1)), &start, &start, "baoshan");
    ledger.book.clock(ClockKey::case(Uuid::from_u128(1))).unwrap().clone()
}

#[test]
fn art_17_whatever_the_day_ten_workdays_end_where_a_plain_count_ends_and_so_does_each_rung() {
    let workdays = workdays();
    let days = date(2024, 1, 1).series(1.day()).take_while(|day| *day <= date(2026, 12, 5));
    let mut looked_at = 0;
    for day in days {
        let first = workdays.partition_point(|other| *other <= day);
        let nth = |n: usize| workdays[first + n - 1];
        let clock = started(day);
        let end = begins(nth(10).tomorrow().unwrap());
        assert_eq!(clock.due_at, end, "from {day}");
        let after = |n: usize| begins(nth(10 + n).tomorrow().unwrap());
        // Two workdays before, the last day, the end, and 1, 3 and 5 workdays after.
        let rungs = [begins(nth(9)), begins(nth(10)), end, after(1), after(3), after(5)];
        assert_eq!(clock.rung_times, rungs, "from {day}");
        looked_at += 1;
    }
    assert_eq!(looked_at, 1070);
}

#[test]
fn art_17_what_reaches_into_a_year_that_is_not_announced_says_so() {
    assert!(!started(date(2026, 12, 4)).provisional);
    assert!(started(date(2026, 12, 21)).provisional);
}

/// Plays 2026: a case a workday; extensions, conclusions and the tick, each day at ten.
fn play() -> Vec<u8> {
    let mut ledger = ledger("baoshan");
    let mut hash = Vec::new();
    let mut number = 0_u128;
    for day in date(2026, 1, 1).series(1.day()).take_while(|day| *day <= date(2026, 12, 31)) {
        let now = format!("{day} 10:00");
        ledger.now = crate::support::at(&now);
        number += 1;
        let case = ClockKey::case(Uuid::from_u128(number));
        chain(&mut hash, &ledger.starts(case, &now, &now, "baoshan").facts);
        let at = ledger.now;
        let open = (number.saturating_sub(60)..=number).map(|it| ClockKey::case(Uuid::from_u128(it)));
        let fired = ledger.fires_of(at, open.collect());
        chain(&mut hash, &fired);
        if number.is_multiple_of(3) && number > 9 {
            chain(&mut hash, &concluded(&mut ledger, number - 9, at));
        }
    }
    hash
}

fn concluded(ledger: &mut Ledger, number: u128, at: Timestamp) -> Vec<Fact> {
    let stop = supervision::domain::StopClocks {
        case_id: Uuid::from_u128(number),
        which: Which::All,
        reason: StopReason::Concluded,
        at,
    };
    ledger.does("service:routing", &supervision::domain::Command::StopClocks(stop)).unwrap().facts
}

fn chain(hash: &mut Vec<u8>, facts: &[Fact]) {
    for fact in facts {
        let mut next = Sha256::new();
        next.update(&*hash);
        next.update(fact.case_id.map(Uuid::into_bytes).unwrap_or_default());
        next.update(fact.audience.as_ref().map(ToString::to_string).unwrap_or_default());
        let event = duban_proto::supervision::v1::Event { kind: Some(fact.kind.clone()) };
        next.update(event.encode_to_vec());
        *hash = next.finalize().to_vec();
    }
}

#[test]
fn a_year_played_twice_gives_the_same_ledger_hash_for_hash() {
    let first = play();
    assert_eq!(first.len(), 32);
    assert_eq!(first, play());
}
