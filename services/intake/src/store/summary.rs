//! The table `summary`.

use duban_proto::intake::v1::SummaryState;
use postgres::row::{Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{HeldSummary, Summary};

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct SummaryKey {
    submitted_at: i64,
    summary_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct SummaryRow {
    summary_id: Uuid,
    case_id: Uuid,
    body: Vec<u8>,
}

impl SummaryKey {
    /// The first page comes after this.
    const BEGIN: Self = Self { submitted_at: i64::MIN, summary_id: Uuid::nil() };

    /// The key of one.
    pub(crate) fn of(summary: &Summary) -> Self {
        Self { submitted_at: summary.submitted_at(), summary_id: summary.summary_id }
    }
}

impl TryFrom<SummaryRow> for Summary {
    type Error = postgres::row::Damaged;

    fn try_from(row: SummaryRow) -> Result<Self, Self::Error> {
        let SummaryRow { summary_id, case_id, body } = row;
        let at = Row { table: "summary", key: summary_id };
        let held = at.need("body", HeldSummary::decode(body.as_slice()).ok())?;
        Ok(Self { summary_id, case_id, held })
    }
}

/// All of these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Summary>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<SummaryRow> =
        sqlx::query_as(include_str!("load_summaries.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Summary::try_from(row)?)).collect()
}

/// Saves them.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    summaries: &[Summary],
) -> Result<(), sqlx::Error> {
    if summaries.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_summaries.sql"))
        .bind(organ)
        .bind(summaries.iter().map(|one| one.summary_id).collect::<Vec<_>>())
        .bind(summaries.iter().map(|one| one.case_id).collect::<Vec<_>>())
        .bind(summaries.iter().map(|one| small(one.held.state)).collect::<Vec<_>>())
        .bind(summaries.iter().map(Summary::submitted_at).collect::<Vec<_>>())
        .bind(summaries.iter().map(|one| one.held.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Those of a case, in the order in which they came.
pub(crate) async fn summaries_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Summary>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut summaries = load(&mut connection, organ, &[case_id]).await?;
    summaries.sort_by_key(|one| (one.submitted_at(), one.summary_id));
    Ok(summaries)
}

/// A page of what is in review at the organ that registered the cases, what waits longest first.
pub(crate) async fn list_summaries(
    pool: &PgPool,
    organ: &str,
    after: Option<SummaryKey>,
    size: i64,
) -> Result<Vec<Summary>, sqlx::Error> {
    let after = after.unwrap_or(SummaryKey::BEGIN);
    let rows: Vec<SummaryRow> = sqlx::query_as(include_str!("list_summaries.sql"))
        .bind(organ)
        .bind(small(SummaryState::InReview.into()))
        .bind(after.submitted_at)
        .bind(after.summary_id)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(Summary::try_from(row)?)).collect()
}
