//! The table `identity_grant`.

use duban_proto::intake::v1::GrantDecided;
use postgres::row::Row;
use prost::Message as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Grant;

/// All grants on these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Grant>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("load_grants.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    let grant = |(case_id, body): (Uuid, Vec<u8>)| {
        let at = Row { table: "identity_grant", key: case_id };
        let grant = GrantDecided::decode(body.as_slice()).ok().and_then(|told| {
            let grant = told.grant?;
            let grant_id = Uuid::try_parse(&grant.grant_id).ok()?;
            Some(Grant { grant_id, case_id, grant, reason: told.reason.unwrap_or_default() })
        });
        Ok(at.need("body", grant)?)
    };
    rows.into_iter().map(grant).collect()
}

/// Saves grants.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, grants: &[Grant]) -> Result<(), sqlx::Error> {
    if grants.is_empty() {
        return Ok(());
    }
    let body = |grant: &Grant| {
        let told = GrantDecided { grant: Some(grant.grant.clone()), reason: Some(grant.reason.clone()) };
        told.encode_to_vec()
    };
    sqlx::query(include_str!("save_grants.sql"))
        .bind(organ)
        .bind(grants.iter().map(|grant| grant.grant_id).collect::<Vec<_>>())
        .bind(grants.iter().map(|grant| grant.case_id).collect::<Vec<_>>())
        .bind(grants.iter().map(body).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The grants of a case, in the order in which they were asked for.
pub(crate) async fn grants_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Grant>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut grants = load(&mut connection, organ, &[case_id]).await?;
    grants.sort_by_key(|grant| {
        let at = grant.grant.requested_at.unwrap_or_default();
        (at.seconds, at.nanos, grant.grant_id)
    });
    Ok(grants)
}
