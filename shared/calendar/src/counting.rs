//! How a length is counted: what the law leaves to each organ or rule.

use std::{fmt, str::FromStr};

use jiff::{
    civil::Time,
    tz::{Offset, TimeZone},
};
use serde::{Deserialize, Serialize};

/// How a time limit is counted. In a file every field may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Counting {
    /// When the last day ends (Civil Code art. 203 para. 2): `"24:00"`, the default, or close of business, as `"17:30"`.
    pub end_of_day: EndOfDay,
    /// Whether a last day that is off rolls on to the next workday (Civil Code art. 203 para. 1), where days or months
    /// are counted. By default it does.
    pub roll: bool,
    /// The hours on duty of a workday, in which duty time is counted.
    pub duty: Duty,
    /// Where the days are days: an IANA name, by default `"Asia/Shanghai"`.
    #[serde(with = "jiff::fmt::serde::tz::required")]
    pub zone: TimeZone,
}

impl Default for Counting {
    fn default() -> Self {
        // The name is always known, for the database is linked in; were it not, the offset is that of every year here.
        let zone = TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| TimeZone::fixed(Offset::constant(8)));
        Self { end_of_day: EndOfDay::Midnight, roll: true, duty: Duty::default(), zone }
    }
}

/// When a day ends. Written `"24:00"` or as `"17:30"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum EndOfDay {
    /// When business ends.
    Close(Time),
    /// At 24:00, which is 0:00 of the next day.
    Midnight,
}

/// A stretch of a day on duty, in one day. Written `"09:00-12:00"`; round the clock is `"00:00-24:00"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DutyInterval {
    from: Time,
    to: EndOfDay,
}

/// The hours on duty of a workday: at least one stretch, in order, none overlapping. Written as a list of stretches.
///
/// By default the eight hours 09:00-12:00 and 13:00-18:00; an organ sets its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<DutyInterval>", into = "Vec<DutyInterval>")]
pub struct Duty(Vec<DutyInterval>);

/// A text or list is not what [`Counting`] expects.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseCountingError {
    /// Not an end of day.
    #[error("{0:?} is not the end of a day; expected 24:00 or a time as 17:30")]
    EndOfDay(String),
    /// Not a stretch of a day.
    #[error(
        "{0:?} is not a stretch of a day; expected as 09:00-12:00, the earlier time first, 24:00 at the latest"
    )]
    Interval(String),
    /// No hours on duty at all.
    #[error("no hours on duty; expected at least one stretch, as 09:00-12:00")]
    NoDuty,
    /// The stretches are not in order, or overlap.
    #[error("the hours on duty {0} and {1} overlap or are out of order; expected the earlier first")]
    Order(DutyInterval, DutyInterval),
}

impl DutyInterval {
    /// From a time of day to a later one.
    pub fn new(from: Time, to: EndOfDay) -> Result<Self, ParseCountingError> {
        let interval = Self { from, to };
        if to <= EndOfDay::Close(from) {
            return Err(ParseCountingError::Interval(interval.to_string()));
        }
        Ok(interval)
    }

    /// When duty begins.
    pub fn begins(self) -> Time {
        self.from
    }

    /// When it ends.
    pub fn ends(self) -> EndOfDay {
        self.to
    }
}

impl Duty {
    /// These stretches, of one day.
    pub fn new(intervals: Vec<DutyInterval>) -> Result<Self, ParseCountingError> {
        if intervals.is_empty() {
            return Err(ParseCountingError::NoDuty);
        }
        for (one, next) in intervals.iter().zip(intervals.iter().skip(1)) {
            if EndOfDay::Close(next.from) < one.to {
                return Err(ParseCountingError::Order(*one, *next));
            }
        }
        Ok(Self(intervals))
    }

    /// The stretches, in order.
    pub fn intervals(&self) -> &[DutyInterval] {
        &self.0
    }
}

impl Default for Duty {
    fn default() -> Self {
        const fn at(hour: i8) -> Time {
            Time::constant(hour, 0, 0, 0)
        }
        Self(vec![
            DutyInterval { from: at(9), to: EndOfDay::Close(at(12)) },
            DutyInterval { from: at(13), to: EndOfDay::Close(at(18)) },
        ])
    }
}

/// `HH:MM`, both in two digits.
fn parse_time(text: &str) -> Option<Time> {
    (text.len() == 5).then(|| Time::strptime("%H:%M", text).ok()).flatten()
}

fn write_time(time: Time, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{:02}:{:02}", time.hour(), time.minute())
}

impl FromStr for EndOfDay {
    type Err = ParseCountingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "24:00" {
            return Ok(Self::Midnight);
        }
        // A day that ends as it begins is 24:00 written wrongly.
        parse_time(text)
            .filter(|time| *time != Time::midnight())
            .map(Self::Close)
            .ok_or_else(|| ParseCountingError::EndOfDay(text.to_owned()))
    }
}

impl fmt::Display for EndOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Midnight => f.write_str("24:00"),
            Self::Close(time) => write_time(time, f),
        }
    }
}

impl FromStr for DutyInterval {
    type Err = ParseCountingError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('-').and_then(|(from, to)| Some((parse_time(from)?, to.parse().ok()?)));
        let (from, to) = parsed.ok_or_else(|| ParseCountingError::Interval(text.to_owned()))?;
        Self::new(from, to)
    }
}

impl fmt::Display for DutyInterval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_time(self.from, f)?;
        write!(f, "-{}", self.to)
    }
}

macro_rules! as_string {
    ($($name:ty),*) => {$(
        impl TryFrom<String> for $name {
            type Error = ParseCountingError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.to_string()
            }
        }
    )*};
}

as_string!(EndOfDay, DutyInterval);

impl TryFrom<Vec<DutyInterval>> for Duty {
    type Error = ParseCountingError;

    fn try_from(intervals: Vec<DutyInterval>) -> Result<Self, Self::Error> {
        Self::new(intervals)
    }
}

impl From<Duty> for Vec<DutyInterval> {
    fn from(duty: Duty) -> Self {
        duty.0
    }
}
