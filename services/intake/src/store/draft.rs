//! The table `draft`. Each call is one statement: a draft concerns nobody but its author.

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

/// Whose draft, and which.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DraftKey<'a> {
    pub(crate) organ: &'a str,
    pub(crate) owner: &'a str,
    pub(crate) draft_id: Uuid,
}

/// A draft as it is kept.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct DraftRow {
    pub(crate) draft_id: Uuid,
    /// Its own data key, wrapped.
    pub(crate) wrapped: Vec<u8>,
    pub(crate) sealed: Vec<u8>,
    /// Microseconds since 1970.
    pub(crate) saved_at: i64,
    pub(crate) kept_until: i64,
}

/// Saves a draft in place of what was saved under its id.
pub(crate) async fn save_draft(pool: &PgPool, key: DraftKey<'_>, row: &DraftRow) -> Result<(), sqlx::Error> {
    sqlx::query(include_str!("save_draft.sql"))
        .bind(key.organ)
        .bind(key.owner)
        .bind(key.draft_id)
        .bind(&row.wrapped)
        .bind(&row.sealed)
        .bind(row.saved_at)
        .bind(row.kept_until)
        .execute(pool)
        .await?;
    Ok(())
}

/// All drafts of an author that are still kept, the one saved last first.
pub(crate) async fn drafts_of(
    pool: &PgPool,
    organ: &str,
    owner: &str,
    now: Timestamp,
) -> Result<Vec<DraftRow>, sqlx::Error> {
    let mut drafts: Vec<DraftRow> = sqlx::query_as(
        "select draft_id, wrapped, sealed, saved_at, kept_until from draft
         where organ = $1 and owner = $2 and kept_until > $3",
    )
    .bind(organ)
    .bind(owner)
    .bind(now.as_microsecond())
    .fetch_all(pool)
    .await?;
    drafts.sort_unstable_by_key(|draft| std::cmp::Reverse((draft.saved_at, draft.draft_id)));
    Ok(drafts)
}

/// One of them.
pub(crate) async fn find_draft(
    pool: &PgPool,
    key: DraftKey<'_>,
    now: Timestamp,
) -> Result<Option<DraftRow>, sqlx::Error> {
    sqlx::query_as(
        "select draft_id, wrapped, sealed, saved_at, kept_until from draft
         where organ = $1 and owner = $2 and draft_id = $3 and kept_until > $4",
    )
    .bind(key.organ)
    .bind(key.owner)
    .bind(key.draft_id)
    .bind(now.as_microsecond())
    .fetch_optional(pool)
    .await
}

/// Deletes one, if it is there.
pub(crate) async fn delete_draft(pool: &PgPool, key: DraftKey<'_>) -> Result<(), sqlx::Error> {
    sqlx::query("delete from draft where organ = $1 and owner = $2 and draft_id = $3")
        .bind(key.organ)
        .bind(key.owner)
        .bind(key.draft_id)
        .execute(pool)
        .await?;
    Ok(())
}

/// Deletes all that are kept no longer.
pub(crate) async fn delete_old_drafts(pool: &PgPool, now: Timestamp) -> Result<(), sqlx::Error> {
    sqlx::query("delete from draft where kept_until <= $1").bind(now.as_microsecond()).execute(pool).await?;
    Ok(())
}
