//! From columns to domain types, and what is said where a row is damaged.

use jiff::Timestamp;
use uuid::Uuid;

/// A column holds what the program never writes.
#[derive(Debug, thiserror::Error)]
#[error("{table}.{column} of {key} is damaged")]
pub struct Damaged {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The row's key, beside the organ.
    pub key: Uuid,
}

impl From<Damaged> for sqlx::Error {
    fn from(damaged: Damaged) -> Self {
        Self::Decode(Box::new(damaged))
    }
}

/// One row of a table, to name its columns.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The table.
    pub table: &'static str,
    /// The row's key, beside the organ.
    pub key: Uuid,
}

impl Row {
    /// The value, or a damaged column.
    pub fn need<T>(self, column: &'static str, value: Option<T>) -> Result<T, Damaged> {
        value.ok_or(Damaged { table: self.table, column, key: self.key })
    }

    /// A moment.
    pub fn moment(self, column: &'static str, micros: i64) -> Result<Timestamp, Damaged> {
        self.need(column, Timestamp::from_microsecond(micros).ok())
    }

    /// A moment that may be absent.
    pub fn optional_moment(
        self,
        column: &'static str,
        micros: Option<i64>,
    ) -> Result<Option<Timestamp>, Damaged> {
        micros.map(|micros| self.moment(column, micros)).transpose()
    }

    /// A value of an enum of the contracts.
    pub fn value<E: TryFrom<i32>>(self, column: &'static str, number: i16) -> Result<E, Damaged> {
        self.need(column, E::try_from(i32::from(number)).ok())
    }

    /// A count.
    pub fn count(self, column: &'static str, number: i32) -> Result<u32, Damaged> {
        self.need(column, u32::try_from(number).ok())
    }
}

/// An enum of the contracts as a column has it: they have a few dozen values each.
pub fn small(number: i32) -> i16 {
    i16::try_from(number).unwrap_or_default()
}
