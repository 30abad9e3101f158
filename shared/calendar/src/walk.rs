//! The count itself. `due` and `explain` take the same walk; the second writes down its steps.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};

use crate::{Calendar, Counting, Due, EndOfDay, ExplainedDay, Explanation, Length, Reason, day::Day};

impl Calendar {
    /// When a limit of this length, started at this moment, ends.
    ///
    /// Costs the days counted. Past the year 9999, where time ends, it stays there. A length of 0 ends with the start
    /// day, or at the start where it is counted from the moment.
    pub fn due(&self, start: Timestamp, length: Length, counting: &Counting) -> Due {
        self.walk(start, length, counting, &mut |_| ())
    }

    /// The same, with every day that was counted or skipped, and why.
    pub fn explain(&self, start: Timestamp, length: Length, counting: &Counting) -> Explanation {
        let mut days = Vec::new();
        let due = self.walk(start, length, counting, &mut |step| days.push(self.explained(step)));
        Explanation { due, days }
    }

    fn explained(&self, Step { date, counted, reason }: Step) -> ExplainedDay {
        let Day { kind, name, english, notice, provisional } = self.kind(date);
        ExplainedDay {
            date,
            kind,
            name: name.map(str::to_owned),
            english: english.map(str::to_owned),
            notice: notice.map(str::to_owned),
            provisional,
            counted,
            reason,
        }
    }

    fn walk(&self, start: Timestamp, length: Length, counting: &Counting, trace: Trace<'_>) -> Due {
        let mut walk = Walk { calendar: self, counting, start, provisional: false, trace };
        let (date, at) = match length {
            Length::Workdays(n) => walk.workdays(n),
            Length::Days(n) => walk.days(n),
            Length::Months(n) => walk.months(n),
            Length::Hours(n) => walk.elapsed(SignedDuration::from_hours(n.into())),
            Length::Minutes(n) => walk.elapsed(SignedDuration::from_mins(n.into())),
            Length::DutyMinutes(n) => walk.on_duty(n),
        };
        Due { at, date, provisional: walk.provisional }
    }
}

struct Step {
    date: Date,
    counted: Option<u32>,
    reason: Reason,
}

type Trace<'a> = &'a mut dyn FnMut(Step);

struct Walk<'a> {
    calendar: &'a Calendar,
    counting: &'a Counting,
    start: Timestamp,
    /// A day that was asked whether it is a workday is provisional.
    provisional: bool,
    trace: Trace<'a>,
}

