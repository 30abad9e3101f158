//! The table `case_home`: the open cases of each home, and who handles them.

use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Case;

/// An open case at its home.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Place {
    /// Its home.
    pub(crate) organ: String,
    /// The case.
    pub(crate) case_id: Uuid,
    /// Who handles it; empty where nobody does now.
    pub(crate) holder: String,
}

/// Where a page of cases that a change touches ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct TouchedKey {
    organ: String,
    case_id: Uuid,
}

impl TouchedKey {
    /// The key of a row.
    pub(crate) fn of(place: &Place) -> Self {
        Self { organ: place.organ.clone(), case_id: place.case_id }
    }
}

/// Saves where cases are that the home has to see to; those that it has not to any more go.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[(Uuid, Case)],
) -> Result<(), sqlx::Error> {
    if cases.is_empty() {
        return Ok(());
    }
    let (kept, gone): (Vec<_>, Vec<_>) = cases.iter().partition(|(_, case)| case.is_kept_by(organ));
    if !gone.is_empty() {
        sqlx::query(include_str!("delete_homes.sql"))
            .bind(organ)
            .bind(gone.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    if !kept.is_empty() {
        sqlx::query(include_str!("save_homes.sql"))
            .bind(organ)
            .bind(kept.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .bind(kept.iter().map(|(_, case)| case.holder().unwrap_or_default()).collect::<Vec<_>>())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Open cases whose home is one of these organs.
pub(crate) async fn homes_of(
    pool: &PgPool,
    closed: &[String],
    limit: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as(include_str!("homes_of.sql")).bind(closed).bind(limit).fetch_all(pool).await
}

/// Open cases that one of these organs handles.
pub(crate) async fn held_by(pool: &PgPool, closed: &[String], limit: i64) -> Result<Vec<Place>, sqlx::Error> {
    sqlx::query_as(include_str!("held_by.sql")).bind(closed).bind(limit).fetch_all(pool).await
}

/// How many open cases have their home at one of these organs, and how many of other homes one of them handles; each
/// counted up to `most`.
pub(crate) async fn count_touched(
    pool: &PgPool,
    closed: &[String],
    most: i64,
) -> Result<(i64, i64), sqlx::Error> {
    sqlx::query_as(include_str!("count_touched.sql")).bind(closed).bind(most).fetch_one(pool).await
}

/// A page of both, by home and case.
pub(crate) async fn list_touched(
    pool: &PgPool,
    closed: &[String],
    after: Option<TouchedKey>,
    size: i64,
) -> Result<Vec<Place>, sqlx::Error> {
    let after = after.unwrap_or_default();
    sqlx::query_as(include_str!("list_touched.sql"))
        .bind(closed)
        .bind(after.organ)
        .bind(after.case_id)
        .bind(size)
        .fetch_all(pool)
        .await
}
