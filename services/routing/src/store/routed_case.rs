//! The table `routed_case`.

use duban_proto::common::v1::CaseState;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Case;

/// A row holds what the program never writes.
#[derive(Debug, thiserror::Error)]
#[error("routed_case.body of {case_id} is damaged")]
pub struct Damaged {
    /// The case.
    pub case_id: Uuid,
    /// What is wrong.
    pub source: prost::DecodeError,
}

/// A case, and the organ in whose ledger it is known.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    pub(crate) case: Case,
}

/// Where a page of cases ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct CaseKey {
    priority: i16,
    opened_at: i64,
    case_id: Uuid,
    organ: String,
}

impl CaseKey {
    /// The first page comes after this.
    fn begin() -> Self {
        Self { priority: i16::MAX, opened_at: i64::MAX, case_id: Uuid::max(), organ: String::new() }
    }

    /// The key of a row.
    pub(crate) fn of(known: &Known) -> Self {
        let Known { organ, case_id, case } = known;
        let (priority, opened_at) = (case.priority(), case.opened_at);
        Self { priority, opened_at, case_id: *case_id, organ: organ.clone() }
    }
}

pub(super) fn decode(case_id: Uuid, body: &[u8]) -> Result<Case, sqlx::Error> {
    Case::decode(body).map_err(|source| sqlx::Error::Decode(Box::new(Damaged { case_id, source })))
}

/// These cases of an organ.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<(Uuid, Case)>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("load_cases.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|(case_id, body)| Ok((case_id, decode(case_id, &body)?))).collect()
}

/// Those of these cases that have a data key here.
pub(super) async fn keyed(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(include_str!("keyed_cases.sql")).bind(organ).bind(cases).fetch_all(tx).await
}

/// Saves cases.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[(Uuid, Case)],
) -> Result<(), sqlx::Error> {
    if cases.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_cases.sql"))
        .bind(organ)
        .bind(cases.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| small(case.state)).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| case.opened_at).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| case.encode_to_vec()).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| case.next_due(organ)).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| case.priority()).collect::<Vec<_>>())
        .bind(cases.iter().map(|(_, case)| case.moved_to(organ).unwrap_or_default()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A state as the column has it: there are a dozen.
pub(super) fn small(state: i32) -> i16 {
    i16::try_from(state).unwrap_or_default()
}

/// A case as this organ knows it.
pub(crate) async fn find_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Option<Case>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    Ok(load(&mut connection, organ, &[case_id]).await?.pop().map(|(_, case)| case))
}

/// These cases as this organ knows them.
pub(crate) async fn find_cases(
    pool: &PgPool,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<(Uuid, Case)>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    load(&mut connection, organ, cases).await
}

/// A case as each of these organs knows it.
pub(crate) async fn find_known(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Vec<Known>, sqlx::Error> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as(include_str!("find_known.sql")).bind(organs).bind(case_id).fetch_all(pool).await?;
    let known =
        |(organ, body): (String, Vec<u8>)| Ok(Known { organ, case_id, case: decode(case_id, &body)? });
    rows.into_iter().map(known).collect()
}

/// A page of the cases that these organs know, in these states, the urgent first, and newest first; without what is known of a case whose home
/// is one of `once` by an organ that it moved away from.
pub(crate) async fn list_cases(
    pool: &PgPool,
    (organs, once): (&[String], &[String]),
    (states, urgent_only): (&[CaseState], bool),
    after: Option<CaseKey>,
    size: i64,
) -> Result<Vec<Known>, sqlx::Error> {
    let after = after.unwrap_or_else(CaseKey::begin);
    let rows: Vec<(String, Uuid, i64, Vec<u8>)> = sqlx::query_as(include_str!("list_cases.sql"))
        .bind(organs)
        .bind(states.iter().map(|state| small((*state).into())).collect::<Vec<_>>())
        .bind(after.opened_at)
        .bind(after.case_id)
        .bind(size)
        .bind(after.organ)
        .bind(after.priority)
        .bind(i16::from(urgent_only))
        .bind(once)
        .fetch_all(pool)
        .await?;
    let known = |(organ, case_id, _, body): (String, Uuid, i64, Vec<u8>)| {
        Ok(Known { organ, case_id, case: decode(case_id, &body)? })
    };
    rows.into_iter().map(known).collect()
}
