//! The table `identity_reading`.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Reading;

/// Saves new readings.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    readings: &[Reading],
) -> Result<(), sqlx::Error> {
    if readings.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_readings.sql"))
        .bind(organ)
        .bind(readings.iter().map(|reading| reading.case_id).collect::<Vec<_>>())
        .bind(readings.iter().map(|reading| reading.seq.cast_signed()).collect::<Vec<_>>())
        .bind(readings.iter().map(|reading| reading.at.as_microsecond()).collect::<Vec<_>>())
        .bind(readings.iter().map(|reading| reading.reader.as_str()).collect::<Vec<_>>())
        .bind(readings.iter().map(|reading| reading.purpose.as_str()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The readings of a case, oldest first: microseconds, reader, purpose.
pub(crate) async fn list_readings(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<(i64, String, String)>, sqlx::Error> {
    sqlx::query_as(include_str!("list_readings.sql")).bind(organ).bind(case_id).fetch_all(pool).await
}
