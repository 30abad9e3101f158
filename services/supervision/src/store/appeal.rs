//! The table `appeal`.

use postgres::row::{Damaged, Row};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::docket::{Appeal, AppealKey};

/// An appeal, and the organ in whose ledger it stands.
#[derive(Clone, Debug)]
pub(crate) struct Appealed {
    pub(crate) organ: String,
    pub(crate) key: AppealKey,
    pub(crate) appeal: Appeal,
}

/// Where a page of appeals ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppealPlace {
    listed_at: i64,
    case_id: Uuid,
    appeal_id: Uuid,
    organ: String,
}

#[derive(sqlx::FromRow)]
struct AppealRow {
    case_id: Uuid,
    appeal_id: Uuid,
    body: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct AppealedRow {
    organ: String,
    #[sqlx(flatten)]
    appeal: AppealRow,
}

impl AppealPlace {
    /// Before the first.
    const FIRST: Self =
        Self { listed_at: i64::MIN, case_id: Uuid::nil(), appeal_id: Uuid::nil(), organ: String::new() };

    /// The place of an appeal.
    pub(crate) fn of(appealed: &Appealed) -> Self {
        let AppealKey { case_id, appeal_id } = appealed.key;
        Self { listed_at: appealed.appeal.listed_at(), case_id, appeal_id, organ: appealed.organ.clone() }
    }
}

impl TryFrom<AppealRow> for (AppealKey, Appeal) {
    type Error = Damaged;

    fn try_from(row: AppealRow) -> Result<Self, Damaged> {
        let at = Row { table: "appeal", key: row.appeal_id };
        let appeal = at.need("body", Appeal::decode(row.body.as_slice()).ok())?;
        Ok((AppealKey { case_id: row.case_id, appeal_id: row.appeal_id }, appeal))
    }
}

impl TryFrom<AppealedRow> for Appealed {
    type Error = Damaged;

    fn try_from(row: AppealedRow) -> Result<Self, Damaged> {
        let (key, appeal) = row.appeal.try_into()?;
        Ok(Self { organ: row.organ, key, appeal })
    }
}

/// The appeals of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<(AppealKey, Appeal)>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<AppealRow> =
        sqlx::query_as(include_str!("load_appeals.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Saves appeals.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    appeals: &[(AppealKey, &Appeal)],
) -> Result<(), sqlx::Error> {
    if appeals.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_appeals.sql"))
        .bind(organ)
        .bind(appeals.iter().map(|(key, _)| key.case_id).collect::<Vec<_>>())
        .bind(appeals.iter().map(|(key, _)| key.appeal_id).collect::<Vec<_>>())
        .bind(appeals.iter().map(|(_, appeal)| appeal.waits()).collect::<Vec<_>>())
        .bind(appeals.iter().map(|(_, appeal)| appeal.listed_at()).collect::<Vec<_>>())
        .bind(appeals.iter().map(|(_, appeal)| appeal.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the appeals that wait, or that are over, in these organs' ledgers.
pub(crate) async fn list_appeals(
    pool: &PgPool,
    organs: &[String],
    open: bool,
    after: Option<&AppealPlace>,
    size: i64,
) -> Result<Vec<Appealed>, sqlx::Error> {
    let first = AppealPlace::FIRST;
    let after = after.unwrap_or(&first);
    let rows: Vec<AppealedRow> = sqlx::query_as(include_str!("list_appeals.sql"))
        .bind(organs)
        .bind(open)
        .bind(after.listed_at)
        .bind(after.case_id)
        .bind(after.appeal_id)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// The appeals of a case in these organs' ledgers, in the order of their ids.
pub(crate) async fn appeals_of_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Vec<Appealed>, sqlx::Error> {
    let rows: Vec<AppealedRow> = sqlx::query_as(include_str!("appeals_of_case.sql"))
        .bind(organs)
        .bind(case_id)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// An appeal in an organ's ledger.
pub(crate) async fn find_appeal(
    pool: &PgPool,
    organ: &str,
    key: AppealKey,
) -> Result<Option<Appealed>, sqlx::Error> {
    let row: Option<AppealedRow> = sqlx::query_as(include_str!("find_appeal.sql"))
        .bind(organ)
        .bind(key.case_id)
        .bind(key.appeal_id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Appealed::try_from).transpose()?)
}
