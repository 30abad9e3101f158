//! What the tick, and a change of the calendar, read of the table `clock`.

use jiff::Timestamp;
use ledger::{from_micros, to_micros};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::ClockKey;

/// A clock, by the organ in whose ledger it runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) organ: String,
    pub(crate) key: ClockKey,
    /// The moment by which it is ordered, in microseconds since 1970.
    at: i64,
}

/// What is due, and what comes next.
#[derive(Debug)]
pub(crate) struct Moments {
    /// The clocks whose next rung is due, the one that waits longest first.
    pub(crate) due: Vec<Place>,
    /// When the first rung after now fires.
    pub(crate) next: Option<Timestamp>,
}

impl Place {
    /// Before all others.
    pub(crate) const FIRST: Self =
        Self { organ: String::new(), key: ClockKey { case_id: Uuid::nil(), term: 0 }, at: i64::MIN };

    fn of((organ, case_id, term, at): (String, Uuid, i32, i64)) -> Self {
        Self { organ, key: ClockKey::term(case_id, term.cast_unsigned()), at }
    }
}

/// Up to `most` clocks whose next rung is due at `now`, and when the next is.
pub(crate) async fn moments(pool: &PgPool, now: Timestamp, most: i64) -> Result<Moments, sqlx::Error> {
    let now = to_micros(now);
    let rows: Vec<(String, Uuid, i32, i64)> =
        sqlx::query_as(include_str!("due_rungs.sql")).bind(now).bind(most).fetch_all(pool).await?;
    let (due, later): (Vec<_>, Vec<_>) = rows.into_iter().map(Place::of).partition(|place| place.at <= now);
    Ok(Moments { due, next: later.first().map(|place| from_micros(place.at)) })
}

/// Up to `most` running clocks after this place that another calendar worked out.
pub(crate) async fn outdated_clocks(
    pool: &PgPool,
    calendar: &str,
    after: &Place,
    most: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let rows: Vec<(String, Uuid, i32, i64)> = sqlx::query_as(include_str!("outdated_clocks.sql"))
        .bind(calendar)
        .bind(&after.organ)
        .bind(after.at)
        .bind(after.key.case_id)
        .bind(after.key.term.cast_signed())
        .bind(most)
        .fetch_all(pool)
        .await?;
    Ok(rows.into_iter().map(Place::of).collect())
}
