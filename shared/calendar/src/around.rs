//! Moments around an end: so long before it, so long after it.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, Time},
};

use crate::{
    Calendar, Counting, Length,
    walk::{end_of, moment},
};

/// The smallest step of time: an end at 24:00 belongs to the day that it ends, not to the next.
const INSTANT: SignedDuration = SignedDuration::from_nanos(1);

impl Calendar {
    /// The moment from which on no more than this length is left until `end`.
    ///
    /// Of workdays and days: 0:00 of the n-th before the end, the last day being the first of them, so that
    /// `1 workday` before an end on Monday is the beginning of Monday. Counted forward again, the length ends at `end` or
    /// after. Hours and minutes are taken off; duty time is taken off the hours on duty before the end.
    pub fn before(&self, end: Timestamp, length: Length, counting: &Counting) -> Timestamp {
        let last = last_day(end, counting);
        // What reaches back before all time begins with it.
        let begins = |date: Date| {
            counting.zone.to_timestamp(date.to_datetime(Time::midnight())).unwrap_or(Timestamp::MIN)
        };
        match length {
            Length::Workdays(0) | Length::Days(0) | Length::Months(0) => end,
            Length::Workdays(n) => begins(self.workday_back(last, n)),
            Length::Days(n) => begins(
                last.checked_sub(SignedDuration::from_hours(24 * i64::from(n - 1))).unwrap_or(Date::MIN),
            ),
            Length::Months(n) => {
                let back = Span::new().try_months(n).and_then(|span| last.checked_sub(span)?.tomorrow());
                begins(back.unwrap_or(Date::MIN))
            }
            Length::Hours(n) => earlier(end, SignedDuration::from_hours(n.into())),
            Length::Minutes(n) => earlier(end, SignedDuration::from_mins(n.into())),
            Length::DutyMinutes(n) => self.duty_back(end, last, n, counting),
        }
    }

    /// The moment so long after `end`: one workday after an end on Friday at 24:00 is Monday at 24:00.
    pub fn after(&self, end: Timestamp, length: Length, counting: &Counting) -> Timestamp {
        match length {
            Length::Workdays(_) | Length::Days(_) | Length::Months(_) => {
                self.due(earlier(end, INSTANT), length, counting).at
            }
            Length::Hours(_) | Length::Minutes(_) | Length::DutyMinutes(_) => {
                self.due(end, length, counting).at
            }
        }
    }

    /// The n-th workday back from `last`, which is the first where it is a workday.
    fn workday_back(&self, last: Date, n: u32) -> Date {
        let mut date = last;
        let mut left = n;
        loop {
            left -= u32::from(self.is_workday(date));
            match date.yesterday() {
                Ok(before) if left > 0 => date = before,
                _ => return date,
            }
        }
    }

    fn duty_back(&self, end: Timestamp, last: Date, n: u32, counting: &Counting) -> Timestamp {
        let mut left = SignedDuration::from_mins(n.into());
        let (mut at, mut date) = (end, last);
        loop {
            let intervals = counting.duty.intervals().iter().rev().filter(|_| self.is_workday(date));
            for interval in intervals {
                let from = moment(date, interval.begins(), &counting.zone);
                let to = end_of(date, interval.ends(), &counting.zone).min(end);
                if left > SignedDuration::ZERO && from < to {
                    let taken = from.duration_until(to).min(left);
                    left = left.saturating_sub(taken);
                    at = earlier(to, taken);
                }
            }
            match date.yesterday() {
                Ok(before) if left > SignedDuration::ZERO => date = before,
                _ => return at,
            }
        }
    }
}

/// The day that this moment ends or lies in.
fn last_day(end: Timestamp, counting: &Counting) -> Date {
    counting.zone.to_datetime(earlier(end, INSTANT)).date()
}

fn earlier(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}
