//! What the bundled files say, held against what is known of the years from elsewhere.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::path::Path;

use calendar::{Calendar, Kind};
use jiff::civil::{Date, date};

/// The workdays of each year by the Python package chinesecalendar 1.11.0, which others keep.
const WORKDAYS: [(i16, u32); 18] = [
    (2009, 250),
    (2010, 250),
    (2011, 250),
    (2012, 249),
    (2013, 250),
    (2014, 250),
    (2015, 249),
    (2016, 250),
    (2017, 249),
    (2018, 250),
    (2019, 250),
    (2020, 249),
    (2021, 250),
    (2022, 249),
    (2023, 249),
    (2024, 251),
    (2025, 248),
    (2026, 248),
];

fn bundled() -> Calendar {
    Calendar::bundled().unwrap()
}

fn kind(date: Date) -> Kind {
    bundled().kind(date).kind
}

#[test]
fn every_year_from_2009_to_2026_is_announced() {
    assert!(bundled().years().eq(2009..=2026));
}

#[test]
fn the_bundled_files_are_those_of_the_directory() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/calendars");
    let loaded = Calendar::load(&directory).unwrap();
    assert_eq!(loaded.version(), bundled().version());
    assert!(loaded.years().eq(bundled().years()), "a file is missing in src/bundled.rs");
}

#[test]
fn each_year_has_as_many_workdays_as_others_count() {
    let calendar = bundled();
    for (year, workdays) in WORKDAYS {
        let counted = calendar.workdays_between(date(year - 1, 12, 31), date(year, 12, 31));
        assert_eq!(counted, workdays, "{year}");
    }
}

#[test]
fn spring_festival_2026_has_nine_days_and_two_saturdays_made_up() {
    let calendar = bundled();
    for day in 15..=23 {
        let day = calendar.kind(date(2026, 2, day));
        assert_eq!((day.kind, day.name), (Kind::Holiday, Some("春节")));
    }
    for day in [14, 28] {
        let day = calendar.kind(date(2026, 2, day));
        assert_eq!((day.kind, day.english), (Kind::MakeUp, Some("Spring Festival")));
        assert_eq!(day.notice, Some("国办发明电〔2025〕7号"));
        assert!(!day.provisional);
    }
    assert_eq!(kind(date(2026, 2, 13)), Kind::Workday);
    assert_eq!(kind(date(2026, 2, 24)), Kind::Workday);
}

#[test]
fn spring_festival_2020_was_extended_and_its_second_make_up_day_fell_away() {
    let calendar = bundled();
    let saturday = calendar.kind(date(2020, 2, 1));
    assert_eq!((saturday.kind, saturday.notice), (Kind::Holiday, Some("国办发明电〔2020〕1号")));
    assert_eq!(calendar.kind(date(2020, 1, 30)).notice, Some("国办发明电〔2019〕16号"));
    assert_eq!(kind(date(2020, 1, 19)), Kind::MakeUp);
    assert_eq!(kind(date(2020, 2, 2)), Kind::Holiday);
    assert_eq!(kind(date(2020, 2, 3)), Kind::Workday);
}

#[test]
fn labour_day_2019_is_the_changed_one() {
    let calendar = bundled();
    for day in 1..=4 {
        assert_eq!(calendar.kind(date(2019, 5, day)).notice, Some("国办发明电〔2019〕3号"));
    }
    assert_eq!(kind(date(2019, 4, 28)), Kind::MakeUp);
    assert_eq!(kind(date(2019, 5, 5)), Kind::MakeUp);
}

#[test]
fn victory_day_2015_was_a_break_of_its_own() {
    let calendar = bundled();
    for day in 3..=5 {
        let day = calendar.kind(date(2015, 9, day));
        assert_eq!((day.kind, day.notice), (Kind::Holiday, Some("国发明电〔2015〕1号")));
    }
    assert_eq!(kind(date(2015, 9, 6)), Kind::MakeUp);
    assert_eq!(kind(date(2016, 9, 5)), Kind::Workday);
}

#[test]
fn a_notice_reaches_back_into_december() {
    assert_eq!(kind(date(2011, 12, 31)), Kind::MakeUp);
    assert_eq!(kind(date(2018, 12, 29)), Kind::MakeUp);
    assert_eq!(kind(date(2018, 12, 31)), Kind::Holiday);
}

#[test]
fn encouraged_leave_is_not_a_day_off() {
    assert_eq!(kind(date(2024, 2, 9)), Kind::Workday);
}

#[test]
fn a_year_without_a_notice_has_its_weekends_and_is_provisional() {
    let calendar = bundled();
    let new_year = calendar.kind(date(2027, 1, 1));
    assert_eq!((new_year.kind, new_year.provisional), (Kind::Workday, true));
    let saturday = calendar.kind(date(2027, 1, 2));
    assert_eq!((saturday.kind, saturday.provisional), (Kind::Weekend, true));
}

#[test]
fn the_last_week_of_the_last_announced_year_is_provisional() {
    let calendar = bundled();
    assert!(!calendar.is_provisional(date(2026, 12, 24)));
    assert!(calendar.is_provisional(date(2026, 12, 25)));
    assert!(!calendar.is_provisional(date(2025, 12, 31)));
}

#[test]
fn no_workdays_lie_between_a_day_and_itself_or_an_earlier_one() {
    let calendar = bundled();
    let day = date(2026, 3, 4);
    assert_eq!(calendar.workdays_between(day, day), 0);
    assert_eq!(calendar.workdays_between(day, date(2026, 3, 1)), 0);
    assert_eq!(calendar.workdays_between(date(2026, 3, 3), day), 1);
}
