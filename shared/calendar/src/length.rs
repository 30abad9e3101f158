//! How long a time limit is.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The most that a written length may say, of any unit; more is a slip.
const LONGEST: u32 = 100_000;

/// The length of a time limit. Written as a number and a unit: `10 workdays`, `30 days`, `1 month`, `24 hours`,
/// `20 minutes`, `8 duty hours`, `90 duty minutes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Length {
    /// Workdays; the start day does not count.
    Workdays(u32),
    /// Days of the calendar; the start day does not count (Civil Code art. 201).
    Days(u32),
    /// Months, to the corresponding day or the month's last (Civil Code art. 202).
    Months(u32),
    /// Hours, day and night, from the moment.
    Hours(u32),
    /// Minutes, day and night, from the moment.
    Minutes(u32),
    /// Minutes of the hours on duty, on workdays.
    DutyMinutes(u32),
}

/// A text is not a length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not a time limit; expected a number from 1 to {LONGEST} and one of \
     workdays, days, months, hours, minutes, duty hours, duty minutes, as in \"10 workdays\""
)]
pub struct ParseLengthError(String);

impl FromStr for Length {
    type Err = ParseLengthError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).ok_or_else(|| ParseLengthError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Length> {
    let (number, unit) = text.split_once(' ')?;
    // `u32::from_str` takes a sign, which a length has none of.
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let number = number.parse().ok().filter(|n| digits && (1..=LONGEST).contains(n))?;
    match unit {
        "workday" | "workdays" => Some(Length::Workdays(number)),
        "day" | "days" => Some(Length::Days(number)),
        "month" | "months" => Some(Length::Months(number)),
        "hour" | "hours" => Some(Length::Hours(number)),
        "minute" | "minutes" => Some(Length::Minutes(number)),
        "duty hour" | "duty hours" => Some(Length::DutyMinutes(number * 60)),
        "duty minute" | "duty minutes" => Some(Length::DutyMinutes(number)),
        _ => None,
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, unit) = match *self {
            Length::Workdays(n) => (n, "workday"),
            Length::Days(n) => (n, "day"),
            Length::Months(n) => (n, "month"),
            Length::Hours(n) => (n, "hour"),
            Length::Minutes(n) => (n, "minute"),
            Length::DutyMinutes(n) if n > 0 && n % 60 == 0 => (n / 60, "duty hour"),
            Length::DutyMinutes(n) => (n, "duty minute"),
        };
        write!(f, "{number} {unit}{}", if number == 1 { "" } else { "s" })
    }
}

impl TryFrom<String> for Length {
    type Error = ParseLengthError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Length> for String {
    fn from(length: Length) -> Self {
        length.to_string()
    }
}
