//! What the tick reads: cases of which a limit ran out, over all organs.

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

/// Up to `most` cases of which something is due at `now`, and the organs in whose ledgers.
pub(crate) async fn due_cases(
    pool: &PgPool,
    now: Timestamp,
    most: i64,
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    sqlx::query_as(include_str!("due_cases.sql")).bind(now.as_microsecond()).bind(most).fetch_all(pool).await
}
