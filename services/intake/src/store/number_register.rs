//! The table `number_register`.

use sqlx::PgConnection;

/// Each year's last number; a row a year, so all are read.
pub(super) async fn load(tx: &mut PgConnection, organ: &str) -> Result<Vec<(u32, u32)>, sqlx::Error> {
    let rows: Vec<(i32, i32)> =
        sqlx::query_as(include_str!("load_registers.sql")).bind(organ).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(year, last)| (year.cast_unsigned(), last.cast_unsigned())).collect())
}

/// Saves the last numbers given out.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    registers: &[(u32, u32)],
) -> Result<(), sqlx::Error> {
    if registers.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_registers.sql"))
        .bind(organ)
        .bind(registers.iter().map(|(year, _)| year.cast_signed()).collect::<Vec<_>>())
        .bind(registers.iter().map(|(_, last)| last.cast_signed()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
