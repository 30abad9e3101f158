//! The table `organ_change`: what is planned for the directory, and what became of it.

use duban_proto::routing::v1::{ChangeState, PlannedChange};
use jiff::Timestamp;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::organ::decode;

/// Where a page of changes ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ChangeKey {
    effective_at: i64,
    change_id: Uuid,
}

impl ChangeKey {
    /// The first page comes after this.
    fn begin() -> Self {
        Self { effective_at: i64::MAX, change_id: Uuid::max() }
    }

    /// The key of a row.
    pub(crate) fn of(change: &PlannedChange) -> Self {
        Self { effective_at: effective_at(change), change_id: change_id(change) }
    }
}

fn effective_at(change: &PlannedChange) -> i64 {
    let at = change.effective_at.as_ref().and_then(server::time::from_proto);
    at.map_or(i64::MAX, Timestamp::as_microsecond)
}

fn change_id(change: &PlannedChange) -> Uuid {
    change.change_id.parse().unwrap_or_default()
}

fn small(state: i32) -> i16 {
    i16::try_from(state).unwrap_or_default()
}

/// All changes of a ledger: there are as many as there were documents that ordered one.
pub(super) async fn load(tx: &mut PgConnection, organ: &str) -> Result<Vec<PlannedChange>, sqlx::Error> {
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_changes.sql")).bind(organ).fetch_all(tx).await?;
    rows.iter().map(|body| decode(body)).collect()
}

/// Saves changes.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: &[PlannedChange],
) -> Result<(), sqlx::Error> {
    if changes.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_changes.sql"))
        .bind(organ)
        .bind(changes.iter().map(change_id).collect::<Vec<_>>())
        .bind(changes.iter().map(|change| small(change.state)).collect::<Vec<_>>())
        .bind(changes.iter().map(effective_at).collect::<Vec<_>>())
        .bind(changes.iter().map(Message::encode_to_vec).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The changes whose day has begun and which did not take effect yet, in the order in which they do: the ledger and the id.
pub(crate) async fn due_changes(
    pool: &PgPool,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    sqlx::query_as(include_str!("due_changes.sql"))
        .bind(now.as_microsecond())
        .bind(limit)
        .fetch_all(pool)
        .await
}

/// A change.
pub(crate) async fn find_change(
    pool: &PgPool,
    organ: &str,
    change_id: Uuid,
) -> Result<Option<PlannedChange>, sqlx::Error> {
    let body: Option<Vec<u8>> = sqlx::query_scalar(include_str!("find_change.sql"))
        .bind(organ)
        .bind(change_id)
        .fetch_optional(pool)
        .await?;
    body.map(|body| decode(&body)).transpose()
}

/// A page of the changes in these states, the latest day first.
pub(crate) async fn list_changes(
    pool: &PgPool,
    organ: &str,
    states: &[ChangeState],
    after: Option<ChangeKey>,
    size: i64,
) -> Result<Vec<PlannedChange>, sqlx::Error> {
    let after = after.unwrap_or_else(ChangeKey::begin);
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("list_changes.sql"))
        .bind(organ)
        .bind(states.iter().map(|state| small((*state).into())).collect::<Vec<_>>())
        .bind(after.effective_at)
        .bind(after.change_id)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|body| decode(body)).collect()
}
