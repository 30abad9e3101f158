//! Each mistake in a file, a length or a setting says where it is and what is expected.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{error::Error as _, fs};

use calendar::{Calendar, CalendarError, Counting, Length};
use tempfile::TempDir;

/// A year in the smallest form.
const SMALL: &str = r#"year = 2026

[[notice]]
number = "甲1号"
title = "通知"
date = 2025-11-04
source = "https://example.invalid/"

[[holiday]]
name = "春节"
english = "Spring Festival"
from = 2026-02-15
to = 2026-02-23
make_up = [2026-02-14]
"#;

fn directory(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    directory
}

fn load(files: &[(&str, &str)]) -> Result<Calendar, CalendarError> {
    Calendar::load(directory(files).path())
}

/// The error of the small year with one part of it changed, without the directory.
fn error(part: &str, by: &str) -> String {
    assert!(SMALL.contains(part), "{part}");
    let directory = directory(&[("2026.toml", &SMALL.replace(part, by))]);
    let error = Calendar::load(directory.path()).unwrap_err().to_string();
    error.replace(&format!("{}/", directory.path().display()), "")
}

#[test]
fn the_small_year_itself_is_right() {
    assert!(load(&[("2026.toml", SMALL), ("README.md", "not read")]).is_ok());
}

#[test]
fn mistakes_in_a_file_name_the_line() {
    for (part, by, expected) in [
        ("year = 2026", "year = 2025", "2026.toml:1: year is 2025; expected 2026, as in the file's name"),
        (
            "[2026-02-14]",
            "[2026-02-13]",
            "2026.toml:14: 2026-02-13 is a make-up day on a weekday; expected a Saturday or Sunday",
        ),
        ("[2026-02-14]", "[2026-02-15]", "2026.toml:14: 2026-02-15 is listed twice, first at 2026.toml:12"),
        (
            "[2026-02-14]",
            "[2027-01-02]",
            "2026.toml:14: 2027-01-02 does not belong to 2026; expected a day of that year or of the last week of December before it",
        ),
        (
            "from = 2026-02-15",
            "from = 2025-12-24",
            "2026.toml:13: the break runs from 2025-12-24 to 2026-02-23; expected 1 to 31 days, first day first",
        ),
        (
            "to = 2026-02-23",
            "to = 2026-02-14",
            "2026.toml:13: the break runs from 2026-02-15 to 2026-02-14; expected 1 to 31 days, first day first",
        ),
        (
            "to = 2026-02-23",
            "to = 2026-02-23T08:00:00",
            "2026.toml:13: 2026-02-23T08:00:00 is not a day; expected as 2026-02-15",
        ),
        (
            "date = 2025-11-04",
            "date = 08:00:00",
            "2026.toml:6: 08:00:00 is not a day; expected as 2026-02-15",
        ),
        (
            "to = 2026-02-23",
            "notice = \"乙\"\nto = 2026-02-23",
            "2026.toml:13: notice 乙 is not in this file; expected the number of one of its [[notice]]",
        ),
        ("name = \"春节\"", "name = \" \"", "2026.toml:10: name is empty"),
        ("number = \"甲1号\"", "number = \"\"", "2026.toml:4: number is empty"),
    ] {
        assert_eq!(error(part, by), expected);
    }
}

#[test]
fn mistakes_in_the_form_name_line_and_column() {
    assert!(error("to = 2026-02-23", "to = 2026-02-30").starts_with("2026.toml:13:6: "));
    assert!(
        error("to = 2026-02-23", "till = 2026-02-23").starts_with("2026.toml:13:1: unknown field `till`")
    );
    assert!(error("name = \"春节\"\n", "").contains("missing field `name`"));
    assert!(error("year = 2026\n", "").contains("missing field `year`"));
}

#[test]
fn a_notice_may_not_stand_twice() {
    let notice = SMALL.split_once("[[holiday]]").unwrap().0.split_once("\n\n").unwrap().1;
    let text = SMALL.replace("[[holiday]]", &format!("{notice}[[holiday]]"));
    let error = load(&[("2026.toml", &text)]).unwrap_err().to_string();
    assert!(error.ends_with("2026.toml:10: notice 甲1号 is in this file twice"), "{error}");
}

