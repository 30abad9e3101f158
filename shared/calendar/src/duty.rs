//! The hours on duty, asked from a moment on.

use jiff::Timestamp;

use crate::{
    Calendar, Counting,
    walk::{end_of, moment},
};

/// No two workdays are further apart than this.
const LONGEST_BREAK_DAYS: usize = 62;

impl Calendar {
    /// The first moment from `at` on that is on duty: `at` itself in the hours on duty of a workday.
    pub fn on_duty_from(&self, at: Timestamp, counting: &Counting) -> Timestamp {
        let mut date = counting.zone.to_datetime(at).date();
        for _ in 0..LONGEST_BREAK_DAYS {
            let intervals = counting.duty.intervals().iter().filter(|_| self.is_workday(date));
            for interval in intervals {
                if at < end_of(date, interval.ends(), &counting.zone) {
                    return at.max(moment(date, interval.begins(), &counting.zone));
                }
            }
            match date.tomorrow() {
                Ok(next) => date = next,
                Err(_) => return at,
            }
        }
        at
    }
}
