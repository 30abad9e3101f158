//! The table `case_facet`.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::case_file::{CaseRow, Filed, Range, filed};
use crate::domain::{Facet, FacetRow, FacetRows};

/// Saves what cases are found by now, and removes what they are found by no more.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, rows: &FacetRows) -> Result<(), sqlx::Error> {
    write(tx, include_str!("delete_facets.sql"), organ, rows.gone.iter().collect()).await?;
    write(tx, include_str!("save_facets.sql"), organ, rows.added.iter().collect()).await
}

async fn write(
    tx: &mut PgConnection,
    statement: &'static str,
    organ: &str,
    rows: Vec<&FacetRow>,
) -> Result<(), sqlx::Error> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(statement)
        .bind(organ)
        .bind(rows.iter().map(|row| row.facet.column()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.value.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| Timestamp::as_microsecond(row.received_at)).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.case_id).collect::<Vec<Uuid>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The cases of these organs that are found by one of these values, newest first.
pub(crate) async fn list_cases_by_facet(
    pool: &PgPool,
    organs: &[String],
    (facet, values): (Facet, &[String]),
    range: Range,
    most: i64,
) -> Result<Vec<Filed>, sqlx::Error> {
    let rows: Vec<CaseRow> = sqlx::query_as(include_str!("list_cases_by_facet.sql"))
        .bind(organs)
        .bind(facet.column())
        .bind(values)
        .bind(range.after.received_at)
        .bind(range.after.case_id)
        .bind(most)
        .bind(range.from)
        .fetch_all(pool)
        .await?;
    filed(rows)
}

/// How many there are: rows up to `most`, and the cases among them. A case with two of the values has two rows.
pub(crate) async fn count_cases_by_facet(
    pool: &PgPool,
    organs: &[String],
    (facet, values): (Facet, &[String]),
    range: Range,
    most: i64,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(include_str!("count_cases_by_facet.sql"))
        .bind(organs)
        .bind(facet.column())
        .bind(values)
        .bind(range.after.received_at)
        .bind(range.from)
        .bind(most)
        .fetch_one(pool)
        .await
}

/// The cases of these organs whose numbers begin like this, up to `most`, in no order.
pub(crate) async fn find_numbered_cases(
    pool: &PgPool,
    organs: &[String],
    number: &str,
    most: i64,
) -> Result<Vec<Filed>, sqlx::Error> {
    let rows: Vec<CaseRow> = sqlx::query_as(include_str!("find_numbered_cases.sql"))
        .bind(organs)
        .bind(number)
        .bind(format!("{number}{}", char::MAX))
        .bind(most)
        .fetch_all(pool)
        .await?;
    filed(rows)
}
