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

#[test]
fn an_end_on_a_day_off_is_counted_from_the_workday_before_it() {
    let calendar = Calendar::bundled().unwrap();
    // A Sunday, 15:00.
    let end = at("2026-11-22T15:00:00+08:00");
    let before = calendar.before(end, Length::Workdays(1), &Counting::default());
    assert_eq!(before, at("2026-11-20T00:00:00+08:00"));
}

#[test]
fn days_and_months_are_taken_off_the_last_day_and_hours_off_the_moment() {
    let calendar = Calendar::bundled().unwrap();
    let end = at("2026-11-24T00:00:00+08:00");
    let before = |length: &str| calendar.before(end, length.parse().unwrap(), &Counting::default());
    assert_eq!(before("1 day"), at("2026-11-23T00:00:00+08:00"));
    assert_eq!(before("3 days"), at("2026-11-21T00:00:00+08:00"));
    assert_eq!(before("1 month"), at("2026-10-24T00:00:00+08:00"));
    assert_eq!(before("36 hours"), at("2026-11-22T12:00:00+08:00"));
    assert_eq!(before("30 minutes"), at("2026-11-23T23:30:00+08:00"));
}

#[test]
fn duty_time_is_taken_off_across_the_pause_and_the_weekend() {
    let calendar = Calendar::bundled().unwrap();
    // Monday at 24:00; on duty from 9 to 12 and from 13 to 18.
    let end = at("2026-11-24T00:00:00+08:00");
    let before = |length: &str| calendar.before(end, length.parse().unwrap(), &Counting::default());
    assert_eq!(before("5 duty hours"), at("2026-11-23T13:00:00+08:00"));
    assert_eq!(before("6 duty hours"), at("2026-11-23T11:00:00+08:00"));
    assert_eq!(before("9 duty hours"), at("2026-11-20T17:00:00+08:00"));
}

#[test]
fn after_an_end_hours_go_on_by_the_clock_and_a_close_of_business_is_kept() {
    let calendar = Calendar::bundled().unwrap();
    let counting = Counting { end_of_day: "17:30".parse().unwrap(), ..Counting::default() };
    let end = at("2026-11-20T17:30:00+08:00");
    assert_eq!(calendar.after(end, Length::Workdays(1), &counting), at("2026-11-23T17:30:00+08:00"));
    assert_eq!(calendar.after(end, Length::Hours(3), &counting), at("2026-11-20T20:30:00+08:00"));
}

#[test]
fn what_reaches_back_before_all_time_stops_there() {
    let calendar = Calendar::bundled().unwrap();
    let end = at("2026-11-24T00:00:00+08:00");
    for length in [Length::Months(u32::MAX), Length::Days(u32::MAX), Length::Hours(u32::MAX)] {
        assert!(calendar.before(end, length, &Counting::default()) < end, "{length}");
    }
}