#[test]
fn empty_lists_are_refused() {
    let (notices, holidays) = SMALL.split_once("[[holiday]]").unwrap();
    let no_holiday = format!("holiday = []\n{notices}");
    let no_notice = format!("notice = []\nyear = 2026\n[[holiday]]{holidays}");
    for (text, expected) in [(no_holiday, "no [[holiday]]"), (no_notice, "no [[notice]]")] {
        let error = load(&[("2026.toml", &text)]).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_day_listed_in_two_years_names_both_files() {
    let next = SMALL
        .replace("2026-02-15", "2025-12-30")
        .replace("2026-02-23", "2026-01-01")
        .replace("[2026-02-14]", "[]");
    let last =
        SMALL.replace("2026", "2025").replace("2025-02-15", "2025-12-31").replace("2025-02-23", "2025-12-31");
    let error = load(&[("2025.toml", &last.replace("[2025-02-14]", "[]")), ("2026.toml", &next)])
        .unwrap_err()
        .to_string();
    assert!(error.contains("2026.toml:12: 2025-12-31 is listed twice, first at "), "{error}");
    assert!(error.ends_with("2025.toml:12"), "{error}");
}

#[test]
fn a_file_is_named_after_its_year() {
    let error = load(&[("holidays.toml", SMALL)]).unwrap_err().to_string();
    assert!(
        error.ends_with("holidays.toml: expected a name of four digits, the year, as 2026.toml"),
        "{error}"
    );
}

#[test]
fn an_empty_directory_and_a_missing_one_are_told_apart() {
    let empty = directory(&[]);
    assert!(matches!(Calendar::load(empty.path()), Err(CalendarError::Empty { .. })));
    let missing = Calendar::load(&empty.path().join("none")).unwrap_err();
    assert!(matches!(missing, CalendarError::Read { .. }));
    assert!(missing.source().is_some());
}

#[test]
fn the_version_follows_the_days_and_not_the_layout() {
    let version = |text: &str| load(&[("2026.toml", text)]).unwrap().version().to_owned();
    let small = version(SMALL);
    assert_eq!(small.len(), 16);
    assert_eq!(version(&SMALL.replace("\n\n", "\n# a remark\n\n\n")), small);
    assert_ne!(version(&SMALL.replace("2026-02-23", "2026-02-22")), small);
    assert_ne!(version(&SMALL.replace("甲1号", "甲2号")), small);
    assert_ne!(version(&SMALL.replace("[2026-02-14]", "[]")), small);
}

#[test]
fn a_length_is_a_number_and_a_unit() {
    for text in [
        "",
        "10",
        "workdays",
        "10 weeks",
        "+1 days",
        "-1 days",
        "1.5 hours",
        "0 days",
        "100001 days",
        "1  days",
        "1 Days",
    ] {
        let error = text.parse::<Length>().unwrap_err().to_string();
        assert!(error.contains("expected a number from 1 to 100000"), "{error}");
    }
    for (text, length) in [
        ("10 workdays", Length::Workdays(10)),
        ("1 workday", Length::Workdays(1)),
        ("30 days", Length::Days(30)),
        ("1 months", Length::Months(1)),
        ("24 hours", Length::Hours(24)),
        ("20 minutes", Length::Minutes(20)),
        ("8 duty hours", Length::DutyMinutes(480)),
        ("90 duty minutes", Length::DutyMinutes(90)),
    ] {
        assert_eq!(text.parse(), Ok(length));
    }
    assert_eq!(Length::DutyMinutes(480).to_string(), "8 duty hours");
    assert_eq!(Length::DutyMinutes(1).to_string(), "1 duty minute");
    assert_eq!(serde_json::to_string(&Length::Workdays(10)).unwrap(), r#""10 workdays""#);
}

#[test]
fn a_counting_says_what_it_expects() {
    for (json, expected) in [
        (r#"{"end_of_day": "25:00"}"#, "expected 24:00 or a time as 17:30"),
        (r#"{"end_of_day": "00:00"}"#, "expected 24:00 or a time as 17:30"),
        (r#"{"end_of_day": "9:00"}"#, "expected 24:00 or a time as 17:30"),
        (r#"{"duty": []}"#, "expected at least one stretch"),
        (r#"{"duty": ["12:00-09:00"]}"#, "the earlier time first"),
        (r#"{"duty": ["12:00-12:00"]}"#, "the earlier time first"),
        (r#"{"duty": ["09:00-12:00", "11:00-18:00"]}"#, "09:00-12:00 and 11:00-18:00 overlap"),
        (r#"{"duty": ["09:00-24:00", "11:00-18:00"]}"#, "overlap"),
        (r#"{"zone": "Mars/Olympus"}"#, "Mars/Olympus"),
        (r#"{"rolls": true}"#, "unknown field `rolls`"),
    ] {
        let error = serde_json::from_str::<Counting>(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn a_counting_left_out_is_shanghai_midnight_rolling() {
    let counting: Counting = serde_json::from_str("{}").unwrap();
    assert_eq!(counting, Counting::default());
    assert_eq!(
        serde_json::to_string(&counting).unwrap(),
        r#"{"end_of_day":"24:00","roll":true,"duty":["09:00-12:00","13:00-18:00"],"zone":"Asia/Shanghai"}"#
    );
}
