//! Time limits on dates that people know.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use calendar::{Calendar, Counting, Due, ExplainedDay, Explanation, Kind, Length, Reason};
use jiff::{Timestamp, civil::date};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn due_with(start: &str, length: &str, counting: &Counting) -> Due {
    Calendar::bundled().unwrap().due(at(start), length.parse().unwrap(), counting)
}

fn due(start: &str, length: &str) -> Due {
    due_with(start, length, &Counting::default())
}

fn explain(start: &str, length: &str) -> Explanation {
    Calendar::bundled().unwrap().explain(at(start), length.parse().unwrap(), &Counting::default())
}

fn counts(days: &[ExplainedDay]) -> Vec<(i8, Option<u32>, Reason)> {
    days.iter().map(|day| (day.date.day(), day.counted, day.reason)).collect()
}

#[test]
fn ten_workdays_across_spring_festival_2026_count_both_make_up_saturdays() {
    let due = due("2026-02-10T15:00:00+08:00", "10 workdays");
    assert_eq!(due.date, date(2026, 3, 2));
    assert_eq!(due.at, at("2026-03-03T00:00:00+08:00"));
    assert!(!due.provisional);
}

#[test]
fn five_workdays_across_national_day_2025() {
    assert_eq!(due("2025-09-25T09:00:00+08:00", "5 workdays").date, date(2025, 10, 9));
}

#[test]
fn five_workdays_across_the_extended_spring_festival_2020() {
    assert_eq!(due("2020-01-20T09:00:00+08:00", "5 workdays").date, date(2020, 2, 4));
}

#[test]
fn civil_code_201_the_start_day_does_not_count_even_one_minute_after_midnight() {
    assert_eq!(due("2026-03-02T00:01:00+08:00", "1 workdays").date, date(2026, 3, 3));
    assert_eq!(due("2026-03-02T23:59:00+08:00", "1 days").date, date(2026, 3, 3));
}

#[test]
fn the_start_day_is_the_day_in_shanghai() {
    assert_eq!(due("2026-03-02T17:00:00Z", "1 workdays").date, date(2026, 3, 4));
}

#[test]
fn a_limit_started_on_a_holiday_counts_from_the_first_workday_after() {
    assert_eq!(due("2025-10-03T12:00:00+08:00", "1 workdays").date, date(2025, 10, 9));
}

#[test]
fn civil_code_203_a_last_day_in_a_break_rolls_on_to_the_next_workday() {
    assert_eq!(due("2025-09-25T09:00:00+08:00", "10 days").date, date(2025, 10, 9));
    let counting = Counting { roll: false, ..Counting::default() };
    assert_eq!(due_with("2025-09-25T09:00:00+08:00", "10 days", &counting).date, date(2025, 10, 5));
}

#[test]
fn a_last_day_on_a_make_up_saturday_does_not_roll() {
    assert_eq!(due("2026-02-18T09:00:00+08:00", "10 days").date, date(2026, 2, 28));
}

#[test]
fn civil_code_202_a_month_ends_on_the_corresponding_day_or_the_months_last() {
    assert_eq!(due("2026-03-10T09:00:00+08:00", "1 months").date, date(2026, 4, 10));
    assert_eq!(due("2026-01-31T09:00:00+08:00", "1 months").date, date(2026, 2, 28));
    // By way of February, yet the 31st again; 31 March 2026 is a Tuesday.
    assert_eq!(due("2026-01-31T09:00:00+08:00", "2 months").date, date(2026, 3, 31));
    // 7 October is the break's last day.
    assert_eq!(due("2026-09-07T09:00:00+08:00", "1 months").date, date(2026, 10, 8));
}

#[test]
fn hours_and_minutes_run_through_holidays() {
    let due_24 = due("2026-02-16T10:30:00+08:00", "24 hours");
    assert_eq!((due_24.at, due_24.date), (at("2026-02-17T10:30:00+08:00"), date(2026, 2, 17)));
    assert_eq!(due("2026-02-16T23:50:00+08:00", "20 minutes").at, at("2026-02-17T00:10:00+08:00"));
}

#[test]
fn a_limit_that_ends_at_midnight_belongs_to_the_day_that_ends() {
    let due = due("2026-03-02T23:40:00+08:00", "20 minutes");
    assert_eq!((due.at, due.date), (at("2026-03-03T00:00:00+08:00"), date(2026, 3, 2)));
}

#[test]
fn duty_hours_run_on_workdays_and_make_up_days_only() {
    // An hour on Friday, then seven on the Saturday made up for.
    let due_8 = due("2026-02-13T17:00:00+08:00", "8 duty hours");
    assert_eq!((due_8.at, due_8.date), (at("2026-02-14T17:00:00+08:00"), date(2026, 2, 14)));
    // From within the noon break, and from a holiday.
    assert_eq!(due("2026-03-02T12:30:00+08:00", "30 duty minutes").at, at("2026-03-02T13:30:00+08:00"));
    assert_eq!(due("2026-02-20T12:30:00+08:00", "3 duty hours").at, at("2026-02-24T12:00:00+08:00"));
}

