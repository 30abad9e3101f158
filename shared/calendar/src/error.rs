//! What can be wrong with the data files.

use std::{io, path::PathBuf};

use jiff::civil::Date;

/// Why a calendar could not be built. Each says which file, which line where there is one, and what is expected.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The directory or a file in it can't be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The directory or file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The directory has no calendar file.
    #[error("{}: no calendar here; expected a file a year, named as 2026.toml", path.display())]
    Empty {
        /// The directory.
        path: PathBuf,
    },
    /// A TOML file whose name is not a year.
    #[error("{}: expected a name of four digits, the year, as 2026.toml", path.display())]
    Name {
        /// The file.
        path: PathBuf,
    },
    /// The file is not TOML, or not of the expected form.
    #[error("{file}:{line}:{column}: {}", source.message())]
    Form {
        /// The file's name.
        file: String,
        /// From 1.
        line: usize,
        /// In characters, from 1.
        column: usize,
        /// What the parser says.
        source: Box<toml::de::Error>,
    },
    /// The file can be read, and says something that can't be.
    #[error("{file}:{line}: {problem}")]
    Content {
        /// The file's name.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        problem: Problem,
    },
}

/// What is wrong with the content of a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// `year` is not the one in the file's name.
    #[error("year is {found}; expected {expected}, as in the file's name")]
    Year {
        /// By the file's name.
        expected: i16,
        /// By its content.
        found: i16,
    },
    /// A list that may not be empty is.
    #[error("no [[{0}]]; expected at least one")]
    Missing(&'static str),
    /// A text that may not be empty is.
    #[error("{0} is empty")]
    Blank(&'static str),
    /// A time of day, or a day that no month has.
    #[error("{0} is not a day; expected as 2026-02-15")]
    NotADay(String),
    /// The break ends before it begins, or is longer than a break can be.
    #[error("the break runs from {from} to {to}; expected 1 to 31 days, first day first")]
    Range {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// The day is neither of the file's year nor of the week before it.
    #[error(
        "{date} does not belong to {year}; expected a day of that year or of the last week of December before it"
    )]
    Outside {
        /// The day.
        date: Date,
        /// The file's year.
        year: i16,
    },
    /// A make-up day must be one that would be free without it.
    #[error("{0} is a make-up day on a weekday; expected a Saturday or Sunday")]
    MakeUpOnWeekday(Date),
    /// The day is listed before.
    #[error("{date} is listed twice, first at {first}")]
    Twice {
        /// The day.
        date: Date,
        /// File and line.
        first: String,
    },
    /// The break names a notice that the file does not have.
    #[error("notice {0} is not in this file; expected the number of one of its [[notice]]")]
    UnknownNotice(String),
    /// Two notices have one number.
    #[error("notice {0} is in this file twice")]
    RepeatedNotice(String),
}
