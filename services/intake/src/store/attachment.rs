//! The table `attachment`.

use postgres::row::{Row, small};
use prost::Message as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Attachment, Held};

/// A file that the worker has to see to.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct DueAttachment {
    /// The organ that registered the case.
    pub(crate) organ: String,
    /// The file.
    pub(crate) attachment_id: Uuid,
    /// The case.
    pub(crate) case_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct AttachmentRow {
    attachment_id: Uuid,
    case_id: Uuid,
    body: Vec<u8>,
}

impl TryFrom<AttachmentRow> for Attachment {
    type Error = postgres::row::Damaged;

    fn try_from(row: AttachmentRow) -> Result<Self, Self::Error> {
        let AttachmentRow { attachment_id, case_id, body } = row;
        let at = Row { table: "attachment", key: attachment_id };
        let held = at.need("body", Held::decode(body.as_slice()).ok())?;
        Ok(Self { attachment_id, case_id, held })
    }
}

/// All files of these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Attachment>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<AttachmentRow> =
        sqlx::query_as(include_str!("load_attachments.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Attachment::try_from(row)?)).collect()
}

/// Saves files.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    attachments: &[Attachment],
) -> Result<(), sqlx::Error> {
    if attachments.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_attachments.sql"))
        .bind(organ)
        .bind(attachments.iter().map(|one| one.attachment_id).collect::<Vec<_>>())
        .bind(attachments.iter().map(|one| one.case_id).collect::<Vec<_>>())
        .bind(attachments.iter().map(|one| small(one.state().into())).collect::<Vec<_>>())
        .bind(attachments.iter().map(Attachment::since).collect::<Vec<_>>())
        .bind(attachments.iter().map(|one| one.held.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The files of a case, in the order in which they were announced.
pub(crate) async fn attachments_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Attachment>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut attachments = load(&mut connection, organ, &[case_id]).await?;
    attachments.sort_by_key(Attachment::ordinal);
    Ok(attachments)
}

/// Files in this state since before a moment (microseconds), the oldest first.
pub(crate) async fn due_attachments(
    pool: &PgPool,
    state: i16,
    before: i64,
    most: i64,
) -> Result<Vec<DueAttachment>, sqlx::Error> {
    sqlx::query_as(include_str!("due_attachments.sql"))
        .bind(state)
        .bind(before)
        .bind(most)
        .fetch_all(pool)
        .await
}

/// Those of these files that an organ has.
pub(crate) async fn attachments_of_ids(
    pool: &PgPool,
    organ: &str,
    ids: &[Uuid],
) -> Result<Vec<Attachment>, sqlx::Error> {
    let rows: Vec<AttachmentRow> =
        sqlx::query_as(include_str!("attachments_of_ids.sql")).bind(organ).bind(ids).fetch_all(pool).await?;
    rows.into_iter().map(|row| Ok(Attachment::try_from(row)?)).collect()
}

/// A page of all files that are part of a case, after this organ and file.
pub(crate) async fn received_attachments(
    pool: &PgPool,
    after: (&str, Uuid),
    most: i64,
) -> Result<Vec<DueAttachment>, sqlx::Error> {
    sqlx::query_as(include_str!("received_attachments.sql"))
        .bind(after.0)
        .bind(after.1)
        .bind(most)
        .fetch_all(pool)
        .await
}
