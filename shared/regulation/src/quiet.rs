//! Quiet hours: when nobody is told anything by the program (house).

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

use crate::clause::{Basis, Text};
use crate::read::Table;

/// Hours of every day in which the program tells nobody anything: from `from` to before `until`, over midnight where
/// `until` comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    from: Time,
    until: Time,
}

/// The section `[replies]`: how replies go out, whatever they are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyHours {
    /// The hours in which none goes out.
    pub quiet: QuietHours,
    /// The rule in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// A text that is no span of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoQuietHours {
    /// Not of the form `21:00-08:00`.
    #[error("no span of the day")]
    Form,
    /// It begins when it ends.
    #[error("begins when it ends")]
    Empty,
}

impl QuietHours {
    /// The first moment from `at` on that is not quiet: `at` itself outside the quiet hours.
    pub fn end_from(self, at: Timestamp, zone: &TimeZone) -> Timestamp {
        let local = zone.to_datetime(at);
        let (time, over_midnight) = (local.time(), self.until <= self.from);
        let quiet = if over_midnight {
            time >= self.from || time < self.until
        } else {
            time >= self.from && time < self.until
        };
        if !quiet {
            return at;
        }
        let tomorrow = over_midnight && time >= self.from;
        let day = if tomorrow { local.date().tomorrow().unwrap_or(local.date()) } else { local.date() };
        zone.to_timestamp(day.to_datetime(self.until)).unwrap_or(at)
    }
}

impl FromStr for QuietHours {
    type Err = NoQuietHours;

    fn from_str(text: &str) -> Result<Self, NoQuietHours> {
        let (from, until) = text.split_once('-').ok_or(NoQuietHours::Form)?;
        let time = |text: &str| {
            let (hour, minute) =
                text.split_once(':').filter(|_| text.len() == 5).ok_or(NoQuietHours::Form)?;
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let number = |text: &str| match text.parse() {
                Ok(number) if digits(text) => Ok(number),
                _ => Err(NoQuietHours::Form),
            };
            Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| NoQuietHours::Form)
        };
        let hours = Self { from: time(from)?, until: time(until)? };
        if hours.from == hours.until { Err(NoQuietHours::Empty) } else { Ok(hours) }
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, until } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", from.hour(), from.minute(), until.hour(), until.minute())
    }
}

impl ReplyHours {
    /// Reads the section, which may be absent: then no hour is quiet.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let table = root.get("replies")?.table()?;
        let quiet = table.need("quiet_hours", QUIET).and_then(|node| node.parsed(QUIET));
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        table.finish();
        Some(Self { quiet: quiet?, text: text?, basis: basis? })
    }
}

const QUIET: &str = "a span of the day in the zone of [counting], such as \"21:00-08:00\"";

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        TimeZone::get("Asia/Shanghai").unwrap()
    }

    fn end(hours: &str, at: &str) -> String {
        let at: Timestamp = format!("{at}+08:00").parse().unwrap();
        let end = hours.parse::<QuietHours>().unwrap().end_from(at, &shanghai());
        shanghai().to_datetime(end).strftime("%dT%H:%M").to_string()
    }

    #[test]
    fn over_midnight_the_end_is_the_next_morning_or_this_one() {
        assert_eq!(end("21:00-08:00", "2026-03-02T20:59"), "02T20:59");
        assert_eq!(end("21:00-08:00", "2026-03-02T21:00"), "03T08:00");
        assert_eq!(end("21:00-08:00", "2026-03-03T07:59"), "03T08:00");
        assert_eq!(end("21:00-08:00", "2026-03-03T08:00"), "03T08:00");
    }

    #[test]
    fn within_a_day_the_end_is_on_that_day() {
        assert_eq!(end("12:00-13:30", "2026-03-02T11:59"), "02T11:59");
        assert_eq!(end("12:00-13:30", "2026-03-02T12:00"), "02T13:30");
        assert_eq!(end("12:00-13:30", "2026-03-02T13:30"), "02T13:30");
    }

    #[test]
    fn what_is_no_span_is_refused_and_a_span_is_written_as_it_is_read() {
        for wrong in ["", "21:00", "21-08", "21:00-24:00", "21:60-08:00", "9:00-10:00", "+1:00-02:00"] {
            assert_eq!(wrong.parse::<QuietHours>(), Err(NoQuietHours::Form), "{wrong:?}");
        }
        assert_eq!("08:00-08:00".parse::<QuietHours>(), Err(NoQuietHours::Empty));
        assert_eq!("21:00-08:05".parse::<QuietHours>().unwrap().to_string(), "21:00-08:05");
    }
}
