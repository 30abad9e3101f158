//! What a day is.

use std::sync::Arc;

use jiff::civil::{Date, Weekday};
use serde::Serialize;

/// What a day is for those who work by the State Council's arrangement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Monday to Friday, and not announced as off.
    Workday,
    /// Saturday or Sunday, in no announced break.
    Weekend,
    /// A day of an announced break (放假), the weekends inside it included.
    Holiday,
    /// A Saturday or Sunday on which work is made up for (补班).
    MakeUp,
}

impl Kind {
    /// Whether people work on such a day.
    pub fn is_workday(self) -> bool {
        matches!(self, Kind::Workday | Kind::MakeUp)
    }
}

/// A day as the calendar knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Day<'a> {
    /// What the day is.
    pub kind: Kind,
    /// The break (`春节`): on its days off, and on the days made up for it.
    pub name: Option<&'a str>,
    /// The same in English (`Spring Festival`).
    pub english: Option<&'a str>,
    /// The number of the notice that says so (`国办发明电〔2025〕7号`).
    pub notice: Option<&'a str>,
    /// The arrangement that could change this day is not known yet.
    pub provisional: bool,
}

/// An announced break.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Break {
    pub(crate) name: String,
    pub(crate) english: String,
    pub(crate) notice: String,
}

/// A day that is not what its weekday says, or is so for a break's sake.
#[derive(Debug, Clone)]
pub(crate) struct Exception {
    /// [`Kind::Holiday`] or [`Kind::MakeUp`].
    pub(crate) kind: Kind,
    pub(crate) of: Arc<Break>,
}

pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// Whether the notice for the year after may still change this day.
///
/// The earliest day that one has touched is 29 December; a week is the margin.
pub(crate) fn in_last_week_of_year(date: Date) -> bool {
    date.month() == 12 && date.day() >= 25
}
