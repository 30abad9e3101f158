//! Workdays of mainland China, and the deadlines counted in them.
//!
//! A [`Calendar`] is built from data files, one a year, with the days off and the make-up workdays (补班) that the
//! State Council announced: [`Calendar::bundled`] has those that came with the program, [`Calendar::load`] reads a
//! directory. Their format is described in `deploy/calendars/README.md`.
//!
//! ```
//! use calendar::{Calendar, Counting};
//!
//! let calendar = Calendar::bundled()?;
//! let start = "2026-02-10T15:00:00+08:00".parse()?;
//! let due = calendar.due(start, "10 workdays".parse()?, &Counting::default());
//! assert_eq!(due.date.to_string(), "2026-03-02"); // after nine days off, and two Saturdays made up
//! assert_eq!(due.at.to_string(), "2026-03-02T16:00:00Z"); // 24:00 in Shanghai
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # How is counted
//!
//! By articles 201 to 203 of the Civil Code (民法典), with what they leave open in [`Counting`]:
//!
//! | length | start | last day | end |
//! |---|---|---|---|
//! | [workdays](Length::Workdays) | the start day does not count | the n-th workday after it | [`Counting::end_of_day`] |
//! | [days](Length::Days) | the start day does not count | the n-th day after it, rolled on to a workday | as above |
//! | [months](Length::Months) | the start day does not count | the corresponding day, or the month's last; rolled on | as above |
//! | [hours](Length::Hours), [minutes](Length::Minutes) | at the moment | | at the moment |
//! | [duty time](Length::DutyMinutes) | at the moment | counted in [`Counting::duty`] on workdays only | at the moment |
//!
//! # What is provisional
//!
//! A year without a file is reckoned by its weekends alone, and so is the last week of December while the next year has
//! none, for a notice may reach back into it (31 December 2011 was made a workday by the notice for 2012). A date that
//! rests on such a day is marked `provisional`: it is worked out again when the year's file comes.
//! [`Calendar::version`] tells on which data an answer rests.
//!
//! No clock is read here: every moment is a parameter.

mod around;
mod bundled;
mod calendar;
mod counting;
mod day;
mod duty;
mod error;
mod explain;
mod file;
mod length;
mod walk;

pub use calendar::Calendar;
pub use counting::{Counting, Duty, DutyInterval, EndOfDay, ParseCountingError};
pub use day::{Day, Kind};
pub use error::{CalendarError, Problem};
pub use explain::{Due, ExplainedDay, Explanation, Reason};
pub use length::{Length, ParseLengthError};
