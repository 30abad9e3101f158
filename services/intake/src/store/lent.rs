//! The table `lent`.

use duban_proto::intake::v1::OfficersLent;
use prost::Message as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Lent;

/// Saves loans.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, lent: &[Lent]) -> Result<(), sqlx::Error> {
    // Of one loan, one row: what was told of it last.
    let mut rows: std::collections::BTreeMap<(Uuid, Uuid), Vec<u8>> = std::collections::BTreeMap::new();
    for one in lent {
        if let Ok(loan_id) = Uuid::try_parse(&one.lent.loan_id) {
            rows.insert((one.case_id, loan_id), one.lent.encode_to_vec());
        }
    }
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_lent.sql"))
        .bind(organ)
        .bind(rows.keys().map(|(case_id, _)| *case_id).collect::<Vec<_>>())
        .bind(rows.keys().map(|(_, loan_id)| *loan_id).collect::<Vec<_>>())
        .bind(rows.into_values().collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The officers that an organ lent for a case.
pub(crate) async fn lent_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Lent>, sqlx::Error> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("lent_of_case.sql"))
        .bind(organ)
        .bind(case_id)
        .fetch_all(pool)
        .await?;
    let lent = |body: &Vec<u8>| {
        let lent =
            OfficersLent::decode(body.as_slice()).map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        Ok(Lent { case_id, lent })
    };
    rows.iter().map(lent).collect()
}
