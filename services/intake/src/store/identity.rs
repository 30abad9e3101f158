//! The tables `sealed_identity` and `blind_index`.

use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::SealedIdentity;

/// Saves sealed identities and their indexes, each table in one statement; those of cases in `replaced` take the place of what
/// was there.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    identities: &[&SealedIdentity],
    replaced: &[Uuid],
) -> Result<(), sqlx::Error> {
    if identities.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_identities.sql"))
        .bind(organ)
        .bind(identities.iter().map(|identity| identity.case_id).collect::<Vec<_>>())
        .bind(identities.iter().map(|identity| identity.sealed.as_ref()).collect::<Vec<&[u8]>>())
        .execute(&mut *tx)
        .await?;
    if !replaced.is_empty() {
        sqlx::query("delete from blind_index where organ = $1 and case_id = any($2)")
            .bind(organ)
            .bind(replaced)
            .execute(&mut *tx)
            .await?;
    }
    let (mut kinds, mut hashes, mut cases) = (Vec::new(), Vec::new(), Vec::new());
    for identity in identities {
        for (kind, hash) in &identity.indexes {
            kinds.push(*kind);
            hashes.push(hash.as_slice());
            cases.push(identity.case_id);
        }
    }
    if kinds.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_blind_indexes.sql"))
        .bind(organ)
        .bind(kinds)
        .bind(hashes)
        .bind(cases)
        .execute(tx)
        .await?;
    Ok(())
}

/// The sealed identity of a case.
pub(crate) async fn read_identity(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Option<Vec<u8>>, sqlx::Error> {
    sqlx::query_scalar(include_str!("read_identity.sql")).bind(organ).bind(case_id).fetch_optional(pool).await
}
