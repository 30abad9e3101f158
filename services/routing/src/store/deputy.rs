//! The table `deputy`.

use duban_proto::routing::v1::Deputy;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::ends_at;

/// The deputyships that are looked at for who acts for whom: those that end last. No organ has as many at a time.
const MOST: i64 = 1000;

/// Where a page of deputyships ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct DeputyKey {
    ends_at: i64,
    deputy_id: Uuid,
}

impl DeputyKey {
    /// The first page comes after this.
    fn begin() -> Self {
        Self { ends_at: i64::MAX, deputy_id: Uuid::max() }
    }

    /// The key of a deputyship.
    pub(crate) fn of(deputy: &Deputy) -> Self {
        Self { ends_at: micros(deputy), deputy_id: id(deputy) }
    }
}

fn micros(deputy: &Deputy) -> i64 {
    ends_at(deputy).map_or(i64::MIN, jiff::Timestamp::as_microsecond)
}

fn id(deputy: &Deputy) -> Uuid {
    Uuid::try_parse(&deputy.deputy_id).unwrap_or_default()
}

fn decode(body: &[u8]) -> Result<Deputy, sqlx::Error> {
    Deputy::decode(body).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The deputyships of an organ that may be in force, and these besides.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    besides: &[Uuid],
) -> Result<Vec<Deputy>, sqlx::Error> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("load_deputies.sql"))
        .bind(organ)
        .bind(MOST)
        .fetch_all(&mut *tx)
        .await?;
    let mut deputies = rows.iter().map(|body| decode(body)).collect::<Result<Vec<_>, _>>()?;
    if !besides.is_empty() {
        let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("load_deputies_by_id.sql"))
            .bind(organ)
            .bind(besides)
            .fetch_all(tx)
            .await?;
        for body in rows {
            deputies.push(decode(&body)?);
        }
    }
    Ok(deputies)
}

/// The deputyships of an organ that may be in force.
pub(crate) async fn deputies(pool: &PgPool, organ: &str) -> Result<Vec<Deputy>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    load(&mut connection, organ, &[]).await
}

/// A page of the deputyships of an organ, the one that ends last first.
pub(crate) async fn list_deputies(
    pool: &PgPool,
    organ: &str,
    after: Option<DeputyKey>,
    size: i64,
) -> Result<Vec<Deputy>, sqlx::Error> {
    let after = after.unwrap_or_else(DeputyKey::begin);
    let rows: Vec<(Uuid, i64, Vec<u8>)> = sqlx::query_as(include_str!("list_deputies.sql"))
        .bind(organ)
        .bind(after.ends_at)
        .bind(after.deputy_id)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|(_, _, body)| decode(body)).collect()
}

/// Saves deputyships.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, deputies: &[Deputy]) -> Result<(), sqlx::Error> {
    if deputies.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_deputies.sql"))
        .bind(organ)
        .bind(deputies.iter().map(id).collect::<Vec<_>>())
        .bind(deputies.iter().map(micros).collect::<Vec<_>>())
        .bind(deputies.iter().map(Message::encode_to_vec).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
