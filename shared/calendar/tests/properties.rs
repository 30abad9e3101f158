//! The count against a model that shares nothing with it but the files.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests are tests")]

use std::{collections::HashSet, fs, path::Path, sync::LazyLock};

use calendar::{Calendar, Counting, Length, Reason};
use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Weekday, date},
    tz::TimeZone,
};
use proptest::prelude::*;

static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::bundled().unwrap());
static MODEL: LazyLock<Model> = LazyLock::new(Model::read);

/// The days of the files, in two sets.
struct Model {
    off: HashSet<Date>,
    made_up: HashSet<Date>,
}

impl Model {
    fn read() -> Self {
        let mut model = Self { off: HashSet::new(), made_up: HashSet::new() };
        for file in
            fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/calendars")).unwrap()
        {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            let table: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
            for holiday in table["holiday"].as_array().unwrap() {
                let day = |value: &toml::Value| value.to_string().parse::<Date>().unwrap();
                let mut date = day(&holiday["from"]);
                while date <= day(&holiday["to"]) {
                    model.off.insert(date);
                    date = date.tomorrow().unwrap();
                }
                model.made_up.extend(
                    holiday.get("make_up").into_iter().flat_map(|days| days.as_array().unwrap()).map(day),
                );
            }
        }
        model
    }

    fn works(&self, date: Date) -> bool {
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.made_up.contains(&date) || !(weekend || self.off.contains(&date))
    }

    /// The n-th workday after `date`, by taking one after the other.
    fn workday(&self, mut date: Date, n: u32) -> Date {
        for _ in 0..n {
            date = date.tomorrow().unwrap();
            while !self.works(date) {
                date = date.tomorrow().unwrap();
            }
        }
        date
    }
}

fn shanghai(at: Timestamp) -> Date {
    TimeZone::get("Asia/Shanghai").unwrap().to_datetime(at).date()
}

/// The middle of a day in Shanghai.
fn noon(date: Date) -> Timestamp {
    date.at(12, 0, 0, 0).to_zoned_datetime(TimeZone::get("Asia/Shanghai").unwrap()).unwrap().timestamp()
}

