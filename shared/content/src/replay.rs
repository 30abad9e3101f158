//! The erasure list is gone through before anything is served: what a backup brought back is deleted again.

use std::collections::HashSet;

use sqlx::{PgConnection, PgPool};

use crate::erasure::{forget_cases, note};
use crate::{Erased, ErasureList, Line, ListError, Listed};

/// Erasures deleted in one statement.
const AT_ONCE: usize = 1_000;

/// What a service deletes beside data keys and texts: a statement over organs (`$1`) and cases (`$2`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Beside {
    /// Who complains, for an erased case as for an erased identity; absent where the service keeps no identities.
    pub identities: Option<&'static str>,
    /// The same of what was erased and noted before: only what can't have come since.
    pub again: Option<&'static str>,
}

/// Deletes everything on the list from a service's schema, in one transaction; how much of it was not noted as erased.
///
/// Fails where the list lacks what the database knows to be on it.
pub async fn replay(pool: &PgPool, list: &ErasureList, beside: Beside) -> Result<usize, ListError> {
    let mut tx = pool.begin().await?;
    sqlx::raw_sql("set local statement_timeout = 0").execute(&mut *tx).await?;
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as(include_str!("last_line.sql")).fetch_optional(&mut *tx).await?;
    if let Some((number, mac)) = last {
        list.must_have(&Line { number: number.cast_unsigned(), mac: mac.try_into().unwrap_or_default() })?;
    }
    let mut again = 0;
    for listed in list.all().chunks(AT_ONCE) {
        // Of an identity only its own service knows anything.
        let listed: Vec<Listed> = listed
            .iter()
            .filter(|one| beside.identities.is_some() || one.erasure.what == Erased::Case)
            .cloned()
            .collect();
        // Also of what is noted: whoever put back one table only has not put back that. But a case whose identity is gone
        // goes on, and its texts of since then stay.
        forget_cases(&mut tx, &listed).await?;
        let noted = Beside { identities: beside.again, ..beside };
        forget(&mut tx, &listed, noted).await?;
        let missing = missing(&mut tx, listed).await?;
        forget(&mut tx, &missing, beside).await?;
        again += missing.len();
        note(&mut tx, &missing, false).await?;
    }
    tx.commit().await?;
    Ok(again)
}

/// Deletes what the service keeps beside data keys and texts.
pub async fn forget(tx: &mut PgConnection, listed: &[Listed], beside: Beside) -> Result<(), sqlx::Error> {
    let Some(identities) = beside.identities.filter(|_| !listed.is_empty()) else { return Ok(()) };
    let organs: Vec<&str> = listed.iter().map(|one| one.erasure.organ.as_str()).collect();
    let cases: Vec<uuid::Uuid> = listed.iter().map(|one| one.erasure.case_id).collect();
    // In a statement of its own: what was written under a key's lock is seen by the next.
    sqlx::query(include_str!("lock_keys.sql")).bind(&organs).bind(&cases).execute(&mut *tx).await?;
    sqlx::query(identities).bind(organs).bind(cases).execute(tx).await?;
    Ok(())
}

/// Those of these that are not noted as erased: a backup brought them back.
async fn missing(tx: &mut PgConnection, listed: Vec<Listed>) -> Result<Vec<Listed>, sqlx::Error> {
    let found: Vec<(String, uuid::Uuid, i16)> = sqlx::query_as(include_str!("noted_erasures.sql"))
        .bind(listed.iter().map(|one| one.erasure.organ.as_str()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.erasure.case_id).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    let noted: HashSet<_> =
        found.into_iter().map(|(organ, case_id, kind)| (organ, case_id, Erased::of_column(kind))).collect();
    let is_noted = |one: &Listed| {
        let erasure = &one.erasure;
        noted.contains(&(erasure.organ.clone(), erasure.case_id, erasure.what))
    };
    Ok(listed.into_iter().filter(|one| !is_noted(one)).collect())
}
