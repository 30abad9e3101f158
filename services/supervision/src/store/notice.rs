//! The table `notice_register`.

use std::collections::BTreeMap;

use sqlx::PgConnection;

/// The last number given out, of an organ's supervision notices, by year.
pub(super) async fn load(tx: &mut PgConnection, organ: &str) -> Result<BTreeMap<i16, u64>, sqlx::Error> {
    let rows: Vec<(i32, i64)> =
        sqlx::query_as(include_str!("load_notices.sql")).bind(organ).fetch_all(tx).await?;
    // Years are those of the clock, and numbers count from 1.
    Ok(rows
        .into_iter()
        .filter_map(|(year, last)| Some((year.try_into().ok()?, last.cast_unsigned())))
        .collect())
}

/// Saves the last numbers.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    notices: &[(i16, u64)],
) -> Result<(), sqlx::Error> {
    if notices.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_notices.sql"))
        .bind(organ)
        .bind(notices.iter().map(|(year, _)| i32::from(*year)).collect::<Vec<_>>())
        .bind(notices.iter().map(|(_, last)| last.cast_signed()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