#[test]
fn duty_round_the_clock_still_rests_on_weekends() {
    let counting: Counting = serde_json::from_str(r#"{"duty": ["00:00-24:00"]}"#).unwrap();
    // Friday evening: four hours, then twenty on Monday.
    let due = due_with("2026-03-06T20:00:00+08:00", "24 duty hours", &counting);
    assert_eq!(due.at, at("2026-03-09T20:00:00+08:00"));
}

#[test]
fn the_last_day_may_end_at_close_of_business() {
    let counting: Counting = serde_json::from_str(r#"{"end_of_day": "17:30"}"#).unwrap();
    let due = due_with("2026-02-10T15:00:00+08:00", "10 workdays", &counting);
    assert_eq!((due.at, due.date), (at("2026-03-02T17:30:00+08:00"), date(2026, 3, 2)));
}

#[test]
fn a_limit_into_a_year_not_announced_is_provisional() {
    assert!(!due("2026-12-17T09:00:00+08:00", "5 workdays").provisional);
    let due_10 = due("2026-12-17T09:00:00+08:00", "20 workdays");
    assert_eq!((due_10.date, due_10.provisional), (date(2027, 1, 14), true));
    // The calendar is asked for the last day alone, and only where it may roll.
    assert!(due("2026-12-17T09:00:00+08:00", "30 days").provisional);
    let counting = Counting { roll: false, ..Counting::default() };
    assert!(!due_with("2026-12-17T09:00:00+08:00", "30 days", &counting).provisional);
    assert!(!due("2026-12-31T09:00:00+08:00", "24 hours").provisional);
}

#[test]
fn an_explanation_names_every_day_and_its_notice() {
    let explanation = explain("2025-09-26T09:00:00+08:00", "4 workdays");
    assert_eq!(
        counts(&explanation.days)[..6],
        [
            (26, None, Reason::StartDay),
            (27, None, Reason::NotWorkday),
            (28, Some(1), Reason::Workday),
            (29, Some(2), Reason::Workday),
            (30, Some(3), Reason::Workday),
            (1, None, Reason::NotWorkday),
        ]
    );
    assert_eq!(explanation.days.len(), 14);
    let made_up = &explanation.days[2];
    assert_eq!(made_up.kind, Kind::MakeUp);
    assert_eq!(made_up.zh(), "国庆节、中秋节调休的补班日（国办发明电〔2024〕12号），计为第1个工作日。");
    assert_eq!(
        made_up.en(),
        "A workday made up for National Day and Mid-Autumn Festival (国办发明电〔2024〕12号): workday 1."
    );
    assert_eq!(explanation.days[1].zh(), "周末，不计入。");
    assert_eq!(
        explanation.days[5].en(),
        "National Day and Mid-Autumn Festival (国办发明电〔2024〕12号): not counted."
    );
}

#[test]
fn an_explanation_shows_how_the_end_rolled_on() {
    let days = explain("2026-04-30T09:00:00+08:00", "4 days").days;
    assert_eq!(
        counts(&days),
        [
            (30, None, Reason::StartDay),
            (1, Some(1), Reason::CalendarDay),
            (2, Some(2), Reason::CalendarDay),
            (3, Some(3), Reason::CalendarDay),
            (4, Some(4), Reason::RollsOn),
            (5, None, Reason::RollsOn),
            (6, None, Reason::RolledTo),
        ]
    );
    assert_eq!(
        days[4].zh(),
        "期间的最后一日为劳动节放假（国办发明电〔2025〕7号），顺延（民法典第二百零三条）。"
    );
}

#[test]
fn an_explanation_of_months_lists_the_corresponding_days() {
    let days = explain("2026-01-31T09:00:00+08:00", "2 months").days;
    let listed: Vec<_> = days.iter().map(|day| (day.date, day.counted, day.reason)).collect();
    assert_eq!(
        listed,
        [
            (date(2026, 1, 31), None, Reason::StartDay),
            (date(2026, 2, 28), Some(1), Reason::MonthEnd),
            (date(2026, 3, 31), Some(2), Reason::CorrespondingDay),
        ]
    );
}

#[test]
fn an_explanation_of_hours_and_duty_adds_up_minutes() {
    assert_eq!(
        counts(&explain("2026-02-16T10:30:00+08:00", "24 hours").days),
        [(16, Some(810), Reason::Elapsed), (17, Some(1440), Reason::Elapsed),]
    );
    assert_eq!(
        counts(&explain("2026-03-06T18:30:00+08:00", "9 duty hours").days),
        [
            (6, None, Reason::OffDuty),
            (7, None, Reason::NotWorkday),
            (8, None, Reason::NotWorkday),
            (9, Some(480), Reason::Duty),
            (10, Some(540), Reason::Duty),
        ]
    );
}

#[test]
fn an_explanation_says_which_days_are_provisional() {
    let days = explain("2026-12-24T09:00:00+08:00", "1 workdays").days;
    assert_eq!(days[1].zh(), "工作日，计为第1个工作日（放假安排尚未公布，暂按周末推定）。");
    assert_eq!(days[1].en(), "Workday 1 (arrangement not announced yet: weekends only).");
}

#[test]
fn a_length_past_the_end_of_time_ends_there_and_does_not_fail() {
    let calendar = Calendar::bundled().unwrap();
    let start = at("9990-03-02T09:00:00+08:00");
    for length in
        [Length::Workdays, Length::Days, Length::Months, Length::Hours, Length::Minutes, Length::DutyMinutes]
    {
        let due = calendar.due(start, length(u32::MAX), &Counting::default());
        assert_eq!(due.date.year(), 9999, "{}", length(u32::MAX));
    }
}
