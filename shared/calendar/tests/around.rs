//! Before and after an end, by example.
#![allow(clippy::unwrap_used, reason = "tests")]

use calendar::{Calendar, Counting, Length};
use jiff::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn one_workday_before_an_end_on_monday_is_the_beginning_of_monday() {
    let calendar = Calendar::bundled().unwrap();
    // Monday 23 November 2026, 24:00 in Shanghai.
    let end = at("2026-11-24T00:00:00+08:00");
    let before = |n| calendar.before(end, Length::Workdays(n), &Counting::default());
    assert_eq!(before(0), end);
    assert_eq!(before(1), at("2026-11-23T00:00:00+08:00"));
    assert_eq!(before(2), at("2026-11-20T00:00:00+08:00"));
}

#[test]
fn one_workday_after_an_end_on_friday_is_monday_at_24() {
    let calendar = Calendar::bundled().unwrap();
    let end = at("2026-11-21T00:00:00+08:00");
    assert_eq!(
        calendar.after(end, Length::Workdays(1), &Counting::default()),
        at("2026-11-24T00:00:00+08:00")
    );
}

#[test]
fn a_long_break_is_left_out() {
    let calendar = Calendar::bundled().unwrap();
    // The Spring Festival of 2026: off from 15 to 23 February, made up on 14 and 28 February.
    let end = at("2026-02-25T00:00:00+08:00");
    let before = calendar.before(end, Length::Workdays(2), &Counting::default());
    assert_eq!(before, at("2026-02-14T00:00:00+08:00"));
}
