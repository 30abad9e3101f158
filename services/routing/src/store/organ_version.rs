//! The table `organ_version`: what organs were, one after the other.

use duban_proto::routing::v1::OrganVersion;
use prost::Message;
use sqlx::{PgConnection, PgPool};

use super::organ::decode;

/// Saves versions; a later one of the same number takes the place of an earlier.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    versions: &[OrganVersion],
) -> Result<(), sqlx::Error> {
    if versions.is_empty() {
        return Ok(());
    }
    let key = |version: &OrganVersion| {
        version.organ.as_ref().map_or_else(Default::default, |organ| (organ.code.clone(), organ.version))
    };
    let rows: std::collections::BTreeMap<(String, u32), &OrganVersion> =
        versions.iter().map(|version| (key(version), version)).collect();
    sqlx::query(include_str!("save_versions.sql"))
        .bind(organ)
        .bind(rows.keys().map(|(code, _)| code.clone()).collect::<Vec<_>>())
        .bind(rows.keys().map(|(_, version)| i64::from(*version)).collect::<Vec<_>>())
        .bind(rows.values().map(|version| version.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the versions of an organ below a number, the newest first.
pub(crate) async fn list_versions(
    pool: &PgPool,
    organ: &str,
    code: &str,
    before: Option<i64>,
    size: i64,
) -> Result<Vec<OrganVersion>, sqlx::Error> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("list_versions.sql"))
        .bind(organ)
        .bind(code)
        .bind(before.unwrap_or(i64::MAX))
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|body| decode(body)).collect()
}
