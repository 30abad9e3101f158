//! When offices are open.

use std::sync::Arc;

use calendar::{Calendar, Counting};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};

use crate::samples::Line;

const OPENS: Time = Time::constant(9, 0, 0, 0);
const CLOSES: Time = Time::constant(17, 0, 0, 0);

/// The hours of all offices, on the workdays of the calendar.
#[derive(Clone)]
pub struct Hours {
    calendar: Arc<Calendar>,
    counting: Counting,
}

impl Hours {
    /// Nine to five on the workdays of `calendar`.
    pub fn new(calendar: Arc<Calendar>) -> Self {
        Self { calendar, counting: Counting::default() }
    }

    /// The local day of a moment.
    pub fn date(&self, at: Timestamp) -> Date {
        self.counting.zone.to_datetime(at).date()
    }

    /// 0:00 of a day.
    pub fn begin_of(&self, date: Date) -> Timestamp {
        self.at(date, Time::midnight())
    }

    /// When a sample arrives. Only what comes online comes on a day off.
    pub(super) fn arrival(&self, start: Timestamp, line: &Line) -> Timestamp {
        let minutes = i64::from(line.day) * 24 * 60 + i64::from(line.minute);
        let at = start.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(start);
        if line.is_online() { at } else { self.open(at) }
    }

    /// `at` if offices are open then, else when they next open.
    pub(super) fn open(&self, at: Timestamp) -> Timestamp {
        let local = self.counting.zone.to_datetime(at);
        let (date, time) = (local.date(), local.time());
        if !self.calendar.is_workday(date) || time >= CLOSES {
            return self.at(self.next_workday(date), OPENS);
        }
        if time < OPENS { self.at(date, OPENS) } else { at }
    }

    /// So many minutes of office hours after `at`.
    pub(super) fn later(&self, at: Timestamp, minutes: i64) -> Timestamp {
        let mut at = self.open(at);
        let mut left = SignedDuration::from_mins(minutes);
        // A workday has 480 minutes; the bound is a year of them.
        for _ in 0..366 {
            let closes = self.at(self.date(at), CLOSES);
            let today = closes.duration_since(at);
            if left < today {
                break;
            }
            left -= today;
            at = self.open(closes);
        }
        at.checked_add(left).unwrap_or(at)
    }

    fn next_workday(&self, date: Date) -> Date {
        let after = date.tomorrow().unwrap_or(date).series(jiff::Span::new().days(1));
        after.take(60).find(|day| self.calendar.is_workday(*day)).unwrap_or(date)
    }

    fn at(&self, date: Date, time: Time) -> Timestamp {
        self.counting.zone.to_timestamp(date.to_datetime(time)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        Hours::new(Arc::new(Calendar::bundled().unwrap()))
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn offices_are_shut_at_night_and_over_the_spring_festival() {
        assert_eq!(hours().open(at("2026-03-02T08:00:00+08:00")), at("2026-03-02T09:00:00+08:00"));
        assert_eq!(hours().open(at("2026-03-02T10:00:00+08:00")), at("2026-03-02T10:00:00+08:00"));
        assert_eq!(hours().open(at("2026-03-06T17:00:00+08:00")), at("2026-03-09T09:00:00+08:00"));
        assert_eq!(hours().open(at("2026-02-15T12:00:00+08:00")), at("2026-02-24T09:00:00+08:00"));
    }

    #[test]
    fn minutes_of_office_hours_run_over_nights() {
        assert_eq!(hours().later(at("2026-03-02T16:30:00+08:00"), 60), at("2026-03-03T09:30:00+08:00"));
        assert_eq!(hours().later(at("2026-03-02T09:00:00+08:00"), 3 * 480), at("2026-03-05T09:00:00+08:00"));
    }
}
