use duban_proto::common::v1::Organ;
use prost::Message as _;
use sqlx::{PgConnection, PgPool};

use crate::DirectoryError;

/// Saves organs as the ledger of `organ` tells them, in one statement. Runs in the writer's transaction.
pub async fn save(tx: &mut PgConnection, organ: &str, organs: &[Organ]) -> Result<(), sqlx::Error> {
    if organs.is_empty() {
        return Ok(());
    }
    let codes: Vec<&str> = organs.iter().map(|organ| organ.code.as_str()).collect();
    let parents: Vec<&str> = organs.iter().map(|organ| organ.parent.as_str()).collect();
    let bodies: Vec<Vec<u8>> = organs.iter().map(prost::Message::encode_to_vec).collect();
    sqlx::query(include_str!("save.sql"))
        .bind(organ)
        .bind(codes)
        .bind(parents)
        .bind(bodies)
        .execute(tx)
        .await?;
    Ok(())
}

/// All organs this service knows of.
pub(crate) async fn load(pool: &PgPool) -> Result<Vec<Organ>, DirectoryError> {
    let rows: Vec<(String, Vec<u8>)> =
        sqlx::query_as("select code, body from organ_directory order by code").fetch_all(pool).await?;
    rows.into_iter()
        .map(|(code, body)| {
            Organ::decode(body.as_slice()).map_err(|source| DirectoryError::Damaged { code, source })
        })
        .collect()
}
