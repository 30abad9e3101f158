//! The table `review`.

use postgres::row::{Damaged, Row};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::ClockKey;
use crate::domain::docket::Review;

/// A result with its review, and the organ in whose ledger it stands.
#[derive(Clone, Debug)]
pub(crate) struct Reviewed {
    pub(crate) organ: String,
    pub(crate) key: ClockKey,
    pub(crate) review: Review,
}

/// Where a page of reviews ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ReviewKey {
    since: i64,
    case_id: Uuid,
    term: i32,
    organ: String,
}

#[derive(sqlx::FromRow)]
struct ReviewRow {
    case_id: Uuid,
    term: i32,
    body: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct ReviewedRow {
    organ: String,
    #[sqlx(flatten)]
    review: ReviewRow,
}

impl ReviewKey {
    /// Before the first.
    const FIRST: Self = Self { since: i64::MIN, case_id: Uuid::nil(), term: 0, organ: String::new() };

    /// The key of a review.
    pub(crate) fn of(reviewed: &Reviewed) -> Self {
        Self {
            since: reviewed.review.since,
            case_id: reviewed.key.case_id,
            term: reviewed.key.term.cast_signed(),
            organ: reviewed.organ.clone(),
        }
    }
}

impl TryFrom<ReviewRow> for (ClockKey, Review) {
    type Error = Damaged;

    fn try_from(row: ReviewRow) -> Result<Self, Damaged> {
        let at = Row { table: "review", key: row.case_id };
        let review = at.need("body", Review::decode(row.body.as_slice()).ok())?;
        Ok((ClockKey::term(row.case_id, at.count("term", row.term)?), review))
    }
}

impl TryFrom<ReviewedRow> for Reviewed {
    type Error = Damaged;

    fn try_from(row: ReviewedRow) -> Result<Self, Damaged> {
        let (key, review) = row.review.try_into()?;
        Ok(Self { organ: row.organ, key, review })
    }
}

/// The results of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<(ClockKey, Review)>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ReviewRow> =
        sqlx::query_as(include_str!("load_reviews.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Saves results.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    reviews: &[(ClockKey, &Review)],
) -> Result<(), sqlx::Error> {
    if reviews.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_reviews.sql"))
        .bind(organ)
        .bind(reviews.iter().map(|(key, _)| key.case_id).collect::<Vec<_>>())
        .bind(reviews.iter().map(|(key, _)| key.term.cast_signed()).collect::<Vec<_>>())
        .bind(reviews.iter().map(|(_, review)| review.list_of()).collect::<Vec<_>>())
        .bind(reviews.iter().map(|(_, review)| review.since).collect::<Vec<_>>())
        .bind(reviews.iter().map(|(_, review)| review.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of a list of these organs, oldest first.
pub(crate) async fn list_reviews(
    pool: &PgPool,
    organs: &[String],
    list: i16,
    after: Option<&ReviewKey>,
    size: i64,
) -> Result<Vec<Reviewed>, sqlx::Error> {
    let first = ReviewKey::FIRST;
    let after = after.unwrap_or(&first);
    let rows: Vec<ReviewedRow> = sqlx::query_as(include_str!("list_reviews.sql"))
        .bind(organs)
        .bind(list)
        .bind(after.since)
        .bind(after.case_id)
        .bind(after.term)
        .bind(&after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// The results of a case in these organs' ledgers, the earliest term first.
pub(crate) async fn reviews_of_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Vec<Reviewed>, sqlx::Error> {
    let rows: Vec<ReviewedRow> = sqlx::query_as(include_str!("reviews_of_case.sql"))
        .bind(organs)
        .bind(case_id)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}
