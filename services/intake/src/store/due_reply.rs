//! The replies that the program sends: what is due, over all organs.

use jiff::Timestamp;
use sqlx::PgPool;

use super::reply::{Columns, ReplyRow};

/// What is due now by these ways, the longest due first.
pub(crate) async fn due_replies(
    pool: &PgPool,
    routes: &[String],
    now: Timestamp,
    most: i64,
) -> Result<Vec<ReplyRow>, sqlx::Error> {
    let rows: Vec<Columns> = sqlx::query_as(include_str!("due_replies.sql"))
        .bind(routes)
        .bind(most)
        .bind(now.as_microsecond())
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(ReplyRow::try_from(row)?)).collect()
}

/// When the next becomes due after `now`.
pub(crate) async fn next_due(
    pool: &PgPool,
    routes: &[String],
    now: Timestamp,
) -> Result<Option<Timestamp>, sqlx::Error> {
    let next: Option<i64> = sqlx::query_scalar(include_str!("next_due.sql"))
        .bind(routes)
        .bind(now.as_microsecond())
        .fetch_optional(pool)
        .await?;
    Ok(next.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}

/// Since when the complainant that waits longest has been waiting to be told something.
pub(crate) async fn oldest_open(pool: &PgPool) -> Result<Option<Timestamp>, sqlx::Error> {
    let oldest: Option<i64> =
        sqlx::query_scalar(include_str!("oldest_open.sql")).fetch_optional(pool).await?;
    Ok(oldest.and_then(|micros| Timestamp::from_microsecond(micros).ok()))
}
