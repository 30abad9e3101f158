use calendar::{Calendar, Due, Length};
use duban_proto::common::v1::{Citation, LocalizedText};
use duban_proto::supervision::v1::ClockKind;
use jiff::{SignedDuration, Timestamp, civil::Date};
use regulation::{Basis, Limit, Regulation, Stage, Text};

use super::Clock;

/// What decides for one organ: its regulation and the calendar.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    pub(crate) regulation: &'a Regulation,
    pub(crate) calendar: &'a Calendar,
}

/// A clock's end as worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) at: Timestamp,
    pub(crate) length: Length,
    pub(crate) provisional: bool,
}

impl<'a> Rules<'a> {
    /// Those of an organ.
    pub(crate) fn of(rules: &'a regulation::Rules, organ: &str) -> Self {
        Self { regulation: rules.for_organ(organ), calendar: &rules.calendar }
    }

    /// The limit that a clock keeps; `None` where the regulation sets none.
    pub(crate) fn limit(&self, kind: ClockKind) -> Option<&'a Limit> {
        self.regulation.limit(match kind {
            ClockKind::Handling => Stage::Handling,
            ClockKind::Part => Stage::Joint,
            ClockKind::Case | ClockKind::Unspecified => Stage::Case,
        })
    }

    /// Where a limit of this length from `start` ends.
    pub(crate) fn due(&self, start: Timestamp, length: Length) -> Due {
        self.calendar.due(start, length, self.regulation.counting())
    }

    /// The day in the regulation's zone.
    pub(crate) fn date(&self, at: Timestamp) -> Date {
        self.regulation.counting().zone.to_datetime(at).date()
    }

    /// The day that this moment ends or lies in: 24:00 belongs to the day before.
    pub(crate) fn last_date(&self, at: Timestamp) -> Date {
        self.date(at.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(at))
    }

    /// Workdays after the day of `from`, up to and with the day of `to`.
    pub(crate) fn workdays(&self, from: Timestamp, to: Timestamp) -> u32 {
        self.calendar.workdays_between(self.date(from), self.date(to))
    }

    /// A clock's end when it starts (17). A term's is capped by the end of the case's; where the case's regular end is past
    /// already (it was extended, or is overdue), by the longest the case can have; where that is past too, by nothing: the
    /// case's own clock tells that it is late, and the organ gets the time the regulation gives it.
    pub(crate) fn first_end(&self, kind: ClockKind, start: Timestamp, accepted_at: Timestamp) -> Option<End> {
        let length = self.limit(kind)?.length;
        let due = self.due(start, length);
        let own = End { at: due.at, length, provisional: due.provisional };
        if kind != ClockKind::Handling {
            return Some(own);
        }
        let case = self.limit(ClockKind::Case).map(|limit| self.due(accepted_at, limit.length));
        let cap = case
            .filter(|cap| cap.at > start)
            .or_else(|| self.longest_case(accepted_at).filter(|cap| cap.at > start));
        Some(match cap {
            Some(cap) if cap.at < own.at => self.ending(start, cap),
            _ => own,
        })
    }

    /// An end given by another clock, with its length in workdays from `start`.
    pub(crate) fn ending(&self, start: Timestamp, due: Due) -> End {
        let workdays = self.calendar.workdays_between(self.date(start), due.date);
        End { at: due.at, length: Length::Workdays(workdays), provisional: due.provisional }
    }

    /// Where a length from `from` ends for a clock that was paused: the workdays, days, or time of its pauses come on top. A holiday
    /// within a pause is no workday of it, so nothing is left out twice (house).
    pub(crate) fn due_of(&self, clock: &Clock, from: Timestamp, length: Length) -> Due {
        let days = |(from, to): (Date, Date)| from.duration_until(to).as_hours() / 24;
        match length {
            Length::Workdays(n) => self.due(from, Length::Workdays(n + self.paused_workdays(clock))),
            Length::Days(n) => {
                let paused: i64 = self.paused_days(clock).map(days).sum();
                self.due(from, Length::Days(n + u32::try_from(paused).unwrap_or_default()))
            }
            Length::Months(_) | Length::Hours(_) | Length::Minutes(_) | Length::DutyMinutes(_) => {
                let due = self.due(from, length);
                let pauses = clock.pauses.iter();
                let paused: SignedDuration = pauses.map(|(from, to)| from.duration_until(*to)).sum();
                let at = due.at.checked_add(paused).unwrap_or(due.at);
                Due { at, date: self.last_date(at), provisional: due.provisional }
            }
        }
    }

    /// The workdays of a clock's pauses that ended: the day on which one begins is used, the day on which it ends is not.
    pub(crate) fn paused_workdays(&self, clock: &Clock) -> u32 {
        let workdays = |(from, to)| self.calendar.workdays_between(from, to);
        self.paused_days(clock).map(workdays).sum()
    }

    /// The days of a clock's pauses that ended: those after the first, up to and with the second.
    pub(crate) fn paused_days(&self, clock: &Clock) -> impl Iterator<Item = (Date, Date)> {
        clock.pauses.iter().map(|(from, to)| (self.date(*from), self.last_date(*to).max(self.date(*from))))
    }

    /// An end given elsewhere, with its length in workdays from the clock's start, its pauses left out.
    pub(crate) fn ending_of(&self, clock: &Clock, due: Due) -> End {
        let workdays = self.calendar.workdays_between(self.date(clock.start), due.date);
        let length = Length::Workdays(workdays.saturating_sub(self.paused_workdays(clock)));
        End { at: due.at, length, provisional: due.provisional }
    }

    /// The latest end that an extension can give a clock (17): the longest time from its own start, and from the acceptance
    /// of the case, pauses left out. `None` where the regulation lets nothing be extended.
    pub(crate) fn longest(&self, clock: &Clock) -> Option<Due> {
        let most = self.limit(clock.kind())?.extension.as_ref()?.most;
        let own = self.due_of(clock, clock.start, most);
        let case = self.limit(ClockKind::Case).and_then(|limit| limit.extension.as_ref());
        let case = case.map(|extension| self.due_of(clock, clock.accepted_at, extension.most));
        Some(match case {
            Some(case) if case.at < own.at => case,
            _ => own,
        })
    }

    fn longest_case(&self, accepted_at: Timestamp) -> Option<Due> {
        let most = self.limit(ClockKind::Case)?.extension.as_ref()?.most;
        Some(self.due(accepted_at, most))
    }

    /// What a decision rests on.
    pub(crate) fn citation(&self, basis: &Basis, rule: &str, text: &Text) -> Citation {
        Citation {
            regulation: self.regulation.code().to_owned(),
            version: self.regulation.version().to_owned(),
            article: basis.article().unwrap_or_default().to_owned(),
            rule: rule.to_owned(),
            text: Some(LocalizedText { zh: text.zh.clone(), en: text.en.clone() }),
        }
    }
}