/// 2008 to 2028: a year on either side of the data.
fn moments() -> impl Strategy<Value = Timestamp> {
    (1_199_145_600_i64..1_861_920_000).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn days() -> impl Strategy<Value = Date> {
    (0_i64..7_670).prop_map(|ahead| date(2008, 1, 1) + ahead.days())
}

fn lengths() -> impl Strategy<Value = Length> {
    prop_oneof![
        (0_u32..90).prop_map(Length::Workdays),
        (0_u32..200).prop_map(Length::Days),
        (0_u32..30).prop_map(Length::Months),
        (0_u32..500).prop_map(Length::Hours),
        (0_u32..9_000).prop_map(Length::Minutes),
        (0_u32..9_000).prop_map(Length::DutyMinutes),
    ]
}

fn countings() -> impl Strategy<Value = Counting> {
    let ends = prop_oneof![Just("24:00"), Just("17:30"), Just("00:01")];
    let duties = prop_oneof![
        Just(r#"["09:00-12:00","13:00-18:00"]"#),
        Just(r#"["00:00-24:00"]"#),
        Just(r#"["08:30-11:45"]"#)
    ];
    let zones = prop_oneof![Just("Asia/Shanghai"), Just("Europe/Berlin"), Just("UTC")];
    (ends, any::<bool>(), duties, zones).prop_map(|(end, roll, duty, zone)| {
        let json = format!(r#"{{"end_of_day":"{end}","roll":{roll},"duty":{duty},"zone":"{zone}"}}"#);
        serde_json::from_str(&json).unwrap()
    })
}

proptest! {
    #[test]
    fn due_is_what_the_explanation_ends_with(start in moments(), length in lengths(), counting in countings()) {
        let due = CALENDAR.due(start, length, &counting);
        let explanation = CALENDAR.explain(start, length, &counting);
        prop_assert_eq!(explanation.due, due);
        prop_assert_eq!(explanation.days.last().unwrap().date, due.date);
        prop_assert!(explanation.days.windows(2).all(|pair| pair[0].date < pair[1].date));
        let (Length::Workdays(n) | Length::Days(n) | Length::Months(n) | Length::Minutes(n) | Length::DutyMinutes(n)) =
            length
        else {
            return Ok(());
        };
        let counted = explanation.days.iter().filter_map(|day| day.counted).max();
        prop_assert_eq!(counted.unwrap_or(0), n, "the last count is the length");
    }

    #[test]
    fn workdays_are_those_of_the_model(start in moments(), n in 0_u32..90) {
        let due = CALENDAR.due(start, Length::Workdays(n), &Counting::default());
        prop_assert_eq!(due.date, MODEL.workday(shanghai(start), n));
        prop_assert_eq!(due.at, noon(due.date) + 12.hours());
    }

    #[test]
    fn days_are_those_of_the_model(start in moments(), n in 1_u32..200, roll: bool) {
        let due = CALENDAR.due(start, Length::Days(n), &Counting { roll, ..Counting::default() });
        let last = shanghai(start) + i64::from(n).days();
        let expected = if roll && !MODEL.works(last) { MODEL.workday(last, 1) } else { last };
        prop_assert_eq!(due.date, expected);
    }

    #[test]
    fn months_are_those_of_the_model(start in moments(), n in 1_u32..30) {
        let due = CALENDAR.due(start, Length::Months(n), &Counting { roll: false, ..Counting::default() });
        let first = shanghai(start);
        let months = i32::from(first.month()) - 1 + i32::try_from(n).unwrap();
        prop_assert_eq!(i32::from(due.date.year()), i32::from(first.year()) + months / 12);
        prop_assert_eq!(i32::from(due.date.month()), months % 12 + 1);
        prop_assert_eq!(due.date.day(), first.day().min(due.date.days_in_month()));
    }

    #[test]
    fn duty_minutes_are_those_of_the_model(start in moments(), n in 1_u32..2_000) {
        // A minute at a time, by the clock on the wall, from the start's whole minute.
        let start = Timestamp::from_second(start.as_second() / 60 * 60).unwrap();
        let (mut at, mut left) = (start, n);
        while left > 0 {
            let local = TimeZone::get("Asia/Shanghai").unwrap().to_datetime(at);
            let on_duty = MODEL.works(local.date()) && matches!(local.hour(), 9..=11 | 13..=17);
            left -= u32::from(on_duty);
            at += SignedDuration::from_mins(1);
        }
        prop_assert_eq!(CALENDAR.due(start, Length::DutyMinutes(n), &Counting::default()).at, at);
    }

    #[test]
    fn hours_are_so_many_hours(start in moments(), n in 0_u32..500, counting in countings()) {
        let due = CALENDAR.due(start, Length::Hours(n), &counting);
        prop_assert_eq!(due.at, start + SignedDuration::from_hours(n.into()));
        prop_assert_eq!(due, CALENDAR.due(start, Length::Minutes(n * 60), &counting));
    }

    #[test]
    fn n_workdays_and_then_m_are_n_and_m(start in moments(), n in 0_u32..60, m in 0_u32..60) {
        let counting = Counting::default();
        let middle = CALENDAR.due(start, Length::Workdays(n), &counting).date;
        let in_two = CALENDAR.due(noon(middle), Length::Workdays(m), &counting);
        prop_assert_eq!(in_two.date, CALENDAR.due(start, Length::Workdays(n + m), &counting).date);
    }

    #[test]
    fn a_limit_in_workdays_or_rolled_days_never_ends_on_a_day_off(start in moments(), n in 1_u32..90) {
        for length in [Length::Workdays(n), Length::Days(n), Length::Months(n), Length::DutyMinutes(n)] {
            prop_assert!(MODEL.works(CALENDAR.due(start, length, &Counting::default()).date), "{}", length);
        }
    }

    #[test]
    fn a_longer_limit_never_ends_earlier(start in moments(), n in 0_u32..90, counting in countings()) {
        for of in [Length::Workdays, Length::Days, Length::Months, Length::Hours, Length::DutyMinutes] {
            prop_assert!(CALENDAR.due(start, of(n), &counting).at <= CALENDAR.due(start, of(n + 1), &counting).at);
        }
    }

    #[test]
    fn workdays_between_is_the_number_counted(from in days(), n in 0_i64..1_000) {
        let to = from + n.days();
        let counted = from.series(1.day()).skip(1).take_while(|day| *day <= to).filter(|day| MODEL.works(*day)).count();
        prop_assert_eq!(CALENDAR.workdays_between(from, to), u32::try_from(counted).unwrap());
    }

    #[test]
    fn workdays_between_undoes_due(start in moments(), n in 0_u32..90) {
        let due = CALENDAR.due(start, Length::Workdays(n), &Counting::default());
        prop_assert_eq!(CALENDAR.workdays_between(shanghai(start), due.date), n);
    }

    #[test]
    fn workdays_are_provisional_where_a_day_asked_is(start in moments(), n in 1_u32..90) {
        let explanation = CALENDAR.explain(start, Length::Workdays(n), &Counting::default());
        let asked = explanation.days.iter().filter(|day| day.reason != Reason::StartDay);
        prop_assert_eq!(explanation.due.provisional, asked.clone().any(|day| day.provisional));
    }

    #[test]
    fn a_length_reads_back_as_written(length in lengths()) {
        prop_assume!(!length.to_string().starts_with("0 "));
        prop_assert_eq!(length.to_string().parse(), Ok(length));
    }

    #[test]
    fn a_counting_reads_back_as_written(counting in countings()) {
        let json = serde_json::to_string(&counting).unwrap();
        prop_assert_eq!(serde_json::from_str::<Counting>(&json).unwrap(), counting);
    }

    #[test]
    fn counted_forward_again_from_before_an_end_it_is_reached(start in moments(), n in 1_u32..40, counting in countings()) {
        let end = CALENDAR.due(start, Length::Workdays(60), &counting).at;
        for of in [Length::Workdays, Length::Days, Length::Months, Length::Hours, Length::Minutes] {
            let before = CALENDAR.before(end, of(n), &counting);
            prop_assert!(before < end);
            prop_assert!(CALENDAR.due(before, of(n), &counting).at >= end, "{}", of(n));
            prop_assert!(CALENDAR.before(end, of(n + 1), &counting) < before);
        }
    }

    #[test]
    fn no_more_than_the_workdays_asked_for_are_left(start in moments(), n in 1_u32..40) {
        let counting = Counting::default();
        let end = CALENDAR.due(start, Length::Workdays(60), &counting);
        let begins = shanghai(CALENDAR.before(end.at, Length::Workdays(n), &counting));
        prop_assert!(MODEL.works(begins));
        prop_assert_eq!(CALENDAR.workdays_between(begins, end.date), n - 1, "and the day itself");
    }

    #[test]
    fn duty_time_before_an_end_is_the_duty_time_left(end in moments(), n in 1_u32..2_000) {
        let counting = Counting::default();
        let before = CALENDAR.before(end, Length::DutyMinutes(n), &counting);
        prop_assert!(CALENDAR.due(before, Length::DutyMinutes(n), &counting).at <= end);
        prop_assert!(CALENDAR.due(before, Length::DutyMinutes(n + 1), &counting).at > end);
    }

    #[test]
    fn after_an_end_the_count_goes_on(start in moments(), n in 1_u32..60, m in 1_u32..60, counting in countings()) {
        let end = CALENDAR.due(start, Length::Workdays(n), &counting).at;
        let after = CALENDAR.after(end, Length::Workdays(m), &counting);
        prop_assert_eq!(after, CALENDAR.due(start, Length::Workdays(n + m), &counting).at);
        prop_assert_eq!(CALENDAR.after(end, Length::Hours(m), &counting), end + SignedDuration::from_hours(m.into()));
    }
}
