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
    /// How long it waits at `now`, in seconds; 0 before its moment.
    pub(crate) fn waits_s(&self, now: Timestamp) -> f64 {
        let waits = from_micros(self.at).duration_until(now).as_secs_f64();
        waits.max(0.0)
    }

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

/// Where a page of outdated clocks ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct OutdatedKey {
    calendar: String,
    organ: String,
    case_id: Uuid,
    term: i32,
}

/// Up to `most` running clocks after this key that another calendar worked out, and the key of the last.
pub(crate) async fn outdated_clocks(
    pool: &PgPool,
    calendar: &str,
    after: &OutdatedKey,
    most: i64,
) -> Result<(Vec<Place>, Option<OutdatedKey>), sqlx::Error> {
    let rows: Vec<(String, String, Uuid, i32)> = sqlx::query_as(include_str!("outdated_clocks.sql"))
        .bind(calendar)
        .bind(&after.calendar)
        .bind(&after.organ)
        .bind(after.case_id)
        .bind(after.term)
        .bind(most)
        .fetch_all(pool)
        .await?;
    let last = rows.last().cloned();
    let last = last.map(|(calendar, organ, case_id, term)| OutdatedKey { calendar, organ, case_id, term });
    let places = rows.into_iter().map(|(_, organ, case_id, term)| Place::of((organ, case_id, term, 0)));
    Ok((places.collect(), last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_a_rung_waits_is_nothing_before_its_moment() {
        let at = |seconds| Timestamp::from_second(seconds).unwrap();
        let place = Place::of(("baoshan".into(), Uuid::nil(), 0, to_micros(at(100))));
        assert!((place.waits_s(at(102)) - 2.0).abs() < 1e-9);
        assert!(place.waits_s(at(99)).abs() < 1e-9);
    }
}
