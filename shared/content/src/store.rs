use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Draft, NewKey};

/// Saves the keys and texts of one batch, each table in one statement. Runs in the writer's transaction.
///
/// A key that is there already stays (the same case opened twice); a version that is there already is refused by
/// `content_pk`.
pub async fn save(
    tx: &mut PgConnection,
    organ: &str,
    keys: &[NewKey],
    drafts: &[Draft],
) -> Result<(), sqlx::Error> {
    save_keys(tx, organ, keys).await?;
    save_drafts(tx, organ, drafts).await
}

async fn save_keys(tx: &mut PgConnection, organ: &str, keys: &[NewKey]) -> Result<(), sqlx::Error> {
    if keys.is_empty() {
        return Ok(());
    }
    let cases: Vec<Uuid> = keys.iter().map(|key| key.case_id).collect();
    let wrapped: Vec<&[u8]> = keys.iter().map(|key| key.wrapped.as_ref()).collect();
    sqlx::query(include_str!("save_keys.sql")).bind(organ).bind(cases).bind(wrapped).execute(tx).await?;
    Ok(())
}

async fn save_drafts(tx: &mut PgConnection, organ: &str, drafts: &[Draft]) -> Result<(), sqlx::Error> {
    if drafts.is_empty() {
        return Ok(());
    }
    let cases: Vec<Uuid> = drafts.iter().map(|draft| draft.case_id).collect();
    let items: Vec<Uuid> = drafts.iter().map(|draft| draft.item_id).collect();
    let versions: Vec<i32> = drafts.iter().map(|draft| draft.version.cast_signed()).collect();
    let kinds: Vec<&str> = drafts.iter().map(|draft| draft.kind).collect();
    let sealed: Vec<&[u8]> = drafts.iter().map(|draft| draft.sealed.as_ref()).collect();
    sqlx::query(include_str!("save_drafts.sql"))
        .bind(organ)
        .bind(cases)
        .bind(items)
        .bind(versions)
        .bind(kinds)
        .bind(sealed)
        .execute(tx)
        .await?;
    Ok(())
}