impl Walk<'_> {
    fn workdays(&mut self, n: u32) -> (Date, Timestamp) {
        let mut date = self.start_day();
        let mut counted = 0;
        while counted < n
            && let Ok(next) = date.tomorrow()
        {
            date = next;
            if self.is_workday(date) {
                counted += 1;
                self.step(date, Some(counted), Reason::Workday);
            } else {
                self.step(date, None, Reason::NotWorkday);
            }
        }
        (date, self.end_of(date))
    }

    fn days(&mut self, n: u32) -> (Date, Timestamp) {
        let mut last = self.start_day();
        for counted in 1..=n {
            let Ok(next) = last.tomorrow() else { break };
            last = next;
            if counted == n {
                last = self.roll(last, n, Reason::CalendarDay);
            } else {
                self.step(last, Some(counted), Reason::CalendarDay);
            }
        }
        (last, self.end_of(last))
    }

    fn months(&mut self, n: u32) -> (Date, Timestamp) {
        let first = self.start_day();
        let mut last = first;
        for counted in 1..=n {
            // Always from the first day: by way of February, 31 January would become the 28th for good.
            let Ok(ahead) = Span::new().try_months(counted) else { break };
            let Ok(day) = first.checked_add(ahead) else { break };
            last = day;
            let reason = if day.day() == first.day() { Reason::CorrespondingDay } else { Reason::MonthEnd };
            if counted == n {
                last = self.roll(last, n, reason);
            } else {
                self.step(last, Some(counted), reason);
            }
        }
        (last, self.end_of(last))
    }

    /// From the last day by the count to the last day by art. 203.
    fn roll(&mut self, last: Date, counted: u32, reason: Reason) -> Date {
        if !self.counting.roll || self.is_workday(last) {
            self.step(last, Some(counted), reason);
            return last;
        }
        self.step(last, Some(counted), Reason::RollsOn);
        let mut date = last;
        while let Ok(next) = date.tomorrow() {
            date = next;
            if self.is_workday(date) {
                self.step(date, None, Reason::RolledTo);
                break;
            }
            self.step(date, None, Reason::RollsOn);
        }
        date
    }

    fn elapsed(&mut self, length: SignedDuration) -> (Date, Timestamp) {
        let at = self.start.checked_add(length).unwrap_or(Timestamp::MAX);
        let mut date = self.date_of(self.start);
        loop {
            let until = midnight_after(date, &self.counting.zone).min(at);
            let minutes = self.start.duration_until(until).as_mins();
            self.step(date, u32::try_from(minutes).ok(), Reason::Elapsed);
            match date.tomorrow() {
                Ok(next) if until < at => date = next,
                _ => return (date, at),
            }
        }
    }

    fn on_duty(&mut self, n: u32) -> (Date, Timestamp) {
        let total = SignedDuration::from_mins(n.into());
        let mut left = total;
        let mut at = self.start;
        let mut date = self.date_of(self.start);
        loop {
            let before = left;
            let workday = self.is_workday(date);
            if workday {
                (left, at) = self.duty_of(date, left, at);
            }
            let counted = u32::try_from(total.saturating_sub(left).as_mins()).ok().filter(|_| left < before);
            let reason = match (workday, counted) {
                (false, _) => Reason::NotWorkday,
                (true, Some(_)) => Reason::Duty,
                (true, None) => Reason::OffDuty,
            };
            self.step(date, counted, reason);
            match date.tomorrow() {
                Ok(next) if left > SignedDuration::ZERO => date = next,
                _ => return (date, at),
            }
        }
    }

    /// Takes a day's hours on duty off what is left; gives the rest, and where the count stands.
    fn duty_of(
        &self,
        date: Date,
        mut left: SignedDuration,
        mut at: Timestamp,
    ) -> (SignedDuration, Timestamp) {
        for interval in self.counting.duty.intervals() {
            if left <= SignedDuration::ZERO {
                break;
            }
            let from = moment(date, interval.begins(), &self.counting.zone).max(self.start);
            let to = end_of(date, interval.ends(), &self.counting.zone);
            if from < to {
                let taken = from.duration_until(to).min(left);
                left = left.saturating_sub(taken);
                at = from.checked_add(taken).unwrap_or(Timestamp::MAX);
            }
        }
        (left, at)
    }

    fn start_day(&mut self) -> Date {
        let date = self.date_of(self.start);
        self.step(date, None, Reason::StartDay);
        date
    }

    fn is_workday(&mut self, date: Date) -> bool {
        self.provisional |= self.calendar.is_provisional(date);
        self.calendar.is_workday(date)
    }

    fn step(&mut self, date: Date, counted: Option<u32>, reason: Reason) {
        (self.trace)(Step { date, counted, reason });
    }

    fn date_of(&self, at: Timestamp) -> Date {
        self.counting.zone.to_datetime(at).date()
    }

    fn end_of(&self, date: Date) -> Timestamp {
        end_of(date, self.counting.end_of_day, &self.counting.zone)
    }
}

pub(crate) fn end_of(date: Date, end: EndOfDay, zone: &TimeZone) -> Timestamp {
    match end {
        EndOfDay::Midnight => midnight_after(date, zone),
        EndOfDay::Close(time) => moment(date, time, zone),
    }
}

pub(crate) fn midnight_after(date: Date, zone: &TimeZone) -> Timestamp {
    date.tomorrow().map_or(Timestamp::MAX, |next| moment(next, Time::midnight(), zone))
}

/// A moment by the clock on the wall; where the clock skips it, the one as far after.
pub(crate) fn moment(date: Date, time: Time, zone: &TimeZone) -> Timestamp {
    zone.to_timestamp(date.to_datetime(time)).unwrap_or(Timestamp::MAX)
}
