//! The hours on duty, and another arrangement of a year.
#![allow(clippy::unwrap_used, reason = "tests")]

use calendar::{Calendar, CalendarError, Counting};
use jiff::Timestamp;
use jiff::civil::date;

fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

#[test]
fn what_comes_outside_the_hours_on_duty_waits_for_the_next() {
    let (calendar, counting) = (Calendar::bundled().unwrap(), Counting::default());
    for (from, first) in [
        ("2026-11-24 00:00", "2026-11-24 09:00"),
        ("2026-11-24 09:00", "2026-11-24 09:00"),
        ("2026-11-24 11:59", "2026-11-24 11:59"),
        ("2026-11-24 12:00", "2026-11-24 13:00"),
        ("2026-11-24 17:59", "2026-11-24 17:59"),
        ("2026-11-24 18:00", "2026-11-25 09:00"),
        ("2026-11-27 20:00", "2026-11-30 09:00"),
        // The National Day break; a Saturday that is made up.
        ("2026-09-30 18:30", "2026-10-08 09:00"),
        ("2026-10-09 18:30", "2026-10-10 09:00"),
    ] {
        assert_eq!(calendar.on_duty_from(at(from), &counting), at(first), "{from}");
    }
}

const LONGER: &str = r#"year = 2026

[[notice]]
number = "国办发明电〔2026〕1号"
title = "国务院办公厅关于调整2026年部分节假日安排的通知"
date = 2026-01-05
source = "https://www.gov.cn/"

[[holiday]]
name = "春节"
english = "Spring Festival"
from = 2026-02-15
to = 2026-02-25
"#;

#[test]
fn another_arrangement_of_a_year_takes_the_place_of_the_one_there_is_and_of_no_other() {
    let calendar = Calendar::bundled().unwrap();
    let changed = calendar.with_year(2026, LONGER).unwrap();
    assert_ne!(changed.version(), calendar.version());
    assert!(calendar.is_workday(date(2026, 2, 25)) && !changed.is_workday(date(2026, 2, 25)));
    assert!(changed.is_workday(date(2026, 10, 1)), "what the arrangement does not say is not there");
    assert!(!changed.is_workday(date(2026, 2, 14)), "nor is a make-up day");
    for day in [date(2025, 10, 1), date(2025, 1, 26), date(2024, 10, 12)] {
        assert_eq!(changed.is_workday(day), calendar.is_workday(day), "{day}");
    }
    let next = LONGER.replace("2026", "2027");
    let announced = calendar.with_year(2027, &next).unwrap();
    assert!(calendar.is_provisional(date(2027, 2, 15)) && !announced.is_provisional(date(2027, 2, 15)));
    assert_eq!(announced.is_workday(date(2026, 10, 1)), calendar.is_workday(date(2026, 10, 1)));
}

#[test]
fn an_arrangement_of_another_year_is_refused_by_its_line() {
    let refused = Calendar::bundled().unwrap().with_year(2027, LONGER).unwrap_err();
    assert!(matches!(refused, CalendarError::Content { line: 1, .. }), "{refused}");
}
