//! The table `case_retention`, and what is deleted of an erased case or identity.

use content::Beside;
use duban_proto::intake::v1::RetentionStage;
use postgres::row::{Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Retained;

/// Where a page of the list ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct RetentionKey {
    keep_until: i64,
    case_id: Uuid,
}

/// A row of the list.
pub(crate) type RetentionRow = (Uuid, Retained);

/// An erasure that was decided on and is not done.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    pub(crate) retained: Retained,
}

/// Which rows are listed.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    pub(crate) organ: &'a str,
    pub(crate) stage: RetentionStage,
    /// Due by then, in microseconds; for ever is the end of time.
    pub(crate) due_by: i64,
    pub(crate) list_id: Option<Uuid>,
}

impl RetentionKey {
    /// The first page comes after this.
    const BEGIN: Self = Self { keep_until: i64::MIN, case_id: Uuid::nil() };

    /// The key of a row.
    pub(crate) fn of((case_id, retained): &RetentionRow) -> Self {
        Self { keep_until: column(retained), case_id: *case_id }
    }
}

/// For ever is the end of time.
fn column(retained: &Retained) -> i64 {
    retained.keep_until.unwrap_or(i64::MAX)
}

fn decoded(case_id: Uuid, body: &[u8]) -> Result<Retained, sqlx::Error> {
    let at = Row { table: "case_retention", key: case_id };
    Ok(at.need("body", Retained::decode(body).ok())?)
}

/// How long these cases are kept.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<(Uuid, Retained)>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("load_retention.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|(case_id, body)| Ok((case_id, decoded(case_id, &body)?))).collect()
}

/// Those of these cases that are linked to an open one, in whichever organ's ledger.
pub(super) async fn held(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(include_str!("held_cases.sql")).bind(organ).bind(cases).fetch_all(tx).await
}

/// Saves how long cases are kept.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    retained: &[(Uuid, Retained)],
) -> Result<(), sqlx::Error> {
    if retained.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_retention.sql"))
        .bind(organ)
        .bind(retained.iter().map(|(case_id, _)| *case_id).collect::<Vec<_>>())
        .bind(retained.iter().map(|(_, retained)| small(retained.stage)).collect::<Vec<_>>())
        .bind(retained.iter().map(|(_, retained)| column(retained)).collect::<Vec<_>>())
        .bind(retained.iter().map(|(_, it)| Uuid::try_parse(&it.list_id).ok()).collect::<Vec<_>>())
        .bind(retained.iter().map(|(_, it)| it.pending().next().is_some()).collect::<Vec<_>>())
        .bind(retained.iter().map(|(_, retained)| retained.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// How long a case is kept, for a reader; none where nothing was set yet.
pub(crate) async fn retained(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Option<Retained>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    Ok(load(&mut connection, organ, &[case_id]).await?.pop().map(|(_, retained)| retained))
}

/// A page of the cases in a stage, the one that was due first at the top.
pub(crate) async fn list_retention(
    pool: &PgPool,
    wanted: &Wanted<'_>,
    after: Option<RetentionKey>,
    size: i64,
) -> Result<Vec<RetentionRow>, sqlx::Error> {
    let after = after.unwrap_or(RetentionKey::BEGIN);
    let rows: Vec<(Uuid, Vec<u8>)> = sqlx::query_as(include_str!("list_retention.sql"))
        .bind(wanted.organ)
        .bind(small(wanted.stage.into()))
        .bind(after.keep_until)
        .bind(after.case_id)
        .bind(size)
        .bind(wanted.due_by)
        .bind(wanted.list_id)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|(case_id, body)| Ok((case_id, decoded(case_id, &body)?))).collect()
}

/// The cases of a disposal list.
pub(crate) async fn cases_of_list(
    pool: &PgPool,
    organ: &str,
    list_id: Uuid,
) -> Result<Vec<Uuid>, sqlx::Error> {
    sqlx::query_scalar(include_str!("cases_of_list.sql")).bind(organ).bind(list_id).fetch_all(pool).await
}

/// What was decided on and is not done, over all organs; so many at the most.
pub(crate) async fn pending_erasures(pool: &PgPool, most: i64) -> Result<Vec<Pending>, sqlx::Error> {
    let rows: Vec<(String, Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("pending_erasures.sql")).bind(most).fetch_all(pool).await?;
    let pending = |(organ, case_id, body): (String, Uuid, Vec<u8>)| {
        Ok(Pending { organ, case_id, retained: decoded(case_id, &body)? })
    };
    rows.into_iter().map(pending).collect()
}

/// What intake keeps beside data keys and texts: identities, blind indexes, and texts that may name somebody.
pub(crate) fn forget_identities() -> Beside {
    Beside {
        identities: Some(include_str!("forget_identities.sql")),
        again: Some(include_str!("forget_sealed.sql")),
    }
}
