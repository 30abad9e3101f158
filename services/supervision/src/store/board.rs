//! The table `board`.

use sqlx::{PgConnection, PgPool};

use crate::domain::Counts;

#[derive(sqlx::FromRow)]
struct LineRow {
    organ: String,
    received: i64,
    open: i64,
    due_soon: i64,
    overdue: i64,
    concluded: i64,
    on_time: i64,
    held: i64,
    repeated: i64,
}

/// Adds what a batch counted to an organ's line.
pub(super) async fn count(tx: &mut PgConnection, organ: &str, counts: Counts) -> Result<(), sqlx::Error> {
    let Counts { received, open, due_soon, overdue, concluded, on_time, held, repeated } = counts;
    let mut query = sqlx::query(include_str!("count_board.sql")).bind(organ);
    for count in [received, open, due_soon, overdue, concluded, on_time, held, repeated] {
        query = query.bind(count);
    }
    query.execute(tx).await?;
    Ok(())
}

/// The lines of these organs, by code; those that never counted anything have none.
pub(crate) async fn read_board(
    pool: &PgPool,
    organs: &[String],
) -> Result<Vec<(String, Counts)>, sqlx::Error> {
    let rows: Vec<LineRow> =
        sqlx::query_as(include_str!("read_board.sql")).bind(organs).fetch_all(pool).await?;
    let line = |row: LineRow| {
        let LineRow { organ, received, open, due_soon, overdue, concluded, on_time, held, repeated } = row;
        (organ, Counts { received, open, due_soon, overdue, concluded, on_time, held, repeated })
    };
    Ok(rows.into_iter().map(line).collect())
}
