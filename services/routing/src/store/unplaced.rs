//! What a version before this one wrote: where its cases are is worked out once, from the cases themselves, as a rebuild would.

use std::collections::BTreeMap;

use sqlx::PgPool;
use uuid::Uuid;

use super::{case_home, routed_case};
use crate::domain::Case;

/// Works out up to `most` rows, and says how many it found. A row is locked meanwhile, so that no writer's word is undone.
pub(crate) async fn place_cases(pool: &PgPool, most: i64) -> Result<usize, sqlx::Error> {
    let mut tx = pool.begin().await?;
    let rows: Vec<(String, Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("unplaced_cases.sql")).bind(most).fetch_all(&mut *tx).await?;
    let found = rows.len();
    let mut organs: BTreeMap<String, Vec<(Uuid, Case)>> = BTreeMap::new();
    for (organ, case_id, body) in rows {
        organs.entry(organ).or_default().push((case_id, routed_case::decode(case_id, &body)?));
    }
    for (organ, cases) in organs {
        case_home::save(&mut tx, &organ, &cases).await?;
        let moved = |(_, case): &(Uuid, Case)| case.moved_to(&organ).unwrap_or_default().to_owned();
        sqlx::query(include_str!("place_cases.sql"))
            .bind(&organ)
            .bind(cases.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .bind(cases.iter().map(moved).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(found)
}
