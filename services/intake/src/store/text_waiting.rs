//! The table `text_waiting`.

use content::Draft;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::WORKING_COPY;

/// A working copy that is not in the index yet.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Waiting {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    /// The version that waits.
    pub(crate) version: i32,
    /// The case's working copy as it is now; absent where it has none any more.
    pub(crate) working_item: Option<Uuid>,
    pub(crate) working_version: Option<i32>,
}

/// The working copies among these texts wait to be indexed.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, drafts: &[Draft]) -> Result<(), sqlx::Error> {
    let copies = || drafts.iter().filter(|draft| draft.kind == WORKING_COPY);
    if copies().next().is_none() {
        return Ok(());
    }
    sqlx::query(include_str!("save_text_waiting.sql"))
        .bind(organ)
        .bind(copies().map(|copy| copy.case_id).collect::<Vec<_>>())
        .bind(copies().map(|copy| copy.version.cast_signed()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Working copies that wait, up to `most`.
pub(crate) async fn waiting_texts(pool: &PgPool, most: i64) -> Result<Vec<Waiting>, sqlx::Error> {
    sqlx::query_as(include_str!("waiting_texts.sql")).bind(most).fetch_all(pool).await
}

/// They wait no more; tells the cases that did until now.
pub(super) async fn delete(
    tx: &mut PgConnection,
    waiting: &[Waiting],
) -> Result<Vec<(String, Uuid)>, sqlx::Error> {
    sqlx::query_as(include_str!("delete_text_waiting.sql"))
        .bind(waiting.iter().map(|text| text.organ.as_str()).collect::<Vec<_>>())
        .bind(waiting.iter().map(|text| text.case_id).collect::<Vec<_>>())
        .bind(waiting.iter().map(|text| text.version).collect::<Vec<_>>())
        .fetch_all(tx)
        .await
}
